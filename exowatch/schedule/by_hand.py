"""Jobs that cron or a person begins: in the same books as those of the scheduler, and never beside them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

from exowatch.clock import Clock
from exowatch.config import Config
from exowatch.crawl import CrawlSummary, Event, run_crawl
from exowatch.errors import BusyError, ExoWatchError, SetupError, StoreError
from exowatch.schedule.plan import CRAWL
from exowatch.schedule.shift import log, process_name
from exowatch.schedule.tasks import ended_as, tell_found, verified_as
from exowatch.store import job_runs
from exowatch.store.job_runs import State
from exowatch.store.lock import hold_jobs
from exowatch.store.migrate import ready_store, refuse_new_beside
from exowatch.store.session import Store
from exowatch.store.whose import refuse_foreign

if TYPE_CHECKING:
    from exowatch.seal.verify import Verified


def crawl_by_hand(
    config: Config, sources: Sequence[str], clock: Clock, on_event: Callable[[Event], None]
) -> CrawlSummary:
    """A crawl of these sources now, written down as due now.

    Raises as ``run_crawl``; BusyError also where the scheduler is visiting one of them.
    """
    refuse_foreign(config.database.url)
    refuse_new_beside(config.archive.dir, config.database.url)  # before a lock is made there
    jobs, seen = [CRAWL + source for source in sources], dict[str, dict[str, int]]()
    with hold_jobs(config, jobs) as held:
        if busy := [source for source in sources if CRAWL + source not in held]:
            whose = "" if len(busy) == len(jobs) else f" for {busy[0]!r}"
            raise BusyError(f"another run is going{whose}; try again when it has ended")
        books: _Books | None = None

        def heard(event: Event) -> None:
            nonlocal books
            if event.get("event") == "run":  # the database is ready, and the crawl under way
                books = _Books(ready_store(config.database.url), jobs, clock)
            elif event.get("event") == "page":
                counts = seen.setdefault(event["source"], {})
                counts[event["result"]] = counts.get(event["result"], 0) + 1
            on_event(event)

        try:
            summary = run_crawl(config.file, sources, on_event=heard)
        except ExoWatchError as error:
            if books:
                with suppress(StoreError):  # a full disk takes no word of itself; what came first is told
                    books.end(dict.fromkeys(jobs, ("failed", str(error))))
            raise
        if books:
            verdicts = ((source, summary.verdicts.get(source)) for source in sources)
            books.end({CRAWL + source: ended_as(verdict, seen.get(source, {})) for source, verdict in verdicts})
    return summary


@contextmanager
def by_hand(config: Config, store: Store, clock: Clock, job: str) -> Iterator[Callable[..., None]]:
    """Do a job now, written down as due now; what is yielded takes what came of it, in words, and its state.

    BusyError where another process is doing it. An error inside is written down as such and raised.
    """
    with hold_jobs(config, [job]) as held:
        if not held:
            raise BusyError(f"another program is at the job {job!r}; try again when it has ended")
        books = _Books(store, [job], clock)
        told: tuple[State, str] = ("done", "")

        def note(words: str, state: State = "done") -> None:
            nonlocal told
            told = state, words

        try:
            yield note
        except ExoWatchError as error:
            with suppress(StoreError):
                books.end({job: ("failed", str(error))})
            raise
        books.end({job: told})


def verify_by_hand(config: Config, store: Store, clock: Clock, look: Callable[[], Verified]) -> tuple[Verified, str]:
    """A verification now, written down as due now; what was found, and why it stands nowhere ('' where it does).

    To verify is to read: a database that may only be read, or that another verification holds, is verified all the
    same. Raises as ``look``.
    """
    with ExitStack() as held:
        note, why = None, ""
        try:
            note = held.enter_context(by_hand(config, store, clock, "verify"))
        except (BusyError, StoreError, SetupError) as error:
            why = f"this verification is not written down: {error}"
        found = look()
        if note:
            state, words = verified_as(found)
            note(words, state)
            try:
                tell_found(store, found, clock())
                held.close()
            except StoreError as error:
                why = f"this verification is not written down: {error}"
    return found, why


class _Books:
    """Rows that were begun, and how they end; both are told in the log, as the scheduler tells them."""

    def __init__(self, store: Store, jobs: Sequence[str], clock: Clock) -> None:
        self._store, self._clock = store, clock
        with store.writing() as db:
            self._dues = job_runs.begin_now(db, jobs, clock(), process_name())
        log.info("begun", extra={"jobs": list(jobs), "due_at": min(self._dues.values())})

    def end(self, ended: Mapping[str, tuple[State, str]]) -> None:
        """Write what came of each job."""
        for job, (state, detail) in ended.items():
            level = logging.INFO if state == "done" else logging.WARNING
            log.log(level, state, extra={"job": job, "due_at": self._dues[job], "detail": detail})
        with self._store.writing() as db:
            for job, (state, detail) in ended.items():
                job_runs.end_job(db, job, self._dues[job], state, detail, self._clock())
