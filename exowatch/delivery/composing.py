"""The letter of one subscription: what delivery asks the digest room for."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from exowatch.digest.compose import Letter, Rows, compose
from exowatch.digest.data import as_json
from exowatch.digest.law import law_lines, law_notes
from exowatch.digest.write import restored
from exowatch.intake import Desk
from exowatch.model.changes import Digest
from exowatch.model.readings import Severity
from exowatch.sections import Recipient
from exowatch.store import read_digest
from exowatch.store.interrupted import SETTLES, in_words, interrupted_runs
from exowatch.store.read_digest import Covers
from exowatch.store.read_engaged import engaged_in
from exowatch.store.session import Books


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a letter is to hold; equal ones are composed once."""

    jurisdictions: tuple[str, ...]
    threshold: Severity | None
    kinds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The same as a short text, to be kept beside its letters."""
        return json.dumps([*self.jurisdictions, self.threshold, *self.kinds, *self.languages])[:64]


@dataclass(frozen=True, slots=True)
class Composed:
    """A letter that is not yet kept, and up to where it tells."""

    wanted: Wanted
    digest: Digest
    covers: Covers


def wanted_by(one: Recipient) -> Wanted:
    """What this recipient subscribes to."""
    return Wanted(one.jurisdictions, one.threshold, one.kinds, one.languages)


def newest_covers(desk: Desk, db: Books) -> Covers:
    """Up to where a letter composed now would tell."""
    killed = interrupted_runs(desk.config, desk.store)
    return replace(read_digest.newest(db), interrupted=max((run.fence for run in killed), default=0))


def compose_letter(desk: Desk, wanted: Wanted, after: Covers, previous: int | None) -> Composed:
    """The letter of all that was settled after ``after``; nothing is kept."""
    now = desk.clock()
    place = wanted.jurisdictions[0] if len(wanted.jurisdictions) == 1 else None
    with desk.store.reading() as db:
        top = newest_covers(desk, db)
        found = read_digest.letter_rows(db, after)
        met = engaged_in(db, "flags", found["flags"], desk.knowledge.law, now)
        before = read_digest.letter_by_number(db, previous) if previous else None
    killed = interrupted_runs(desk.config, desk.store)
    found["flags"] = [row | {"law": law_lines(some, now)} for row, some in zip(found["flags"], met, strict=True)]
    found["issues"] += [{"code": "interrupted", "message": f"{in_words(run)}; {SETTLES}"} for run in killed]
    letter = Letter(
        until=now,
        since=before.until if before else None,
        jurisdiction=place,
        simulated=desk.simulated or any(row.get("simulated") for row in found["coverage"]),
        knowledge=desk.knowledge.judging_digest,
        previous_id=previous,
        threshold=wanted.threshold or desk.config.digest.threshold,
        baseline_per_day=desk.config.digest.baseline_per_day,
    )
    digest = compose(Rows(**found), letter)
    told = {row["id"] for row in (*digest.flags, *digest.baseline, *digest.reassessed)}
    shown = [some for row, some in zip(found["flags"], met, strict=True) if row["id"] in told]
    return Composed(wanted, replace(digest, law=law_notes(shown, desk.knowledge.law, now, place)), top)


def keep(db: Books, composed: Composed) -> int:
    """Keep the letter; its number."""
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
        reader=composed.wanted.name,
    )


def kept_letter(desk: Desk, number: int) -> Digest:
    """A letter as it was kept."""
    with desk.store.reading() as db:
        found = read_digest.letter_by_number(db, number)
    assert found is not None  # the outbox refers to it
    return restored(found)
