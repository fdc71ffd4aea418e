"""What a spider, its middlewares and its pipeline share while one source is visited."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from exowatch.archive.write import WarcWriter
from exowatch.clock import Clock
from exowatch.config import Config
from exowatch.errors import RecordError, StoreBusyError
from exowatch.intake import Desk, Differing, known_page, known_urls, record_issue, record_outcome
from exowatch.intake.reader import Reader
from exowatch.model.captures import Beside, Capture, KnownPage, KnownUrl, Outcome, OutcomeResult
from exowatch.model.readings import Issue
from exowatch.model.sources import Run, Source
from spiders.pace import Pace

#: Finish reasons of visits that were ended from inside.
BUG, RECORD_ERROR = "a bug; see issues", "the record could not be kept"


@dataclass(frozen=True, slots=True)
class Securing:
    """What a person wants pages secured for."""

    case_id: int | None = None
    no_browser: str = ""
    """Why no browser looks."""


@dataclass
class Visit:
    """One source in one run. ``desk`` None: fetch only, nothing is stored."""

    config: Config
    source: Source
    run: Run
    writer: WarcWriter
    emit: Callable[[dict[str, Any]], None]
    clock: Clock
    desk: Desk | None = None
    reader: Reader | None = None
    left_out: dict[str, list[str]] = field(default_factory=dict)
    """Why (budget, depth, pattern) → URLs that were seen but not asked for."""
    depths: dict[str, int] = field(default_factory=dict)
    """Pages asked for → how deep they stand."""
    found: dict[str, str | None] = field(default_factory=dict, repr=False)
    """Addresses that the store held no page of → the page, sitemap or redirect where they were met first; None: a page
    that was read before has them."""
    sitemaps: set[str] = field(default_factory=set, repr=False)
    """Sitemaps that could be read."""
    led: dict[str, str] = field(default_factory=dict, repr=False)
    """Addresses asked for → the page to which they led."""
    put_off: dict[str, float] = field(default_factory=dict)
    """Hosts that are asked no more in this visit → the seconds for which they wanted to be left alone."""
    broken: RecordError | None = None
    """What ended the visit, since the record cannot be kept."""
    browser: str | None = None
    """The program that looks at pages; None: none does."""
    gate: Any = None
    """Its way out (``spiders.gate.Gate``)."""
    securing: Securing | None = None
    """Set where a person asked for these very pages (``exowatch capture``)."""
    pace: Pace = field(kw_only=True)
    not_before: float = float("-inf")
    """When the source may be asked again, since it asked for time itself (monotonic clock)."""
    waited: float = 0.0
    """Seconds that it has asked for so far, pauses at the same time counted once."""
    ending: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the visit is cut short: what waits for its turn waits no longer."""
    end_reason: str = ""
    """Why it was cut short."""

    def now(self) -> datetime:
        """The time of an exchange."""
        return self.clock()

    def wait_until(self, moment: float) -> float:
        """Ask nothing more before ``moment`` (monotonic clock); all the seconds that the source has wanted so far."""
        self.waited += max(0.0, moment - max(self.not_before, time.monotonic()))
        self.not_before = max(self.not_before, moment)
        return self.waited

    def stop(self, error: RecordError, crawler: Any) -> None:
        """The record cannot be kept: end this visit at once. Scrapy itself would only log what a pipeline raises."""
        if not self.broken:
            self.broken = error
            self.end(RECORD_ERROR, crawler)
            if isinstance(error, StoreBusyError):
                return  # nothing is wrong with the record, and whoever holds the database would keep us waiting again
            with contextlib.suppress(RecordError):  # where the store is what broke, the exit code alone tells
                self.raise_issue("record-error", str(error))

    def end(self, reason: str, crawler: Any) -> None:
        """Cut the visit short: ``reason`` becomes its finish reason, so that it settles nothing.

        An engine that does not run yet is left alone: asked to stop now, Scrapy (2.19) would believe that it has
        stopped, and never end. It finds nothing to ask for and ends by itself.
        """
        if not self.ending.is_set():
            self.ending.set()
            self.end_reason = reason
            if crawler.engine.running:
                asyncio.get_running_loop().create_task(crawler.engine.close_spider_async(reason=reason))

    def trouble(self, error: BaseException, url: str | None, crawler: Any) -> None:
        """Spider or pipeline raised, which Scrapy only logs: the visit is not whole."""
        if isinstance(error, RecordError):
            self.stop(error, crawler)
            return
        self.end(BUG, crawler)
        self.tell_bug(error, url)

    def tell_bug(self, error: BaseException, url: str | None = None) -> None:
        """Put a traceback where the operator finds it."""
        self.raise_issue("visit-error", "".join(traceback.format_exception(error))[-4000:], url)

    @functools.cached_property
    def known_urls(self) -> tuple[KnownUrl, ...]:
        """Pages of the source that the store held when the visit began, least recently asked for first."""
        return known_urls(self.desk, self.source.id) if self.desk else ()

    def known(self, url: str, fetched: bool = False) -> KnownPage | None:
        """What the store holds of this URL. ``fetched``: the page was read in this visit already."""
        if self.securing or self.source.render:  # evidence stands by itself; scripts change what the server does not
            return None
        return known_page(self.desk, self.source.id, url) if self.desk and (fetched or url in self.held) else None

    def is_looked_at(self, status: int, content_type: str) -> bool:
        """A browser looks at the page behind this answer too."""
        wanted = self.securing is not None or (self.source.render and status == 200)
        return bool(self.browser and wanted and not 300 <= status < 400) and "html" in content_type.lower()

    @functools.cached_property
    def held(self) -> frozenset[str]:
        """The same, their addresses alone."""
        return frozenset(page.url for page in self.known_urls)

    def find(self, url: str, where: str) -> None:
        """Note that ``url`` was met at ``where``."""
        if url not in self.held and url != where:
            if where in self.held:
                self.found[url] = None
            else:
                self.found.setdefault(url, where)

    def fail(self, url: str, result: OutcomeResult, code: str, detail: str) -> None:
        """Record an exchange that left no page."""
        outcome = Outcome(self.run.id, self.source.id, url, result, code, detail)
        if self.desk:
            record_outcome(self.desk, outcome)
        self.tell(outcome)

    def raise_issue(self, code: str, message: str, url: str | None = None) -> None:
        """Tell the operator of something about the source."""
        if self.desk:
            record_issue(self.desk, self.run, Issue(code, "spiders", message, self.source.id, url))

    def emit_capture(self, capture: Capture) -> None:
        """Tell the parent of a capture (fetch only)."""
        told = asdict(capture) | {"fetched_at": capture.fetched_at.isoformat()}
        self.emit({"event": "capture", **told})

    def tell(self, outcome: Outcome) -> None:
        """Progress to the parent."""
        told = {"source": outcome.source_id, "url": outcome.url, "result": outcome.result}
        self.emit({"event": "page", **told, "code": outcome.code, "detail": outcome.detail})

    def tell_look(self, capture: Capture, beside: Beside, found: Differing) -> None:
        """What two looks came to, to the parent."""
        told = {"source": capture.source_id, "asked": capture.url, "url": capture.final_url, "id": capture.id}
        told |= {"file": capture.warc.file, "read_from": "browser" if capture.rendered else "crawler"}
        both = beside.capture is not None
        told |= {"lacking": beside.lacking}
        self.emit({"event": "look", **told, "both": both, "pictures": beside.pictures, **asdict(found)})


@dataclass(frozen=True, slots=True)
class Fetched:
    """The item that a spider hands to the pipeline: one archived page."""

    capture: Capture
    beside: Beside | None = None
    """The other look at it, where there were two."""
    again: bool = False
    """It was fetched earlier in this visit."""
