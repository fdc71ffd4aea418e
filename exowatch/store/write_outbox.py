"""Putting letters into the outbox, and what becomes of them there.

A row goes ``waiting`` → ``sending`` → ``sent``; back to ``waiting`` where nothing can have been delivered; to
``unclear`` where that cannot be known. Whoever writes here holds the lock ``outbox`` (``lock.hold_jobs``): a row that
still says ``sending`` when the lock was had is therefore one that a dead process left.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from exowatch.errors import BusyError
from exowatch.store.read_outbox import OPEN_ENDS, Parcel, State
from exowatch.store.tables import outbox

#: What is said of a row whose sender died with it.
DIED = "the sender ended between handing it over and noting the answer"


@dataclass(frozen=True, slots=True)
class Addressed:
    """Where something is to go."""

    recipient: str
    channel: str
    address: str
    message_id: str
    occasion: str
    """What it is sent for; once a recipient."""


def queue_letter(db: Connection, digest_id: int, to: Sequence[Addressed], now: datetime) -> None:
    """Put this letter into the outbox for all of them; in the transaction that keeps it.

    BusyError where one of them has a letter about this window: then another process, whose lock a broken connection
    freed, was faster, and nothing of ours may stay.
    """
    try:
        db.execute(insert(outbox), [_row(one, now) | {"digest_id": digest_id} for one in to])
    except IntegrityError:
        raise BusyError("another process has just put these letters into the outbox") from None


def queue_note(db: Connection, subject: str, body: str, to: Sequence[Addressed], now: datetime) -> int:
    """Put words of our own into the outbox, for those who were not yet sent them; for how many."""
    asked = select(outbox.c.recipient, outbox.c.occasion).where(outbox.c.digest_id.is_(None))
    known = {(row.recipient, row.occasion) for row in db.execute(asked)}
    rows = [
        _row(one, now) | {"digest_id": None, "subject": subject, "body": body}
        for one in to
        if (one.recipient, one.occasion) not in known
    ]
    if rows:
        db.execute(insert(outbox), rows)
    return len(rows)


def _row(one: Addressed, now: datetime) -> dict[str, object]:
    where = {name: getattr(one, name) for name in Addressed.__dataclass_fields__}
    return where | {"state": "waiting", "attempts": 0, "queued_at": now, "next_at": now}


def claim(db: Connection, parcel: Parcel, by: str, now: datetime) -> bool:
    """Take the row up, before a letter is handed over; False: it is no longer as it was read."""
    same = (outbox.c.id == parcel.id, outbox.c.state == "waiting", outbox.c.attempts == parcel.attempts)
    values = {"state": "sending", "claimed_at": now, "claimed_by": by, "attempts": parcel.attempts + 1}
    return db.execute(update(outbox).where(*same).values(values)).rowcount == 1


def note_sent(db: Connection, number: int, by: str, answer: str, now: datetime) -> bool:
    """The server took it; False: somebody else has taken the row over."""
    ours = (outbox.c.id == number, outbox.c.claimed_by == by, outbox.c.state.in_(("sending", "unclear")))
    values = {"state": "sent", "sent_at": now, "next_at": None, "claimed_at": None, "answer": answer}
    return db.execute(update(outbox).where(*ours).values(values)).rowcount == 1


def note_failed(db: Connection, parcel: Parcel, state: State, attempts: int, answer: str, at: datetime | None) -> None:
    """It was not taken, or nobody knows: ``waiting`` until ``at``, or one of the open ends."""
    there = (outbox.c.id == parcel.id, outbox.c.state.in_(("waiting", "sending")))
    values = {"state": state, "attempts": attempts, "answer": answer, "next_at": at, "claimed_at": None}
    db.execute(update(outbox).where(*there).values(values))


def note_address(db: Connection, number: int, address: str) -> None:
    """Where it goes now, since the configuration names another place."""
    db.execute(update(outbox).where(outbox.c.id == number, outbox.c.address != address).values(address=address))


def settle_dead(db: Connection) -> int:
    """Rows that a dead sender left in the middle: unclear from now on; how many."""
    values = {"state": "unclear", "next_at": None, "claimed_at": None, "answer": DIED}
    return db.execute(update(outbox).where(outbox.c.state == "sending").values(values)).rowcount


def note_told(db: Connection, numbers: Iterable[int], now: datetime) -> None:
    """The operator was told of these."""
    db.execute(update(outbox).where(outbox.c.id.in_(list(numbers))).values(told_at=now))


def send_again(db: Connection, numbers: Iterable[int], now: datetime) -> int:
    """A person decided that these open ends be sent again, under the same Message-ID; how many."""
    values = {"state": "waiting", "attempts": 0, "next_at": now, "told_at": None, "claimed_by": None}
    return _decide(db, numbers, values)


def drop(db: Connection, numbers: Iterable[int]) -> int:
    """A person decided that these open ends be left as they are; how many."""
    return _decide(db, numbers, {"state": "dropped", "next_at": None})


def _decide(db: Connection, numbers: Iterable[int], values: dict[str, object]) -> int:
    decided = (outbox.c.id.in_(list(numbers)), outbox.c.state.in_(OPEN_ENDS))
    return db.execute(update(outbox).where(*decided).values(values)).rowcount
