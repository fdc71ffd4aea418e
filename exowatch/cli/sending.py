"""Sending letters: what ``exowatch digest --send`` and its kin do and say."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING

import click

from exowatch.cli.output import plain, print_rows
from exowatch.cli.saying import say
from exowatch.errors import SetupError

if TYPE_CHECKING:
    from exowatch.delivery.send import Delivery
    from exowatch.intake import Desk

_COLUMNS = ("id", "recipient", "channel", "address", "state", "attempts", "queued_at", "next_at", "answer")


def send(desk: Desk) -> int:
    """Compose for each recipient and send; the exit code."""
    from exowatch.delivery.send import send_due
    from exowatch.schedule.by_hand import by_hand

    if not desk.config.digest.recipients and desk.config.digest.feed is None:
        raise SetupError(
            "nobody is to get letters",
            file=str(desk.config.file or "exowatch.toml"),
            key="digest.recipients",
            remedy="add a table [[digest.recipients]] each with id, and mail or url (docs/delivery.md)",
        )
    with _in_good_order() as asked, by_hand(desk.config, desk.store, desk.clock, "digest") as note:
        delivery = send_due(desk, asked.is_set)
        note(delivery.words)
    if not (delivery.queued or delivery.posted):
        say("exowatch: nothing was settled since the last letters")
    return _told(delivery)


def retry(desk: Desk) -> int:
    """Send what waits; the exit code."""
    from exowatch.delivery.send import send_waiting
    from exowatch.schedule.by_hand import by_hand

    with _in_good_order() as asked, by_hand(desk.config, desk.store, desk.clock, "send") as note:
        delivery = send_waiting(desk, asked.is_set)
        note(delivery.words)
    return _told(delivery)


def resend(desk: Desk, named: str) -> int:
    """Send again what nobody knows to have arrived, or what was refused; the exit code."""
    from exowatch.delivery import send as delivery

    with _in_good_order() as asked:
        return _told(delivery.resend(desk, named, asked.is_set))


def drop(desk: Desk, named: str) -> int:
    """Leave these as they are; the exit code."""
    from exowatch.delivery import send as delivery

    rows = delivery.drop(desk, named)
    for row in rows:
        click.echo(f"left as it is: {row.name} for {row.recipient} ({row.state})")
    return 0


def preview(desk: Desk) -> int:
    """Who would get what now; nothing is composed, kept or sent."""
    from exowatch.delivery.chat import service_of
    from exowatch.delivery.send import plan_letters

    plan = plan_letters(desk)
    for number, group in enumerate(plan.groups, start=1):
        one = group.recipients[0]
        about = ", ".join(one.jurisdictions) or "everywhere"
        since = f"since letter {group.previous}" if group.previous else "since the beginning"
        click.echo(f"letter {number}: {about}, {one.threshold or desk.config.digest.threshold} and graver, {since}")
        for one in group.recipients:
            click.echo(f"  to {one.id}: {one.mail or service_of(one.url or '')}")
    told = {one.id for group in plan.groups for one in group.recipients} | {name for name, _ in plan.not_ready}
    for one in desk.config.digest.recipients:
        if one.id not in told:
            click.echo(f"nothing for {one.id}: nothing was settled since their last letter")
    for name, why in plan.not_ready:
        say(f"exowatch: nothing could be made ready for {name}: {plain(why)}")
    return 1 if plan.not_ready else 0


def outbox(desk: Desk, form: str) -> int:
    """What waits, and what waits for a decision."""
    from exowatch.store.read_outbox import outbox_rows

    with desk.store.reading() as db:
        rows = outbox_rows(db)
    print_rows(rows, "json" if form == "json" else "table", _COLUMNS, empty="all letters were sent; nothing waits")
    return 0


@contextmanager
def _in_good_order() -> Iterator[Event]:
    """Being asked to end (SIGTERM, Ctrl-C) ends it between two letters, so that none is left unclear."""
    asked = Event()
    before = {number: signal.signal(number, lambda *_: asked.set()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _told(delivery: Delivery) -> int:
    """Say what came of it; what did not go out is named on stderr. 0: all was sent."""
    click.echo(delivery.words)
    for one in delivery.posted:
        if one.state == "waiting":
            say(f"exowatch: {one.parcel.name} for {one.parcel.recipient} waits: {plain(one.words)}")
    for row in delivery.told:
        decide = f"decide: --resend {row.id}, or --drop {row.id}"
        say(f"exowatch: {row.name} for {row.recipient} is {row.state}: {plain(row.answer)} ({decide})")
    for name, why in delivery.not_ready:
        say(f"exowatch: nothing could be made ready for {name}: {plain(why)}")
    return 0 if delivery.well else 1
