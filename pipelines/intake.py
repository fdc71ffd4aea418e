"""Hands each archived capture to the core; the reactor never waits for a reading."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any
from weakref import WeakValueDictionary

from scrapy.crawler import Crawler

from exowatch.errors import RecordError
from exowatch.intake import Differing, look_again, note_look, record_outcome, take_in
from exowatch.intake.reader import ReaderDied, Told
from exowatch.model.captures import Beside, Capture, Outcome


class Intake:
    """One capture in, one outcome told. Scrapy's own limits on items give back-pressure."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._pages = WeakValueDictionary[str, asyncio.Lock]()
        """Page → held while one of its captures is read: many addresses may lead to one page at once."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Intake:
        return cls(crawler)

    async def process_item(self, item: Any) -> Any:
        """``item.capture`` is read and stored; without a store (fetch only) it is told to the parent."""
        visit: Any = self.crawler.spider.visit
        capture: Capture = item.capture
        if visit.desk is None:
            visit.emit_capture(capture)
            return item
        if visit.broken:
            return item
        try:
            if item.again:
                await self._look_again(visit, capture)
                return item
            async with self._pages.setdefault(capture.final_url, asyncio.Lock()):
                outcome, differing = await self._outcome(visit, capture, item.beside)
        except RecordError as error:
            visit.stop(error, self.crawler)
            return item
        visit.tell(outcome)
        if item.beside:
            visit.tell_look(capture, item.beside, differing or Differing())
        return item

    async def _outcome(self, visit: Any, capture: Capture, beside: Beside | None) -> tuple[Outcome, Differing | None]:
        desk, source, run = visit.desk, visit.source, visit.run
        if visit.reader is None:
            outcome = take_in(desk, capture, source, run)
            return outcome, note_look(desk, capture, source, run, beside, outcome) if beside else None
        try:
            told: Told = await visit.reader.read(capture, source, run, beside)
        except ReaderDied:
            return self._died(visit, capture), None
        assert told.outcome is not None
        return told.outcome, told.differing

    async def _look_again(self, visit: Any, capture: Capture) -> None:
        if visit.reader is None:
            look_again(visit.desk, capture, visit.source, visit.run)
            return
        with contextlib.suppress(ReaderDied):  # it was read once
            await visit.reader.look_again(capture, visit.source, visit.run)

    def _died(self, visit: Any, capture: Capture) -> Outcome:
        detail = "reading it ended the reader process (memory or time limit)"
        run, source = visit.run.id, visit.source.id
        outcome = Outcome(run, source, capture.final_url, "FAILED", "reader-died", detail, None, capture.warc)
        record_outcome(visit.desk, outcome)
        return outcome
