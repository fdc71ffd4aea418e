"""The head of an HTTP message as bytes and back, each byte a letter of Latin-1: what was sent stands in the archive."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from warcio.statusandheaders import StatusAndHeaders

_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(r"HTTP/\d(?:\.\d)? +(\d{3})(?: +(.*))?$")
#: What could end a line, or a record, for some reader or other.
_BREAKS = re.compile(r"[\r\n\0]+")


@dataclass(frozen=True, slots=True)
class Message:
    """An answer: status line, headers, and the body as sent."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def get(self, name: str) -> str | None:
        """The first header of this name."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


def message_of(block: bytes) -> Message:
    """The answer in the block of a record. ValueError where it does not begin as one."""
    end = _END.search(block)
    head, body = (block[: end.start()], block[end.end() :]) if end else (block.rstrip(b"\r\n"), b"")
    first, *lines = head.decode("latin-1").split("\n")
    told = _STATUS.match(first.strip("\r "))
    if told is None:
        raise ValueError("no answer of a web server")
    headers: list[tuple[str, str]] = []
    for line in lines:
        line = line.rstrip("\r")
        if line[:1] in (" ", "\t") and headers:  # a line that goes on, as servers once could write
            name, value = headers.pop()
            headers.append((name, f"{value} {line.strip()}"))
        elif ":" in line:
            name, _, value = line.partition(":")
            headers.append((name.strip(" \t"), value.strip(" \t")))
    return Message(int(told[1]), (told[2] or "").strip(), tuple(headers), body)


class _Head(StatusAndHeaders):  # type: ignore[misc]  # warcio has no types
    """warcio would escape what is not ASCII; here every letter is the byte that was sent."""

    def to_ascii_bytes(self, filter_func: Any = None) -> bytes:
        text = f"{self.to_str(filter_func)}\r\n"
        try:
            return text.encode("latin-1")
        except UnicodeEncodeError:
            return text.encode("utf-8")


def head(first_line: str, pairs: Iterable[tuple[str, str]], *, request: bool = False) -> Any:
    """A status or request line with headers for a record. Line breaks inside are taken out: no server may smuggle a
    header or a record into the archive."""
    plain = [(unbroken(name), unbroken(value)) for name, value in pairs]
    if request:
        return _Head(unbroken(first_line), plain, is_http_request=True)
    return _Head(unbroken(first_line), plain, protocol="HTTP/1.1")


def unbroken(told: str) -> str:
    """A header's value on one line."""
    return _BREAKS.sub(" ", told).strip(" \t")
