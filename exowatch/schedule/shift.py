"""Doing what is due: each due time once, whoever else works on the same database, and again where a process died."""

from __future__ import annotations

import logging
import os
import socket
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Event

from exowatch.clock import Clock
from exowatch.config import Config
from exowatch.errors import BusyError, ExoWatchError, FetchError, NoRoomError, StoreBusyError
from exowatch.health.metrics import write_metrics
from exowatch.model.readings import Issue
from exowatch.schedule.plan import CRAWL, Due, Facts, plan
from exowatch.store import job_runs
from exowatch.store.job_runs import State
from exowatch.store.lock import hold_jobs
from exowatch.store.read_outbox import next_try
from exowatch.store.read_visits import recent_visits
from exowatch.store.session import Store
from exowatch.store.write_runs import write_issues
from exowatch.watchlist import Watchlist

#: The row of a scheduler itself: when it began, and whether it is at work.
SCHEDULE = "schedule"
log = logging.getLogger("exowatch.schedule")
log.addHandler(logging.NullHandler())  # where nobody asked for a log, a command says itself what went wrong
#: A job that is done says what came of it; one that came to another end says to which, too.
Task = Callable[["Shift"], str | tuple[State, str]]
#: What passes by itself: the database does not answer, or is held; an exchange with another machine failed; the disk is
#: full, and somebody may make room.
_PASSES = (StoreBusyError, FetchError, NoRoomError)


@dataclass(frozen=True, slots=True)
class Ended:
    """What came of a job."""

    job: str
    due_at: datetime
    state: State
    detail: str


@dataclass(frozen=True, slots=True)
class Shift:
    """All that jobs are done with."""

    config: Config
    watchlist: Watchlist
    store: Store
    clock: Clock
    simulated: bool
    crawl: Callable[[Shift, Sequence[str]], Mapping[str, tuple[State, str]]]
    """Visits these sources together; source → what came of it. BusyError where another run is going."""
    tasks: Mapping[str, Task]
    """The other jobs."""
    stop: Event = field(default_factory=Event)
    """Set: what is going is to end soon, be it unfinished."""
    due_at: datetime | None = None
    """When the job that is being done was due: the same where it is begun again."""


class StoppedError(Exception):
    """A job ended early since it was asked to; it is begun again when a scheduler starts."""


def facts_of(shift: Shift) -> Facts:
    """What the plan depends on, as the database has it now."""
    with shift.store.reading() as db:
        runs, visits = job_runs.newest_runs(db), recent_visits(db)
        since, retry = job_runs.first_due(db, SCHEDULE) or shift.clock(), next_try(db)
    return replace(first_facts(shift.config, shift.watchlist, since), visits=visits, runs=runs, retry=retry)


def first_facts(config: Config, watchlist: Watchlist, since: datetime) -> Facts:
    """The same where nothing was done yet."""
    url = config.database.url
    return Facts(
        schedule=config.schedule,
        sources=watchlist.active,
        since=since,
        hours=config.limits.hours,
        seed=f"{socket.gethostname()} {url}" if url.startswith("sqlite") else url,
    )


def do_due(shift: Shift, wanted: Callable[[str], bool] = lambda job: True) -> list[Ended]:
    """Do what is due now, of the jobs that are ``wanted``; sources that are due together go into one crawl."""
    now = shift.clock()
    waiting = [one.job for one in plan(facts_of(shift), now) if one.begin_at <= now and wanted(one.job)]
    crawls = [job for job in waiting if job.startswith(CRAWL)]
    done = []
    for jobs in ([crawls] if crawls else []) + [[job] for job in waiting if job not in crawls]:
        if shift.stop.is_set():
            break
        done += _do(shift, jobs)
    if done and (why := write_metrics(shift.config, shift.store, shift.clock())):
        log.warning("metrics", extra={"detail": why})
    return done


