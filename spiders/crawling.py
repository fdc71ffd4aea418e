"""Many sources in one reactor: one Scrapy crawler each, some at once, each closed as soon as it has finished."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import logging
import signal
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from scrapy import signals
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.settings import Settings
from scrapy.utils.log import configure_logging
from scrapy.utils.reactor import install_reactor

from exowatch.archive.write import WarcWriter
from exowatch.browser import find_browser
from exowatch.clock import Clock
from exowatch.config import Config
from exowatch.errors import RecordError, SetupError
from exowatch.intake import Desk, close_run, record_moved_pages, remember_behind, remember_depths, remember_urls
from exowatch.intake.reader import Reader
from exowatch.model.sources import OUT_OF_TIME, Run, Source
from spiders import settings as plain
from spiders.gate import Gate
from spiders.pace import Pace
from spiders.robots import product_token
from spiders.visit import BUG, Fetched, Securing, Visit

#: Browsers at once; each takes some 600 MB with the program that drives it (2026-11-26, two small pages at once).
BROWSERS = 2
#: Seconds between two looks at the memory that is used; each is one question to the kernel, of microseconds.
MEMORY_EVERY = 5.0
Emit = Callable[[dict[str, Any]], None]


class Stopping(asyncio.Event):
    """Set once all visits are to end, and why."""

    why = "stopped"

    def out_of_time(self) -> None:
        """The run has taken as long as it may."""
        self.why = OUT_OF_TIME
        self.set()


def check_ways(sources: Sequence[Source]) -> None:
    """Raise SetupError for a ``via`` that no spider serves yet."""
    from spiders.site import VIAS

    for source in sources:
        if source.via not in VIAS:
            raise SetupError(
                f"via: {source.via} is not part of this version",
                key=f"via of {source.id}",
                remedy=f"one of {', '.join(VIAS)}",
            )


def crawl_sources(
    desk: Desk, run: Run, sources: Sequence[Source], writer: WarcWriter, reader: Reader | None, emit: Emit
) -> RecordError | None:
    """Crawl and close every source. Returns the RecordError that ended it all, or nothing."""
    pace, looking = Pace(desk.config.crawl.delay), find_browser(desk.config.crawl.browser)
    visits = [Visit(desk.config, source, run, writer, emit, desk.clock, desk, reader, pace=pace) for source in sources]
    for visit in visits:
        if visit.source.render:
            visit.browser = str(looking.path) if looking.path else None

    async def one(visit: Visit, stopping: Stopping, runner: Any, guard: Any) -> None:
        reason = BUG
        try:
            if visit.source.render and not visit.browser:
                # without one its pages would lack what scripts put there, and that would look as if it were gone
                visit.raise_issue("no-browser", f"`render: true` needs a browser: {looking.why}")
                reason = "no browser"
            else:
                reason = stopping.why if stopping.is_set() else await _visit(visit, runner, guard, stopping)
        finally:
            if not visit.broken:
                _close(visit, reason, emit)

    return _in_reactor(desk.config, visits, one)


def secure_pages(
    desk: Desk,
    run: Run,
    pages: Mapping[Source, Sequence[str]],
    writer: WarcWriter,
    reader: Reader | None,
    emit: Emit,
    securing: Securing,
    browser: str | None,
) -> RecordError | None:
    """Fetch these pages and nothing else, look at them with ``browser`` too, and close their sources. As above."""
    pace = Pace(desk.config.crawl.delay)
    visits = []
    for source, urls in pages.items():
        here = dataclasses.replace(source, start_urls=tuple(urls), via="page", max_pages=len(urls))
        visit = Visit(desk.config, here, run, writer, emit, desk.clock, desk, reader, pace=pace)
        visit.browser, visit.securing = browser, securing
        visits.append(visit)

    async def one(visit: Visit, stopping: Stopping, runner: Any, guard: Any) -> None:
        reason = BUG
        try:
            reason = await _visit(visit, runner, guard, stopping)
        finally:
            emit({"event": "led", "urls": visit.led})
            if not visit.broken:
                _close(visit, reason, emit)

    return _in_reactor(desk.config, visits, one)


def fetch_pages(
    config: Config, run: Run, source: Source, writer: WarcWriter, clock: Clock, emit: Emit
) -> RecordError | None:
    """Archive the start pages of ``source``; captures and failures are told, nothing is stored."""
    visit = Visit(config, source, run, writer, emit, clock, pace=Pace(config.crawl.delay))

    async def one(visit: Visit, stopping: Stopping, runner: Any, guard: Any) -> None:
        await _visit(visit, runner, guard, stopping)

    return _in_reactor(config, [visit], one)


def _close(visit: Visit, reason: str, emit: Emit) -> None:
    assert visit.desk is not None
    try:
        if visit.securing is None:  # single pages tell nothing of the site around them
            remember_behind(visit.desk, visit.run, visit.source.id, visit.found, visit.sitemaps)
            for why, urls in visit.left_out.items():
                remember_urls(visit.desk, visit.run, visit.source.id, urls, why)
            remember_depths(visit.desk, visit.source.id, visit.depths)
        record_moved_pages(visit.desk, visit.run, visit.source.id, visit.led)
        (closed,) = close_run(visit.desk, visit.run, {visit.source.id: reason})
    except RecordError as error:
        visit.broken = error
        return
    emit({"event": "source", "source": visit.source.id, "verdict": closed.verdict, "finish_reason": reason})


async def _visit(visit: Visit, runner: Any, guard: Any, stopping: Stopping) -> str:
    """Crawl one source; how it ended."""
    from spiders.site import VIAS

    crawler = runner.create_crawler(VIAS[visit.source.via])
    if visit.browser:
        from spiders.browser import browser_settings  # its libraries are an extra

        settings = runner.settings.copy()
        settings.setdict(browser_settings(visit.config, visit.browser, visit.gate), priority="cmdline")
        crawler = runner.create_crawler(Crawler(VIAS[visit.source.via], settings))
    ended: list[str] = []

    def closed(reason: str) -> None:
        ended.append(reason)

    def raised(failure: Any, response: Any, item: Any = None) -> None:
        url = item.capture.final_url if isinstance(item, Fetched) else getattr(response, "url", None)
        visit.trouble(failure.value, url, crawler)

    crawler.signals.connect(closed, signals.spider_closed)
    crawler.signals.connect(raised, signals.item_error)
    crawler.signals.connect(raised, signals.spider_error)
    crawling = (
        asyncio.ensure_future(crawler.crawl_async(visit=visit, guard=guard))
        if hasattr(crawler, "crawl_async")
        else runner.crawl(crawler, visit=visit, guard=guard)
    )
    stop = asyncio.ensure_future(stopping.wait())
    await asyncio.wait([crawling, stop], return_when=asyncio.FIRST_COMPLETED)
    stop.cancel()
    if not crawling.done():
        visit.end(stopping.why, crawler)
    await crawling
    return visit.end_reason or (ended[0] if ended else "not-started")


def _in_reactor(
    config: Config,
    visits: Sequence[Visit],
    one: Callable[[Visit, Stopping, Any, Any], Coroutine[Any, Any, None]],
) -> RecordError | None:
    install_reactor(plain.TWISTED_REACTOR, plain.ASYNCIO_EVENT_LOOP)
    from twisted.internet import reactor

    from spiders.middleware import GuardedResolver

    guard = GuardedResolver(reactor.nameResolver, config.crawl.allow_addresses)
    reactor.installNameResolver(guard)
    configure_logging({"LOG_LEVEL": plain.LOG_LEVEL})
    _quieten()
    runner = AsyncCrawlerRunner(_settings(config))
    loop = asyncio.get_event_loop()
    stopping = Stopping()
    errors: list[BaseException] = []
    gate = Gate(guard.lets_through, 2 * config.crawl.max_bytes, config.crawl.timeout)

    async def all_of_them() -> None:
        room, browsers = asyncio.Semaphore(config.crawl.concurrency), asyncio.Semaphore(BROWSERS)
        if any(visit.browser for visit in visits):
            await gate.open()

        async def with_room(visit: Visit) -> None:
            async with room, browsers if visit.browser else contextlib.nullcontext():
                visit.gate = gate
                await one(visit, stopping, runner, guard)
                if visit.broken:
                    stopping.set()

        if config.limits.max_run_time:
            loop.call_later(config.limits.max_run_time, stopping.out_of_time)
        done = await asyncio.gather(*(with_room(visit) for visit in visits), return_exceptions=True)
        for visit, error in zip(visits, done, strict=True):
            if isinstance(error, BaseException):
                errors.append(error)
                visit.tell_bug(error)
        await gate.close()
        reactor.stop()

    loop.call_soon(lambda: loop.create_task(all_of_them()))
    loop.add_signal_handler(signal.SIGTERM, stopping.set)
    reactor.run(installSignalHandlers=False)
    if errors:
        raise errors[0]
    return next((visit.broken for visit in visits if visit.broken), None)


def _quieten() -> None:
    """A fetch that failed is an outcome with its cause; Scrapy and Twisted would print a traceback for it as well."""
    from twisted.logger import globalLogBeginner

    logging.getLogger("scrapy.downloadermiddlewares").setLevel(logging.CRITICAL)
    # Twisted prints by itself until logging begins; then all goes to the standard library's logger that Scrapy gave it
    globalLogBeginner.beginLoggingTo([], redirectStandardIO=False)
    logging.getLogger("twisted").addFilter(lambda told: "verifying certificate" not in told.getMessage())


def _settings(config: Config) -> Settings:
    made = Settings()
    made.setmodule(plain, priority="project")
    crawl = config.crawl
    made.setdict(
        {
            "USER_AGENT": crawl.agent,
            "ROBOTSTXT_USER_AGENT": product_token(crawl.agent),
            "CONCURRENT_REQUESTS": 16,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 1 if crawl.delay else 8,
            "DOWNLOAD_TIMEOUT": crawl.timeout * 1.25 + 0.5,  # silence; a body that drips is cut by spiders.archiving
            "REDIRECT_MAX_TIMES": crawl.max_redirects,
            "MEMUSAGE_LIMIT_MB": config.limits.max_memory_mb,
            "MEMUSAGE_CHECK_INTERVAL_SECONDS": MEMORY_EVERY,
        },
        priority="cmdline",
    )
    if config.limits.max_memory_mb:
        extensions = plain.EXTENSIONS | {"scrapy.extensions.memusage.MemoryUsage": 0}
        made.setdict({"EXTENSIONS": extensions, "MEMUSAGE_ENABLED": True}, priority="cmdline")
    return made
