"""How much of each site was seen in the window of a letter: every page once, whatever visit it was met on."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from exowatch.model.sources import MADE
from exowatch.store.covers import Covers, closed_between
from exowatch.store.read_rows import rows

Row = dict[str, Any]

_COUNTED = ("read", "unchanged", "unfit", "failed", "disallowed")
#: What came of a page in a window: that something new was read there, else that it was found as it was, else what
#: kept it from being read last.
_BEST_FIRST = "CASE result WHEN 'READ' THEN 0 WHEN 'UNCHANGED' THEN 1 ELSE 2 END"


def coverage(db: Connection, after: Covers, upto: Covers) -> list[Row]:
    """One row an active source, with its pages of the window counted once each, and how its newest visit ended.

    A source of the watchlist that nobody visited has nothing seen and no verdict.
    """
    window, values = closed_between(after, upto)
    visits = dict[str, Row]()
    for row in rows(db, "v_coverage", [window, "run_kind <> 'reread'"], values, "started_at, run_id"):
        if row["run_kind"] != "capture" or row["source"] not in visits:  # single pages are no visit to a site
            visits[row["source"]] = row
    counts = _counts(db, window, values)
    found = []
    for source in rows(db, "v_sources", ["retired_on IS NULL"]):
        name = source["id"]
        if name.startswith(MADE) and name not in visits:
            continue  # nobody is to visit it again
        seen = dict.fromkeys(_COUNTED, 0) | counts.get(name, {})
        told = {column: source[column] for column in ("name", "kind", "jurisdiction", "audience", "last_fit_at")}
        visit = visits.get(name, {"verdict": None})
        found.append(visit | told | seen | {"source": name, "seen": sum(seen.values())})
    return found


def _counts(db: Connection, window: str, values: dict[str, Any]) -> dict[str, dict[str, int]]:
    """Source → what came of its pages → how many."""
    best = f"ROW_NUMBER() OVER (PARTITION BY source_id, url ORDER BY {_BEST_FIRST}, at DESC, run_id)"
    each = f"(SELECT source_id, url, result, {best} AS place FROM outcomes WHERE {window})"  # noqa: S608 - all ours
    counted = f"(SELECT source_id, result, COUNT(*) AS pages FROM {each} AS o WHERE place = 1 GROUP BY 1, 2)"  # noqa: S608
    found = dict[str, dict[str, int]]()
    for row in rows(db, counted, (), values, "source_id, result"):
        found.setdefault(row["source_id"], {})[row["result"].lower()] = row["pages"]
    return found


def unread_pages(db: Connection, after: Covers, upto: Covers) -> list[Row]:
    """The newest outcome of each page that could not be read in the window; ``read_too``: another visit of the window
    could read it."""
    window, values = closed_between(after, upto)
    fit = "result IN ('READ', 'UNCHANGED') AND code <> 'suspicious'"
    unread = f"NOT ({fit})"
    newest_of = {(row["source_id"], row["url"]): row for row in rows(db, "outcomes", [unread, window], values, "at")}
    there = f"EXISTS (SELECT 1 FROM outcomes o WHERE o.source_id = v.source_id AND o.url = v.url AND {unread})"  # noqa: S608
    read = {(row["source_id"], row["url"]) for row in rows(db, "outcomes", [fit, window, there], values, "at")}
    return [
        row | {"source": row["source_id"], "read_too": (row["source_id"], row["url"]) in read}
        for row in newest_of.values()
    ]
