"""Claims say where on the body."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    comment = "Where on the body: face, eyes, scalp, neck, hands, body, intimate, joints (joined by comma and space)"
    op.add_column("claims", sa.Column("areas", sa.Text(), nullable=False, server_default="", comment=comment))


def downgrade() -> None:
    op.drop_column("claims", "areas")
