"""Views that show absence only where it is proven; no table changes, an upgrade makes the views anew."""

from __future__ import annotations

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing to do for the tables."""


def downgrade() -> None:
    """Nothing to do for the tables."""
