"""Guards and manners: private addresses are refused at the connection, redirects judged before they are followed, hosts
asked in turn."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from twisted.internet.interfaces import IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer

from exowatch.model.addresses import whole
from spiders.visit import Visit

#: Longest pause that a server may ask for within one visit, in seconds; for a longer one its pages are put off.
LONGEST_PAUSE = 120
#: Longest time, in seconds, that a visit spends on such pauses in all; a host that wants more is put off too.
LONGEST_WAIT = 900
#: How often one address is asked again after such a pause.
PAUSES = 3
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
#: IPv6 networks that Python's ``is_global`` lets through, in some versions, though nobody on the Internet has them.
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(net)
    for net in (
        "fec0::/10",  # site-local, given up (RFC 3879), and still routed inside some sites
        "::/96",  # IPv4-compatible, given up (RFC 4291)
        "64:ff9b:1::/48",  # translation within one network (RFC 8215)
        "::ffff:0:0:0/96",  # IPv4-translated (RFC 2765)
    )
)


def is_public(address: str) -> bool:
    """True for an address that anybody on the Internet could mean; mapped and translated forms are looked through."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None:
            return is_public(str(inner))
        if ip in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
        if any(ip in net for net in _NOT_PUBLIC):
            return False
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

    def process_request(self, request: Request) -> Request | None:
        """Once a step: a request that is tried again was judged before.

        Where it leads is asked for as links are written, so that a page has one address; but for a server that leads
        from that very address to another way of writing it.
        """
        spider: Any = self.crawler.spider
        chain = request.meta.get("redirect_urls")
        if not chain or request.callback != spider.page:
            return None
        url = request.url.partition("#")[0]
        if request.meta.get("judged") == url:
            return None
        place = whole(url, url) or url
        if place != url and place not in chain:
            return request.replace(url=place)
        spider.led_to(url, request)
        request.meta["judged"] = url
        return None


class InTurn(HTTP11DownloadHandler):
    """At the wire, past all queues: each request, robots.txt too, waits for host and source."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.crawler = crawler

    async def download_request(self, request: Request) -> Response:
        """Wait, ask, and heed what the answer says about asking again before anybody else may ask."""
        visit: Visit = self.crawler.spider.visit
        host = urlsplit(request.url).hostname or ""
        clock = await visit.pace.turn(host, visit)
        response = await self.ask(request)
        clock.took(request.meta.get("download_latency", 0.0))
        pause = pause_of(response)
        if pause is not None and pause <= LONGEST_PAUSE:
            until = time.monotonic() + pause
            clock.not_before = max(clock.not_before, until)
            pause = visit.wait_until(until)
            if pause <= LONGEST_WAIT:
                return response
        if pause is not None:
            clock.wants = visit.put_off[host] = min(pause, 1e9)
        return response

    async def ask(self, request: Request) -> Response:
        """Over the wire."""
        return await HTTP11DownloadHandler.download_request(self, request)


class RetryAfter:
    """429 and 503 with a bearable Retry-After: ask again (``InTurn`` waits)."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RetryAfter:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """The same request again, some times; then the answer is what it is."""
        pause = pause_of(response)
        if pause is None or pause > LONGEST_PAUSE:
            return response
        spider = self.crawler.spider
        assert spider is not None
        return get_retry_request(request, spider=spider, reason="Retry-After", max_retry_times=PAUSES) or response


def pause_of(response: Response) -> float | None:
    """Seconds that an answer asks us to wait before we ask again; None when it does not."""
    said = response.headers.get("Retry-After")
    return seconds_of(said.decode("latin-1")) if said and response.status in (429, 503) else None


def seconds_of(said: str) -> float | None:
    """A Retry-After header (seconds or a date) in seconds from now; None when it is neither."""
    if said.strip().isdigit():
        return float(said)
    try:
        return max(0.0, (parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None
