"""Since when, and until when, a page showed what law names."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_UTC = " (UTC, ISO 8601)"


def upgrade() -> None:
    op.add_column(
        "page_features",
        sa.Column(
            "first_seen",
            sa.String(20),
            comment="Fit capture that first showed it; NULL: before this was kept" + _UTC,
        ),
    )
    op.add_column(
        "page_features",
        sa.Column(
            "gone_at",
            sa.String(20),
            comment="First fit capture of the page that shows it no more; NULL: it stands" + _UTC,
        ),
    )


def downgrade() -> None:
    op.execute("DELETE FROM page_features WHERE gone_at IS NOT NULL")
    op.drop_column("page_features", "gone_at")
    op.drop_column("page_features", "first_seen")
