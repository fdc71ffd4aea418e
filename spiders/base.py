"""What every spider does: keeps a few requests going from its frontier, and hands each archived page on."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

import scrapy
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    StopDownload,
)
from scrapy.http import Request, Response
from twisted.internet.error import ConnectError
from twisted.python.failure import Failure

from exowatch.errors import RecordError
from exowatch.model.addresses import page_of, tidy
from exowatch.model.captures import Capture, OutcomeResult
from exowatch.model.sources import ASKED_TO_WAIT
from spiders.archiving import CAPTURE
from spiders.frontier import Frontier
from spiders.looking import READ, SENT, alone, both, closed_to_browsers, led_elsewhere, look_request
from spiders.middleware import AskedAlready, GuardedResolver, Refused
from spiders.pace import NotAsked
from spiders.robots import UNREADABLE, RobotsFailed
from spiders.visit import Visit

#: Requests under way at once. Few, so that the frontier can still choose; more would not be polite on one site anyway.
WINDOW = 16


class SourceSpider(scrapy.Spider):
    """Visits one source. Subclasses say where to begin and which links to follow."""

    name = "source"

    def __init__(self, visit: Visit, guard: GuardedResolver, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.visit, self.guard = visit, guard
        self.frontier = Frontier(visit.source, visit.put_off)
        self.asked = self.going = 0
        self.lists_put_off = 0
        """Lists of pages (sitemaps) that their host puts off."""
        self.starts = frozenset(filter(None, (tidy(url, url) for url in visit.source.start_urls)))

    async def start(self) -> AsyncIterator[Request]:
        """The first requests; later ones follow as answers come."""
        self.begin()
        for request in self.more():
            yield request

    def begin(self) -> None:
        """Fill the frontier."""
        for url in self.visit.source.start_urls:
            if place := tidy(url, url):
                self.frontier.start(place)
            else:
                self.visit.fail(url, "FAILED", "bad-address", "no page of text can stand at this address")

    def follow(self, response: Response, depth: int) -> None:
        """Put a page's links into the frontier; none by default."""

    def more(self) -> Iterator[Request]:
        """Requests to fill the window with, as far as the page budget goes."""
        idle = self.going == 0
        while self.going < WINDOW and self.asked < self.visit.source.max_pages and not self.visit.ending.is_set():
            found = self.frontier.pop(idle=idle)
            if found is None:
                return
            url, depth = found
            self.asked += 1
            self.going += 1
            yield Request(url, callback=self.page, errback=self.failed, cb_kwargs={"depth": depth}, dont_filter=True)

    def closed(self, reason: str) -> None:
        """Hand on what the visit learned of the site besides its pages."""
        visit, frontier = self.visit, self.frontier
        left, unread = frontier.rest(), frontier.unread()
        found = (
            ("budget", left),
            ("depth", frontier.too_deep()),
            ("pattern", frontier.too_many()),
            ("put-off", [url for url in frontier.later if url not in visit.held]),
        )
        visit.left_out = {why: urls for why, urls in found if urls}
        visit.depths = frontier.depths()
        visit.led |= frontier.respelt
        if visit.broken:
            return
        self._tell_put_off()
        for url, why in frontier.closed().items():
            visit.fail(url, "DISALLOWED", why.code, why.words)
        if self.asked >= visit.source.max_pages and (left or unread):
            words = f"max_pages of {visit.source.max_pages} left {len(left)} links and {unread} known pages unread"
            visit.raise_issue("budget-binds", f"{words}; raise max_pages, or narrow the source by allow and deny")

    def _tell_put_off(self) -> None:
        """A visit whose pages are put off was cut short by the site's own wish, and the operator is told of it."""
        visit, left = self.visit, len(self.frontier.later) + self.lists_put_off
        for host, seconds in visit.put_off.items():
            words = f"{host} asks us to wait {seconds:.0f} seconds before we ask again: {left} pages are put off"
            visit.raise_issue("asked-to-wait", f"{words} until the next visit")
        if left and visit.put_off and not visit.end_reason:
            visit.end_reason = f"{ASKED_TO_WAIT} {max(visit.put_off.values()):.0f} seconds"

    def page(self, response: Response, depth: int) -> Iterator[Any]:
        """An answer of any status: it goes to the pipeline, its links into the frontier."""
        self.going -= 1
        capture = response.meta[CAPTURE]
        if not self.frontier.own(capture.final_url):  # only a start page gets as far as this
            words = f"the start page {capture.url} leads to another site: amend start_urls, or retire the source"
            self.visit.raise_issue("start-elsewhere", words, capture.final_url)
        self._lead(capture.redirect_chain, capture.final_url)
        looked_at = self.visit.is_looked_at(response.status, capture.content_type or "")
        if looked_at and (closed := closed_to_browsers(self.visit, capture)):
            yield alone(self.visit, capture, closed)
        elif looked_at:
            self.going += 1
            yield look_request(self.visit, capture, response.certificate, self.seen, self.not_seen)
        else:
            yield alone(self.visit, capture)
        if response.status in (200, 304):
            self.follow(response, self.frontier.depth_of(capture.final_url, depth))
        yield from self.more()

    def seen(self, response: Response) -> Iterator[Any]:
        """A browser has looked at a page: links that its scripts made are followed too."""
        self.going -= 1
        meta, capture = response.meta, response.meta[CAPTURE]
        if elsewhere := led_elsewhere(meta):
            words = f"its scripts lead a browser to another site: {elsewhere[:200]}"
            yield from self._not_seen(meta, "browser-elsewhere", words)
        else:
            yield both(self.visit, meta, capture)
            if meta[READ] and capture.status == 200:
                self.follow(response, self.frontier.depth_of(capture.final_url, 0))
        yield from self.more()

    def not_seen(self, failure: Failure) -> Iterator[Any]:
        """A browser could not look: where the page is to be read from it, it is not read at all."""
        self.going -= 1
        if failure.check(RecordError):
            return
        meta = failure.request.meta
        if failure.check(NotAsked) and not self.visit.securing:
            self.asked -= 1
            self.frontier.leave(meta[SENT].final_url)
            yield from self.more()
            return
        refused = self.visit.gate.refused.get(urlsplit(failure.request.url).hostname or "")
        if refused:
            code, words = "refused-address", f"{refused} is no public address; see [crawl] allow_addresses"
        else:
            code, words = "browser", f"the browser could not show it: {_in_words(str(failure.value))}"
        yield from self._not_seen(meta, code, words)
        yield from self.more()

    def _not_seen(self, meta: dict[str, Any], code: str, words: str) -> Iterator[Any]:
        sent: Capture = meta[SENT]
        if self.visit.securing:
            yield alone(self.visit, sent, words)
        else:
            self.visit.fail(sent.final_url, "FAILED", code, words)

    def led_to(self, url: str, request: Request) -> None:
        """A redirect leads to ``url``: it is judged like a link, and each page is asked for once. Raises Refused."""
        chain = request.meta["redirect_urls"]
        why = None if chain[0] in self.starts else self.frontier.refusal(url)
        if why:
            raise Refused(*why)
        page = page_of(url)
        if page not in chain and url not in chain and not self.frontier.claim(page, request.cb_kwargs.get("depth", 0)):
            raise AskedAlready

    def failed(self, failure: Failure) -> Iterator[Request]:
        """No answer, or one that must not be asked for."""
        self.going -= 1
        if failure.check(RecordError):  # it says nothing of the page
            return
        request: Request = failure.request
        if failure.check(NotAsked):
            self.asked -= 1
            self.frontier.leave((request.meta.get("redirect_urls") or [request.url])[0].partition("#")[0])
            yield from self.more()
            return
        if isinstance(failure.value, AskedAlready):  # that page has an outcome of its own
            self._lead(request.meta["redirect_urls"], request.url)
            yield from self.more()
            return
        result, code, detail = self._cause(failure, request)
        asked = (request.meta.get("redirect_urls") or [request.url])[0]
        if asked != request.url:
            detail = f"{detail} (redirected to {request.url[:200]})"
        self.visit.fail(asked.partition("#")[0], result, code, detail)
        yield from self.more()

    def _lead(self, chain: Iterable[str], end: str) -> None:
        """Note where the addresses of a chain of redirects led."""
        page = page_of(end)
        led = {url: page for one in chain if (url := one.partition("#")[0]) != page}
        self.visit.led |= led
        for url in led:
            self.visit.find(page, url)

    def _cause(self, failure: Failure, request: Request) -> tuple[OutcomeResult, str, str]:
        cause = failure.value
        said = str(cause)
        if isinstance(cause, StopDownload):
            return "UNFIT", "not-text", "an image, sound or film"
        if isinstance(cause, Refused):
            return "DISALLOWED", cause.code, cause.words
        if isinstance(cause, RobotsFailed):
            code, detail = _network(cause.cause, str(cause.cause))
            return "FAILED", f"robots-{code}", f"robots.txt could not be had, so nothing may be fetched: {detail}"
        if isinstance(cause, IgnoreRequest):
            if said == UNREADABLE:
                return "DISALLOWED", "robots-unreadable", "robots.txt could not be read, so nothing may be fetched"
            if "robots" in said.lower():
                return "DISALLOWED", "robots", "robots.txt asks us not to fetch it"
            if "redirect" in said.lower():
                return "FAILED", "redirect-loop", f"more than {self.visit.config.crawl.max_redirects} redirects"
            return "FAILED", "ignored", said
        if isinstance(cause, CannotResolveHostError):
            refused = self.guard.refused.get(urlsplit(request.url).hostname or "")
            if refused:
                return "FAILED", "refused-address", f"{refused} is no public address; see [crawl] allow_addresses"
            return "FAILED", "dns", "the name does not resolve"
        return "FAILED", *_network(cause, said)


def _network(cause: BaseException | None, said: str) -> tuple[str, str]:
    """Code and words of a network failure."""
    if isinstance(cause, DownloadTimeoutError):
        return "timeout", "no answer in time"
    if isinstance(cause, DownloadConnectionRefusedError):
        return "refused", "the server refuses connections"
    if isinstance(cause, ValueError):
        return "bad-address", "the address it leads to is none"
    if "SSL" in said or "certificate" in said.lower():
        return "tls", f"no secure connection: {_in_words(said)}"
    if isinstance(cause, (DownloadFailedError, ResponseDataLossError)):
        return "cut", f"the connection was cut: {_in_words(said)}"
    if isinstance(cause, ConnectError):
        return "unreachable", _in_words(said)
    return "failed", f"{type(cause).__name__}: {_in_words(said)}"


def _in_words(said: str) -> str:
    """The last words of a network error, without the names of classes around them."""
    quoted = re.findall(r"'([^']{4,})'", said)
    if "SSL" in said and quoted:
        return str(quoted[-1])
    told = re.findall(r"twisted\.[\w.]+: ([^\[\]>]+)", said)
    return (told[-1] if told else said).strip(" .>[]")[:300]
