"""Undoes Content-Encoding under an output limit, so that a bomb is stopped while it is still small."""

from __future__ import annotations

import importlib
import re
import zlib
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from exowatch.errors import UnreadableError

_CHUNK = 1 << 16
_MOST_CODINGS = 3
_NONE = {"", "identity", "none", "binary", "utf-8"}
Piecewise = Callable[[bytes, int], Iterator[bytes]]
"""From coded bytes and a piece size to decoded pieces of about that size."""


class TooLargeError(UnreadableError):
    """The decoded body is longer than the limit; nothing of it is kept in memory."""

    code = "E-TOO-LARGE"


class _EndsEarly(Exception):
    """The coded stream stops before its end mark."""


def decoded(body: bytes, content_encoding: str | None, limit: int, *, partial: bool = False) -> bytes:
    """``body`` with its content codings undone, last applied first.

    ``limit`` is the most bytes of the result (and of every step on the way). ``partial``: give what there is
    of a stream that ends early, for captures known to be cut. Raises TooLargeError above the limit and
    UnreadableError for an unknown coding, damage, or an early end without ``partial``.
    """
    codings = [name for name in re.split(r"[,\s]+", (content_encoding or "").lower()) if name not in _NONE]
    if len(codings) > _MOST_CODINGS:
        raise UnreadableError(f"{len(codings)} content codings on one body")
    for name in reversed(codings):
        body = _undone(body, name, limit, partial)
    if len(body) > limit:
        raise TooLargeError(f"{len(body)} bytes, more than the limit of {limit}")
    return body


def _undone(body: bytes, name: str, limit: int, partial: bool) -> bytes:
    pieces, size = [], 0
    try:
        for piece in _reader(name)(body, _CHUNK):
            size += len(piece)
            if size > limit:
                raise TooLargeError(f"{name}: more than {limit} bytes when decoded ({len(body)} as sent)")
            pieces.append(piece)
    except _EndsEarly:
        if not partial:
            raise UnreadableError(f"{name}: the stream ends early") from None
    return b"".join(pieces)


def _reader(name: str) -> Piecewise:
    if name in ("gzip", "x-gzip"):
        return _gzip
    if name == "deflate":
        return _deflate
    if name == "br":
        return _brotli
    if name == "zstd":
        return _zstd
    raise UnreadableError(f"unknown content coding {name[:40]!r}")


def _gzip(body: bytes, piece: int) -> Iterator[bytes]:
    """Every member; padding after the last one is let pass, as browsers do."""
    while body:
        stream = zlib.decompressobj(wbits=31)
        yield from _zlib_pieces(stream, body, piece, "gzip")
        body = stream.unused_data.lstrip(b"\0")
        if not body.startswith(b"\x1f\x8b"):
            return


def _deflate(body: bytes, piece: int) -> Iterator[bytes]:
    """With the zlib wrapper that the standard asks for, or the bare stream that many servers send."""
    wrapped = len(body) > 1 and body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0
    yield from _zlib_pieces(zlib.decompressobj(wbits=15 if wrapped else -15), body, piece, "deflate")


def _zlib_pieces(stream: Any, body: bytes, piece: int, name: str) -> Iterator[bytes]:
    rest = body
    try:
        while not stream.eof:
            out = stream.decompress(rest, piece)
            rest = stream.unconsumed_tail
            if out:
                yield out
            elif not rest:
                break
    except zlib.error as error:
        raise UnreadableError(f"{name}: {error}") from error
    if not stream.eof and body:
        raise _EndsEarly


def _brotli(body: bytes, piece: int) -> Iterator[bytes]:
    brotli = _module("brotli", "brotlicffi")
    if brotli is None:
        raise UnreadableError("br: no brotli decoder is installed here")
    stream = brotli.Decompressor()
    try:
        out = stream.process(body, output_buffer_limit=piece)
        while out or not stream.can_accept_more_data():
            yield out
            out = stream.process(b"", output_buffer_limit=piece)
        if not stream.is_finished():
            raise _EndsEarly
    except TypeError:
        raise UnreadableError("br: the installed brotli cannot be limited; 1.2 or newer is needed") from None
    except brotli.error as error:
        raise UnreadableError(f"br: {error}") from error


def _zstd(body: bytes, piece: int) -> Iterator[bytes]:
    zstd = _module("compression.zstd", "backports.zstd")
    if zstd is None:
        raise UnreadableError("zstd: no zstd decoder is installed here")
    while body:
        stream = zstd.ZstdDecompressor()
        try:
            out = stream.decompress(body, piece)
            while out:
                yield out
                out = b"" if stream.eof else stream.decompress(b"", piece)
        except zstd.ZstdError as error:
            raise UnreadableError(f"zstd: {error}") from error
        if not stream.eof:
            raise _EndsEarly
        body = stream.unused_data


def _module(*names: str) -> ModuleType | None:
    for name in names:
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    return None
