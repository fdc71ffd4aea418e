"""A real Chromium, driven through scrapy-playwright: how it is started, and how it looks at one page.

Each look has a context of its own (no cookies from one page to the next), and no way out but the gate.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, Response
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError, DownloadTimeoutError
from scrapy.http import Request
from scrapy.http import Response as ScrapyResponse
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
from scrapy_playwright.page import PageMethod

from exowatch.config import Config
from spiders.gate import Gate
from spiders.middleware import InTurn
from spiders.pace import NotAsked

#: Key in ``request.meta`` of the ``Look`` that a request is for.
LOOK = "look"
#: Seconds that a page may go on asking for things after it has loaded.
_QUIET = 4.0
#: Pixels of a picture; a longer page is cut there, and the record says so.
_WIDE, _LONGEST = 1280, 16_000
_LANGUAGE = "en"
_ARGUMENTS = (
    *("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"),
    *("--disable-component-update", "--proxy-bypass-list=<-loopback>", "--dns-prefetch-disable"),
    # datagrams of WebRTC would pass the gate by; Chromium 156 heeds the first name, older ones the second
    *(f"--{name}webrtc-ip-handling-policy=disable_non_proxied_udp" for name in ("", "force-")),
)
#: Should a browser know neither name: a page has no use for this.
_NO_DATAGRAMS = "delete window.RTCPeerConnection; delete window.webkitRTCPeerConnection; delete window.WebTransport;"
#: Scrolls through the page, as a reader would, so that it loads what it keeps until then, and waits for pictures.
_SCROLL = """async (most) => {
    const step = window.innerHeight, pause = () => new Promise(done => setTimeout(done, 60));
    for (let y = 0; y < Math.min(document.documentElement.scrollHeight, most); y += step) {
        window.scrollTo(0, y); await pause();
    }
    window.scrollTo(0, 0); await pause();
    const late = [...document.images].filter(one => !one.complete);
    const loaded = late.map(one => new Promise(done => { one.onload = one.onerror = done; }));
    await Promise.race([Promise.all(loaded), new Promise(done => setTimeout(done, 3000))]);
}"""
_numbers = itertools.count(1)


@dataclass
class Drawing:
    """One picture of a page."""

    uri: str
    media_type: str
    body: bytes
    truncated: str | None = None


@dataclass
class Look:
    """What a browser is to do with a page, and what came of it."""

    paper: bool = False
    """A PDF file is wanted, and the screenshot without loss."""
    document: str = ""
    """The page as HTML after its scripts ran."""
    status: int = 200
    sent: tuple[tuple[str, str], ...] = ()
    received: tuple[tuple[str, str], ...] = ()
    browser: str = ""
    answered: float = 0.0
    """When the answer to the page itself came (monotonic clock)."""
    at: str = ""
    """Where the browser stood in the end."""
    drawings: list[Drawing] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def browser_settings(config: Config, program: str, gate: Gate) -> dict[str, Any]:
    """Scrapy's settings for a crawler that looks at pages."""
    sandbox = ("--no-sandbox",) if os.geteuid() == 0 else ()  # Chromium refuses to start its own as root
    milliseconds = config.crawl.timeout * 1000
    return {
        "DOWNLOAD_HANDLERS": dict.fromkeys(("http", "https"), "spiders.browser.WithBrowser"),
        "PLAYWRIGHT_LAUNCH_OPTIONS": {
            "executable_path": program,
            "args": [*_ARGUMENTS, *sandbox],
            "proxy": {"server": f"http://127.0.0.1:{gate.port}", "bypass": "<-loopback>"},
            "timeout": max(milliseconds, 30_000),
        },
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": milliseconds * 1.5,
        "PLAYWRIGHT_PROCESS_REQUEST_HEADERS": None,  # the browser's own, and the context's
        "PLAYWRIGHT_ABORT_REQUEST": "spiders.browser.is_left_out",
        "PLAYWRIGHT_MAX_CONTEXTS": 2,
    }


def is_left_out(request: Any) -> bool:
    """Sound and film are not fetched, and nothing but the web and what a page holds in itself."""
    return request.resource_type == "media" or urlsplit(request.url).scheme not in ("http", "https", "data", "blob")


def look_meta(look: Look) -> dict[str, Any]:
    """``request.meta`` of a look."""
    return {
        LOOK: look,
        "dont_retry": True,
        "playwright": True,
        "playwright_context": f"look-{next(_numbers)}",
        "playwright_page_goto_kwargs": {"wait_until": "domcontentloaded"},
        "playwright_page_init_callback": _prepare,
        "playwright_page_methods": [PageMethod(_draw, look)],
    }


_handlers: WeakKeyDictionary[Crawler, ScrapyPlaywrightDownloadHandler] = WeakKeyDictionary()


