"""What the database knows of flags that are to be proven: quotes and captures, sightings, judgements, reviews."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from exowatch.model.captures import Capture, WarcPlace
from exowatch.store import read_state
from exowatch.store.read_rows import rows
from exowatch.store.tables import (
    assessments,
    bearings,
    cases,
    claims,
    evidence,
    flags,
    outcomes,
    reviews,
    runs,
    sources,
)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Quoted:
    """A sentence that a flag quotes, and the program that read it."""

    flag_id: int
    quote: str
    reader: str


@dataclass(frozen=True, slots=True)
class Sighting:
    """A visit at which the page said what it says in a capture."""

    at: datetime
    code: str
    """ok, same-body, not-modified …"""
    place: WarcPlace | None


def quotes_by_capture(db: Connection) -> list[tuple[Capture, list[Quoted]]]:
    """Every capture that proves a flag, with the sentences that flags quote from it."""
    asked = select(flags.c.id, flags.c.capture_id, claims.c.quote, claims.c.reader)
    asked = asked.join(claims, claims.c.id == flags.c.claim_id).order_by(flags.c.capture_id, flags.c.id)
    found: dict[str, list[Quoted]] = {}
    for row in db.execute(asked):
        found.setdefault(row.capture_id, []).append(Quoted(row.id, row.quote, row.reader))
    return [(read_state.capture_place(db, name)[0], quotes) for name, quotes in found.items() if _there(db, name)]


def _there(db: Connection, capture_id: str) -> bool:
    return bool(rows(db, "v_captures", ["id = :wanted"], {"wanted": capture_id}))


def flag_rows(db: Connection, flag_ids: Sequence[int]) -> list[Row]:
    """Rows of ``v_flags``, by number."""
    found = [rows(db, "v_flags", ["id = :wanted"], {"wanted": flag_id}) for flag_id in sorted(set(flag_ids))]
    return [row for some in found for row in some]


def flags_of_case(db: Connection, case_id: int) -> list[int] | None:
    """Numbers of the flags of a case; None where there is no such case."""
    if db.execute(select(cases.c.id).where(cases.c.id == case_id)).first() is None:
        return None
    return list(db.scalars(select(flags.c.id).where(flags.c.case_id == case_id).order_by(flags.c.id)))


def sightings(db: Connection, source_id: str, url: str, capture_id: str) -> list[Sighting]:
    """Visits that met the page with the text of this capture, oldest first."""
    asked = select(outcomes).join(runs, runs.c.id == outcomes.c.run_id)
    asked = asked.where(
        outcomes.c.source_id == source_id,
        outcomes.c.url == url,
        outcomes.c.capture_id == capture_id,
        outcomes.c.result.in_(("READ", "UNCHANGED")),
    )
    return [
        Sighting(row.at, row.code, WarcPlace(row.warc_file, row.warc_offset) if row.warc_file else None)
        for row in db.execute(asked.order_by(outcomes.c.at, runs.c.fence))
    ]


def judgements_of(db: Connection, flag_id: int) -> list[Row]:
    """What is made of a flag's wording in each jurisdiction, with the evidence that bears on it."""
    asked = select(assessments).join(flags, flags.c.claim_id == assessments.c.claim_id).where(flags.c.id == flag_id)
    told = []
    for row in db.execute(asked.order_by(assessments.c.jurisdiction, assessments.c.id)):
        bears = (
            select(evidence, bearings.c.direction, bearings.c.words, bearings.c.mismatches)
            .join(bearings, bearings.c.evidence_id == evidence.c.id)
            .where(bearings.c.assessment_id == row.id)
            .order_by(evidence.c.id)
        )
        told.append(dict(row._mapping) | {"evidence": [dict(one._mapping) for one in db.execute(bears)]})
    return told


def reviews_of(db: Connection, flag_id: int) -> list[Row]:
    """What people decided about a flag, oldest first."""
    asked = select(reviews).where(reviews.c.flag_id == flag_id).order_by(reviews.c.id)
    return [dict(row._mapping) for row in db.execute(asked)]


def source_row(db: Connection, source_id: str) -> Row:
    """The source as it was last described."""
    return dict(db.execute(select(sources).where(sources.c.id == source_id)).one()._mapping)
