"""The door: compose for each recipient, put it into the outbox, hand it over, and say what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from exowatch.delivery.composing import kept_letter
from exowatch.delivery.contents import Contents
from exowatch.delivery.feed import write_feed
from exowatch.delivery.post import Posted, post_due
from exowatch.delivery.queue import Plan, plan_letters, queue_letters
from exowatch.delivery.telling import ping, queue_note, tell_open_ends
from exowatch.errors import BusyError, OutputError, SetupError
from exowatch.intake import Desk
from exowatch.store import read_outbox, write_outbox
from exowatch.store.lock import hold_jobs
from exowatch.store.read_outbox import OPEN_ENDS, Parcel

__all__ = ["Delivery", "Plan", "drop", "plan_letters", "resend", "send_due", "send_note", "send_waiting"]

#: The lock under which letters are queued and sent: one sender at a time on one database.
OUTBOX = "outbox"
Stop = Callable[[], bool]


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came of one round."""

    queued: int
    """Letters put into the outbox for as many recipients."""
    posted: tuple[Posted, ...]
    told: tuple[Parcel, ...]
    """What waits for a decision, and was not told before: also what a sender that was killed left behind."""
    waiting: int
    next_at: datetime | None
    """When the next of those that wait may be tried."""
    not_ready: tuple[tuple[str, str], ...] = ()
    """Recipients who cannot be reached from here, or whose letter could not be composed, and why."""

    def count(self, state: str) -> int:
        """How many ended this round so."""
        return sum(one.state == state for one in (self.told if state in OPEN_ENDS else self.posted))

    @property
    def well(self) -> bool:
        """All that was to be sent was sent."""
        return not (self.not_ready or self.told or self.waiting)

    @property
    def words(self) -> str:
        """The same in one line."""
        told = [f"{self.count('sent')} sent"]
        if self.waiting:
            told.append(f"{self.waiting} waiting (next try {self.next_at:%Y-%m-%d %H:%M} UTC)")
        told += [f"{self.count(state)} {state}" for state in OPEN_ENDS if self.count(state)]
        told += [f"{len(self.not_ready)} not ready"] if self.not_ready else []
        return ", ".join(told)


def send_due(desk: Desk, stop: Stop = _never) -> Delivery:
    """Compose for every recipient what is new since their last letter, send all that is due, and write the feed.

    Raises BusyError where another sender is at work. ``stop`` is asked between two letters; what is left stays due.
    """
    with _alone(desk):
        plan = queue_letters(desk)
        failed = {name for name, _ in plan.not_ready}
        queued = sum(one.id not in failed for group in plan.groups for one in group.recipients)
        delivery = _round(desk, stop, queued, plan.not_ready)
        try:
            write_feed(desk)
        except OutputError as error:  # letters have gone out, and are to be told of all the same
            delivery = replace(delivery, not_ready=(*delivery.not_ready, ("the feed", str(error))))
        if delivery.well:
            ping(desk)
        return delivery


def send_waiting(desk: Desk, stop: Stop = _never) -> Delivery:
    """Send what waits in the outbox, and compose nothing. Raises BusyError."""
    with _alone(desk):
        return _round(desk, stop)


def send_note(desk: Desk, occasion: str, subject: str, body: str, stop: Stop = _never) -> Delivery:
    """Send words of our own to every recipient with ``operator = true``, once each under the name ``occasion``."""
    with _alone(desk):
        return _round(desk, stop, queue_note(desk, occasion, subject, body))


def resend(desk: Desk, named: str, stop: Stop = _never) -> Delivery:
    """Send again what a person decides to: the row of this number, or all open ends of this recipient. SetupError where
    there is nothing to decide."""
    with _alone(desk):
        rows = _open_ends(desk, named)
        with desk.store.writing(durable=True) as db:
            write_outbox.send_again(db, [row.id for row in rows], desk.clock())
        return _round(desk, stop)


def drop(desk: Desk, named: str) -> list[Parcel]:
    """Leave these open ends as they are; they are spoken of no more. SetupError as for ``resend``."""
    with _alone(desk):
        rows = _open_ends(desk, named)
        with desk.store.writing() as db:
            write_outbox.drop(db, [row.id for row in rows])
        return rows


@contextmanager
def _alone(desk: Desk) -> Iterator[None]:
    """Be the only sender. What the one before left in the middle is unclear from now on, since it must be dead."""
    with hold_jobs(desk.config, [OUTBOX]) as held:
        if not held:
            raise BusyError("letters are being sent by another process; what is due goes out with it")
        with desk.store.writing(durable=True) as db:
            write_outbox.settle_dead(db)
        yield


def _round(desk: Desk, stop: Stop, queued: int = 0, not_ready: tuple[tuple[str, str], ...] = ()) -> Delivery:
    contents = Contents(lambda number: kept_letter(desk, number), desk.config.schedule.timezone, desk.simulated)
    told = tell_open_ends(desk)
    posted = post_due(desk, contents, stop)
    if more := tell_open_ends(desk):  # its note goes out at once
        posted += post_due(desk, contents, stop)
        told += [*more, *tell_open_ends(desk)]
    with desk.store.reading() as db:
        waiting, next_at = read_outbox.state_counts(db).get("waiting", 0), read_outbox.next_try(db)
    return Delivery(queued, tuple(posted), tuple(told), waiting, next_at, not_ready)


def _open_ends(desk: Desk, named: str) -> list[Parcel]:
    with desk.store.reading() as db:
        found = read_outbox.parcels_of(db, named)
    rows = [row for row in found if row.state in OPEN_ENDS]
    if rows:
        return rows
    if not found:
        raise SetupError(f"no delivery and no recipient {named!r}", remedy="`exowatch digest --outbox` lists them")
    states = ", ".join(sorted({row.state for row in found}))
    raise SetupError(
        f"nothing of {named!r} waits for a decision (it is {states})",
        remedy="what waits goes out by `exowatch digest --retry`; what was sent is not sent again",
    )
