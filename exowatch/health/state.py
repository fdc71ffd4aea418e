"""How the watch is: a line for each thing that an operator should know, well or not, and what to do about it.

0 well, 1 attention, 2 stale: no letter was composed in 26 hours where there is something to compose one from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from exowatch.cadence import longest_pause
from exowatch.config import Config
from exowatch.health.disk import Disk, disk_of, how_long
from exowatch.store import read_health
from exowatch.store.interrupted import SETTLES, in_words, interrupted_runs
from exowatch.store.job_runs import JobRun, last_ended, newest_ends, newest_runs
from exowatch.store.read_sources import all_sources
from exowatch.store.read_visits import recent_visits
from exowatch.store.session import Store
from exowatch.visiting import Visits, pause_of

Level = Literal["well", "attention", "stale"]
_EXITS: dict[Level, int] = {"well": 0, "attention": 1, "stale": 2}
#: A daily letter may be late by two hours (interface.md).
LETTER_EVERY = timedelta(hours=26)
#: A source is late once so many of its pauses went by without a visit that saw it whole.
PAUSES = 3
#: Bad visits one after the other from which a source is called broken.
BROKEN = 3
#: Issues of which a single one wants attention: the record, or a fault of the program.
GRAVE = (
    "record-damaged",
    "record-error",
    "record-unsealed",
    "record-unstamped",
    "visit-error",
    "reader-error",
    "job-failed",
)
UNSEEN = f"no whole visit {BROKEN} times running"
#: Less than so many days of disk are worth a word.
DISK_DAYS = 14
#: A letter that waits longer than this is told, though it is still tried.
WAITS = timedelta(hours=6)
#: A verification is old once so many of its pauses went by.
VERIFIED = 2
#: Clocks may differ by so much; a later time than that was written by one that was wrong.
SKEW = timedelta(minutes=5)
#: Names that stand in one line.
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One thing looked at: how it is, in words, and what to do where it is not well."""

    what: str
    level: Level
    words: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """All lines, and what they were made from, for metrics."""

    at: datetime
    lines: tuple[Line, ...]
    crawl: Mapping[str, Any] | None
    sources: Mapping[str, str]
    """Source → well, late, broken or never (no visit yet)."""
    letter_at: datetime | None
    deliveries: tuple[Mapping[str, Any], ...]
    flags: Mapping[tuple[str, str, bool], int]
    jobs: Mapping[str, JobRun]
    ends: Mapping[tuple[str, str], datetime]
    """(kind of job, state) → when one last ended so."""
    disk: Disk
    issues: Mapping[str, int]

    @property
    def exit_code(self) -> int:
        """0 well, 1 attention, 2 stale."""
        return max((_EXITS[line.level] for line in self.lines), default=0)


def health_of(config: Config, store: Store, now: datetime) -> Health:
    """Look at everything; nothing is written."""
    killed = interrupted_runs(config, store)
    with store.reading() as db:
        crawl, visits = read_health.last_crawl(db), read_health.source_visits(db)
        letter_at, letters = read_health.last_letter_at(db, now + SKEW), read_health.last_letters(db, now + SKEW)
        sent, newest = tuple(read_health.deliveries(db)), read_health.newest_time(db)
        flags, jobs, ends = read_health.open_flags(db), newest_runs(db), newest_ends(db)
        begun = read_health.first_crawl_at(db)
        looked = last_ended(db, "verify", ("done", "damaged"), now + SKEW)
        tried = last_ended(db, "verify", ("done", "damaged", "failed"), now + SKEW)
        issues = read_health.issues_since(db, now - timedelta(days=1))
        mended = looked is not None and looked.state == "done"
        known, recent = all_sources(db), recent_visits(db)
    pauses = {name: pause_of(source, recent.get(name, Visits()), config.schedule) for name, source in known.items()}
    states = {row["id"]: _source_state(row, pauses[row["id"]], now) for row in visits}
    met = {row["id"] for row in visits if row["times"] and now - max(row["times"]) <= PAUSES * pauses[row["id"]]}
    disk = disk_of(config)
    lines = (
        _crawl(crawl, now),
        *(Line("run", "attention", in_words(run), SETTLES) for run in killed),
        *_sources(states, met),
        *_clock(newest, now),
        _letter(config, letter_at, crawl, now),
        *_readers(config, letters, letter_at, now),
        *_deliveries(sent, now),
        *_jobs(jobs),
        _verified(looked, tried, begun, VERIFIED * longest_pause(config.schedule.verify), now),
        Line("backup", "well", "none is on record", "keep a copy of database, archive and configuration elsewhere"),
        _disk(config, disk),
        _issues(issues, mended),
    )
    return Health(now, lines, crawl, states, letter_at, sent, flags, jobs, ends, disk, issues)


