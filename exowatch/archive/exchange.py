"""What is put into the archive: an exchange with a server, or a picture of a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from exowatch.model.captures import KnownPage


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer, as they were on the wire (body de-chunked, still compressed)."""

    source_id: str
    url: str
    """The URL first asked for, before any redirect."""
    request_url: str
    method: str
    request_headers: tuple[tuple[str, str], ...]
    status: int
    reason: str
    response_headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched_at: datetime
    redirect_chain: tuple[str, ...] = ()
    truncated: str | None = None
    known: KnownPage | None = None
    """What the archive holds of this URL; an equal body becomes a revisit record."""
    ip: str | None = None
    page: bool = True
    """False: robots.txt, a sitemap, a feed or a redirect, which nobody reads as a page."""
    requested: bool = True
    """False: no request of ours stands behind it (imports)."""
    origin: str | None = None
    """Of an import: where the bytes were taken from, and who handed them in."""
    certificate: str | None = None
    """``sha256:<hex>`` of the server's TLS certificate (DER)."""
    browser: str | None = None
    """Name and version of the browser whose document ``body`` is: a resource record, no answer as it was sent."""
    beside: str | None = None
    """Id of the crawler's answer that this look belongs to."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A screenshot or PDF file of a page, as a browser drew it."""

    source_id: str
    uri: str
    media_type: str
    body: bytes
    at: datetime
    beside: str | None
    """Id of the record that it is a picture of."""
    browser: str
    truncated: str | None = None
