"""Evidence as it is held: each state of a study or position kept, found by what it is about, and its news queued.

A state is never edited: what changed closes it and begins another, so that any verdict can be traced to what was held
on its day.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Connection, and_, insert, or_, select, update

from exowatch.model.readings import Evidence
from exowatch.store.flagging import parts
from exowatch.store.tables import evidence, evidence_keys, evidence_moves

_EVIDENCE = TypeAdapter(Evidence)
#: What came, changed or went, as it is told.
CAME, CHANGED, WENT = "came", "changed", "withdrawn"


def hold(
    db: Connection, what: Evidence, keys: Sequence[str], sources: Sequence[str], run_id: str, at: datetime
) -> str | None:
    """Keep this state of the evidence; returns what moved (``CAME``, ``CHANGED``), None where it is as held.

    ``keys``: what it is about; ``sources``: where it was met (a further one alone is no news).
    """
    body = _EVIDENCE.dump_python(what, mode="json")  # as JSON gives it back, so that states compare
    row = db.execute(
        select(evidence.c.id, evidence.c.body, evidence.c.sources).where(
            evidence.c.key == what.id, evidence.c.valid_to.is_(None)
        )
    ).first()
    if row is not None and row.body == body:
        if not set(sources) <= set(row.sources):
            met = tuple(sorted({*sources, *row.sources}))
            db.execute(update(evidence).where(evidence.c.id == row.id).values(sources=met))
        return None
    if row is not None:
        db.execute(update(evidence).where(evidence.c.id == row.id).values(valid_to=at))
    _begin(db, what, body, keys, {*sources, *(row.sources if row is not None else ())}, at)
    moved = CAME if row is None else CHANGED
    queue(db, what.id, moved, run_id, at)
    return moved


def let_go(db: Connection, key: str, run_id: str, at: datetime) -> bool:
    """The evidence is held no more: its last page says something else. False where it was not held."""
    where = (evidence.c.key == key, evidence.c.valid_to.is_(None))
    if not db.execute(update(evidence).where(*where).values(valid_to=at)).rowcount:
        return False
    queue(db, key, WENT, run_id, at)
    return True


def positions_on(db: Connection, url: str) -> list[Evidence]:
    """The positions that a page is held to state."""
    asked = select(evidence.c.body).where(
        evidence.c.kind == "position", evidence.c.url == url, evidence.c.valid_to.is_(None)
    )
    return [_EVIDENCE.validate_python(body) for body in db.execute(asked.order_by(evidence.c.id)).scalars()]


def queue(db: Connection, key: str, why: str, run_id: str, at: datetime) -> None:
    """Note that claims are to be held against this evidence again; until that is done it waits, through any kill."""
    db.execute(insert(evidence_moves).values(evidence_key=key, why=why, run_id=run_id, at=at))


def candidates(db: Connection, keys: Collection[str], as_of: datetime | None = None) -> list[tuple[str, Evidence]]:
    """Evidence held (now, or at ``as_of``) that is about any of ``keys``, each with the key it was found by."""
    found: list[tuple[str, Evidence]] = []
    for part in parts(sorted(set(keys))):
        rows = db.execute(
            select(evidence_keys.c.key, evidence.c.body)
            .join(evidence, evidence.c.id == evidence_keys.c.evidence_id)
            .where(evidence_keys.c.key.in_(part), held_at(as_of))
            .order_by(evidence.c.id)
        )
        found += [(row.key, _EVIDENCE.validate_python(row.body)) for row in rows]
    return found


def held_at(as_of: datetime | None) -> ColumnElement[bool]:
    """States that hold now, or held at ``as_of``."""
    if as_of is None:
        return evidence.c.valid_to.is_(None)
    return and_(evidence.c.valid_from <= as_of, or_(evidence.c.valid_to.is_(None), evidence.c.valid_to > as_of))


def _begin(
    db: Connection, what: Evidence, body: dict[str, Any], keys: Sequence[str], sources: Collection[str], at: datetime
) -> None:
    number = db.execute(
        insert(evidence)
        .values(
            key=what.id,
            kind=what.kind,
            authority=what.authority,
            jurisdiction=what.jurisdiction,
            covers={slot: list(values) for slot, values in what.covers.items()},
            grade=what.grade,
            url=what.url,
            dated_on=what.dated_on,
            verified=what.verified,
            retracted=bool(body.get("retracted")),
            sources=tuple(sorted(sources)),
            body=body,
            valid_from=at,
        )
        .returning(evidence.c.id)
    ).scalar_one()
    rows = [{"key": key, "evidence_id": number} for key in dict.fromkeys(keys)]
    if rows:
        db.execute(insert(evidence_keys), rows)
