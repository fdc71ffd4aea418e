"""Which stored flags would be another one, or none, under today's rules. Nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

from exowatch.archive.read import read_response
from exowatch.intake import Desk, assessments_of
from exowatch.model.keys import wording_key
from exowatch.model.readings import SEVERITIES
from exowatch.model.sources import Source
from exowatch.query import Filter, listing
from exowatch.reading import read
from exowatch.store.read_state import capture_place

_GONE = "no flag"


def changed_flags(
    desk: Desk, sources: Mapping[str, Source], on_step: Callable[[str], None] = lambda url: None
) -> list[dict[str, Any]]:
    """Open flags whose captures, read again now, give another severity or none: id, source, url, quote, now, then.

    Flags of sources that the watchlist no longer has are passed over: under whose law would they be read?
    """
    flags = [
        row
        for row in listing(desk.store, "flags", Filter(), desk.clock())
        if row["state"] == "open" and row["source"] in sources
    ]
    flags.sort(key=lambda row: (str(row["capture_id"]), int(row["id"])))
    told = []
    for capture_id, group in groupby(flags, key=lambda row: str(row["capture_id"])):
        rows = list(group)
        found = _severities(desk, capture_id, sources[rows[0]["source"]])
        told += [_told(row, found.get(wording_key(row["quote"]), _GONE)) for row in rows]
        on_step(str(rows[0]["url"]))
    return sorted((row for row in told if row["now"] != row["then"]), key=lambda row: int(row["id"]))


def _severities(desk: Desk, capture_id: str, source: Source) -> dict[str, str]:
    """Wording → how grave its flag would be; wordings that would get none are not there."""
    with desk.store.reading() as db:
        capture, place = capture_place(db, capture_id)
    body = read_response(desk.archive_dir, place).body
    reading = read(capture, source, body, desk.knowledge, limit=desk.config.crawl.max_bytes)
    judged = assessments_of(desk, reading, source)
    found: dict[str, list[str]] = {}
    for index, claim in enumerate(reading.claims):
        told = [one.severity for one in judged[index] if one.flag and one.severity and one.verdict != "supported"]
        found.setdefault(claim.key, []).extend(told)
    return {key: _gravest(told) for key, told in found.items() if told}


def _gravest(told: Sequence[str]) -> str:
    return next(one for one in SEVERITIES if one in told)


def _told(row: Mapping[str, Any], then: str) -> dict[str, Any]:
    kept = {key: row[key] for key in ("id", "source", "url", "quote")}
    return kept | {"now": row["severity"], "then": then}
