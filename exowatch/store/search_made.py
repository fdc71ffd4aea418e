"""How much has been searched: studies held, their sources, and the day up to which all of them were harvested."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select

from exowatch.model.readings import Search
from exowatch.store.held_evidence import held_at
from exowatch.store.tables import evidence, run_sources, runs, sources, studies

#: Kinds of sources that hold studies.
HOLDING = ("journal", "register")


def search_made(db: Connection, as_of: datetime | None = None) -> Search | None:
    """The search as it stands (or stood at ``as_of``); None where no study is held."""
    studies_held = select(func.count()).select_from(evidence).where(evidence.c.kind == "study", held_at(as_of))
    held = db.execute(studies_held).scalar_one()
    if not held:
        return None
    met = select(studies.c.source_id).distinct()
    if as_of is not None:
        met = met.where(studies.c.first_seen <= as_of)
    names = sorted(db.execute(met).scalars())
    return Search(held, tuple(names), _until(db, names, as_of))


def _until(db: Connection, names: list[str], as_of: datetime | None) -> str | None:
    """The day of the oldest of their newest whole visits: up to then every one of them was searched."""
    newest = (
        select(run_sources.c.source_id, func.max(runs.c.started_at).label("at"))
        .join(runs, runs.c.id == run_sources.c.run_id)
        .join(sources, sources.c.id == run_sources.c.source_id)
        .where(
            run_sources.c.source_id.in_(names),
            run_sources.c.verdict == "complete",
            sources.c.kind.in_(HOLDING),
        )
        .group_by(run_sources.c.source_id)
    )
    if as_of is not None:
        newest = newest.where(runs.c.started_at <= as_of)
    days = [row.at for row in db.execute(newest)]
    return f"{min(days):%Y-%m-%d}" if days else None
