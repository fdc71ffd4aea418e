"""Guards and manners: private addresses are refused when a connection is made, redirects are judged before they are
followed, and Retry-After is honoured."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from twisted.internet.interfaces import IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer

#: Longest pause that a server may ask for within one visit, in seconds; a longer one ends the asking.
LONGEST_PAUSE = 120
PAUSES = 3


def is_public(address: str) -> bool:
    """True for an address that anybody on the Internet could mean; mapped and translated forms are looked through."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None:
            return is_public(str(inner))
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    return ip.is_global and not ip.is_multicast


@implementer(IResolutionReceiver)
class _Filter:
    """Lets through only addresses that may be connected to."""

    def __init__(self, receiver: Any, guard: GuardedResolver, host: str) -> None:
        self._receiver, self._guard, self._host = receiver, guard, host

    def resolutionBegan(self, resolution: Any) -> None:
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:
        if self._guard.lets_through(address.host, address.port):
            self._receiver.addressResolved(address)
        else:
            self._guard.refused[self._host] = f"{address.host}:{address.port}"

    def resolutionComplete(self) -> None:
        self._receiver.resolutionComplete()


@implementer(IHostnameResolver)
class GuardedResolver:
    """Stands between Twisted and its resolver: every connection, on every redirect, asks here with its port."""

    def __init__(self, inner: Any, allowed: Sequence[str]) -> None:
        self._inner, self._allowed = inner, frozenset(allowed)
        self.refused: dict[str, str] = {}
        """Host → the address that was refused last."""

    def lets_through(self, host: str, port: int) -> bool:
        """Public addresses, and the exact pairs of the configuration."""
        pair = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        return pair in self._allowed or is_public(host)

    def resolveHostName(
        self,
        resolutionReceiver: Any,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Any = None,
        transportSemantics: str = "TCP",
    ) -> IHostResolution:
        """Resolve and filter."""
        receiver = _Filter(resolutionReceiver, self, hostName)
        return self._inner.resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)


class Refused(IgnoreRequest):
    """The watchlist keeps out where a redirect leads."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code, self.words = code, words


class AskedAlready(IgnoreRequest):
    """A redirect leads to a page that was asked for before in this visit."""


class Redirects:
    """Before a page's redirect is followed, its spider judges where it leads."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Redirects:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Once a step: a request that is tried again was judged before."""
        spider: Any = self.crawler.spider
        if request.meta.get("redirect_urls") and request.callback == spider.page:
            url = request.url.partition("#")[0]
            if request.meta.get("judged") != url:
                spider.led_to(url, request)
                request.meta["judged"] = url


class RetryAfter:
    """429 and 503: wait as long as the server says, within bounds, then ask again."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RetryAfter:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Pause the whole source, since it is the source that asked for it."""
        said = response.headers.get("Retry-After")
        if response.status not in (429, 503) or said is None:
            return response
        seconds = seconds_of(said.decode("latin-1"))
        if seconds is None or seconds > LONGEST_PAUSE:
            return response
        spider, engine = self.crawler.spider, self.crawler.engine
        assert spider is not None
        again = get_retry_request(request, spider=spider, reason="Retry-After", max_retry_times=PAUSES)
        if again is None or engine is None:
            return response
        if not engine.paused:
            engine.pause()
            asyncio.get_running_loop().call_later(seconds, engine.unpause)
        return again


def seconds_of(said: str) -> float | None:
    """A Retry-After header (seconds or a date) in seconds from now; None when it is neither."""
    if said.strip().isdigit():
        return float(said)
    try:
        return max(0.0, (parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None
