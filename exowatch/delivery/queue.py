"""Who gets which letter: each recipient's window since their last one, composed once for all who want the same."""

from __future__ import annotations

import logging
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from exowatch.delivery import chat
from exowatch.delivery.composing import compose_letter, keep, newest_covers, wanted_by
from exowatch.delivery.message import domain_of
from exowatch.digest.write import QUIET
from exowatch.errors import ExoWatchError, SetupError
from exowatch.intake import Desk
from exowatch.model.changes import Subscription
from exowatch.sections import Recipient
from exowatch.store import read_outbox, write_outbox
from exowatch.store.covers import Covers
from exowatch.store.read_outbox import LastLetter
from exowatch.store.write_outbox import Addressed

log = logging.getLogger("exowatch.delivery")


@dataclass(frozen=True, slots=True)
class Group:
    """Recipients whose next letter is one and the same."""

    wanted: Subscription
    after: Covers
    previous: int | None
    recipients: tuple[Recipient, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Who is to get a letter now. ``not_ready``: recipients who cannot be reached from here, and why; their windows
    stay open, so that nothing of them is lost."""

    groups: tuple[Group, ...]
    last: Mapping[str, LastLetter]
    not_ready: tuple[tuple[str, str], ...]


def plan_letters(desk: Desk) -> Plan:
    """Who is to get a letter now, and about which window; nothing is composed yet."""
    with desk.store.reading() as db:
        last = read_outbox.last_letters(db)
    due, not_ready = _due(desk, last, newest_covers(desk))
    same: dict[tuple[Subscription, Covers], list[tuple[Recipient, int | None]]] = {}
    start = _start(last)
    for one in due:
        before = last.get(one.id, start)
        covers, previous = (before.covers, before.digest) if before else (Covers(), None)
        same.setdefault((wanted_by(one, desk.config), covers), []).append((one, previous))
    return Plan(tuple(_group(*window, some) for window, some in same.items()), last, tuple(not_ready))


def _group(wanted: Subscription, after: Covers, some: Sequence[tuple[Recipient, int | None]]) -> Group:
    """Those who come newly to a subscription go on with the round through the baseline that the others are in."""
    ((previous, _),) = Counter(letter for _, letter in some).most_common(1)
    return Group(wanted, after, previous, tuple(one for one, _ in some))


def queue_letters(desk: Desk) -> Plan:
    """Compose each letter once, keep it and put it into the outbox for its readers in one transaction. The lock
    ``outbox`` is held. A process that dies between two letters leaves the rest as due as before."""
    plan = plan_letters(desk)
    failed = list[tuple[str, str]]()
    for group in plan.groups:
        try:
            _queue(desk, group, plan)
        except ExoWatchError:
            raise
        except Exception as error:  # a letter that we cannot compose keeps no other back
            log.exception("not composed", extra={"recipients": [one.id for one in group.recipients]})
            failed += [
                (one.id, f"the letter could not be composed: {type(error).__name__}") for one in group.recipients
            ]
    return replace(plan, not_ready=(*plan.not_ready, *failed))


def _queue(desk: Desk, group: Group, plan: Plan) -> None:
    now = desk.clock()
    composed = compose_letter(desk, group.wanted, group.after, group.previous)
    to = [addressed(desk, one, _occasion(plan.last.get(one.id))) for one in group.recipients]
    with desk.store.writing(durable=True) as db:
        write_outbox.queue_letter(db, keep(db, composed), to, now)


def addressed(desk: Desk, to: Recipient, occasion: str) -> Addressed:
    """A new row for this recipient. SetupError where no service is known by its address."""
    smtp = desk.config.digest.smtp
    domain = domain_of(smtp.sender) if smtp else "exowatch.invalid"
    number = f"<exowatch.{uuid.uuid4().hex}@{domain}>"
    if to.mail is not None:
        return Addressed(to.id, "mail", to.mail, number, occasion)
    assert to.url is not None
    return Addressed(to.id, "chat", chat.service_of(to.url), number, occasion)


def _occasion(last: LastLetter | None) -> str:
    """The window by what came before it: the database takes one row a recipient and window."""
    return f"after {last.parcel if last else 0}"


def _due(desk: Desk, last: dict[str, LastLetter], top: Covers) -> tuple[list[Recipient], list[tuple[str, str]]]:
    due, not_ready, now = [], [], desk.clock()
    for one in desk.config.digest.recipients:
        before = last.get(one.id)
        if before and not _moved(before.covers, top) and now - before.until < QUIET:
            continue
        try:
            addressed(desk, one, "")
            due.append(one)
        except SetupError as error:
            not_ready.append((one.id, str(error)))
    return due, not_ready


def _moved(before: Covers, top: Covers) -> bool:
    """Something was settled since. Issues alone are no reason for a letter: to tell of one that failed makes some."""
    return replace(before, issue=0) != replace(top, issue=0)


def _start(last: dict[str, LastLetter]) -> LastLetter | None:
    """Where a new recipient begins: with the window of whoever got the newest letter; with everything where nobody
    got one yet."""
    return max(last.values(), key=lambda one: one.digest, default=None)
