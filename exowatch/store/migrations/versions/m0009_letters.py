"""Letters of regulators to firms, and the claims that they quote."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    joined = " (joined by comma and space)"
    op.create_table(
        "letters",
        sa.Column("id", sa.Integer(), primary_key=True, comment="Number"),
        sa.Column("page_id", sa.Integer(), sa.ForeignKey("pages.id"), nullable=False, unique=True, comment="Its page"),
        sa.Column(
            "capture_id",
            sa.String(40),
            sa.ForeignKey("captures.id"),
            nullable=False,
            comment="Capture it was read from",
        ),
        sa.Column("kind", sa.String(10), nullable=False, comment="warning, untitled, close-out or other"),
        sa.Column("authority", sa.String(40), nullable=False, comment="Who wrote it"),
        sa.Column("firm", sa.Text(), comment="To which firm"),
        sa.Column("issued_on", sa.String(10), comment="Its date"),
        sa.Column("numbers", sa.Text(), nullable=False, comment="References that it bears" + joined),
        sa.Column("product", sa.Text(), comment="Product named"),
        sa.Column("office", sa.Text(), comment="Issuing office"),
        sa.Column("withdrawn", sa.Boolean(), nullable=False, comment="True: its page says that it was withdrawn"),
        sa.Column("first_seen", sa.String(20), nullable=False, comment="First capture (UTC, ISO 8601)"),
        sa.Column("last_seen", sa.String(20), nullable=False, comment="Last capture that changed it (UTC, ISO 8601)"),
        comment="Letters of regulators to firms",
    )
    op.create_table(
        "precedents",
        sa.Column("id", sa.Integer(), primary_key=True, comment="Number"),
        sa.Column(
            "letter_id", sa.Integer(), sa.ForeignKey("letters.id"), nullable=False, comment="Letter that quotes it"
        ),
        sa.Column("quote", sa.Text(), nullable=False, comment="The claim, verbatim as quoted"),
        sa.Column("said_on", sa.Text(), comment="Where the firm said it, in the letter's words"),
        sa.UniqueConstraint("letter_id", "quote"),
        comment="Claims that letters quote: what was cited once is a precedent",
    )
    op.create_index("ix_precedents_letter_id", "precedents", ["letter_id"])


def downgrade() -> None:
    op.drop_table("precedents")
    op.drop_table("letters")
