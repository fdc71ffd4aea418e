"""Answers of web servers in WARC, WACZ and ARC files, our own and those of other programs, as a crawl would have them.

wget, warcio, Browsertrix, Heritrix and others differ in what they write around an answer; here they come out alike:
one HTTP answer without Transfer-Encoding, whole or told as cut.
"""

from __future__ import annotations

import io
import ipaddress
import json
import re
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from warcio.bufferedreaders import ChunkedDataReader

from exowatch.archive import headers as names
from exowatch.archive.digests import matches
from exowatch.archive.walk import Cut, Found, walk
from exowatch.archive.wire import Message, message_of
from exowatch.archive.zipped import warcs_in_zip
from exowatch.errors import UnreadableError
from exowatch.model.addresses import tidy, whole

_DIGEST = re.compile("sha256:[0-9a-f]{64}")
WARC_NAMES = (".warc", ".warc.gz", ".arc", ".arc.gz")
ARCHIVE_NAMES = (*WARC_NAMES, ".wacz")
#: Media types that are read as a page; "" is looked into.
_PAGES = frozenset(
    ("", "text/html", "application/xhtml+xml", "text/plain", "application/pdf", "application/octet-stream")
)
#: No page, and yet what a crawl archives: sitemaps and feeds.
_LISTS = frozenset(("text/xml", "application/xml", "application/rss+xml", "application/atom+xml"))


#: What ``zipfile`` raises at damage; offsets that lead nowhere are an OSError.
_NO_ZIP = (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OverflowError, OSError, struct.error)


