"""Assessments as rows: what is made of a wording in each jurisdiction, and how each piece of evidence bears on it.

A state is never edited: one that came out otherwise closes the one before.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from exowatch.model.readings import Assessment
from exowatch.store.flagging import parts
from exowatch.store.tables import assessments, bearings, claim_keys, evidence

_PUT = insert(assessments)
_PUT_NUMBERED = insert(assessments).returning(assessments.c.id, sort_by_parameter_order=True)


def write_new(db: Connection, at: datetime, judged: Sequence[tuple[int, Sequence[Assessment]]]) -> None:
    """Assessments of wordings (number of its row → one a jurisdiction) that have none yet, and what they ask for."""
    told = [(claim_id, one) for claim_id, ones in judged for one in ones]
    if not told:
        return
    rows = [_row(claim_id, one, at) for claim_id, one in told]
    if any(one.bearings for _, one in told):
        numbers = db.execute(_PUT_NUMBERED, rows).scalars().all()
        _bearings(db, [(number, one) for number, (_, one) in zip(numbers, told, strict=True)])
    else:
        db.execute(_PUT, rows)
    asked = {(key, claim_id) for claim_id, one in told for key in one.asked}
    if asked:
        db.execute(insert(claim_keys), [{"key": key, "claim_id": claim_id} for key, claim_id in sorted(asked)])


def bring_under(db: Connection, claim_id: int, made: Sequence[Assessment], at: datetime) -> bool:
    """Write what is made of a wording now beside what was; True where anything but the rules' digest differs."""
    rows = {row.jurisdiction: row for row in held(db, [claim_id])}
    bore = _borne(db, [row.id for row in rows.values()])
    moved = False
    for one in made:
        row = rows.get(one.jurisdiction)
        if row is not None and _same(row, bore.get(row.id, {}), one):
            if row.judging != one.judging_digest:
                same = update(assessments).where(assessments.c.id == row.id)
                db.execute(same.values(judging=one.judging_digest))
            continue
        moved = True
        if row is not None:
            db.execute(update(assessments).where(assessments.c.id == row.id).values(valid_to=at))
        number = db.execute(_PUT_NUMBERED, [_row(claim_id, one, at)]).scalar_one()
        _bearings(db, [(number, one)])
    _ask(db, claim_id, {key for one in made for key in one.asked})
    return moved


def held(db: Connection, claim_ids: Sequence[int]) -> list[Any]:
    """The assessments of these wordings that hold now."""
    found: list[Any] = []
    for part in parts(claim_ids):
        where = (assessments.c.claim_id.in_(part), assessments.c.valid_to.is_(None))
        found += db.execute(select(assessments).where(*where)).all()
    return found


def _same(row: Any, bore: dict[str, str], one: Assessment) -> bool:
    told = (one.verdict, one.flag, one.severity, _reasons(one))
    bears = {bearing.evidence_id: bearing.words for bearing in one.bearings}
    return (row.verdict, row.flag, row.severity, row.reasons) == told and bore == bears


def _borne(db: Connection, numbers: Sequence[int]) -> dict[int, dict[str, str]]:
    """Assessment → key of each piece of evidence that bears on it, and how, in words."""
    found: dict[int, dict[str, str]] = {}
    for row in db.execute(
        select(bearings.c.assessment_id, evidence.c.key, bearings.c.words)
        .join(evidence, evidence.c.id == bearings.c.evidence_id)
        .where(bearings.c.assessment_id.in_(numbers))
    ):
        found.setdefault(row.assessment_id, {})[row.key] = row.words
    return found


def _ask(db: Connection, claim_id: int, keys: Collection[str]) -> None:
    known = set(db.execute(select(claim_keys.c.key).where(claim_keys.c.claim_id == claim_id)).scalars())
    if known - set(keys):
        db.execute(delete(claim_keys).where(claim_keys.c.claim_id == claim_id, claim_keys.c.key.in_(known - set(keys))))
    if set(keys) - known:
        db.execute(insert(claim_keys), [{"key": key, "claim_id": claim_id} for key in sorted(set(keys) - known)])


def _bearings(db: Connection, told: Sequence[tuple[int, Assessment]]) -> None:
    names = sorted({bearing.evidence_id for _, one in told for bearing in one.bearings})
    number_of: dict[str, int] = {}
    for part in parts(names):
        asked = select(evidence.c.key, evidence.c.id).where(evidence.c.key.in_(part), evidence.c.valid_to.is_(None))
        number_of |= {row.key: row.id for row in db.execute(asked)}
    rows = [
        {
            "assessment_id": number,
            "evidence_id": number_of[bearing.evidence_id],
            "match": bearing.match,
            "mismatches": bearing.mismatches,
            "direction": bearing.direction,
            "words": bearing.words,
        }
        for number, one in told
        for bearing in one.bearings
        if bearing.evidence_id in number_of
    ]
    if rows:
        db.execute(insert(bearings), rows)


def _row(claim_id: int, one: Assessment, at: datetime) -> dict[str, Any]:
    return {
        "claim_id": claim_id,
        "jurisdiction": one.jurisdiction,
        "verdict": one.verdict,
        "flag": one.flag,
        "severity": one.severity,
        "reasons": _reasons(one),
        "judging": one.judging_digest,
        "valid_from": at,
    }


def _reasons(one: Assessment) -> list[dict[str, Any]]:
    return [{"rule": r.rule, "words": r.words, "cites": list(r.cites)} for r in one.reasons]
