"""A second look, by a browser, at a page that the crawler has fetched: asked for, archived, laid beside the first."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from scrapy.http import Request

from exowatch.archive.exchange import Exchange, Picture
from exowatch.archive.read import read_response
from exowatch.intake import says_the_same
from exowatch.model.addresses import site_of
from exowatch.model.captures import Beside, Capture
from exowatch.reading import page_of
from spiders.visit import Fetched, Visit

#: Keys in ``request.meta``: the crawler's capture and the certificate it was shown, whether the page is read from the
#: browser's, and what scrapy-playwright tells of the browser's connection.
SENT, CERTIFICATE, READ, SECURITY = "sent", "certificate", "read", "playwright_security_details"
_HTML = "text/html; charset=utf-8"
#: Answers by which a server keeps a visitor out.
_KEPT_OUT = (401, 403, 407, 429, 503)


def look_request(
    visit: Visit, sent: Capture, certificate: Any, callback: Callable[..., Any], errback: Callable[..., Any]
) -> Request:
    """The request that has a browser look at the page of ``sent``, for which the server showed ``certificate``."""
    from spiders.browser import Look, look_meta

    meta = look_meta(Look(paper=visit.securing is not None))
    meta |= {SENT: sent, CERTIFICATE: certificate, READ: _read_from_browser(visit, sent)}
    return Request(sent.final_url, callback=callback, errback=errback, meta=meta, dont_filter=True)


def _read_from_browser(visit: Visit, sent: Capture) -> bool:
    """The page is read as the watchlist says; where what the server sent says nothing by itself, from the browser.

    That a page is not there is the server's word.
    """
    return visit.source.render or (sent.status == 200 and _fitness(visit, sent) != "ok")


def closed_to_browsers(visit: Visit, sent: Capture) -> str:
    """Why no browser is sent to a page: its server keeps us out, or asks who is there, and a browser might get round
    that. Empty where nothing speaks against it."""
    if sent.status in _KEPT_OUT:
        return f"the server answered {sent.status}, and no browser is sent to get round that"
    if _fitness(visit, sent) == "challenge":
        return "the server asks whether a person is there, and no browser is sent to get round that"
    return ""


def _fitness(visit: Visit, sent: Capture) -> str:
    """What can be said of the crawler's own answer: ok, or why it cannot speak for the page."""
    assert visit.desk is not None
    body = read_response(visit.writer.folder, sent.warc).body
    return page_of(sent, body, visit.desk.knowledge, visit.config.crawl.max_bytes).fitness.code


def put_look(visit: Visit, asked: Exchange, meta: dict[str, Any]) -> Capture:
    """Archive what the browser made of the page, and its pictures, beside the crawler's answer."""
    look, sent = meta["look"], meta[SENT]
    parts = urlsplit(asked.request_url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    body, most = look.document.encode("utf-8", "replace"), visit.config.crawl.max_bytes
    elsewhere = led_elsewhere(meta)
    document = replace(
        asked,
        url=sent.url,
        fetched_at=_answered_at(visit, asked, look.answered),
        request_url=elsewhere or asked.request_url,
        redirect_chain=sent.redirect_chain,
        request_headers=look.sent,
        status=look.status,
        response_headers=(("Content-Type", _HTML), *(pair for pair in look.received if pair[0] in ("date", "age"))),
        body=body[:most],
        truncated="length" if len(body) > most else None,
        ip=visit.gate.reached.get((parts.hostname, port)),
        certificate=_certificate(meta),
        page=meta[READ] and not elsewhere,
        browser=look.browser,
        beside=sent.id,
    )
    seen = visit.writer.put_exchange(document)
    if _is_known(visit, seen, document.body):
        look.drawings.clear()
    for drawing in look.drawings:
        uri = f"{drawing.uri}{seen.final_url}"
        visit.writer.put_picture(
            Picture(
                source_id=visit.source.id,
                uri=uri,
                media_type=drawing.media_type,
                body=drawing.body,
                at=asked.fetched_at,
                beside=sent.id,
                browser=look.browser,
                truncated=drawing.truncated,
            )
        )
    return seen


def _is_known(visit: Visit, seen: Capture, body: bytes) -> bool:
    """In a crawl, a page whose text stands as it was is not drawn again: pictures are most of an archive's bytes."""
    if visit.securing or visit.desk is None:
        return False
    page = page_of(seen, body, visit.desk.knowledge, visit.config.crawl.max_bytes)
    return page.fitness.fit and says_the_same(visit.desk, visit.source.id, page)


def _certificate(meta: dict[str, Any]) -> str | None:
    """Digest of the certificate that the browser was shown. It tells subject and dates of it alone: where those are the
    crawler's, the digest is too; where not, that is noted."""
    shown, ours = meta.get(SECURITY) or {}, meta.get(CERTIFICATE)
    if not shown.get("validTo") or ours is None:
        return None
    known = ours.original.to_cryptography()
    dates = (int(known.not_valid_before_utc.timestamp()), int(known.not_valid_after_utc.timestamp()))
    if (int(shown["validFrom"]), int(shown["validTo"])) == dates:
        sent: Capture = meta[SENT]
        return sent.certificate
    words = f"the browser was shown another certificate than the crawler: of {shown.get('subjectName')}, by"
    meta["look"].notes.append(f"{words} {shown.get('issuer')}, valid until {shown['validTo']} (Unix time)"[:300])
    return None


def _answered_at(visit: Visit, asked: Exchange, answered: float) -> datetime:
    """When the server answered the browser, some seconds before the page was drawn (a clock may be set to stand)."""
    if visit.run.simulated or not answered:
        return asked.fetched_at
    return asked.fetched_at - timedelta(seconds=max(0.0, time.monotonic() - answered))


def led_elsewhere(meta: dict[str, Any]) -> str:
    """Where a script took the browser, if that is another site."""
    at = meta["look"].at
    return at if at and site_of(at) != site_of(meta[SENT].final_url) else ""


def both(visit: Visit, meta: dict[str, Any], seen: Capture) -> Fetched:
    """The capture that the page is read from, with the other one beside it."""
    sent, look = meta[SENT], meta["look"]
    read, other = (seen, sent) if meta[READ] else (sent, seen)
    return Fetched(read, _beside(visit, other, len(look.drawings), "; ".join(look.notes)))


def alone(visit: Visit, capture: Capture, why: str = "") -> Fetched:
    """A page that the crawler alone has seen."""
    if visit.securing is None:
        return Fetched(capture)
    why = why or visit.securing.no_browser or f"no browser looks at {capture.media_type or 'such an answer'}"
    return Fetched(capture, _beside(visit, None, 0, why))


def _beside(visit: Visit, other: Capture | None, pictures: int, lacking: str) -> Beside:
    case_id = visit.securing.case_id if visit.securing else None
    return Beside(other, pictures, case_id, visit.securing is not None, lacking)
