"""What people decided about flags, each decision a row of its own; a flag is closed or opened again by the newest."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from exowatch.model.decisions import Decision
from exowatch.store.flagging import parts
from exowatch.store.read_rows import rows
from exowatch.store.tables import assessments, flags, lineages, reviews

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One decision as it was written, and the flag it is about."""

    flag: Row
    """Row of ``v_flags`` as it stood before."""
    review_id: int | None
    """None: the newest decision says the same already, and nothing was written."""
    state: str
    """State of the flag from now on."""
    before: Row | None
    """The decision before, where there was one."""


def write_decision(db: Connection, flag_id: int, made: Decision, at: datetime) -> Reviewed:
    """Write a decision about a flag, bound to the words it was raised on. ``LookupError``: there is no such flag.

    What closes a flag (read wrongly, or nothing to be done) takes it out of the queues; a later decision that does not
    opens it again. A flag that evidence had withdrawn stays so, also where it came while the flag was closed.
    """
    db.execute(select(flags.c.id).where(flags.c.id == flag_id).with_for_update())  # one decision after the other
    found = rows(db, "v_flags", ["id = :wanted"], {"wanted": flag_id})
    if not found:
        raise LookupError(flag_id)
    (flag,) = found
    before = newest_review(db, flag_id)
    if before and all(before[name] == getattr(made, name) for name in ("reading", "action", "because", "note", "by")):
        return Reviewed(flag, None, flag["state"], before)
    told = {"reading": made.reading, "action": made.action, "because": made.because, "note": made.note, "by": made.by}
    wrote = insert(reviews).values(flag_id=flag_id, claim_key=flag["claim_key"], at=at, **told)
    number = int(db.execute(wrote.returning(reviews.c.id)).scalar_one())
    return Reviewed(flag, number, _settle_state(db, flag, made, number), before)


def _settle_state(db: Connection, flag: Row, made: Decision, number: int) -> str:
    state = str(flag["state"])
    if state == "withdrawn":
        return state
    after, why = ("closed", _closing(made, number)) if made.closes else ("open", None)
    if state == "closed" and after == "open" and _supported(db, flag["id"]):
        after, why = "withdrawn", "supported by evidence that came while it was closed"
    db.execute(update(flags).where(flags.c.id == flag["id"]).values(state=after, state_why=why))
    return after


def _closing(made: Decision, number: int) -> str:
    what = "read wrongly" if made.reading == "wrong" else "no action"
    return f"{what}{f', {made.because}' if made.because else ''} (review {number})"


def _supported(db: Connection, flag_id: int) -> bool:
    """Today the flag's wording is held to be supported, and would be flagged nowhere."""
    asked = select(assessments.c.verdict, assessments.c.flag).join(flags, flags.c.claim_id == assessments.c.claim_id)
    held = db.execute(asked.where(flags.c.id == flag_id, assessments.c.valid_to.is_(None))).all()
    return any(row.verdict == "supported" for row in held) and not any(row.flag for row in held)


def newest_review(db: Connection, flag_id: int) -> Row | None:
    """The decision that holds, or None where nobody decided yet."""
    asked = select(reviews).where(reviews.c.flag_id == flag_id).order_by(reviews.c.id.desc()).limit(1)
    row = db.execute(asked).first()
    return None if row is None else dict(row._mapping)


def same_words_elsewhere(db: Connection, flag_ids: Collection[int]) -> tuple[list[int], list[int]]:
    """Flags on the very words of these flags in the same groups of sites: those that nobody decided on, and the rest.

    A flag whose claim stands on one site alone has none.
    """
    asked = select(flags.c.claim_key, lineages.c.group_id).join(lineages, lineages.c.id == flags.c.lineage_id)
    asked = asked.where(flags.c.id.in_(list(flag_ids)), lineages.c.group_id.is_not(None)).distinct()
    found = set[int]()
    for one in db.execute(asked).all():
        others = select(flags.c.id).join(lineages, lineages.c.id == flags.c.lineage_id)
        found |= set(db.scalars(others.where(flags.c.claim_key == one[0], lineages.c.group_id == one[1])))
    found -= set(flag_ids)
    decided = set[int]()
    for part in parts(sorted(found)):
        decided |= set(db.scalars(select(reviews.c.flag_id).where(reviews.c.flag_id.in_(part))))
    return sorted(found - decided), sorted(decided)
