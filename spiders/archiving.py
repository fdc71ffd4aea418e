"""Nearest the wire: every exchange is archived as it was sent, before anybody looks at it."""

from __future__ import annotations

import hashlib
import time
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload
from scrapy.http import Headers, Request, Response
from scrapy.responsetypes import responsetypes
from twisted.web.http import RESPONSES

from exowatch.archive.exchange import Exchange
from exowatch.archive.read import read_response
from exowatch.errors import NoRoomError, RecordError, UnreadableError
from exowatch.pages.decode import decoded
from exowatch.room import KEPT, too_little
from spiders.looking import put_look
from spiders.visit import Visit

#: Keys in ``request.meta``; few, since many requests wait at once.
CAPTURE, KNOWN, CUT, STARTED, SIZE, LOOK = "capture", "known", "cut", "started", "size", "look"
#: The page was fetched earlier in this visit.
AGAIN = "again"


_NO_TEXT = (b"image/", b"video/", b"audio/", b"font/")


class Archiving:
    """Conditional request headers on the way out; on the way in the archive, then a decoded response."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        crawler.signals.connect(self.headers_received, signals.headers_received)
        crawler.signals.connect(self.bytes_received, signals.bytes_received)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Archiving:
        return cls(crawler)

    @property
    def visit(self) -> Visit:
        visit: Visit = self.crawler.spider.visit
        return visit

    def process_request(self, request: Request) -> None:
        """Ask only for what changed, where the archive holds the page."""
        meta = request.meta
        for key in (CAPTURE, CUT, STARTED, SIZE):
            meta.pop(key, None)
        url = request.url.partition("#")[0]
        fresh = "robots" in request.url[-12:] or LOOK in meta
        known = None if fresh else self.visit.known(url, fetched=meta.get(AGAIN, False))
        meta[KNOWN] = known
        for name in ("If-None-Match", "If-Modified-Since"):
            request.headers.pop(name, None)
        if known and known.etag:
            request.headers["If-None-Match"] = known.etag
        elif known and known.last_modified:
            request.headers["If-Modified-Since"] = known.last_modified

    def headers_received(self, headers: Headers, request: Request) -> None:
        """Images, sound and film are not fetched, whatever their address looks like."""
        if (headers.get("Content-Type") or b"").lower().startswith(_NO_TEXT):
            raise StopDownload(fail=True)
        request.meta[STARTED] = time.monotonic()
        request.meta[SIZE] = 0

    def bytes_received(self, data: bytes, request: Request) -> None:
        """Cut a body that is too long or too slow; what came so far is kept."""
        meta, limits = request.meta, self.visit.config.crawl
        size = meta[SIZE] = meta.get(SIZE, 0) + len(data)
        if size > limits.max_bytes:
            meta[CUT] = "length"
        elif time.monotonic() - meta.get(STARTED, time.monotonic()) > limits.timeout:
            meta[CUT] = "time"
        else:
            return
        raise StopDownload(fail=False)

    def process_response(self, request: Request, response: Response) -> Response:
        """Archive the exchange; hand on a decoded response, for 304 the archived one."""
        visit, meta = self.visit, request.meta
        self._look_at_disk(visit)
        cut = meta.get(CUT) or ("disconnect" if "dataloss" in response.flags else None)
        if response.status == 206:  # nobody asked for a part
            cut = cut or "unspecified"
        body = response.body[: visit.config.crawl.max_bytes] if cut == "length" else response.body
        exchange = Exchange(
            source_id=visit.source.id,
            url=(meta.get("redirect_urls") or [request.url])[0],
            request_url=request.url,
            method=request.method,
            request_headers=_pairs(request.headers),
            status=response.status,
            reason=RESPONSES.get(response.status, b"").decode(),
            response_headers=_pairs(response.headers),
            body=body,
            fetched_at=visit.now(),
            redirect_chain=tuple(meta.get("redirect_urls") or ()),
            truncated=cut,
            known=meta.get(KNOWN),
            ip=str(response.ip_address) if response.ip_address else None,
            certificate=certificate_digest(response.certificate),
            page=self._is_page(request, response),
        )
        try:
            if LOOK in meta:
                meta[CAPTURE] = put_look(visit, exchange, meta)
                return response
            capture = visit.writer.put_exchange(exchange)
        except RecordError as error:
            visit.stop(error, self.crawler)
            raise
        meta.pop(KNOWN, None)
        meta[CAPTURE] = capture
        if response.status == 304 and capture.not_modified:
            archived = read_response(visit.writer.folder, capture.warc)
            body, headers = archived.body, Headers(_bytes_pairs(archived.headers))
        else:
            headers = response.headers
        return self._plain(response, headers, body)

    def _is_page(self, request: Request, response: Response) -> bool:
        """Sitemaps, feeds, robots.txt and redirects are archived, and are no pages; nor is what will be rendered."""
        status, kind = response.status, (response.headers.get("Content-Type") or b"").decode("latin-1")
        rendered = self.visit.source.render and self.visit.is_looked_at(status, kind)
        asked_as_page = getattr(request.callback, "__name__", "") in ("page", "again")
        return asked_as_page and not rendered and not (300 <= status < 400 and status != 304)

    def _look_at_disk(self, visit: Visit) -> None:
        """Stop before the disk is full: a cut archive is worth less than a short visit. A look takes microseconds."""
        if (why := too_little(visit.config)) is not None:
            visit.stop(NoRoomError(f"the crawl was ended: {why}\n  {KEPT}"), self.crawler)

    def _plain(self, response: Response, headers: Headers, body: bytes) -> Response:
        """The response with its body decompressed; one that will not decode comes empty (reading will say why)."""
        encoding = (headers.get("Content-Encoding") or b"").decode("latin-1") or None
        try:
            body = decoded(body, encoding, self.visit.config.crawl.max_bytes)
        except UnreadableError:
            body = b""
        plain = Headers(headers)
        plain.pop("Content-Encoding", None)
        kind = responsetypes.from_args(headers=plain, url=response.url, body=body)
        made: Response = response.replace(body=body, headers=plain, cls=kind)
        return made


def certificate_digest(certificate: Any) -> str | None:
    """SHA-256 of a certificate as Twisted hands it on (its DER form)."""
    if certificate is None:
        return None
    return f"sha256:{hashlib.sha256(certificate.dump()).hexdigest()}"


def _pairs(headers: Headers) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, values in headers.items() for value in values
    )


def _bytes_pairs(pairs: tuple[tuple[str, str], ...]) -> list[tuple[bytes, Any]]:
    return [(name.encode("latin-1", "replace"), value.encode("latin-1", "replace")) for name, value in pairs]
