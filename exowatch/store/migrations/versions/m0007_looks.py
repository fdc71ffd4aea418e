"""Captures say how they were made; pages may be looked at by crawler and browser both."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    agent, language = "User agent sent", "Accept-Language sent"
    certificate = "SHA-256 of the server's TLS certificate; NULL: none was seen"
    rendered = "True: a browser's document, after scripts ran; else the body as the server sent it"
    clock = "Seconds that the server's clock was ahead of ours; NULL: it told none"
    for column in (
        sa.Column("ip", sa.String(64), comment="Address that answered"),
        sa.Column("certificate", sa.String(80), comment=certificate),
        sa.Column("user_agent", sa.Text(), comment=agent),
        sa.Column("language_sent", sa.Text(), comment=language),
        sa.Column("rendered", sa.Boolean(), nullable=False, server_default=sa.false(), comment=rendered),
        sa.Column("clock_offset", sa.Integer(), comment=clock),
    ):
        op.add_column("captures", column)
    op.create_table(
        "looks",
        sa.Column("id", sa.Integer(), primary_key=True, comment="Number"),
        sa.Column("run_id", sa.String(40), sa.ForeignKey("runs.id"), nullable=False, comment="Run"),
        sa.Column("source_id", sa.String(80), sa.ForeignKey("sources.id"), nullable=False, comment="Source"),
        sa.Column("url", sa.Text(), nullable=False, comment="The page"),
        sa.Column(
            "capture_id", sa.String(40), sa.ForeignKey("captures.id"), comment="Capture that holds what was read then"
        ),
        sa.Column(
            "read_from", sa.String(8), nullable=False, comment="Whose look the page was read from: crawler or browser"
        ),
        sa.Column("warc_file", sa.String(200), nullable=False, comment="Archive file of that look"),
        sa.Column("warc_offset", sa.Integer(), nullable=False, comment="Its offset"),
        sa.Column("beside_file", sa.String(200), comment="Archive file of the other's look; NULL: there is none"),
        sa.Column("beside_offset", sa.Integer(), comment="Its offset"),
        sa.Column("pictures", sa.Integer(), nullable=False, comment="Screenshots and PDF files archived with them"),
        sa.Column(
            "browser_lacks", sa.JSON(), nullable=False, comment="Keys of wordings read that the browser does not show"
        ),
        sa.Column(
            "crawler_lacks",
            sa.JSON(),
            nullable=False,
            comment="Keys of wordings read that the page as sent does not hold",
        ),
        sa.Column(
            "unread", sa.JSON(), nullable=False, comment="Sentences that count as claims in the other look alone"
        ),
        sa.Column("lacking", sa.Text(), comment="Why one of the two did not look; NULL: both did"),
        sa.Column(
            "secured", sa.Boolean(), nullable=False, comment="True: a person asked for this page (exowatch capture)"
        ),
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("cases.id"), comment="Case for which it was secured"),
        sa.Column("at", sa.String(20), nullable=False, comment="When (UTC, ISO 8601)"),
        comment="Pages looked at by crawler and browser both, and where the two differ on what was read",
    )
    op.create_index("ix_looks_source_id_url", "looks", ["source_id", "url"])


def downgrade() -> None:
    op.drop_table("looks")
    for name in ("clock_offset", "rendered", "language_sent", "user_agent", "certificate", "ip"):
        op.drop_column("captures", name)
