"""The scheduler that stays: APScheduler waits for the next time of each job, the plan says what is due then.

Its jobs are kept in the database, for people to look at; what is due is never asked of them, but of what was done.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Literal

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, EVENT_JOB_MISSED, EVENT_SCHEDULER_STARTED
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.date import DateTrigger

from exowatch.crawl import PATIENCE
from exowatch.errors import BusyError, ExoWatchError
from exowatch.schedule.plan import LETTERS, plan
from exowatch.schedule.shift import SCHEDULE, Ended, Shift, do_due, facts_of, log, process_name, settle_killed
from exowatch.schedule.standing import Standing
from exowatch.store import job_runs
from exowatch.store.job_store import job_store
from exowatch.store.lock import hold_jobs

#: What a person or the system asks of the scheduler.
Asked = Literal["end", "reread"]
#: Seconds between two looks at watchlist and plan.
LOOK = 60
#: Seconds more than a child gets to end, before the scheduler leaves a job behind.
_SPARE = 15
_KINDS = ("crawl", "verify", *LETTERS)


def serve(standing: Standing, asked: Callable[[float], Asked | None], patience: float = 60, look: float = LOOK) -> bool:
    """Do every job when it is due, until ``asked`` (called with the seconds it may wait) says ``end``.

    What is going then may take ``patience`` seconds to its end; a crawl is ended as partial after them, or when asked
    once more. False where a job had to be left behind, or where the library could not go on. Raises BusyError where
    another scheduler is at work.
    """
    config, store = standing.shift.config, standing.shift.store
    with hold_jobs(config, [SCHEDULE]) as held:
        if not held:
            with store.reading() as db:
                host, _, process = (job_runs.who_runs(db, SCHEDULE) or "").partition(" ")
            whose = f" (host {host}, process {process})" if process else ""
            raise BusyError(
                f"another scheduler is at work on this database{whose}\n"
                "  remedy: let it do its work; or end it there, `systemctl stop exowatch-schedule` or "
                f"`kill {process or 'PROCESS'}`, and begin again"
            )
        with store.writing() as db:
            begun = job_runs.begin_now(db, [SCHEDULE], standing.shift.clock(), process_name())[SCHEDULE]
        for job in settle_killed(standing.shift):
            log.warning("killed", extra={"job": job, "detail": "its process ended before it did"})
        log.info("the scheduler began", extra={"sources": len(standing.shift.watchlist.active)})
        ended = _Watch(standing, look).keep(asked, patience)
        with store.writing() as db:
            detail = "ended when asked" if ended else "ended when asked, leaving a job behind"
            job_runs.end_job(db, SCHEDULE, begun, "done", detail, standing.shift.clock())
        log.info("the scheduler ended")
        return ended


#: Who is at work in this process: jobs in the database can only name a function.
_AT_WORK: list[_Watch] = []


def fire(kind: str) -> None:
    """Do what is due of this kind; called by APScheduler."""
    for watch in _AT_WORK:
        watch.do(kind)


class _Watch:
    """One scheduler at work: two lanes, one for crawls and one for letters, so that a long crawl holds up none."""

    def __init__(self, standing: Standing, look: float) -> None:
        self._standing, self._look = standing, look
        self._ending, self._started = threading.Event(), threading.Event()
        self._planning = threading.Lock()
        self._lanes = {lane: threading.Lock() for lane in ("crawls", "letters")}
        self._in_hand: set[str] = set()
        self._put_off: set[str] = set()
        """Due, but another program is at it: not to be tried again before the next look."""
        self._planned: tuple[Shift, tuple[Any, ...], datetime, datetime] | None = None
        """What the plan was made from, when, and its earliest time."""
        self._scheduler = BlockingScheduler(
            jobstores={"default": job_store(standing.shift.store)},
            executors={name: ThreadPoolExecutor(1) for name in ("default", *_KINDS)},
            timezone="UTC",
        )

    def keep(self, asked: Callable[[float], Asked | None], patience: float) -> bool:
        """Until asked to end; True where nothing had to be left behind."""
        _AT_WORK.append(self)
        waiting = threading.Thread(target=self._wait, name="waiting", daemon=True)
        try:
            self._scheduler.add_listener(lambda _: self._started.set(), EVENT_SCHEDULER_STARTED)
            self._scheduler.add_listener(self._let_go, EVENT_JOB_EXECUTED | EVENT_JOB_ERROR | EVENT_JOB_MISSED)
            waiting.start()
            self._started.wait()
            self.look_again()
            # by a clock that no correction of the hour stops, unlike the library's
            while waiting.is_alive() and asked(self._look) != "end":
                self.look_again()
            return self._end(asked, patience) and waiting.is_alive()
        finally:
            self._ending.set()
            with self._planning:
                if waiting.is_alive():
                    with suppress(ExoWatchError):
                        self._scheduler.remove_all_jobs()  # at its end the library would try to begin what is due
                    self._scheduler.shutdown(wait=False)
            waiting.join(_SPARE)
            _AT_WORK.remove(self)

    def _wait(self) -> None:
        """The library's own loop. It ends where the database fails it; then so do we, and are started again."""
        try:
            self._scheduler.start()
        except Exception:  # noqa: BLE001 - told here, and the process ends of it
            log.exception("the scheduler cannot go on")
        finally:
            self._started.set()

    def look_again(self) -> None:
        """Read again what moved, and plan anew, also what was put off."""
        try:
            self._standing.look_again()
            self._put_off.clear()
            # a job whose end could not be written, since the database was away, is told as killed and begun again
            for job in settle_killed(self._standing.shift):
                log.warning("killed", extra={"job": job, "detail": "its end could not be written down"})
            self._plan()
        except ExoWatchError as error:  # at the next look it may go well
            log.error("not planned", extra={"detail": str(error)})

    def do(self, kind: str) -> None:
        """What is due of this kind. Errors are told, and the work goes on: what was not done is still due."""
        done: Sequence[Ended] = ()
        try:
            self._in_hand.add(kind)
            with self._lanes[_lane(kind)]:
                if not self._ending.is_set():
                    done = do_due(self._standing.shift, lambda job: _kind(job) == kind)
        except ExoWatchError as error:
            log.error("not done", extra={"job": kind, "detail": str(error)})
        finally:
            if not done:
                self._put_off.add(kind)
            self._in_hand.discard(kind)

    def _plan(self) -> None:
        """Have each kind of job fired at its next time, unless it is in hand."""
        if self._ending.is_set():
            return
        shift, now = self._standing.shift, self._standing.shift.clock()
        with shift.store.reading() as db:
            pulse = job_runs.pulse(db)
        # with a thousand sources, to look back at all visits each minute would be felt
        if (made := self._planned) and made[0] is shift and made[1] == pulse and made[2] <= now < made[3]:
            return
        nexts: dict[str, Any] = {}
        for one in plan(facts_of(shift), now):
            nexts.setdefault(_kind(one.job), one.begin_at)
        self._planned = shift, pulse, now, min(nexts.values())
        grace = int(shift.config.schedule.misfire_hours * 3600)
        with self._planning:
            for kind in set(_KINDS) - self._in_hand - self._put_off if not self._ending.is_set() else ():
                kept = self._scheduler.get_job(kind)
                if kind not in nexts:  # no source is active
                    with suppress(JobLookupError):
                        self._scheduler.remove_job(kind)
                elif kept is None or kept.next_run_time != nexts[kind]:
                    when, sure = DateTrigger(nexts[kind]), {"misfire_grace_time": grace, "replace_existing": True}
                    self._scheduler.add_job(fire, when, args=[kind], id=kind, name=kind, executor=kind, **sure)

    def _let_go(self, event: Any) -> None:
        """A job ended: when is it due next?"""
        try:
            self._plan()
        except ExoWatchError as error:  # the next look plans again
            log.error("not planned", extra={"job": event.job_id, "detail": str(error)})

    def _end(self, asked: Callable[[float], Asked | None], patience: float) -> bool:
        """Begin nothing more, let what is in hand end, and hurry it after ``patience`` or when asked again."""
        log.info("asked to end", extra={"jobs": sorted(self._in_hand)} if self._in_hand else {})
        self._ending.set()
        until = time.monotonic() + patience
        while self._in_hand and time.monotonic() < until and asked(0.2) != "end":
            pass
        if self._in_hand:
            log.warning("hurried", extra={"jobs": sorted(self._in_hand)})
        self._standing.stop.set()
        until = time.monotonic() + 2 * PATIENCE + _SPARE
        while self._in_hand and time.monotonic() < until:
            asked(0.2)
        if self._in_hand:
            log.error("left behind", extra={"jobs": sorted(self._in_hand)})
        return not self._in_hand


def _lane(kind: str) -> str:
    return "letters" if kind in LETTERS else "crawls"


def _kind(job: str) -> str:
    return job.partition(":")[0]
