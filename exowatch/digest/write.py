"""Composing the next letter from the database, keeping it, and writing its files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from exowatch.assess.law import silence
from exowatch.digest.case_lines import case_lines
from exowatch.digest.compose import Letter, Rows, compose
from exowatch.digest.data import plain_body
from exowatch.digest.law import law_lines, law_notes
from exowatch.digest.ranking import parted, printed_rows
from exowatch.digest.render import SUFFIXES, render
from exowatch.digest.sheet import MOST_ENTRIES
from exowatch.errors import SetupError
from exowatch.files import write_whole
from exowatch.intake import Desk
from exowatch.model.changes import Digest, Subscription
from exowatch.model.sources import Run
from exowatch.query import utc_text
from exowatch.store import read_considered, read_digest, read_state
from exowatch.store.interrupted import SETTLES, in_words, interrupted_runs
from exowatch.store.read_cases import your_cases
from exowatch.store.read_digest import Covers, Told
from exowatch.store.read_engaged import engaged_in
from exowatch.store.read_health import newest_time
from exowatch.store.read_visits import simulated_of
from exowatch.store.session import Books

#: Where nothing at all was settled since the last letter, that is told once a day.
QUIET = timedelta(hours=20)


@dataclass(frozen=True, slots=True)
class Written:
    """A letter and whether it is a new one."""

    digest: Digest
    id: int | None
    """None: composed for days of the reader's own choice, and not kept."""
    fresh: bool


@dataclass(frozen=True, slots=True)
class Composed:
    """A letter that is not yet kept, and up to where it tells."""

    digest: Digest
    covers: Covers


@dataclass(frozen=True, slots=True)
class _Moment:
    """The database as it was when composing began, and how far that goes."""

    db: Books
    top: Covers
    killed: tuple[Run, ...]


def write_digest(desk: Desk, *, jurisdiction: str | None = None, since: str | None = None) -> Written:
    """The letter of all that was settled since this reader's last one; kept, so that the next starts after it.
    ``jurisdiction`` None: of those of ``[digest]``, or of all where it names none.

    Where nothing was settled since, the last letter is given again, but for once a day: then a new one says so, goes on
    with what waits from before, and tells near deadlines. With ``since`` (a day or time) a letter about that window is
    composed and not kept. Whoever keeps letters holds the lock of the job ``digest``.
    """
    section = desk.config.digest
    places = (jurisdiction,) if jurisdiction else section.jurisdictions
    wanted = Subscription(jurisdictions=places, threshold=section.threshold)
    with _moment(desk) as now:
        if since:
            begin = _begun(desk, now.db, since)
            after = read_digest.since_time(now.db, utc_text(since))
            return Written(_composed(desk, now, wanted, after, None, since=begin), None, fresh=True)
        last = read_digest.last_letter(now.db, wanted.place)
        if last and last.covers == now.top and desk.clock() - last.until < QUIET:
            return Written(restored(last), last.id, fresh=False)
        digest, top = _composed(desk, now, wanted, last.covers if last else Covers(), last), now.top
    with desk.store.writing() as db:
        number = keep(db, digest, top)
    return Written(digest, number, fresh=True)


def _begun(desk: Desk, db: Books, since: str) -> datetime:
    """The moment from which a letter is asked for. SetupError where it lies ahead of the clock and of all that is
    held: such a letter would say that nothing is new."""
    begin, newest = datetime.fromisoformat(utc_text(since)), newest_time(db)
    if begin > max(desk.clock(), newest or desk.clock()):
        raise SetupError(f"--since {since} lies ahead", remedy=f"it is {utc_text(desk.clock().isoformat())} now")
    return begin


def newest_covers(desk: Desk) -> Covers:
    """How far a letter of now would reach."""
    with _moment(desk) as now:
        return now.top


def compose_letter(desk: Desk, wanted: Subscription, after: Covers, previous: int | None = None) -> Composed:
    """The letter about all that was settled after ``after``, up to one moment; nothing is kept. ``previous``: number of
    the letter before, whose round through the baseline goes on."""
    with _moment(desk) as now:
        last = read_digest.letter_by_number(now.db, previous) if previous else None
        return Composed(_composed(desk, now, wanted, after, last), now.top)


@contextmanager
def _moment(desk: Desk) -> Iterator[_Moment]:
    killed = interrupted_runs(desk.config, desk.store)
    with desk.store.moment() as db:
        unclosed = set(read_state.unfinished_runs(db))
        killed = tuple(run for run in killed if run.id in unclosed)  # one may have ended while it was asked for
        top = replace(read_digest.newest(db), interrupted=max((run.fence for run in killed), default=0))
        yield _Moment(db, top, killed)


