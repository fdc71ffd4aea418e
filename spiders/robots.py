"""robots.txt as RFC 9309 reads it: closed where it cannot be read; with its Crawl-delay and Sitemap lines."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import CannotResolveHostError, DownloadConnectionRefusedError, IgnoreRequest
from scrapy.http import Request, Response
from scrapy.robotstxt import ProtegoRobotParser
from twisted.internet.error import ConnectError

UNREADABLE = "robots.txt could not be read"
PRODUCT = "ExoWatch"
#: Bytes of robots.txt that are heeded: twice what RFC 9309 (2.5) asks for. Rules without end would stop the crawler.
LONGEST = 1024 * 1024
#: A user-agent line: what stands before its value, and the product token that the value begins with (RFC 9309, 2.2.1).
_GROUP = re.compile(
    rb"(?i)(?:\A(?:\xef\xbb\xbf)?|(?<=[\r\n]))([ \t]*user[- ]?agent[ \t]*:?[ \t]*)(\*(?!\w)|[a-z_-]*)[^\r\n]*"
)
#: Stands for the tokens of all other crawlers; not part of any token that we may have.
_OTHER = b"0"


class RobotsFailed(IgnoreRequest):
    """robots.txt was asked for and no answer came, because of ``cause``."""

    def __init__(self, cause: Exception) -> None:
        self.cause = cause
        super().__init__("no answer to the request for robots.txt")


class _Closed:
    """Stands for the rules of a site that did not tell them: nothing may be fetched (RFC 9309, 2.3.1.4)."""

    def __init__(self, failed: Exception | None = None) -> None:
        self._failed = failed

    def allowed(self, url: str | bytes, user_agent: str | bytes) -> bool:
        raise RobotsFailed(self._failed) if self._failed else IgnoreRequest(UNREADABLE)


class Parser(ProtegoRobotParser):
    """Protego takes a group for ours when its name is any part of our user agent; here it is our product token."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, robotstxt_body: bytes) -> Parser:
        token = crawler.settings["ROBOTSTXT_USER_AGENT"].encode()

        def named(line: re.Match[bytes]) -> bytes:
            start, name = line.groups()
            return bytes(start + (name if name == b"*" or name.lower() == token.lower() else _OTHER))

        if len(robotstxt_body) > LONGEST:  # the last line is cut in two
            robotstxt_body = robotstxt_body[:LONGEST].rpartition(b"\n")[0]
        return cls(_GROUP.sub(named, robotstxt_body), crawler.spider)


def product_token(agent: str) -> str:
    """By which name robots.txt speaks of a crawler that calls itself ``agent``."""
    first = re.match(r"[A-Za-z_-]+", agent)
    return PRODUCT if PRODUCT.lower() in agent.lower() or first is None else first[0]


class Robots(RobotsTxtMiddleware):
    """Obeys robots.txt; tells the spider of the sitemaps it names."""

    async def robot_parser(self, request: Request) -> Any:
        """The rules of the request's host. Scrapy (2.19) gives them to the first alone of several that wait; the others
        would be let through without."""
        await super().robot_parser(request)
        return self._parsers[urlsplit(request.url).netloc]

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == 429:
            self._settle(netloc, _Closed())
            return
        await super()._parse_robots(response, netloc, request)
        rules: Any = getattr(self._parsers[netloc], "rp", None)
        if response.status == 200 and rules is not None:
            self._slow_down(netloc, rules.crawl_delay(self._robotstxt_useragent))
            told = getattr(self.crawler.spider, "told_by_robots", None)
            if told is not None:
                told(list(rules.sitemaps)[:20])

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        """A site that cannot be reached at all fails by itself with a better reason; a silent one is closed."""
        gone = (IgnoreRequest, CannotResolveHostError, DownloadConnectionRefusedError, ConnectError)
        if isinstance(exc, gone):
            super()._robots_error(exc, netloc)
        else:
            self._settle(netloc, _Closed(exc))

    def _settle(self, netloc: str, rules: Any) -> None:
        waiting: Any = self._parsers[netloc]
        self._parsers[netloc] = rules
        waiting.callback(rules)

    def _slow_down(self, netloc: str, seconds: float | None) -> None:
        """Crawl-delay is no part of the standard, but it is asked politely."""
        if seconds:
            spider: Any = self.crawler.spider
            spider.visit.pace.clock(urlsplit(f"//{netloc}").hostname or "").slow_down(float(seconds))
