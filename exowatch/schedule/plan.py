"""Which job is due when: a pure function of the configuration, the visits and the jobs that were done.

One that was missed is made up once, however often it was missed, while it is not later than ``misfire_hours``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from zoneinfo import ZoneInfo

from exowatch.cadence import firing_after, instant
from exowatch.model.sources import Source
from exowatch.sections import Schedule
from exowatch.store.job_runs import JobRun
from exowatch.visiting import Visits, next_visit

#: Jobs of a crawl are called so, each with its source.
CRAWL = "crawl:"
LONG_AGO = datetime.min.replace(tzinfo=UTC)
#: Letters are small work and go out while a crawl goes on; a verification reads the archive that crawls write.
LETTERS = ("digest", "send", "note")
#: Between two tries of what waits in the outbox.
_PACE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a plan depends on, besides the hour."""

    schedule: Schedule
    sources: tuple[Source, ...] = ()
    """Those that are active."""
    visits: Mapping[str, Visits] = field(default_factory=dict)
    runs: Mapping[str, JobRun] = field(default_factory=dict)
    """Job → what was last due of it."""
    since: datetime = LONG_AGO
    """When this installation was first given to a scheduler: what was due before it is nobody's fault."""
    retry: datetime | None = None
    """When the next letter that waits in the outbox may be tried; None: nothing waits."""
    hours: str | None = None
    """``[limits] hours``."""
    seed: str = ""
    """Of the installation: two of them do not meet sites at the same second."""

    @property
    def zone(self) -> tzinfo:
        return ZoneInfo(self.schedule.timezone)

    @property
    def grace(self) -> timedelta:
        """How late a job may be begun."""
        return timedelta(hours=self.schedule.misfire_hours)


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """A job and its next time. Due times are whole seconds."""

    begin_at: datetime
    """Not before this: the due time, put off by jitter and ``[limits] hours``."""
    job: str
    due_at: datetime

    @property
    def source(self) -> str | None:
        """Whom to visit; None: it is no crawl."""
        return self.job.removeprefix(CRAWL) if self.job.startswith(CRAWL) else None


def plan(facts: Facts, now: datetime) -> tuple[Due, ...]:
    """The next time of every job, earliest first; what is not after ``now`` is to be done."""
    now = now.replace(microsecond=0)
    fixed = [_fixed(facts, job, line, now) for job, line in _lines(facts.schedule)]
    return tuple(sorted([*fixed, *_send(facts), *(_crawl(facts, source, now) for source in facts.sources)]))


def forecast(facts: Facts, now: datetime, until: datetime) -> Iterator[Due]:
    """What will be done from now on, as far as no claims move and every job ends well; in order."""
    while True:
        following = plan(facts, now)
        soon = following[0].begin_at if following else until
        if soon >= until:
            return
        now = max(now, soon)
        done = [one for one in following if one.begin_at <= now]
        yield from done
        ended = {one.job: JobRun(one.job, one.due_at, now, "done") for one in done}
        seen = {one.source: now for one in done if one.source}
        visits = {source: replace(facts.visits.get(source, Visits()), last=when) for source, when in seen.items()}
        retry = None if "send" in ended else facts.retry
        facts = replace(facts, runs={**facts.runs, **ended}, visits={**facts.visits, **visits}, retry=retry)


def _lines(schedule: Schedule) -> tuple[tuple[str, str], ...]:
    return ("digest", schedule.digest), ("verify", schedule.verify), ("note", schedule.note)


def _fixed(facts: Facts, job: str, line: str, now: datetime) -> Due:
    """A job with its own cron line: the newest of its missed times, else the next one."""
    newest = facts.runs.get(job)
    # a time that lies ahead was written by a clock that was wrong: it must not silence the job until then
    after = min(max(facts.since, newest.due_at if newest else facts.since), now)
    fires = partial(firing_after, line, facts.zone)
    found = fires(max(after, now - facts.grace))
    while found <= now and (following := fires(found)) <= now:
        found = following
    regular = Due(found, job, found)
    again = _again(facts, newest, now)
    return regular if again is None else min(again, regular)


def _again(facts: Facts, newest: JobRun | None, now: datetime) -> Due | None:
    """The same due time once more, where that one did not come to its end and is not too late."""
    if newest is None or newest.again_at is None or not now - facts.grace < newest.due_at <= now:
        return None
    return Due(max(newest.due_at, newest.again_at), newest.job, newest.due_at)


def _send(facts: Facts) -> Iterator[Due]:
    """A try of what waits, when the outbox asks for it."""
    if facts.retry is not None:
        newest = facts.runs.get("send")
        due = max(facts.retry, newest.due_at + _PACE) if newest else facts.retry
        yield Due(due, "send", due)


def _crawl(facts: Facts, source: Source, now: datetime) -> Due:
    """The next visit to a source: the missed one, else the next one."""
    job, visits = CRAWL + source.id, facts.visits.get(source.id, Visits())
    newest = facts.runs.get(job)
    opens = partial(opening, facts.hours, facts.zone)
    tried = [when for when in (visits.last, newest.started_at if newest else None) if when is not None]
    last = min(max(tried), now) if tried else None
    due = next_visit(source, replace(visits, last=last), facts.schedule)
    due = opens(now if due is None else due)
    if due <= now - facts.grace:  # too late for that time: at the next of the source's own or of all
        lines = {source.cadence or facts.schedule.cadence, facts.schedule.cadence}
        due = opens(min(firing_after(line, facts.zone, now - facts.grace) for line in lines))
    begin = due if last is None else due + _jitter(facts, due)
    regular = Due(begin if opens(begin) == begin else due, job, due)
    again = _again(facts, newest, now)
    return regular if again is None else min(replace(again, begin_at=opens(again.begin_at)), regular)


def _jitter(facts: Facts, due: datetime) -> timedelta:
    """Put off, the same for all sources that are due together: they go into one crawl."""
    drawn = int.from_bytes(hashlib.sha256(f"{facts.seed} {due.isoformat()}".encode()).digest()[:8])
    return timedelta(seconds=drawn % (int(facts.schedule.jitter) + 1))


def opening(hours: str | None, zone: tzinfo, moment: datetime) -> datetime:
    """The first moment from ``moment`` on when crawls may begin."""
    if hours is None:
        return moment
    first, last = (int(hour) % 24 for hour in hours.split("-"))
    wall = moment.astimezone(zone).replace(tzinfo=None)
    inside = first <= wall.hour < last if first < last else wall.hour >= first or wall.hour < last
    if inside or first == last:
        return moment
    opens = wall.replace(hour=first, minute=0, second=0, microsecond=0)
    return instant(opens if opens > wall else opens + timedelta(days=1), zone)
