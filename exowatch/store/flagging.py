"""Raising flags: marketing claims without support, put before a person, each wording once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, func, insert, select

from exowatch.model.changes import FlagChange
from exowatch.model.keys import letters
from exowatch.model.readings import SEVERITIES, Severity
from exowatch.store.tables import appearances, assessments, claims, flags, lineages, reviews

_Id = TypeVar("_Id", int, str)
#: Where a claim stands in several places, the one a reader sees first speaks for it.
_ZONES = ("body", "faq", "pdf", "caption", "title", "description", "jsonld", "alt", "hidden", "footer")


def raise_flags(
    db: Connection,
    wanted: Mapping[int, tuple[FlagChange, str | None]],
    run_id: str,
    source_id: str,
    at: datetime,
) -> int:
    """Raise a flag for each lineage of ``wanted`` (lineage → change, words before) whose present wording asks for one.

    Returns how many were raised. Supported claims and wordings that no rule flags are passed over, and wordings that a
    person says were read wrongly.
    """
    rows = []
    held = _flags_held(db, list(wanted))
    misread = _misread(db, list(wanted)) if held else set()
    unsaid = _other_words(db, wanted)
    live = _live_places(db, list(wanted))
    judged = _judged(db, list({place.claim_id for places in live.values() for place in places}))
    for lineage_id, places in live.items():
        place, told = _spokesman(places, judged)
        if not told:
            continue
        gravest = min(told, key=lambda a: SEVERITIES.index(a.severity))
        change, before = wanted[lineage_id]
        mine = held.get((lineage_id, place.key), ())
        of_other_words = before in unsaid.get(lineage_id, ()) and before not in {flag.before for flag in mine}
        again = (lineage_id, place.key) in misread or _told_before(mine, change, gravest.severity, run_id)
        if again and not of_other_words:
            continue
        rows.append(
            {
                "lineage_id": lineage_id,
                "claim_id": place.claim_id,
                "claim_key": place.key,
                "run_id": run_id,
                "source_id": source_id,
                "page_id": place.page_id,
                "appearance_id": place.id,
                "capture_id": place.capture_id,
                "context": place.context,
                "heading_path": place.heading_path,
                "locator": place.locator,
                "change": change,
                "before": before,
                "verdict": gravest.verdict,
                "severity": gravest.severity,
                "jurisdictions": tuple(a.jurisdiction for a in told),
                "reasons": gravest.reasons,
                "raised_at": at,
                "state": "open",
            }
        )
    if rows:
        db.execute(insert(flags), rows)
    return len(rows)


def flagged_lineages(db: Connection, lineage_ids: Sequence[int]) -> set[int]:
    """Those of the lineages that carry a flag already."""
    found: set[int] = set()
    for part in parts(lineage_ids):
        found |= set(db.execute(select(flags.c.lineage_id).where(flags.c.lineage_id.in_(part))).scalars())
    return found


def _spokesman(places: Sequence[Any], judged: Mapping[int, list[Any]]) -> tuple[Any, list[Any]]:
    """The first place of the claim that asks for a flag, and what is made of it there: one page may warn of the very
    words by which another one sells."""
    ordered = sorted(places, key=_rank)
    for place in ordered:
        told = [a for a in judged.get(place.claim_id, ()) if a.flag and a.severity and a.verdict != "supported"]
        if told:
            return place, told
    return ordered[0], []


def _rank(place: Any) -> tuple[bool, bool, int, int]:
    """Places with the claim's present words first, then where a reader sees it first."""
    zone = _ZONES.index(place.zone) if place.zone in _ZONES else len(_ZONES)
    return place.key != place.current_key, place.visible == "no", zone, place.id


def _told_before(held: Sequence[Any], change: FlagChange, severity: Severity, run_id: str) -> bool:
    """A text that flips to and fro is told once: again only where it has become graver than any flag that waits, or
    that a person has closed."""
    waiting = [SEVERITIES.index(flag.severity) for flag in held if flag.state in ("open", "closed")]
    if change == "stronger" and waiting and SEVERITIES.index(severity) >= min(waiting):
        return True
    return any(flag.run_id == run_id for flag in held)


def _other_words(db: Connection, wanted: Mapping[int, tuple[FlagChange, str | None]]) -> dict[int, set[str]]:
    """Lineage → words before that were never a wording of it: a disclaimer that stood beside it and is gone."""
    asked = {lineage: before for lineage, (change, before) in wanted.items() if change == "stronger" and before}
    said: set[tuple[int, str]] = set()  # lineage, letters of a wording
    for part in parts(list(asked)):
        rows = db.execute(select(claims.c.lineage_id, claims.c.quote).where(claims.c.lineage_id.in_(part)))
        said |= {(row.lineage_id, letters(row.quote)) for row in rows}
    return {lineage: {before} for lineage, before in asked.items() if (lineage, letters(before)) not in said}


def _flags_held(db: Connection, lineage_ids: Sequence[int]) -> dict[tuple[int, str], list[Any]]:
    """Lineage and wording → its flags."""
    found: dict[tuple[int, str], list[Any]] = {}
    for part in parts(lineage_ids):
        query = select(
            flags.c.lineage_id, flags.c.claim_key, flags.c.run_id, flags.c.state, flags.c.severity, flags.c.before
        )
        for row in db.execute(query.where(flags.c.lineage_id.in_(part))):
            found.setdefault((row.lineage_id, row.claim_key), []).append(row)
    return found


def _misread(db: Connection, lineage_ids: Sequence[int]) -> set[tuple[int, str]]:
    """Lineage and wording whose newest decision says that it was read wrongly."""
    found: set[tuple[int, str]] = set()
    for part in parts(lineage_ids):
        newest = select(func.max(reviews.c.id)).join(flags, flags.c.id == reviews.c.flag_id)
        newest = newest.where(flags.c.lineage_id.in_(part)).group_by(flags.c.lineage_id, flags.c.claim_key)
        asked = select(flags.c.lineage_id, flags.c.claim_key).join(reviews, reviews.c.flag_id == flags.c.id)
        asked = asked.where(reviews.c.id.in_(newest), reviews.c.reading == "wrong")
        found |= {(row.lineage_id, row.claim_key) for row in db.execute(asked)}
    return found


def _live_places(db: Connection, lineage_ids: Sequence[int]) -> dict[int, list[Any]]:
    places: dict[int, list[Any]] = {}
    for part in parts(lineage_ids):
        rows = db.execute(
            select(appearances, claims.c.key, lineages.c.current_key)
            .join(claims, claims.c.id == appearances.c.claim_id)
            .join(lineages, lineages.c.id == appearances.c.lineage_id)
            .where(appearances.c.lineage_id.in_(part), appearances.c.live)
        )
        for row in rows:
            places.setdefault(row.lineage_id, []).append(row)
    return places


def _judged(db: Connection, claim_ids: Sequence[int]) -> dict[int, list[Any]]:
    """Claim → what holds of it today."""
    found: dict[int, list[Any]] = {}
    for part in parts(claim_ids):
        where = (assessments.c.claim_id.in_(part), assessments.c.valid_to.is_(None))
        for row in db.execute(select(assessments).where(*where).order_by(assessments.c.id)):
            found.setdefault(row.claim_id, []).append(row)
    return found


def parts(ids: Sequence[_Id], size: int = 500) -> list[Sequence[_Id]]:
    """SQLite takes a bounded number of parameters in one statement."""
    return [ids[i : i + size] for i in range(0, len(ids), size)]
