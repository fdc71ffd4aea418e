"""Text from strangers, made fit to print: what could steer a terminal or turn a line round is shown, not obeyed."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from urllib.parse import urlsplit

from exowatch.unseen import one_line


@dataclass(frozen=True, slots=True)
class Address:
    """A web address to print: ``text`` as read, ``host`` apart, ``href`` only where it may become a link."""

    text: str
    host: str
    href: str | None


def plain(text: object) -> str:
    """``text`` on one line, as ``unseen.one_line`` makes it."""
    return one_line(text)


def shortened(text: str, limit: int) -> str:
    """``text``, cut in its end to about ``limit`` characters with a note of its full length."""
    return text if len(text) <= limit else f"{text[:limit].rstrip()} … ({len(text):,} characters)"


def brief(text: object, limit: int = 200) -> str:
    """``text`` made plain and cut to about ``limit`` characters: for all that is no quote."""
    return shortened(plain(text), limit)


def address(url: object) -> Address:
    """How to print ``url``. Only http and https become links; the host is given as the network reads it."""
    text = plain(url)
    try:
        parts = urlsplit(text)
        host, scheme = parts.hostname or "", parts.scheme.lower()
    except ValueError:
        return Address(_middle(text), "", None)
    linked = scheme in ("http", "https") and bool(host) and text == str(url)
    return Address(_middle(text), _ascii(host), text.replace(" ", "%20") if linked else None)


def _middle(text: str, limit: int = 160) -> str:
    return text if len(text) <= limit else f"{text[: limit - 40]}…{text[-39:]}"


def _ascii(host: str) -> str:
    """``host`` in its network form, so that look-alike letters show."""
    if host.isascii():
        return host
    try:
        return unicodedata.normalize("NFKC", host).encode("idna").decode("ascii")
    except UnicodeError:
        return host
