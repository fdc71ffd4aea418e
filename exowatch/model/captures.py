"""One exchange with a web server as it was archived, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

OutcomeResult = Literal["READ", "UNCHANGED", "UNFIT", "FAILED", "DISALLOWED"]
#: Codes of outcomes where no server answered (spiders/base.py).
UNREACHED = frozenset(f"{of}{code}" for of in ("", "robots-") for code in ("dns", "timeout", "unreachable"))


@dataclass(frozen=True, slots=True)
class WarcPlace:
    """Where a record stands: file name relative to the archive folder, byte offset of its gzip member."""

    file: str
    offset: int


@dataclass(frozen=True, slots=True)
class Capture:
    """One archived response. Everything here can be rebuilt from the WARC alone."""

    id: str
    """The UUID of the WARC record."""
    source_id: str
    run_id: str
    url: str
    """The URL first asked for."""
    final_url: str
    """The URL that answered, after redirects, without fragment, session and tracking: the page's identity."""
    fetched_at: datetime
    status: int
    payload_digest: str
    """SHA-256 of the body as sent (after de-chunking), as WARC writes it (base 32); decides *revisit*."""
    warc: WarcPlace
    redirect_chain: tuple[str, ...] = ()
    etag: str | None = None
    last_modified: str | None = None
    media_type: str | None = None
    content_type: str | None = None
    """The whole Content-Type header, charset included."""
    content_encoding: str | None = None
    content_digest: str | None = None
    """``sha256:<hex>`` of the decoded body; decides UNCHANGED. None where it could not be decoded."""
    size: int = 0
    """Bytes of the body as sent."""
    truncated: str | None = None
    """The WARC-Truncated reason (length, time, disconnect), None when whole."""
    revisit_of: str | None = None
    """For a revisit record: id of the record that holds the body."""
    not_modified: bool = False
    """True for HTTP 304 and for a body equal to the archived one."""
    ip: str | None = None
    """Address that answered, as the connection had it."""
    certificate: str | None = None
    """``sha256:<hex>`` of the server's TLS certificate (DER); None without TLS, or where it was not seen."""
    user_agent: str | None = None
    """As sent."""
    language_sent: str | None = None
    """Accept-Language as sent."""
    rendered: bool = False
    """True: what a browser made of the page (its document after scripts ran), not the body that the server sent."""
    clock_offset: int | None = None
    """Seconds that the server's clock (HTTP Date, and Age) was ahead of ``fetched_at``; None where it told none."""


@dataclass(frozen=True, slots=True)
class Beside:
    """The other look at a page that was looked at twice, by the crawler and by a browser."""

    capture: Capture | None
    """What the page's text was *not* read from; None: there was one look alone."""
    pictures: int = 0
    """Screenshots and PDF files archived with it."""
    case_id: int | None = None
    """The case for which the page was secured."""
    secured: bool = False
    """A person asked for this very page (``exowatch capture``)."""
    lacking: str = ""
    """Why no browser, or no crawler, has looked."""


@dataclass(frozen=True, slots=True)
class KnownPage:
    """What the store knows of a page before it is asked for again."""

    url: str
    capture_id: str
    fetched_at: datetime
    etag: str | None
    last_modified: str | None
    payload_digest: str
    content_digest: str | None
    content_type: str | None
    content_encoding: str | None
    warc: WarcPlace
    status: int = 200


@dataclass(frozen=True, slots=True)
class KnownUrl:
    """A page that the store holds, as a visit enters it again."""

    url: str
    depth: int | None = None
    """Links between a start page and it when it was first read; None where no visit has told."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one URL in one run; every URL asked for, or refused, has one."""

    run_id: str
    source_id: str
    url: str
    result: OutcomeResult
    code: str
    """Stable code: ok, not-modified, same-body, challenge, soft-404, gone (read once, and not there any more), no-page
    (never read, and not there), robots, dns, timeout …"""
    detail: str = ""
    capture_id: str | None = None
    """The capture that holds the page's text: this one, or the earlier one when unchanged."""
    warc: WarcPlace | None = None
    """The exchange itself, revisit records included."""
    at: datetime | None = None