def _do(shift: Shift, jobs: Sequence[str]) -> list[Ended]:
    """Take these jobs up where nobody else has them, do them, and write what came of it."""
    with hold_jobs(shift.config, jobs) as held:
        # planned again: what another process did before the lock was ours is due no more
        now = shift.clock()
        still = [one for one in plan(facts_of(shift), now) if one.begin_at <= now and one.job in held]
        with shift.store.writing() as db:
            ours = job_runs.begin_jobs(db, [(one.job, one.due_at) for one in still], now, process_name())
        mine = [one for one in still if one.job in ours]
        if not mine:
            return []
        log.info("begun", extra={"jobs": [one.job for one in mine], "due_at": min(one.due_at for one in mine)})
        ended = _ended(shift, mine)
        now = shift.clock()
        with shift.store.writing() as db:
            for one in mine:
                if one.job in ended:
                    job_runs.end_job(db, one.job, one.due_at, *ended[one.job], now)
                else:
                    job_runs.give_back(db, one.job, one.due_at)
    told = [Ended(one.job, one.due_at, *ended[one.job]) for one in mine if one.job in ended]
    for end in told:
        level = logging.INFO if end.state == "done" else logging.WARNING
        log.log(level, end.state, extra={"job": end.job, "due_at": end.due_at, "detail": end.detail})
    return told


def _ended(shift: Shift, mine: Sequence[Due]) -> dict[str, tuple[State, str]]:
    """Job → what came of it; none where another program was at work, so that it is to be tried again."""
    jobs = [one.job for one in mine]
    try:
        if mine[0].source is None:
            told = shift.tasks[jobs[0]](replace(shift, due_at=mine[0].due_at))
            return {jobs[0]: ("done", told) if isinstance(told, str) else told}
        sources = [one.source for one in mine if one.source]
        return {CRAWL + source: end for source, end in shift.crawl(shift, sources).items()}
    except BusyError as error:
        log.warning("put off", extra={"jobs": jobs, "detail": str(error)})
        return {}
    except StoppedError as error:
        return {job: ("killed", str(error)) for job in jobs}
    except _PASSES as error:
        return {job: ("put-off", str(error)) for job in jobs}
    except ExoWatchError as error:
        return {job: ("failed", str(error)) for job in jobs}
    except Exception as error:  # noqa: BLE001 - one of the two doors: a bug in one job must not end the night
        _tell_bug(shift, jobs, error)
        return {job: ("failed", f"{type(error).__name__}: {error}") for job in jobs}


def _tell_bug(shift: Shift, jobs: Sequence[str], error: Exception) -> None:
    told = "".join(traceback.format_exception(error))
    log.error("failed", extra={"jobs": list(jobs), "detail": told})
    with suppress(ExoWatchError), shift.store.writing() as db:
        write_issues(db, [Issue("job-failed", "schedule", f"{', '.join(jobs)}: {told}")], None, shift.clock())


def first_time(shift: Shift) -> None:
    """Write down from when on jobs are kept here, unless a scheduler did before."""
    with hold_jobs(shift.config, [SCHEDULE]) as held, shift.store.writing() as db:
        if held and job_runs.first_due(db, SCHEDULE) is None:
            now = shift.clock()
            begun = job_runs.begin_now(db, [SCHEDULE], now, process_name())
            job_runs.end_job(db, SCHEDULE, begun[SCHEDULE], "done", "jobs are kept from now on", now)


def settle_killed(shift: Shift) -> list[str]:
    """Tell as killed what dead processes left, also of jobs that nobody will begin again; the jobs."""
    with shift.store.reading() as db:
        left = [job for job in job_runs.running_jobs(db) if job != SCHEDULE]
    if not left:
        return []
    with hold_jobs(shift.config, left) as held, shift.store.writing() as db:
        return job_runs.mark_killed(db, held, shift.clock())


def process_name() -> str:
    """This machine and process, for people."""
    return f"{socket.gethostname()} {os.getpid()}"
