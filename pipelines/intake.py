"""Hands each archived capture to the core; the reactor never waits for a reading."""

from __future__ import annotations

import asyncio
from typing import Any

from scrapy.crawler import Crawler

from exowatch.errors import RecordError
from exowatch.intake import take_in
from exowatch.intake.reader import ReaderDied, Told
from exowatch.model.captures import Capture, Outcome


class Intake:
    """One capture in, one outcome told. Scrapy's own limits on items give back-pressure."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._alone = asyncio.Lock()

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
            outcome = await self._outcome(visit, capture)
        except RecordError as error:
            visit.stop(str(error), self.crawler)
            return item
        visit.tell(outcome)
        return item

    async def _outcome(self, visit: Any, capture: Capture) -> Outcome:
        if visit.reader is None:
            return take_in(visit.desk, capture, visit.source, visit.run)
        try:
            told: Told = await asyncio.wrap_future(visit.reader.submit(capture, visit.source, visit.run))
        except (ReaderDied, asyncio.CancelledError):
            told = await self._once_more(visit, capture)
        if told.outcome is None:
            raise RecordError(told.record_error)
        return told.outcome

    async def _once_more(self, visit: Any, capture: Capture) -> Told:
        """A reader died: perhaps of another page. Alone, in a new process, this one shows whether it was the cause."""
        async with self._alone:
            visit.reader.restart()
            try:
                told: Told = await asyncio.wrap_future(visit.reader.submit(capture, visit.source, visit.run))
            except (ReaderDied, asyncio.CancelledError):
                visit.reader.restart()
                detail = "reading it ended the reader process (memory or time limit)"
                outcome = Outcome(
                    visit.run.id,
                    visit.source.id,
                    capture.final_url,
                    "FAILED",
                    "reader-died",
                    detail,
                    None,
                    capture.warc,
                )
                visit.fail(outcome.url, outcome.result, outcome.code, outcome.detail)
                return Told(outcome)
            return told
