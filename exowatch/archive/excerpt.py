"""Records taken out of the archive as they stand, byte for byte, with all that a reader needs to follow them."""

from __future__ import annotations

import hashlib
import uuid
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from exowatch.archive import headers as names
from exowatch.archive.digests import digest_of
from exowatch.archive.read import record_at
from exowatch.archive.walk import Found, walk
from exowatch.errors import ArchiveError
from exowatch.model.captures import Capture, WarcPlace

#: As much of a record's block as its HTTP head takes.
_HEAD = 1 << 16


@dataclass(frozen=True, slots=True)
class Record:
    """One record, where it stands in the archive."""

    place: WarcPlace
    length: int
    """Bytes of its gzip member."""
    kind: str
    id: str
    url: str
    at: str
    headers: tuple[tuple[str, str], ...]
    """WARC headers, as they stand."""
    head: bytes
    """The beginning of its block: HTTP's own head."""

    def told(self, name: str) -> str | None:
        """One of its WARC headers."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(slots=True)
class Files:
    """Archive files, each listed once."""

    folder: Path
    _listed: dict[str, list[Record]] = field(default_factory=dict)

    def records(self, file: str) -> list[Record]:
        """Every whole record of a file. ArchiveError where it cannot be read."""
        if file not in self._listed:
            path = self.folder / file
            try:
                with path.open("rb") as data:
                    found = [part for part in walk(data, limit=_HEAD) if isinstance(part, Found)]
                ends = [part.offset for part in found[1:]] + [path.stat().st_size]
            except OSError as error:
                raise ArchiveError(f"cannot be read: {error.strerror}", file=file) from None
            self._listed[file] = [_record(file, part, end) for part, end in zip(found, ends, strict=True)]
        return self._listed[file]

    def at(self, place: WarcPlace) -> Record:
        """The record at a place; ArchiveError where there is none."""
        for one in self.records(place.file):
            if one.place == place:
                return one
        raise ArchiveError("no whole record stands here", file=place.file, offset=place.offset)

    def raw(self, record: Record) -> bytes:
        """Its gzip member, byte for byte."""
        with (self.folder / record.place.file).open("rb") as data:
            data.seek(record.place.offset)
            return data.read(record.length)

    def block(self, record: Record) -> bytes:
        """All that follows its WARC headers."""
        return record_at(self.folder, record.place).block


def _record(file: str, part: Found, end: int) -> Record:
    told = part.told
    return Record(
        place=WarcPlace(file, part.offset),
        length=end - part.offset,
        kind=part.kind,
        id=names.record_id(told("WARC-Record-ID")),
        url=told("WARC-Target-URI") or "",
        at=told("WARC-Date") or "",
        headers=tuple((str(name), str(value)) for name, value in part.headers.headers),
        head=part.block,
    )


def records_of(files: Files, capture: Capture) -> list[Record]:
    """All that belongs to a capture: its answer and request, the redirects before it, what it repeats, pictures of it,
    the robots.txt of its host, and what its file says of itself. Ordered by place."""
    return exchange_at(files, capture.warc, hops=capture.redirect_chain)


def exchange_at(files: Files, place: WarcPlace, hops: Sequence[str] = (), *, deep: int = 2) -> list[Record]:
    """The same of the exchange at ``place``; ``hops``: addresses that led to it; ``deep``: revisits followed."""
    mine = files.at(place)
    there = files.records(place.file)
    earlier = [one for one in there if one.kind == "response" and _same_visit(one, mine)]
    earlier = [one for one in earlier if one.place.offset < place.offset]
    wanted = [mine]
    for url in (*hops, robots_url(mine.url)):
        wanted += [one for one in earlier if one.url.partition("#")[0] == url.partition("#")[0]][-1:]
    ids = {one.id for one in wanted}
    if beside := names.record_id(mine.told(names.BESIDE)):
        ids.add(beside)  # what a browser made of a page belongs to the crawler's answer
    for _ in range(2):  # that answer's other companions, and their requests
        ids |= {one.id for one in there if names.record_id(one.told(names.BESIDE)) in ids} - {""}
    found = [one for one in there if one.id in ids]
    found += [one for one in there[:1] if one.kind == "warcinfo"]
    if mine.kind == "revisit" and deep:
        found += exchange_at(files, _repeated(mine), deep=deep - 1)
    unique = {one.place: one for one in found}
    return [unique[key] for key in sorted(unique, key=lambda key: (key.file, key.offset))]


def robots_url(url: str) -> str:
    """Where the rules for robots of a page's host stand."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"


def _same_visit(one: Record, other: Record) -> bool:
    return all(one.told(name) == other.told(name) for name in (names.RUN, names.SOURCE))


def _repeated(record: Record) -> WarcPlace:
    file, _, offset = (record.told(names.REPEATS) or "").rpartition("@")
    if not offset.isascii() or not offset.isdigit():
        raise ArchiveError("a revisit record that does not say what it repeats", file=record.place.file)
    return WarcPlace(file, int(offset))


def as_warc(members: Iterable[bytes], facts: Mapping[str, str], at: str, name: str) -> bytes:
    """A WARC file of records as they were archived, behind a warcinfo record with ``facts``, dated ``at``.

    The same records and facts give the same bytes; each record's own gzip member is what it was.
    """
    kept = b"".join(members)
    block = "".join(f"{key}: {value}\r\n" for key, value in facts.items()).encode()
    number = uuid.uuid5(uuid.NAMESPACE_URL, hashlib.sha256(kept + block).hexdigest())
    told = {
        "WARC-Type": "warcinfo",
        "WARC-Record-ID": f"<urn:uuid:{number}>",
        "WARC-Filename": name,
        "WARC-Date": at,
        "WARC-Block-Digest": digest_of(block),
        "Content-Type": "application/warc-fields",
        "Content-Length": str(len(block)),
    }
    head = "WARC/1.1\r\n" + "".join(f"{key}: {value}\r\n" for key, value in told.items()) + "\r\n"
    return zlib.compress(head.encode() + block + b"\r\n\r\n", 9, zlib.MAX_WBITS + 16) + kept
