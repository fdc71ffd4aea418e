"""Lineages count how often they came back."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    comment = "How often it came back after runs had lacked it, each time within 30 days of the last"
    op.add_column("lineages", sa.Column("returns", sa.Integer(), nullable=False, server_default="0", comment=comment))
    comment = "When it last came back (UTC, ISO 8601)"
    op.add_column("lineages", sa.Column("returned_at", sa.String(20), nullable=True, comment=comment))


def downgrade() -> None:
    op.drop_column("lineages", "returned_at")
    op.drop_column("lineages", "returns")
