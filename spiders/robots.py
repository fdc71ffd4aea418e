"""robots.txt as RFC 9309 reads it: closed where it cannot be read; with its Crawl-delay and Sitemap lines."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import CannotResolveHostError, DownloadConnectionRefusedError, IgnoreRequest
from scrapy.http import Request, Response
from twisted.internet.error import ConnectError

UNREADABLE = "robots.txt could not be read"


class _Closed:
    """Stands for the rules of a site that did not tell them: nothing may be fetched (RFC 9309, 2.3.1.4)."""

    def allowed(self, url: str | bytes, user_agent: str | bytes) -> bool:
        raise IgnoreRequest(UNREADABLE)


class Robots(RobotsTxtMiddleware):
    """Obeys robots.txt; tells the spider of the sitemaps it names."""

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == 429:
            self._settle(netloc, _Closed())
            return
        await super()._parse_robots(response, netloc, request)
        rules: Any = getattr(self._parsers[netloc], "rp", None)
        if response.status == 200 and rules is not None:
            agent = self._robotstxt_useragent or self._default_useragent
            self._slow_down(netloc, rules.crawl_delay(agent))
            told = getattr(self.crawler.spider, "told_by_robots", None)
            if told is not None:
                told(list(rules.sitemaps)[:20])

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        """A site that cannot be reached at all fails by itself with a better reason; a silent one is closed."""
        gone = (IgnoreRequest, CannotResolveHostError, DownloadConnectionRefusedError, ConnectError)
        if isinstance(exc, gone):
            super()._robots_error(exc, netloc)
        else:
            self._settle(netloc, _Closed())

    def _settle(self, netloc: str, rules: Any) -> None:
        waiting: Any = self._parsers[netloc]
        self._parsers[netloc] = rules
        waiting.callback(rules)

    def _slow_down(self, netloc: str, seconds: float | None) -> None:
        """Crawl-delay is no part of the standard, but it is asked politely."""
        if seconds:
            spider: Any = self.crawler.spider
            spider.visit.pace.clock(urlsplit(f"//{netloc}").hostname or "").slow_down(float(seconds))