def _composed(
    desk: Desk,
    moment: _Moment,
    wanted: Subscription,
    after: Covers,
    last: Told | None,
    *,
    since: datetime | None = None,
) -> Digest:
    now, db = desk.clock(), moment.db
    found = read_digest.letter_rows(db, after, moment.top)
    today = now.astimezone(ZoneInfo(desk.config.schedule.timezone))  # a deadline is a day where letters are read
    found["cases"] = case_lines(your_cases(db, today, after.change), after.change)
    found["days"] = read_considered.raised_since(db, now - timedelta(days=30))
    found["issues"] += [{"code": "interrupted", "message": f"{in_words(run)}; {SETTLES}"} for run in moment.killed]
    settled = {run.fence for run in moment.killed}
    digest = compose(
        Rows(**found),
        Letter(
            until=now,
            since=since or (last.until if last else None),
            wanted=wanted,
            simulated=desk.simulated or _made_up(db, found),
            knowledge=desk.knowledge.judging_digest,
            previous_id=last.id if last else None,
            baseline_per_day=desk.config.digest.baseline_per_day,
            shown=tuple(last.body.get("shown") or ()) if last else (),
            zone=desk.config.schedule.timezone,
            running=tuple(_going(run) for run in read_considered.going(db) if run["fence"] not in settled),
        ),
    )
    return _with_grounds(desk, db, digest, wanted, now)


def _made_up(db: Books, found: Mapping[str, Sequence[Mapping[str, Any]]]) -> bool:
    """The clock of a visit of the window, or of the one that a flag was raised on, was set by hand."""
    if any(row.get("simulated") for row in found["coverage"]):
        return True
    return bool(simulated_of(db, {row["run_id"] for row in found["flags"] if row.get("run_id")}))


def _with_grounds(desk: Desk, db: Books, digest: Digest, wanted: Subscription, now: datetime) -> Digest:
    """The digest with what stands beside each flag that is printed: evidence, positions, provisions."""
    parts = (digest.flags, digest.baseline, digest.reassessed)
    under_one = (*parted(digest.flags), digest.baseline, digest.reassessed)
    printed = [row for some in under_one for row in printed_rows(some, MOST_ENTRIES)]
    law = desk.knowledge.law
    met = engaged_in(db, "flags", printed, law, now)
    weighed = read_considered.considered(db, [row["id"] for row in printed])
    beside = {
        row["id"]: {
            "law": law_lines(some, now),
            "considered": weighed.get(row["id"], []),
            "silent": silence(law, str(row.get("jurisdiction"))),
        }
        for row, some in zip(printed, met, strict=True)
    }
    flags, baseline, reassessed = (tuple(row | beside.get(row["id"], {}) for row in part) for part in parts)
    notes = law_notes(met, law, now, wanted.place)
    return replace(digest, law=notes, flags=flags, baseline=baseline, reassessed=reassessed)


def keep(db: Any, digest: Digest, covers: Covers, wanted: Subscription | None = None) -> int:
    """Keep a letter; its number. ``wanted``: the subscription it is for; None: it is the command line's."""
    return read_digest.keep_letter(
        db,
        jurisdiction=digest.jurisdiction,
        since=digest.since,
        until=digest.until,
        covers=covers,
        previous_id=digest.previous_id,
        simulated=digest.simulated,
        body=plain_body(digest),
        reader=wanted.digest if wanted else None,
    )


def kept_letter(desk: Desk, number: int) -> Digest | None:
    """A kept letter as it was composed; None where there is none of this number."""
    with desk.store.reading() as db:
        told = read_digest.letter_by_number(db, number)
    return restored(told) if told else None


def _going(run: dict[str, Any]) -> str:
    return f"the {run['kind']} that began {run['started_at']:%Y-%m-%d %H:%M UTC}"


def write_files(digest: Digest, folder: Path, forms: Sequence[str], zone: str = "UTC") -> list[Path]:
    """One file a form, named by the letter's day in ``zone`` (and its jurisdiction); their paths. OutputError."""
    name = "-".join((f"{digest.until.astimezone(ZoneInfo(zone)):%Y-%m-%d}", *digest.jurisdictions))
    paths = []
    for form in forms:
        path = folder / f"{name}{SUFFIXES[form]}"
        write_whole(path, render(digest, form, zone), folder_too=True)
        paths.append(path)
    return paths


def restored(told: Told) -> Digest:
    """A kept letter as a digest; what older letters do not have is empty."""
    body: dict[str, Any] = dict(told.body)
    body.pop("notice", None)
    for name in ("since", "until"):
        body[name] = datetime.fromisoformat(body[name]) if body[name] else None
    kept: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in body.items()}
    return Digest(**kept)
