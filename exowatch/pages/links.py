"""Links out of a page as absolute http and https addresses without fragments."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urldefrag, urljoin, urlsplit

from exowatch.model.pages import Link

_BLANKS = re.compile(r"[\t\r\n]")
_SCHEME = re.compile(r"^[a-zA-Z][a-zA-Z0-9+.-]*:")
_PLAIN_PATH = re.compile(r"/(?!/)[\w%~./()-]*(?:\?[\w%~./()=&,+-]+)?", re.ASCII)
_PLAIN_URL = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+/[\w%~./()-]*(?:\?[\w%~./()=&,+-]+)?", re.ASCII)
_MOST_LINKS = 20_000
_LONGEST = 4000


def absolute(href: str, base: str) -> str | None:
    """``href`` seen from ``base``, without fragment; None for other schemes and for what is no address."""
    written = _BLANKS.sub("", href).strip().split("#", 1)[0].rstrip()
    if len(written) > _LONGEST or (_SCHEME.match(written) and not written.lower().startswith(("http:", "https:"))):
        return None
    try:
        url = urldefrag(urljoin(base, written)).url
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def base_of(page_url: str, base_href: str | None) -> str:
    """The address that relative links are seen from."""
    return (absolute(base_href, page_url) if base_href else None) or page_url


def read_links(found: Iterable[tuple[str, str, str]], base: str) -> tuple[Link, ...]:
    """Links from (href, text, rel), in page order, exact repetitions once. Links within the page are left out."""
    origin = _origin(base)
    known: dict[str, str | None] = {}
    links: dict[Link, None] = {}
    for href, text, rel in found:
        if href.lstrip().startswith("#") or len(links) >= _MOST_LINKS:
            continue
        if href not in known:
            known[href] = _quick(href, origin) or absolute(href, base)
        url = known[href]
        if url:
            links[Link(url, text, "nofollow" in rel.lower().split())] = None
    return tuple(links)


def _origin(base: str) -> str | None:
    try:
        parts = urlsplit(base)
    except ValueError:
        return None
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") and parts.netloc else None


def _quick(href: str, origin: str | None) -> str | None:
    """The plain links that most are, without the general way, which is five times dearer; None for all others."""
    if "/." in href or len(href) > _LONGEST:
        return None
    if origin and _PLAIN_PATH.fullmatch(href):
        return origin + href
    return href if _PLAIN_URL.fullmatch(href) else None
