"""Evidence keeps its past states, is found by what it is about, and its news finds the claims that it bears on."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_WORDS = " (joined by comma and space)"


def upgrade() -> None:
    # nothing has written to these two yet
    op.drop_table("bearings")
    op.drop_table("evidence")
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), primary_key=True, comment="Number of this state"),
        sa.Column("key", sa.String(200), nullable=False, comment="doi:…, pmid:…, or the id of a position"),
        sa.Column("kind", sa.String(10), nullable=False, comment="study, position or label"),
        sa.Column("authority", sa.Text(), nullable=False, comment="Who says it"),
        sa.Column("jurisdiction", sa.String(2), comment="Where it holds"),
        sa.Column("covers", sa.JSON(), nullable=False, comment="Slot to values it covers"),
        sa.Column("grade", sa.String(8), comment="Evidence level"),
        sa.Column("url", sa.Text(), nullable=False, comment="Where it stands"),
        sa.Column("dated_on", sa.String(32), comment="Its date"),
        sa.Column("verified", sa.String(16), nullable=False, comment="text_read, reported or unchecked"),
        sa.Column("retracted", sa.Boolean(), nullable=False, comment="True: retracted"),
        sa.Column("sources", sa.Text(), nullable=False, comment="Sources of the watchlist where it was met" + _WORDS),
        sa.Column("body", sa.JSON(), nullable=False, comment="The whole of it as assessments see it"),
        sa.Column("valid_from", sa.String(20), nullable=False, comment="From when this state was held (UTC, ISO 8601)"),
        sa.Column("valid_to", sa.String(20), comment="Until when; NULL: now (UTC, ISO 8601)"),
        comment="Studies, positions and labels that may bear on claims; past states kept",
    )
    op.create_index("ix_evidence_key", "evidence", ["key"])
    op.create_table(
        "bearings",
        sa.Column(
            "assessment_id", sa.Integer(), sa.ForeignKey("assessments.id"), primary_key=True, comment="Assessment"
        ),
        sa.Column(
            "evidence_id",
            sa.Integer(),
            sa.ForeignKey("evidence.id"),
            primary_key=True,
            comment="Evidence, as it was then",
        ),
        sa.Column("match", sa.JSON(), nullable=False, comment="Slot to whether it matches"),
        sa.Column("mismatches", sa.Text(), nullable=False, comment="Slots that differ" + _WORDS),
        sa.Column("direction", sa.String(12), comment="Which way it points"),
        sa.Column("words", sa.Text(), comment="The same in a sentence"),
        comment="How each piece of evidence bears on a claim",
    )
    _index("evidence_keys", "What it is about", "Index: what each state of evidence is about", "evidence")
    told = "Index: what evidence a wording asks for, so that news of evidence finds the claims it bears on"
    _index("claim_keys", "What it asks for", told, "claims")
    op.create_table(
        "evidence_moves",
        sa.Column("id", sa.Integer(), primary_key=True, comment="Number"),
        sa.Column("evidence_key", sa.String(200), nullable=False, comment="Key of the evidence"),
        sa.Column("why", sa.Text(), nullable=False, comment="What moved, in words"),
        sa.Column("run_id", sa.String(40), sa.ForeignKey("runs.id"), nullable=False, comment="Run that met it"),
        sa.Column("at", sa.String(20), nullable=False, comment="When (UTC, ISO 8601)"),
        sa.Column(
            "settled_at",
            sa.String(20),
            comment="When the claims it bears on had been assessed again; NULL: not yet (UTC, ISO 8601)",
        ),
        comment="Evidence that came, changed or was withdrawn, and whether claims were held against it again",
    )
    op.create_index("ix_evidence_moves_evidence_key", "evidence_moves", ["evidence_key"])
    told = "An identifier: doi:…, pmid:…, a register's number, url:…"
    op.create_table(
        "study_names",
        sa.Column("name", sa.String(240), primary_key=True, comment=told),
        sa.Column("key", sa.String(200), nullable=False, comment="Key of the study it names"),
        comment="Identifiers of studies: one met through several sources is one study",
    )
    op.create_index("ix_study_names_key", "study_names", ["key"])
    op.execute("INSERT INTO study_names (name, key) SELECT DISTINCT key, key FROM studies")


def _index(name: str, of: str, told: str, table: str) -> None:
    column, what = {
        "evidence": ("evidence_id", "State of the evidence"),
        "claims": ("claim_id", "The wording that asks"),
    }[table]
    op.create_table(
        name,
        sa.Column(
            "key",
            sa.String(120),
            primary_key=True,
            comment=f"{of}, such as a condition (docs/assessment.md)",
        ),
        sa.Column(column, sa.Integer(), sa.ForeignKey(f"{table}.id"), primary_key=True, comment=what),
        comment=told,
    )
    op.create_index(f"ix_{name}_{column}", name, [column])


def downgrade() -> None:
    for name in ("study_names", "evidence_moves", "claim_keys", "evidence_keys", "bearings", "evidence"):
        op.drop_table(name)
    op.create_table(
        "evidence",
        sa.Column("id", sa.String(200), primary_key=True, comment="Id"),
        sa.Column("kind", sa.String(10), nullable=False, comment="study, position or label"),
        sa.Column("authority", sa.Text(), nullable=False, comment="Who says it"),
        sa.Column("jurisdiction", sa.String(2), comment="Where it holds"),
        sa.Column("covers", sa.JSON(), nullable=False, comment="Slot to values it covers"),
        sa.Column("grade", sa.String(8), comment="Evidence level"),
        sa.Column("url", sa.Text(), nullable=False, comment="Where it stands"),
        sa.Column("dated_on", sa.String(32), comment="Its date"),
        sa.Column("verified", sa.String(16), nullable=False, comment="text_read, reported or unchecked"),
        comment="Studies, positions and labels that may bear on claims",
    )
    op.create_table(
        "bearings",
        sa.Column(
            "assessment_id", sa.Integer(), sa.ForeignKey("assessments.id"), primary_key=True, comment="Assessment"
        ),
        sa.Column("evidence_id", sa.String(200), sa.ForeignKey("evidence.id"), primary_key=True, comment="Evidence"),
        sa.Column("match", sa.JSON(), nullable=False, comment="Slot to whether it matches"),
        sa.Column("mismatches", sa.Text(), nullable=False, comment="Slots that differ" + _WORDS),
        sa.Column("direction", sa.String(12), comment="Which way it points"),
        sa.Column("words", sa.Text(), comment="The same in a sentence"),
        comment="How each piece of evidence bears on a claim",
    )
