"""A wording has a row for every stance and judgement: it was one row under one set of rules."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ONE_ROW = {
    "claims": ("lineage_id", "key", "knowledge", "reader"),
    "statements": ("lineage_id", "key", "status", "scope", "knowledge", "reader"),
}


def upgrade() -> None:
    for table, columns in ONE_ROW.items():
        name = f"uq_{table}_{'_'.join(columns)}"
        if op.get_bind().dialect.name == "sqlite":
            _without(table, name)
        else:
            op.drop_constraint(name, table, type_="unique")
        op.create_index(f"ix_{table}_lineage_id", table, ["lineage_id"])


def downgrade() -> None:
    raise NotImplementedError("two rows of one wording cannot become one again; restore a backup")


def _without(table: str, constraint: str) -> None:
    """SQLite drops no constraint: the table is made anew under its name, and rows that point to it wait meanwhile."""
    db = op.get_bind()
    made = str(db.execute(sa.text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table}).scalar())
    indexes = (
        db.execute(
            sa.text("SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :name AND sql IS NOT NULL"),
            {"name": table},
        )
        .scalars()
        .all()
    )
    anew, found = re.subn(rf",\s*CONSTRAINT {constraint} UNIQUE \([^)]*\)", "", made)
    assert found == 1, f"{table} has no {constraint}"
    for statement in (
        "PRAGMA defer_foreign_keys = ON",
        f"CREATE TEMPORARY TABLE kept AS SELECT * FROM {table}",  # noqa: S608 - our own names
        f"DROP TABLE {table}",
        anew,
        *indexes,
        f"INSERT INTO {table} SELECT * FROM kept",  # noqa: S608
        "DROP TABLE kept",
    ):
        db.exec_driver_sql(statement)
