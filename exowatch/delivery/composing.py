"""The letter of one subscription: what delivery asks the digest room for."""

from __future__ import annotations

from dataclasses import dataclass

from exowatch.config import Config
from exowatch.digest import write
from exowatch.intake import Desk
from exowatch.model.changes import Digest, Subscription
from exowatch.sections import Recipient
from exowatch.store.covers import Covers
from exowatch.store.session import Books


@dataclass(frozen=True, slots=True)
class Composed:
    """A letter that is not yet kept, and up to where it tells."""

    wanted: Subscription
    digest: Digest
    covers: Covers


def wanted_by(one: Recipient, config: Config) -> Subscription:
    """What this recipient subscribes to; equal ones are composed once."""
    return Subscription(one.jurisdictions, one.threshold or config.digest.threshold, one.kinds, one.languages)


def newest_covers(desk: Desk) -> Covers:
    """Up to where a letter composed now would tell."""
    return write.newest_covers(desk)


def compose_letter(desk: Desk, wanted: Subscription, after: Covers, previous: int | None) -> Composed:
    """The letter of all that was settled after ``after``, up to one moment; nothing is kept."""
    made = write.compose_letter(desk, wanted, after, previous)
    return Composed(wanted, made.digest, made.covers)


def keep(db: Books, composed: Composed) -> int:
    """Keep the letter; its number."""
    return write.keep(db, composed.digest, composed.covers, composed.wanted)


def kept_letter(desk: Desk, number: int) -> Digest:
    """A letter as it was kept."""
    found = write.kept_letter(desk, number)
    assert found is not None  # the outbox refers to it
    return found
