"""How the address of a page is written: crawl and import must give one page one name."""

from __future__ import annotations

import contextlib
import functools
import ipaddress
import re
from urllib.parse import urljoin, urlsplit, urlunsplit

from w3lib.url import safe_url_string

from exowatch.model.sessions import plain_path, plain_query

#: What is never a page of text.
_NO_PAGE = re.compile(
    r"\.(jpe?g|png|gif|webp|svg|ico|bmp|tiff?|mp[34]|m4[av]|avi|mov|webm|wav|zip|gz|rar|7z|exe|dmg|css|js|json|woff2?|"
    r"ttf|eot|docx?|xlsx?|pptx?)$",
    re.IGNORECASE,
)
_ESCAPE = re.compile("%([0-9a-fA-F]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
LONGEST_URL = 1000
_PAIR = re.compile(r"^(\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-fA-F:.]+\]):(\d{1,5})$")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_PORTS = {"http": 80, "https": 443}


def whole(base: str, link: str, encoding: str = "utf-8") -> str | None:
    """``link`` as an absolute web address, written as it will be asked for and stored: normal by RFC 3986 (6.2.2 and
    6.2.3), without fragment and tracking. ``encoding``: that of the page, in which its queries are written."""
    try:
        absolute = urljoin(base, link.strip())
    except ValueError:
        return None
    return _normal(absolute, encoding)


# menus repeat the same addresses on every page of a site
@functools.lru_cache(maxsize=20_000)
def _normal(absolute: str, encoding: str) -> str | None:
    try:
        parts = urlsplit(safe_url_string(absolute, encoding))
        host = parts.hostname
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    query = plain_query(parts.query)
    host = f"[{host}]" if ":" in host else host
    place = host if port in (None, _PORTS[parts.scheme]) else f"{host}:{port}"
    path = _without_dots(_ESCAPE.sub(_normal_escape, plain_path(parts.path))) or "/"
    url = urlunsplit((parts.scheme, place, path, _ESCAPE.sub(_normal_escape, query), ""))
    return url if len(url) <= LONGEST_URL else None


def page_of(url: str) -> str:
    """The page that answered at ``url``: its address without fragment, session and tracking, else as it is written.

    A server may add a session to any address by a redirect; the page that it leads to is not a new one every time.
    """
    url = url.partition("#")[0]
    place, mark, query = url.partition("?")
    kept = plain_query(query)
    return plain_path(place) + (mark if kept or not query else "") + kept


def _normal_escape(found: re.Match[str]) -> str:
    """``%7e`` is ``~``, and ``%c3`` is ``%C3``: one page, however it is written."""
    letter = chr(int(found[1], 16))
    return letter if letter in _UNRESERVED else found[0].upper()


def _without_dots(path: str) -> str:
    """The path without ``.`` and ``..`` (RFC 3986, 5.2.4)."""
    if "/." not in path:
        return path
    kept: list[str] = []
    for part in path.split("/")[1:]:
        if part == "..":
            kept[-1:] = []
        elif part != ".":
            kept.append(part)
    return "/" + "/".join([*kept, ""] if path.endswith(("/.", "/..")) else kept)


def tidy(base: str, link: str, encoding: str = "utf-8") -> str | None:
    """``link`` as ``whole`` writes it; None where it can be no page."""
    url = whole(base, link, encoding)
    return None if url is None or _is_no_page(url) else url


@functools.lru_cache(maxsize=20_000)
def _is_no_page(url: str) -> bool:
    return bool(_NO_PAGE.search(urlsplit(url).path))


def site_of(url: str) -> str:
    """The site that a URL belongs to: host (``www.`` left off) and port."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    return host if parts.port is None else f"{host}:{parts.port}"


def no_address(value: str) -> str | None:
    """Why nothing can be asked for at this address; None where something can."""
    if not re.match(r"https?://", value, re.IGNORECASE):
        return "it does not begin with https:// or http://"
    if re.search(r"\s|[\x00-\x1f\x7f]", value):
        return "there is a blank in it"
    if len(value) > LONGEST_URL:
        return f"it is longer than {LONGEST_URL} characters"
    try:
        parts = urlsplit(value)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:  # of host and port alike: "Port out of range 0-65535", "Invalid IPv6 URL"
        return str(error)
    if parts.username is not None:
        return "names and passwords are not sent"
    if port == 0:
        return "there is no port 0"
    return None if (":" in host and "%" not in host) or _is_name(host) else f"{host!r} is no name of a host"


def _is_name(host: str) -> bool:
    """True for a name in the shape that the Domain Name System knows; names in other letters are looked at as sent."""
    try:
        sent = host.removesuffix(".").encode("idna").decode("ascii")
    except UnicodeError:
        return False
    return len(sent) <= 253 and all(_LABEL.fullmatch(label) for label in sent.split("."))


def exact_pair(pair: str) -> str:
    """An ``ip:port`` pair as the guard of addresses writes it. ValueError for one that no connection has."""
    found = _PAIR.fullmatch(pair)
    with contextlib.suppress(ValueError):
        if found and 0 < int(found[2]) <= 65535:
            ip = ipaddress.ip_address(found[1].strip("[]"))
            return f"[{ip}]:{int(found[2])}" if ip.version == 6 else f"{ip}:{int(found[2])}"
    raise ValueError(f"{pair!r} is not an ip:port pair such as 127.0.0.5:8080")