@dataclass(frozen=True, slots=True)
class Answer:
    """One archived answer. ``source`` is None where another program wrote the record."""

    file: str
    offset: int
    record_id: str
    names: frozenset[str]
    """Its id, and that of the request that it tells of."""
    url: str
    """Written as a crawl writes addresses."""
    first_url: str
    chain: tuple[str, ...]
    at: datetime
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    digest: str
    truncated: str | None
    source: str | None
    said_no_page: bool
    repeats: tuple[str, str, str] | None
    """Of a revisit: id of the record it repeats, and its address and time; the body is there."""
    ip: str | None = None
    certificate: str | None = None
    """Digest of the TLS certificate, in records of ours."""
    browser: str | None = None
    """In records of ours: whose document this is, no answer as it was sent."""

    @property
    def media_type(self) -> str:
        """Lower case, without parameters."""
        told = next((value for name, value in self.headers if name.lower() == "content-type"), "")
        return told.partition(";")[0].strip().lower()

    @property
    def use(self) -> str:
        """page, kept (archived as a crawl does, no page) or other (a crawl would not have asked for it)."""
        if self.status < 200 or self.said_no_page or urlsplit(self.url).path == "/robots.txt":
            return "kept"
        if 300 <= self.status < 400 and not (self.status == 304 and self.repeats):
            return "kept"
        if tidy(self.url, self.url) is None and self.source is None:
            return "other"
        return "page" if self.media_type in _PAGES else "kept" if self.media_type in _LISTS else "other"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something in a file that gives no answer although it should."""

    place: str
    problem: str


@dataclass(frozen=True, slots=True)
class NotGot:
    """A request that was no GET; ids of records around it, before it or after. A crawl never asks so."""

    names: frozenset[str]


def answers_in(path: Path) -> Iterator[Answer | NotGot | Trouble]:
    """Every answer of the file and what of it cannot be read, in its order. OSError may be raised."""
    for name, file in _opened(path):
        for part in walk(file):
            if isinstance(part, Cut):
                yield Trouble(f"{name}@{part.offset}", part.problem)
            elif part.kind == "request" and part.block[:4].upper() != b"GET ":
                yield NotGot(_names(part))
            else:
                try:
                    found = answer_of(part, name)
                except UnreadableError as error:
                    yield Trouble(f"{name}@{part.offset}", error.detail)
                    continue
                if found is not None:
                    yield found


def answer_at(path: Path, told: Answer) -> Answer | None:
    """The answer that was met as ``told``, read again; None where it is no longer there."""
    for name, file in _opened(path):
        if name != told.file:
            continue
        for part in walk(file, start=told.offset):
            if isinstance(part, Found) and part.kind != "request" and _id(part) == told.record_id:
                return answer_of(part, name)
    return None


def _opened(path: Path) -> Iterator[tuple[str, BinaryIO]]:
    """The WARC files that ``path`` is or holds, each with the name that messages call it by."""
    with path.open("rb") as file:
        if not path.name.lower().endswith(".wacz"):
            yield path.name, file
            return
        try:
            with zipfile.ZipFile(file) as bundle:
                for name, inner in warcs_in_zip(bundle, file):
                    yield f"{path.name}!{name}", inner
                return
        except _NO_ZIP:
            pass  # a cut bundle has lost its table of contents; the WARC files in it stand there uncompressed
        yield path.name, file


def answer_of(part: Found, file: str) -> Answer | None:
    """The record as an answer; None where it is none. UnreadableError where its address, time or body cannot be so."""
    uri = part.told("WARC-Target-URI") or ""
    if part.kind not in ("response", "resource", "revisit") or not uri.lower().startswith(("http://", "https://")):
        return None
    url, at = whole(uri, uri), _time(part.told("WARC-Date"))
    if url is None:
        raise UnreadableError(f"{uri[:200]!r} is no web address")
    if at is None:
        raise UnreadableError(f"{uri[:200]!r} does not say when it was fetched")
    sent = _sent(part)
    truncated = part.told("WARC-Truncated") or ("length" if part.size > len(part.block) else None)
    plain = _unchunked(sent)
    if part.kind == "response" and not truncated and matches(part.told(names.PAYLOAD), sent.body, plain) is False:
        raise UnreadableError(f"{url}: the body is not what its digest says")
    return Answer(
        file=file,
        offset=part.offset,
        record_id=_id(part),
        names=_names(part),
        url=url,
        first_url=part.told(names.FIRST_URL) or url,
        chain=_chain(part.told(names.CHAIN)),
        at=at,
        status=sent.status,
        reason=sent.reason,
        headers=tuple((k, v) for k, v in sent.headers if k.lower() != "transfer-encoding"),
        body=plain,
        digest=part.told(names.PAYLOAD) or "",
        truncated=truncated,
        source=part.told(names.SOURCE),
        said_no_page=part.told(names.PAGE) == "no",
        repeats=_repeats(part) if part.kind == "revisit" else None,
        ip=_ip(part.told("WARC-IP-Address")),
        certificate=told if _DIGEST.fullmatch(told := part.told(names.CERTIFICATE) or "") else None,
        browser=part.told(names.BROWSER) if part.kind == "resource" else None,
    )


def _sent(part: Found) -> Message:
    if part.kind == "resource":  # bytes alone, as some programs keep documents
        status = part.told(names.STATUS) or ""  # ours, of a page that a browser has looked at
        code = int(status) if status.isascii() and status.isdigit() and len(status) == 3 else 200
        return Message(code, "OK", (("Content-Type", part.told("Content-Type") or ""),), part.block)
    if part.kind == "revisit" and not part.block.strip():
        return Message(200, "OK", (), b"")
    try:
        return message_of(part.block)
    except ValueError as error:
        raise UnreadableError(f"{part.told('WARC-Target-URI')}: {error}") from None


def _unchunked(sent: Message) -> bytes:
    """The body without chunks, whether or not the program that kept the header kept those too."""
    chunked = any(k.lower() == "transfer-encoding" and "chunked" in v.lower() for k, v in sent.headers)
    return bytes(ChunkedDataReader(io.BytesIO(sent.body)).read()) if chunked else sent.body


def _time(told: str | None) -> datetime | None:
    try:
        read = datetime.fromisoformat(told or "")
    except ValueError:
        return None
    return read.replace(tzinfo=read.tzinfo or UTC).astimezone(UTC)


def _chain(told: str | None) -> tuple[str, ...]:
    try:
        read = json.loads(told or "[]")
    except ValueError:
        return ()
    return tuple(str(one) for one in read) if isinstance(read, list) else ()


def _repeats(part: Found) -> tuple[str, str, str]:
    told = part.told
    uri, at = told("WARC-Refers-To-Target-URI") or "", _time(told("WARC-Refers-To-Date"))
    return names.record_id(told("WARC-Refers-To")), whole(uri, uri) or "", at.isoformat() if at else ""


def _ip(told: str | None) -> str | None:
    """The address in a header, where it is one."""
    try:
        return str(ipaddress.ip_address((told or "").strip()))
    except ValueError:
        return None


def _id(part: Found) -> str:
    return names.record_id(part.told("WARC-Record-ID")) or f"@{part.offset}"


def _names(part: Found) -> frozenset[str]:
    """Ids by which a request may name its answer, or an answer its request."""
    return frozenset({_id(part), names.record_id(part.told("WARC-Concurrent-To"))} - {""})
