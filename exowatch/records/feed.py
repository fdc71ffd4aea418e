"""RSS 2.0, RSS 1.0 and Atom: the entries of a feed, whichever it is."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import urljoin

import feedparser

from exowatch.errors import UnreadableError
from exowatch.model.records import Record


def read_feed(body: bytes, url: str) -> tuple[Record, ...]:
    """The entries of a feed in its order; links are made whole against ``url``. UnreadableError when it is no feed.

    Broken XML gives what could be read of it. No request is made.
    """
    read = feedparser.parse(io.BytesIO(body), response_headers={"content-location": url})
    if not read.get("version") and not read.entries:
        raise UnreadableError("not a feed", url=url)
    language = read.feed.get("language") or None
    return tuple(_record(entry, url, language) for entry in read.entries if entry.get("link") or entry.get("id"))


def _record(entry: Any, url: str, language: str | None) -> Record:
    link = urljoin(url, entry.get("link") or entry.get("id") or "")
    return Record(
        kind="news",
        id=entry.get("id") or link,
        url=link,
        title=" ".join((entry.get("title") or "").split()),
        summary=entry.get("summary") or "",
        published=entry.get("published") or None,
        updated=entry.get("updated") or None,
        language=entry.get("language") or language,
        doi=(entry.get("prism_doi") or entry.get("dc_identifier") or "").removeprefix("doi:").lower() or None,
    )
