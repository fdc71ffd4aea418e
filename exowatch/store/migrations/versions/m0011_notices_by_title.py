"""Studies known by their title, too; notices that count no more."""

import sqlalchemy as sa
from alembic import op

from exowatch.model.titles import title_key

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "studies",
        sa.Column("title_key", sa.String(70), comment="Its title as a name; NULL: too short to name one study"),
    )
    op.create_index("ix_studies_title_key", "studies", ["title_key"])
    op.add_column(
        "study_notices",
        sa.Column(
            "lifted_at",
            sa.String(20),
            comment="When it was met that it counts no more: withdrawn itself, or taken back; NULL: it counts"
            " (UTC, ISO 8601)",
        ),
    )
    held = sa.table("studies", sa.column("id", sa.Integer), sa.column("title", sa.Text), sa.column("title_key"))
    db = op.get_bind()
    for row in db.execute(sa.select(held.c.id, held.c.title)).all():
        db.execute(held.update().where(held.c.id == row.id).values(title_key=title_key(row.title)))


def downgrade() -> None:
    op.drop_column("study_notices", "lifted_at")
    op.drop_index("ix_studies_title_key", "studies")
    op.drop_column("studies", "title_key")
