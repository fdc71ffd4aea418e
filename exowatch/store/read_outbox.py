"""What is on its way to whom, what came of it, and where each recipient's next window starts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, func, select

from exowatch.store.covers import Covers, kept_covers
from exowatch.store.tables import digests, outbox

State = Literal["waiting", "sending", "sent", "unclear", "refused", "given-up", "dropped"]
#: States that wait for a person: nothing more is tried by itself.
OPEN_ENDS: tuple[State, ...] = ("unclear", "refused", "given-up")
_SHOWN = ("id", "recipient", "channel", "address", "occasion", "digest_id", "state", "attempts")
_TIMES = ("queued_at", "next_at", "sent_at")


@dataclass(frozen=True, slots=True)
class Parcel:
    """One row of the outbox, as a sender needs it."""

    id: int
    digest_id: int | None
    recipient: str
    channel: str
    message_id: str
    subject: str | None
    body: str | None
    state: State
    attempts: int
    queued_at: datetime
    next_at: datetime | None
    answer: str | None

    @property
    def name(self) -> str:
        """How it is spoken of: what it is and its number, and nothing about the person."""
        return f"delivery {self.id} ({'a note' if self.digest_id is None else f'letter {self.digest_id}'})"


@dataclass(frozen=True, slots=True)
class LastLetter:
    """The newest letter that was put into the outbox for a recipient."""

    parcel: int
    """Its row there."""
    digest: int
    until: datetime
    covers: Covers


def last_letters(db: Connection) -> dict[str, LastLetter]:
    """Recipient → the newest letter queued for them, whatever came of it."""
    newest = select(func.max(outbox.c.id)).where(outbox.c.digest_id.is_not(None)).group_by(outbox.c.recipient)
    asked = (
        select(outbox.c.recipient, outbox.c.id, outbox.c.digest_id, digests.c.until, digests.c.covers)
        .join(digests, digests.c.id == outbox.c.digest_id)
        .where(outbox.c.id.in_(newest))
    )
    return {
        row.recipient: LastLetter(row.id, row.digest_id, row.until, kept_covers(db, row.covers, row.until))
        for row in db.execute(asked).all()
    }


def due_parcels(db: Connection, now: datetime) -> list[Parcel]:
    """What may be tried now, in the order in which it was put there."""
    due = (outbox.c.state == "waiting", outbox.c.next_at <= now)
    return _parcels(db, select(outbox).where(*due).order_by(outbox.c.id))


def parcels_in(db: Connection, states: Collection[State], *, untold: bool = False) -> list[Parcel]:
    """Rows in these states; ``untold``: only those that no operator was told of."""
    asked = select(outbox).where(outbox.c.state.in_(list(states))).order_by(outbox.c.id)
    return _parcels(db, asked.where(outbox.c.told_at.is_(None)) if untold else asked)


def parcels_of(db: Connection, named: str) -> list[Parcel]:
    """All rows of this recipient; where there is no such recipient, the row of this number, or all in this state."""
    found = _parcels(db, select(outbox).where(outbox.c.recipient == named).order_by(outbox.c.id))
    if not found and named in OPEN_ENDS:
        found = _parcels(db, select(outbox).where(outbox.c.state == named).order_by(outbox.c.id))
    if not found and named.isdecimal() and len(named) < 10:
        found = _parcels(db, select(outbox).where(outbox.c.id == int(named)))
    return found


def state_counts(db: Connection) -> dict[str, int]:
    """State → how many rows are in it."""
    found = db.execute(select(outbox.c.state, func.count()).group_by(outbox.c.state))
    return {state: int(count) for state, count in found}


def next_try(db: Connection) -> datetime | None:
    """When the next waiting row may be tried; None: nothing waits."""
    found: datetime | None = db.execute(select(func.min(outbox.c.next_at)).where(outbox.c.state == "waiting")).scalar()
    return found


def newest_sent(db: Connection) -> datetime | None:
    """When a letter was last taken by a server; None: never."""
    sent = select(func.max(outbox.c.sent_at)).where(outbox.c.digest_id.is_not(None))
    found: datetime | None = db.execute(sent).scalar()
    return found


def outbox_rows(db: Connection, *, all_of_them: bool = False, limit: int = 200) -> list[dict[str, Any]]:
    """Rows to be looked at, newest first: those not yet sent or settled, or all."""
    asked = select(outbox).order_by(outbox.c.id.desc()).limit(limit)
    if not all_of_them:
        asked = asked.where(outbox.c.state.not_in(("sent", "dropped")))
    return [
        {name: getattr(row, name) for name in _SHOWN}
        | {name: _iso(getattr(row, name)) for name in _TIMES}
        | {"answer": row.answer}
        for row in db.execute(asked)
    ]


def _parcels(db: Connection, asked: Any) -> list[Parcel]:
    return [Parcel(**{name: getattr(row, name) for name in Parcel.__dataclass_fields__}) for row in db.execute(asked)]


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.strftime("%Y-%m-%dT%H:%M:%SZ")
