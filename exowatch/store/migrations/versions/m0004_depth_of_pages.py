"""Pages remember how deep they stand on their site."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    comment = "Links between a start page and it when first read; NULL: not known"
    op.add_column("pages", sa.Column("depth", sa.Integer(), nullable=True, comment=comment))


def downgrade() -> None:
    op.drop_column("pages", "depth")