def _source_state(row: Mapping[str, Any], pause: timedelta, now: datetime) -> str:
    if not row["times"]:
        return "never"
    if len(row["verdicts"]) >= BROKEN and "complete" not in row["verdicts"][:BROKEN]:
        return "broken"
    whole = [at for at, verdict in zip(row["times"], row["verdicts"], strict=True) if verdict == "complete"]
    return "well" if whole and now - max(whole) <= PAUSES * pause else "late"


def _crawl(crawl: Mapping[str, Any] | None, now: datetime) -> Line:
    if crawl is None:
        return Line(
            "crawl", "attention", "nothing was crawled yet", "`exowatch crawl`, and a line for cron (docs/running.md)"
        )
    told = ", ".join(f"{count} {verdict}" for verdict, count in sorted(crawl["verdicts"].items()))
    words = f"last one ended {moment(crawl['finished_at'])} ({_ago(crawl['finished_at'], now)}): {told}"
    return Line("crawl", "well", words)


def _sources(states: Mapping[str, str], met: Set[str]) -> Iterator[Line]:
    """``met``: sources that were visited, whole or not, within as many pauses as make one late."""
    found = {
        name: [source for source, state in states.items() if state == name]
        for name in ("well", "broken", "late", "never")
    }
    yield Line("sources", "well", f"{len(found['well'])} of {len(states)} seen whole within three of their pauses")
    if found["broken"]:
        remedy = "`exowatch status --week` says why; mend start_urls, or retire them with a reason"
        yield Line("sources", "attention", f"{UNSEEN}: {_names(found['broken'])}", remedy)
    if stood := [source for source in found["late"] if source not in met]:
        remedy = "is cron or `exowatch schedule` running? `exowatch crawl` visits what is due"
        yield Line("sources", "attention", f"late, not even visited for {PAUSES} pauses: {_names(stood)}", remedy)
    if cut := [source for source in found["late"] if source in met]:
        remedy = f"`exowatch crawl {cut[0]}` says why; so does `exowatch status --week`"
        yield Line("sources", "attention", f"late, visited and not seen whole: {_names(cut)}", remedy)
    if found["never"]:
        yield Line(
            "sources", "attention", f"never visited: {_names(found['never'])}", "`exowatch crawl` visits what is due"
        )


def _letter(config: Config, at: datetime | None, crawl: Mapping[str, Any] | None, now: datetime) -> Line:
    begun = crawl["finished_at"] if crawl else None
    if at is None and (begun is None or now - begun < LETTER_EVERY):
        return Line("letter", "well", "none was composed yet", "`exowatch digest`")
    last = at or begun
    assert last is not None
    late = now - last > LETTER_EVERY
    words = f"last one composed {moment(at)} ({_ago(at, now)})" if at else "none was composed since the first crawl"
    how = "digest --send" if config.digest.recipients else "digest"
    return Line(
        "letter",
        "stale" if late else "well",
        words,
        f"is cron or `exowatch schedule` running? `exowatch {how}`" if late else "",
    )


def _readers(config: Config, letters: Mapping[str, datetime], any_at: datetime | None, now: datetime) -> Iterator[Line]:
    """Readers whose letters stopped while others are composed; whoever waits longest is named first."""
    remedy = "`exowatch digest --send` says why; `exowatch digest --outbox` shows what waits"
    known = [one.id for one in config.digest.recipients]
    late = sorted((letters[name], name) for name in known if name in letters and now - letters[name] > LETTER_EVERY)
    if late:
        told = [f"{name} (last {moment(at)}, {_ago(at, now)})" for at, name in late]
        yield Line("letter", "stale", f"none in {_hours(LETTER_EVERY)} for {_names(told)}", remedy)
    never = sorted(name for name in known if name not in letters)
    if never and (letters or (any_at and now - any_at > LETTER_EVERY)):
        yield Line("letter", "attention", f"never one for {_names(never)}", remedy)


def _clock(newest: datetime | None, now: datetime) -> Iterator[Line]:
    """Times that lie ahead: a clock was wrong when they were written, or is now."""
    if newest is not None and newest > now + SKEW:
        words = f"something was written at {moment(newest)}, which lies ahead: it is {moment(now)} here"
        yield Line(
            "clock", "attention", words, "set the clock of this machine right (`timedatectl`); what is due is done"
        )


