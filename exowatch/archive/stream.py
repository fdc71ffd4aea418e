"""Bytes of WARC files in small pieces: a gzip member or plain records, and where the next readable one begins.

Nothing here believes a length that a file declares, and nothing is held in memory beyond a piece and a line.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO

_PIECE = 1 << 16
_GZIP = b"\x1f\x8b\x08"
_PLAIN = re.compile(rb"WARC/(?:1\.\d|0\.1[78])\r?\n")
_ARC = re.compile(rb"(?:filedesc|https?|ftp|dns):\S+ [^\r\n]*\b\d{14} ")
_START = re.compile(rb"\x1f\x8b\x08|(?<=\n)WARC/[01]\.")
#: WARC header lines of one record, all told: more is an attack on memory.
_MOST_HEADERS = 1 << 18


class Stream:
    """What warcio parses records from: ``read`` and ``readline`` over pieces, with a limit on lines of headers."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._buffer, self._at, self._before = pieces, b"", 0, 0
        self._lines_left = _MOST_HEADERS

    def tell(self) -> int:
        """Bytes given out so far."""
        return self._before + self._at

    @property
    def ended(self) -> bool:
        """Nothing follows."""
        return not self._more()

    def new_record(self) -> None:
        """Headers are counted from here on."""
        self._lines_left = _MOST_HEADERS

    def read(self, size: int) -> bytes:
        """At most ``size`` bytes; fewer only where the next piece begins, none only at the end."""
        if not self._more():
            return b""
        given = self._buffer[self._at : self._at + size]
        self._at += len(given)
        return given

    def readline(self, size: int | None = None) -> bytes:
        """A line with its end. ValueError beyond what headers may hold."""
        parts = []
        left = self._lines_left if size is None else min(size, self._lines_left)
        while left > 0 and self._more():
            end = self._buffer.find(b"\n", self._at, self._at + left)
            part = self.read(left if end < 0 else end + 1 - self._at)
            parts.append(part)
            left -= len(part)
            if end >= 0:
                break
        line = b"".join(parts)
        self._lines_left -= len(line)
        if self._lines_left <= 0:
            raise ValueError("headers without end")
        return line

    def _more(self) -> bool:
        while self._at >= len(self._buffer):
            piece = next(self._pieces, None)
            if piece is None:
                return False
            self._before += len(self._buffer)
            self._buffer, self._at = piece, 0
        return True


class Member:
    """One gzip member, given out as it is inflated: a bomb costs time, not memory."""

    def __init__(self, file: BinaryIO, offset: int) -> None:
        self._file, self._offset = file, offset
        self.end: int | None = None
        """Where it ends, once it was read whole and its check sum held."""

    def pieces(self) -> Iterator[bytes]:
        """What it holds. zlib.error where it is damaged; it just ends where it is cut."""
        inflate, position = zlib.decompressobj(wbits=31), self._offset
        while not inflate.eof:
            data = inflate.unconsumed_tail
            if not data:
                self._file.seek(position)
                data = self._file.read(_PIECE)
                position += len(data)
            piece = inflate.decompress(data, _PIECE)
            if piece:
                yield piece
            elif not data and not inflate.eof:
                return
        self.end = position - len(inflate.unused_data)


def plain_pieces(file: BinaryIO, offset: int) -> Iterator[bytes]:
    """A file from ``offset`` on, as it is."""
    file.seek(offset)
    while piece := file.read(_PIECE):
        yield piece


def is_gzip(file: BinaryIO, offset: int) -> bool:
    """A gzip member seems to begin here."""
    file.seek(offset)
    return file.read(3) == _GZIP


def begins(file: BinaryIO, offset: int) -> bool:
    """A record, or a member that holds records or nothing, begins exactly here."""
    if is_gzip(file, offset):
        try:
            start = next(Member(file, offset).pieces(), b"")
        except zlib.error:
            return False
        return not start or starts_record(start)
    file.seek(offset)
    return starts_record(file.read(4096))


def starts_record(start: bytes) -> bool:
    """These are the first bytes of a WARC or ARC record."""
    return bool(_PLAIN.match(start) or _ARC.match(start))


def next_start(file: BinaryIO, offset: int) -> int | None:
    """Where, from ``offset`` on, the next record or member of records begins; None: nowhere."""
    if begins(file, offset):
        return offset
    kept, position = b"", offset
    while True:
        file.seek(position)
        piece = file.read(_PIECE)
        if not piece:
            return None
        window, base = kept + piece, position - len(kept)
        for found in _START.finditer(window):
            if base + found.start() >= offset and begins(file, base + found.start()):
                return base + found.start()
        kept, position = window[-8:], position + len(piece)
