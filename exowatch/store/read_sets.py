"""Sets of rules as runs kept them, whole."""

from __future__ import annotations

from sqlalchemy import Connection, select

from exowatch.store.tables import knowledge_sets, runs


def newest_set(db: Connection) -> str | None:
    """Digest of the reading rules of the newest run; None where nothing ran."""
    found = select(runs.c.knowledge).where(runs.c.knowledge.is_not(None)).order_by(runs.c.fence.desc()).limit(1)
    return db.execute(found).scalar()


def sets_named(db: Connection, beginning: str) -> dict[str, dict[str, str]]:
    """Digest → texts of every set of reading rules whose digest begins so."""
    query = select(knowledge_sets.c.digest, knowledge_sets.c.texts).where(
        knowledge_sets.c.digest.startswith(beginning, autoescape=True), knowledge_sets.c.kind == "reading"
    )
    return {row.digest: dict(row.texts) for row in db.execute(query)}


def judging_set(db: Connection, digest: str) -> dict[str, str] | None:
    """Texts of the set of judging rules with this digest; None where none was kept."""
    found = select(knowledge_sets.c.texts).where(knowledge_sets.c.digest == digest, knowledge_sets.c.kind == "judging")
    texts = db.execute(found).scalar()
    return None if texts is None else dict(texts)
