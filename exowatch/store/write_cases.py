"""Writing cases: flags of one trader under one number, and every step as a row that is never edited."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from exowatch.model.decisions import Step
from exowatch.store.tables import case_events, cases, flags, sources

Row = dict[str, Any]


def open_case(db: Connection, trader: str, by: str, at: datetime, step: Step) -> int:
    """A new case without flags; its number."""
    told = {"trader": trader, "status": "open", "opened_at": at, "opened_by": by}
    number = insert(cases).values(**told, deadline_on=step.deadline, note=step.words).returning(cases.c.id)
    case_id = int(db.execute(number).scalar_one())
    _write(db, case_id, "opened", by, at, status="open", deadline_on=step.deadline, words=trader)
    if step.words:
        _write(db, case_id, "note", by, at, words=step.words)
    return case_id


def put_under(db: Connection, case_id: int, flag_ids: Sequence[int], by: str, at: datetime) -> None:
    """Put flags under a case. They belong to none yet: whoever calls has looked."""
    db.execute(update(flags).where(flags.c.id.in_(list(flag_ids))).values(case_id=case_id))
    for flag_id in flag_ids:
        _write(db, case_id, "flag", by, at, flag_id=flag_id)


def write_step(db: Connection, case_id: int, step: Step, by: str, at: datetime) -> None:
    """A new status, a new deadline, or both. Contacted means that a letter went out: from then on claims are compared
    with what they said on that day."""
    if step.status is not None:
        db.execute(update(cases).where(cases.c.id == case_id).values(status=step.status))
        kind = "letter" if step.status == "contacted" else "status"
        _write(db, case_id, kind, by, at, status=step.status, deadline_on=step.deadline, words=step.words)
    elif step.deadline is not None:
        _write(db, case_id, "deadline", by, at, deadline_on=step.deadline, words=step.words)
    if step.deadline is not None:
        db.execute(update(cases).where(cases.c.id == case_id).values(deadline_on=step.deadline))


def write_note(
    db: Connection, case_id: int, words: str, flag_ids: Sequence[int], by: str, at: datetime, *, reply: bool
) -> None:
    """A note, or what the trader answered: about the case as a whole, or about each of these flags."""
    for flag_id in flag_ids or (None,):
        _write(db, case_id, "reply" if reply else "note", by, at, flag_id=flag_id, words=words)


def trader_facts(db: Connection, flag_ids: Sequence[int]) -> list[Row]:
    """Of each flag: number, state, case, source, and the trader of the source as the watchlist names it.

    Within a writing transaction nobody else moves them until its end.
    """
    columns = (flags.c.id, flags.c.state, flags.c.case_id, sources.c.id.label("source"), sources.c.name)
    asked = select(*columns, sources.c.trader, sources.c.trader_registration_no)
    asked = asked.join(sources, sources.c.id == flags.c.source_id).where(flags.c.id.in_(list(flag_ids)))
    locked = asked.order_by(flags.c.id).with_for_update(of=flags)
    return [dict(row._mapping) for row in db.execute(locked)]


def _write(db: Connection, case_id: int, kind: str, by: str, at: datetime, **facts: Any) -> None:
    db.execute(insert(case_events).values(case_id=case_id, kind=kind, by=by, at=at, **facts))
