"""What sellers' sites say, site by site, for the landscape table: live claims, features, and how each site was read."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from exowatch.errors import WatchlistError
from exowatch.model.sources import Source
from exowatch.store.as_of import as_then, rows_then
from exowatch.store.read_rows import rows
from exowatch.store.shown_features import features_then
from exowatch.store.tables import pages, runs, watchlists
from exowatch.watchlist import Watchlist, watchlist_of

Row = dict[str, Any]
#: Kinds of sources that sell.
SELLERS = ("clinic", "supplier", "directory", "marketplace")


def landscape_rows(
    db: Connection, frame: str | None, jurisdiction: str | None, as_of: datetime | None
) -> dict[str, list[Row]]:
    """``sources``, ``claims`` (live), ``features``, ``coverage`` (newest visit each) and ``frames``.

    Of a past time all of it is of then: sites and frames as the watchlist of the last visit before described them.
    """
    then = _watchlist_then(db, as_of) if as_of else None
    sites = [
        row
        for row in _sites(db, then, as_of)
        if row["kind"] in SELLERS
        and (not frame or row["frame"] == frame)
        and (not jurisdiction or row["jurisdiction"] == jurisdiction)
    ]
    ids = {row["id"] for row in sites}
    coverage: dict[str, Row] = {}
    for row in rows(db, "v_coverage", order="started_at, run_id"):
        if row["run_kind"] == "crawl" and (as_of is None or row["started_at"] <= _text(as_of)):
            coverage[row["source"]] = row
    return {
        "sources": sites,
        "claims": [row for row in _claims(db, as_of) if row["source"] in ids],
        "features": [row for row in _features(db, as_of) if row["source"] in ids],
        "coverage": [row for row in coverage.values() if row["source"] in ids],
        "frames": [{"id": one["id"], "body": one} for one in then.frames] if then else rows(db, "v_frames"),
    }


def _watchlist_then(db: Connection, as_of: datetime) -> Watchlist | None:
    """The watchlist of the last run that began before; None where none did, or its form is no longer known."""
    asked = (
        select(watchlists.c.texts)
        .join(runs, runs.c.watchlist == watchlists.c.digest)
        .where(runs.c.started_at <= as_of)
        .order_by(runs.c.started_at.desc(), runs.c.fence.desc())
        .limit(1)
    )
    texts = db.execute(asked).scalar()
    with suppress(WatchlistError):
        return watchlist_of(texts, Path()) if texts else None
    return None


def _sites(db: Connection, then: Watchlist | None, as_of: datetime | None) -> list[Row]:
    """Sources as they are, or as the watchlist of then described them; pages that were read by then are counted."""
    now = rows(db, "v_sources")
    if as_of is None:
        return now
    asked = (
        select(pages.c.source_id, func.count())
        .where(pages.c.first_fit_run_id == runs.c.id, runs.c.started_at <= as_of)
        .group_by(pages.c.source_id)
    )
    read = {row[0]: row[1] for row in db.execute(asked)}
    here = [row | {"pages": read.get(row["id"], 0)} for row in now]
    if then is None:
        return here
    known = {source.id: source for source in then.sources}
    return [row | _described(known[row["id"]]) for row in here if row["id"] in known]


def _described(source: Source) -> Row:
    trader = source.trader.name if source.trader else None
    told = {"name": source.name, "kind": source.kind, "jurisdiction": source.jurisdiction}
    return told | {"trader": trader, "frame": source.frame}


def _features(db: Connection, as_of: datetime | None) -> list[Row]:
    return rows(db, "v_page_features") if as_of is None else features_then(db, as_of)


def _claims(db: Connection, as_of: datetime | None) -> list[Row]:
    if as_of is None:
        return rows(db, "v_claims", ["live = 'yes'"])
    moment = _text(as_of)
    found = (as_then(row, moment) for row in rows(db, rows_then("claims"), values={"as_of": moment}))
    return [row for row in found if row["live"] == "yes"]


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
