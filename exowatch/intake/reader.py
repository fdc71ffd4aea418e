"""Reader processes: captures are read beside the reactor, under limits on memory and processor time."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import resource
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any

from exowatch.clock import clock_from
from exowatch.config import Config
from exowatch.errors import NoRoomError, RecordError, StoreBusyError
from exowatch.intake.capture import take_in
from exowatch.intake.desk import Desk, open_desk
from exowatch.intake.looks import Differing, note_look
from exowatch.intake.second_look import look_again
from exowatch.model.captures import Beside, Capture, Outcome
from exowatch.model.sources import Run, Source

ReaderDied = BrokenProcessPool
_desk: Desk | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A reader's answer: an outcome, or the words of a RecordError (such errors do not travel between processes)."""

    outcome: Outcome | None
    record_error: str = ""
    kind: type[RecordError] = RecordError
    """Which of them, where nothing is broken: the database was held by another program, or the disk is full."""
    differing: Differing | None = None

    def kept(self) -> Told:
        """Itself; the RecordError, where the record could not be kept."""
        if self.record_error:
            raise self.kind(self.record_error)
        return self


class Reader:
    """A pool of reader processes for all sources, replaced when one of them died."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._pool = self._make(config.reading.processes)
        self._alone = asyncio.Lock()

    async def read(self, capture: Capture, source: Source, run: Run, beside: Beside | None = None) -> Told:
        """Have one capture read and stored. Raises what ``_ask`` raises."""
        return await self._ask(_take_in, capture, source, run, beside)

    async def look_again(self, capture: Capture, source: Source, run: Run) -> None:
        """Have a second capture of a page laid beside the first. Raises what ``_ask`` raises."""
        await self._ask(_look_again, capture, source, run)

    async def _ask(self, job: Callable[..., Told], *given: Any) -> Told:
        """ReaderDied when it is this capture that ends its process; RecordError as the process met it.

        A process that dies takes with it all that the pool held, of any source. Each of those is read again alone, in
        a process that nothing else shares, so that no page answers for another.
        """
        pool = self._pool
        try:
            return (await asyncio.wrap_future(pool.submit(job, *given))).kept()
        except ReaderDied:
            if pool is self._pool:
                self._pool = self._make(self._config.reading.processes)
                pool.shutdown(wait=False)
        async with self._alone:  # one at a time, since each new process costs memory
            single = self._make(1)
            try:
                return (await asyncio.wrap_future(single.submit(job, *given))).kept()
            finally:
                single.shutdown(wait=False)

    def close(self) -> None:
        """End the readers once they have read what they hold."""
        self._pool.shutdown(wait=True)

    def _make(self, processes: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            max_workers=processes,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_open,
            initargs=(self._config, os.getpid()),
        )


def _open(config: Config, parent: int) -> None:
    global _desk
    limit = config.reading.max_memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    threading.Thread(target=_die_with_parent, args=(parent,), daemon=True).start()
    os.setpgrp()  # Ctrl-C ends the crawl through its parent, which lets a reading finish
    clock, simulated = clock_from()
    _desk = open_desk(config, clock, simulated)
    # rules and modules live as long as the process: the collector need not walk them at every page
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _die_with_parent(parent: int) -> None:
    """A worker of a killed crawl would wait for its next page for ever; the kernel tells by another parent."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def _take_in(capture: Capture, source: Source, run: Run, beside: Beside | None = None) -> Told:
    def reading(desk: Desk) -> Told:
        outcome = take_in(desk, capture, source, run)
        return Told(outcome, differing=note_look(desk, capture, source, run, beside, outcome) if beside else None)

    return _within_limits(reading)


def _look_again(capture: Capture, source: Source, run: Run) -> Told:
    def reading(desk: Desk) -> Told:
        look_again(desk, capture, source, run)
        return Told(None)

    return _within_limits(reading)


def _within_limits(reading: Callable[[Desk], Told]) -> Told:
    assert _desk is not None
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    # the kernel ends this process when one reading takes too long
    resource.setrlimit(resource.RLIMIT_CPU, (spent + int(_desk.config.reading.timeout) + 1, hard))
    try:
        return reading(_desk)
    except RecordError as error:
        return Told(None, str(error), type(error) if isinstance(error, (StoreBusyError, NoRoomError)) else RecordError)