def _deliveries(rows: tuple[Mapping[str, Any], ...], now: datetime) -> Iterator[Line]:
    sent = {row["recipient"]: row["newest"] for row in rows if row["state"] == "sent"}
    if sent:
        yield Line(
            "delivery",
            "well",
            f"last sent {moment(max(sent.values()))}, to {len(sent)} recipient{_s(len(sent))} so far",
        )
    for state, words in (
        ("unclear", "nobody knows whether it arrived"),
        ("refused", "refused"),
        ("given-up", "given up after many tries"),
    ):
        names = [row["recipient"] for row in rows if row["state"] == state]
        if names:
            remedy = "`exowatch digest --outbox` shows them; --resend sends again, --drop ends it"
            yield Line("delivery", "attention", f"{words}: {_names(names)}", remedy)
    late = [row["recipient"] for row in rows if row["state"] in ("waiting", "sending") and now - row["oldest"] > WAITS]
    if late:
        yield Line(
            "delivery",
            "attention",
            f"waits since more than {_hours(WAITS)}: {_names(late)}",
            "`exowatch digest --outbox` says what the server answers",
        )


def _jobs(jobs: Mapping[str, JobRun]) -> Iterator[Line]:
    for name in sorted(jobs):
        one = jobs[name]
        if one.state in ("failed", "killed", "put-off") and name != "verify" and not name.startswith("crawl:"):
            words = f"{name} of {moment(one.due_at)} {one.state}: {one.detail or 'no word why'}"
            again = f"tried again after {moment(one.again_at)}" if one.again_at else "done again at its next time"
            yield Line("job", "attention", words, f"it is {again}, or by hand")


def _verified(
    looked: JobRun | None, tried: JobRun | None, begun: datetime | None, bound: timedelta, now: datetime
) -> Line:
    """``looked``: the newest verification that came to its end; ``tried``: the same, or one that failed later."""
    again = "`exowatch verify`; is `exowatch schedule`, or a line of cron, doing it ([schedule] verify)?"
    at = looked.finished_at if looked else None
    if tried is not None and tried.state == "failed":
        words = f"{moment(tried.finished_at)} not done: {tried.detail}; last done {moment(at)}"
        return Line("verify", "attention", words, again)
    if looked is None or at is None:
        if begun is None or now - begun <= bound:
            remedy = "`exowatch schedule` does it at [schedule] verify; by hand: `exowatch verify`"
            return Line("verify", "well", "not on record", remedy)
        return Line("verify", "attention", f"never, though the record began {moment(begun)}", again)
    words = f"{moment(at)}: {looked.detail or looked.state}"
    if looked.state == "damaged":
        return Line("verify", "attention", words, "docs/record.md says what to do")
    if now - at > bound:
        return Line("verify", "attention", f"not since {_ago(at, now)}; {words}", again)
    return Line("verify", "well", words)


def _disk(config: Config, disk: Disk) -> Line:
    free = f"{disk.free / 1e9:.1f} GB free"
    if disk.free <= config.limits.min_free_gb * 1e9:
        return Line("disk", "attention", free, "make room: below [limits] min_free_gb no crawl begins")
    if disk.days is None or disk.growth is None:
        return Line("disk", "well", f"{free}; a forecast needs crawls of two days")
    words = f"{free}; the archive grows by {disk.growth / 1e6:.1f} MB a day: lasts for {how_long(disk.days)}"
    short = disk.days < DISK_DAYS
    return Line(
        "disk", "attention" if short else "well", words, "make room, or name another [archive] dir" if short else ""
    )


def _issues(issues: Mapping[str, int], mended: bool) -> Line:
    """``mended``: the newest verification found the record whole, and closes what an older one told."""
    first = sorted(issues.items(), key=lambda one: (one[0] not in GRAVE, -one[1]))
    told = ", ".join(f"{count} {code}" for code, count in first[:_NAMED])
    grave = any(code in issues for code in GRAVE if not (mended and code == "record-damaged"))
    words = f"in 24 hours: {told}" if told else "none in 24 hours"
    remedy = '`exowatch sql "SELECT at, code, message FROM issues ORDER BY id DESC"`' if told else ""
    return Line("issues", "attention" if grave else "well", words, remedy)


def moment(at: datetime | None) -> str:
    """A time as people read it, UTC."""
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else "never"


def _ago(at: datetime | None, now: datetime) -> str:
    if at and at - now > SKEW:
        return f"{_long(at - now)} ahead of this clock"
    return f"{_long(max(now - at, timedelta()) if at else timedelta())} ago"


def _long(span: timedelta) -> str:
    hours = span.total_seconds() / 3600
    return f"{hours:.0f} h" if hours < 48 else f"{hours / 24:.0f} days"


def _hours(span: timedelta) -> str:
    return f"{span.total_seconds() / 3600:.0f} hours"


def _names(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _s(count: int) -> str:
    return "" if count == 1 else "s"
