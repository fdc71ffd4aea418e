"""The letter of one subscription: what delivery asks the digest for."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from exowatch.digest.compose import Letter, Rows, compose
from exowatch.digest.data import as_json
from exowatch.digest.write import _restored
from exowatch.intake import Desk
from exowatch.model.changes import Digest
from exowatch.sections import Recipient
from exowatch.store import read_digest
from exowatch.store.interrupted import interrupted_runs
from exowatch.store.read_digest import Covers, Told


@dataclass(frozen=True, slots=True)
class Wanted:
    jurisdictions: tuple[str, ...]
    threshold: str | None


@dataclass(frozen=True, slots=True)
class Composed:
    digest: Digest
    covers: Covers


def wanted_by(one: Recipient) -> Wanted:
    return Wanted(one.jurisdictions, one.threshold)


def newest_covers(desk: Desk, db: Any) -> Covers:
    killed = interrupted_runs(desk.config, desk.store)
    return replace(read_digest.newest(db), interrupted=max((run.fence for run in killed), default=0))


def compose_letter(desk: Desk, wanted: Wanted, after: Covers, previous: int | None) -> Composed:
    with desk.store.reading() as db:
        top = newest_covers(desk, db)
        found = read_digest.letter_rows(db, after)
    place = wanted.jurisdictions[0] if len(wanted.jurisdictions) == 1 else None
    letter = Letter(
        until=desk.clock(),
        since=None,
        jurisdiction=place,
        simulated=desk.simulated,
        knowledge=desk.knowledge.judging_digest,
        previous_id=previous,
        threshold=wanted.threshold or desk.config.digest.threshold,  # type: ignore[arg-type]
        baseline_per_day=desk.config.digest.baseline_per_day,
    )
    return Composed(compose(Rows(**found), letter), top)


def keep(db: Any, composed: Composed) -> int:
    digest = composed.digest
    return read_digest.keep_letter(
        db,
        jurisdiction=digest.jurisdiction,
        since=digest.since,
        until=digest.until,
        covers=composed.covers,
        previous_id=digest.previous_id,
        simulated=digest.simulated,
        body=json.loads(as_json(digest)),
        reader="subscription",
    )


def kept_letter(desk: Desk, number: int) -> Digest:
    with desk.store.reading() as db:
        row = read_digest.letter_by_number(db, number)
    assert row is not None
    return _restored(row)


__all__ = [
    "Composed",
    "Told",
    "Wanted",
    "compose_letter",
    "datetime",
    "keep",
    "kept_letter",
    "newest_covers",
    "wanted_by",
]
