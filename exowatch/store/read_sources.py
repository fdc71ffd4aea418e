"""A source as the database last described it: for visits to sites that are on no watchlist (any more)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from exowatch.model.sources import Source, Trader
from exowatch.store.tables import sources


def source_of(db: Connection, source_id: str) -> Source | None:
    """What is needed to read its pages; what it lets in (allow, deny) is in the watchlist alone."""
    row = db.execute(select(sources).where(sources.c.id == source_id)).first()
    return None if row is None else _source(row)


def has_baseline(db: Connection, source_id: str) -> bool:
    """Its first complete run is closed: what comes now is news."""
    found = db.execute(select(sources.c.baseline_run_id).where(sources.c.id == source_id)).scalar()
    return found is not None


def all_sources(db: Connection) -> dict[str, Source]:
    """Every source ever watched, by its id; as above."""
    return {row.id: _source(row) for row in db.execute(select(sources))}


def _source(row: Any) -> Source:
    trader = Trader(row.trader, row.trader_registration_no, row.trader_group) if row.trader else None
    return Source(
        id=row.id,
        name=row.name,
        kind=row.kind,
        jurisdiction=row.jurisdiction,
        start_urls=tuple(row.start_urls),
        via=row.via,
        audience=row.audience,
        language=row.language,
        cadence=row.cadence,
        max_pages=row.max_pages,
        render=row.render,
        trader=trader,
        frame=row.frame,
        found_by=row.found_by,
        tags=row.tags,
        added_on=row.added_on,
        reason=row.reason or "",
        retired_on=row.retired_on,
    )