class WithBrowser(InTurn):
    """Waits its turn as every request; what is to be looked at goes to the crawler's one browser."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        if crawler not in _handlers:  # http and https have a handler each, and share a browser
            _handlers[crawler] = ScrapyPlaywrightDownloadHandler(crawler)

    async def ask(self, request: Request) -> ScrapyResponse:
        """The answer, or what the browser made of it. DownloadTimeoutError, DownloadFailedError."""
        look = request.meta.get(LOOK)
        if look is None:
            return await super().ask(request)
        look.drawings.clear()  # a request that is made again is a look anew
        look.notes.clear()
        inner, config = _handlers[self.crawler], self.crawler.spider.visit.config
        name = request.meta["playwright_context"]
        try:
            async with asyncio.timeout(config.crawl.timeout * 3 + 30):
                await inner._maybe_launch_browser()
                look.browser = f"Chromium/{inner.browser.version}"
                request.meta["playwright_context_kwargs"] = _context(look.browser, config.crawl.agent)
                asked = time.monotonic()
                response = await _unless(self.crawler.spider.visit.ending, inner.download_request(request))
                # the server's own pace, without the seconds that the page was looked at
                request.meta["download_latency"] = max(0.0, look.answered - asked)
                return response
        except TimeoutError:
            raise DownloadTimeoutError("the browser was not done in time") from None
        except PlaywrightError as error:
            words = str(error.message).splitlines()[0] if error.message else "the browser failed"
            failed = DownloadTimeoutError if "Timeout" in words else DownloadFailedError
            raise failed(words) from None
        finally:
            kept = inner.context_wrappers.get(name)
            if kept is not None:
                with contextlib.suppress(PlaywrightError):
                    await kept.context.close()

    async def close(self) -> None:
        """End the browser."""
        inner = _handlers.pop(self.crawler, None)
        if inner is not None:
            await inner.close()
        await super().close()


async def _unless(ending: asyncio.Event, look: Coroutine[Any, Any, ScrapyResponse]) -> ScrapyResponse:
    """What ``look`` gives; NotAsked as soon as the visit ends."""
    looking, ended = asyncio.ensure_future(look), asyncio.ensure_future(ending.wait())
    try:
        await asyncio.wait({looking, ended}, return_when=asyncio.FIRST_COMPLETED)
        if not looking.done():
            raise NotAsked("the visit ended while a browser looked")
        return looking.result()
    finally:
        ended.cancel()
        if not looking.done():
            looking.cancel()
            with contextlib.suppress(asyncio.CancelledError, PlaywrightError):
                await looking


def _context(browser: str, agent: str) -> dict[str, Any]:
    """A fresh profile that says what it is: a Chromium, and who looks through it."""
    version = browser.partition("/")[2].partition(".")[0]
    chrome = f"AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{version}.0.0.0 Safari/537.36"
    return {
        "user_agent": f"Mozilla/5.0 (X11; Linux x86_64) {chrome} {agent}",
        "locale": _LANGUAGE,
        "viewport": {"width": _WIDE, "height": 900},
        "accept_downloads": False,
        "service_workers": "block",
    }


async def _prepare(page: Page, request: Request) -> None:
    """Note what the answer to the page itself was; close what it opens beside itself."""
    look: Look = request.meta[LOOK]

    async def heard(response: Response) -> None:
        asked = response.request
        if asked.is_navigation_request() and asked.frame == page.main_frame:
            look.answered = time.monotonic()
            with contextlib.suppress(PlaywrightError):
                look.status = response.status
                look.received = tuple((await response.all_headers()).items())
                sent = await asked.all_headers()
                look.sent = tuple((name, value) for name, value in sent.items() if not name.startswith(":"))

    async def close_it(other: Page) -> None:
        with contextlib.suppress(PlaywrightError):
            await other.close()

    await page.add_init_script(_NO_DATAGRAMS)
    page.on("response", heard)
    page.on("popup", close_it)


async def _draw(page: Page, look: Look) -> None:
    """Wait until the page is quiet, scroll through it, draw it, and take its document."""
    await _quiet(page)
    with contextlib.suppress(PlaywrightError, TimeoutError):
        async with asyncio.timeout(3 * _QUIET):  # scripts of the page may have made it wait for ever
            await page.evaluate(_SCROLL, _LONGEST)
    look.document, look.at = await page.content(), page.url
    await _screenshot(page, look)
    if look.paper:
        try:
            await page.emulate_media(media="screen")  # what is for print alone nobody saw
            body = await page.pdf(format="A4", print_background=True)
            look.drawings.append(Drawing("urn:pdf:", "application/pdf", body))
        except PlaywrightError as error:
            look.notes.append(f"no PDF: {_first_line(error)}")


async def _quiet(page: Page) -> None:
    with contextlib.suppress(PlaywrightError):
        await page.wait_for_load_state("load")
        await page.wait_for_load_state("networkidle", timeout=_QUIET * 1000)


async def _screenshot(page: Page, look: Look) -> None:
    try:
        high = int(await page.evaluate("Math.max(document.documentElement.scrollHeight, 1)"))
        cut = {"clip": {"x": 0, "y": 0, "width": _WIDE, "height": _LONGEST}} if high > _LONGEST else {}
        kind: dict[str, Any] = {"type": "png"} if look.paper else {"type": "jpeg", "quality": 60}
        body = await page.screenshot(full_page=True, animations="disabled", **kind, **cut)
        media = "image/png" if look.paper else "image/jpeg"
        look.drawings.append(Drawing("urn:fullPage:", media, body, "length" if cut else None))
    except PlaywrightError as error:
        look.notes.append(f"no screenshot: {_first_line(error)}")


def _first_line(error: PlaywrightError) -> str:
    return (error.message or "").partition("\n")[0][:200]
