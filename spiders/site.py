"""Ways through a site: all of it, the start pages alone, its sitemap, a feed's entries, or an API's answers."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from lxml.etree import LxmlError
from scrapy.http import HtmlResponse, Request, Response
from scrapy.utils.sitemap import Sitemap
from twisted.python.failure import Failure

from exowatch.errors import UnreadableError
from exowatch.model.addresses import tidy, whole
from exowatch.pages.decode import decoded
from exowatch.records.feed import read_feed
from spiders.answers import WAYS
from spiders.archiving import CAPTURE
from spiders.base import SourceSpider
from spiders.letters import LettersSpider
from spiders.links import links_of
from spiders.pace import NotAsked

#: Sitemaps below a sitemap index that are read at most.
SITEMAPS = 20
#: The most that a sitemap may hold, unpacked, by its protocol (https://www.sitemaps.org/protocol.html).
SITEMAP_BYTES = 50 * 1024 * 1024
#: Links of one page that are looked at; each costs time in which nothing else is fetched.
LINKS = 5000
_GZIP = b"\x1f\x8b"


def read_sitemap(body: bytes) -> tuple[str, list[str]]:
    """What a sitemap is (``urlset``, ``sitemapindex``) and the places it names; of a damaged one, those before."""
    kind, places = "", list[str]()
    try:
        if body.startswith(_GZIP):
            body = decoded(body, "gzip", SITEMAP_BYTES, partial=True)
        found = Sitemap(body)
        kind = found.type
        for entry in found:
            if entry.get("loc"):
                places.append(entry["loc"])  # one by one: what came before the damage is kept
    except (UnreadableError, LxmlError, StopIteration):
        pass
    return kind, places


class PageSpider(SourceSpider):
    """The start pages and nothing else."""

    name = "page"


class SitemapSpider(SourceSpider):
    """The pages that the sitemap lists."""

    name = "sitemap"

    def begin(self) -> None:
        """Start pages that are sitemaps themselves are not pages."""
        self.sitemaps = 0
        self.known_sitemaps = set[str]()
        if self.visit.source.via != "sitemap":
            super().begin()
        self.frontier.know(self.visit.known_urls)

    async def start(self) -> Any:
        self.begin()
        for url in self._sitemap_urls():
            yield self._sitemap_request(url)
        for request in self.more():
            yield request

    def sitemap(self, response: Response) -> Iterator[Any]:
        """Put a sitemap's pages into the frontier, and ask for the sitemaps that it names."""
        self.going -= 1
        kind, places = read_sitemap(response.body) if response.status in (200, 304) else ("", [])
        if not places and self.visit.source.via == "sitemap":
            words = f"HTTP {response.status}: no page could be read from the sitemap"
            self.visit.fail(response.url.partition("#")[0], "UNFIT", "no-sitemap", words)
        here = response.url.partition("#")[0]
        if places:
            self.visit.sitemaps.add(here)
        for place in places:
            if kind == "urlset" and (page := tidy(response.url, place)):
                self.frontier.add(page, depth=1)
                self._found(page, here)
            elif kind == "sitemapindex" and self.sitemaps < SITEMAPS and (below := self._new_sitemap(place)):
                self.visit.find(below, here)
                yield self._sitemap_request(below)
        yield from self.more()

    def no_sitemap(self, failure: Failure) -> Iterator[Request]:
        """Most sites have none; that is nobody's fault, unless the watchlist names it."""
        if self.visit.source.via == "sitemap":
            yield from self.failed(failure)
            return
        self.going -= 1
        self.lists_put_off += bool(failure.check(NotAsked))
        yield from self.more()

    def _found(self, url: str, where: str) -> None:
        if self.frontier.own(url):
            self.visit.find(url, where)

    def _sitemap_urls(self) -> list[str]:
        starts = self.visit.source.start_urls
        link = "" if self.visit.source.via == "sitemap" else "/sitemap.xml"
        return list(dict.fromkeys(filter(None, (whole(url, link) for url in starts))))

    def told_by_robots(self, sitemaps: list[str]) -> None:
        """Sitemaps that robots.txt names, where they are the site's own and were not asked for yet."""
        engine = self.crawler.engine
        for place in sitemaps:
            if engine is not None and (url := self._new_sitemap(place)):
                engine.crawl(self._sitemap_request(url))

    def _new_sitemap(self, place: str) -> str | None:
        """The address of a sitemap of this site that was not asked for yet."""
        url = whole(place, place)
        return url if url and self.frontier.own(url) and url not in self.known_sitemaps else None

    def _sitemap_request(self, url: str) -> Request:
        self.known_sitemaps.add(url)
        self.sitemaps += 1
        self.going += 1
        return Request(url, callback=self.sitemap, errback=self.no_sitemap, dont_filter=True)


class SiteSpider(SitemapSpider):
    """Start pages, sitemap, and links on the same site, exosomes first. Journals: their article pages first."""

    name = "site"

    def follow(self, response: Response, depth: int) -> None:
        """Every link of the page that stays on the site."""
        if not isinstance(response, HtmlResponse) or not response.body:
            return
        page = response.meta[CAPTURE].final_url
        text, encoding = _text(response)
        base, links = links_of(text)
        here = _joined(response.url, base or "")
        for place, words in itertools.islice(links, LINKS):
            url = tidy(here, place, encoding)
            if url:
                self.frontier.add(url, words, depth + 1)
                self._found(url, page)


def _text(response: HtmlResponse) -> tuple[str, str]:
    """The page's text and its encoding; UTF-8 where it names a codec that is none of text, such as ``hex``."""
    try:
        return response.text, response.encoding
    except (LookupError, ValueError):
        return response.body.decode("utf-8", "replace"), "utf-8"


def _joined(url: str, base: str) -> str:
    """Where a page's relative links start; a ``base`` that is no address is passed over."""
    try:
        return urljoin(url, base)
    except ValueError:
        return url


class FeedSpider(SourceSpider):
    """A feed and the pages of its entries."""

    name = "feed"

    def begin(self) -> None:
        """The feed is a list, not a page; its entries' pages are what is read."""

    async def start(self) -> Any:
        for url in filter(None, (whole(url, url) for url in self.visit.source.start_urls)):
            self.going += 1
            yield Request(url, callback=self.feed, errback=self.failed, cb_kwargs={"depth": 0}, dont_filter=True)

    def feed(self, response: Response, depth: int) -> Iterator[Request]:
        """Entries on any site that the feed points to."""
        self.going -= 1
        try:
            entries = read_feed(response.body, response.url) if response.status in (200, 304) else ()
        except UnreadableError:
            entries = ()
        if not entries:
            self.visit.fail(response.url, "UNFIT", "no-feed", f"HTTP {response.status}: no entry could be read")
        for place, entry in enumerate(entries):
            url = tidy(response.url, entry.url)
            if url:
                self.frontier.add(url, entry.title, bonus=-place)
        yield from self.more()


VIAS: dict[str, type[SourceSpider]] = {
    "site": SiteSpider,
    "page": PageSpider,
    "sitemap": SitemapSpider,
    "feed": FeedSpider,
    **WAYS,
    "fda-warning-letters": LettersSpider,
}
