"""Every record of a WARC or ARC file, whoever made it and however it was damaged since.

A record is given out when its bytes can be believed: it is as long as it says, and its block digest holds or its gzip
member ends whole. What cannot be read is told with its place, and reading goes on at the next record after it.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecordLoader

from exowatch.archive.digests import agrees, hasher
from exowatch.archive.stream import Member, Stream, begins, is_gzip, next_start, plain_pieces, starts_record

#: Bytes of a record that are held in memory unless asked for otherwise; the rest is only counted.
BLOCK_LIMIT = 64 << 20
_PIECE = 1 << 16
# it would print addresses that a file holds as they are, whatever they do to a terminal
logging.getLogger("warcio.recordloader").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Found:
    """One whole record."""

    offset: int
    """Of its gzip member, or of itself in a plain file."""
    kind: str
    """response, revisit, request, resource, …"""
    headers: Any
    block: bytes
    """What follows its WARC headers, up to the limit."""
    size: int
    """How long that really is."""
    proven: bool | None
    """Its block digest holds; None: it has none that can be checked."""

    def told(self, name: str) -> str | None:
        """One of its WARC headers."""
        value = self.headers.get_header(name)
        return str(value) if value is not None else None


@dataclass(frozen=True, slots=True)
class Cut:
    """A stretch of the file that gives no record."""

    offset: int
    problem: str


class _Broken(Exception):
    def __init__(self, offset: int, problem: str) -> None:
        self.offset, self.problem = offset, problem
        super().__init__(offset, problem)


def walk(file: BinaryIO, *, start: int = 0, limit: int = BLOCK_LIMIT) -> Iterator[Found | Cut]:
    """Records from ``start`` on, and what lies between them that is none. Bad bytes never raise; OSError may."""
    size, at = file.seek(0, 2), start
    if size == 0:
        yield Cut(0, "the file is empty")
    while at < size:
        begin, problem, bad = at, "no record begins here", at
        if is_gzip(file, at) or begins(file, at):
            try:
                at = yield from _records(file, at, limit)
                continue
            except _Broken as broken:
                bad, problem, begin = broken.offset, broken.problem, broken.offset + 1
        elif _blank(file, at):
            return
        at = next_start(file, begin) or size
        yield Cut(bad, f"{problem} ({at - bad} bytes passed over)")


def _blank(file: BinaryIO, at: int) -> bool:
    """Nothing but padding follows."""
    return not any(piece.strip(b"\0\r\n ") for piece in plain_pieces(file, at))


def _records(file: BinaryIO, at: int, limit: int) -> Generator[Found, None, int]:
    """Records of a member, or of a plain file from ``at`` on; returns where they end. _Broken at the first bad one."""
    member = Member(file, at) if is_gzip(file, at) else None
    stream = Stream(member.pieces() if member else plain_pieces(file, at))
    loader = ArcWarcRecordLoader(verify_http=False, arc2warc=True)
    offset = at
    try:
        line = _next_line(stream)
        while line:
            offset = at if member else at + stream.tell() - len(line)
            found, end = _record(loader, stream, line, offset, limit), stream.tell()
            line = b""
            try:
                line = _next_line(stream)
                if line and not starts_record(line):
                    raise ValueError("a record goes on after the end that it declares")
                if not line and member and member.end is None:
                    raise ValueError("the gzip member is cut")
            except (ValueError, zlib.error):
                # the next record may be cut within its first line: that is no fault of this one
                if found.proven or (line and stream.ended and b"WARC/1.1\r".startswith(line[:7])):
                    yield found
                    offset = at if member else at + (stream.tell() - len(line) if line else end)
                raise
            yield found
    except (ArchiveLoadFailed, EOFError, ValueError, zlib.error) as error:
        raise _Broken(offset, _told(error)) from None
    if member is None:
        return at + stream.tell()
    if member.end is None:
        raise _Broken(at, "the gzip member is cut")
    return member.end


def _next_line(stream: Stream) -> bytes:
    """The first line of the next record; empty at the end."""
    stream.new_record()
    line = stream.readline()
    while line and not line.strip(b"\r\n\0 "):
        stream.new_record()
        line = stream.readline()
    return line


def _record(loader: Any, stream: Stream, line: bytes, offset: int, limit: int) -> Found:
    record = loader.parse_record_stream(stream, line, None, True)
    told = record.rec_headers.get_header
    declared = told("Content-Length") or ""
    if not declared.isascii() or not declared.isdigit() or record.length is None:
        raise ValueError("cut within its headers" if stream.ended else "a record that does not say how long it is")
    block, size, hashed = bytearray(), 0, hasher(told("WARC-Block-Digest"))
    while piece := record.raw_stream.read(_PIECE):
        size += len(piece)
        block += piece[: limit - len(block)]
        if hashed is not None:
            hashed.update(piece)
    if size < record.length:
        raise ValueError(f"cut: {size} of {record.length} bytes are left of {told('WARC-Target-URI') or 'a record'}")
    proven = None if hashed is None else agrees(told("WARC-Block-Digest"), hashed.digest())
    if proven is False and record.rec_type != "revisit":  # some writers digest what a revisit leaves out
        raise ValueError("the record is not what its block digest says")
    return Found(offset, record.rec_type or "", record.rec_headers, bytes(block), size, proven or None)


def _told(error: Exception) -> str:
    """In words that a terminal can show: parsers quote what they stumble over."""
    words = str(error).strip() or type(error).__name__
    return words.encode("ascii", "backslashreplace").decode().translate({n: "?" for n in (*range(32), 127)})[:200]
