"""Text of a PDF by page, in paragraphs."""

from __future__ import annotations

import io
import logging
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from exowatch.errors import UnreadableError
from exowatch.pages.charset import without_controls
from exowatch.pages.drafts import Draft
from exowatch.pages.tags import Kind

MOST_PAGES = 200
MOST_CHARS = 1_500_000
_MARK = b"%PDF-"
#: What pypdf is known to let through on damaged files beside its own errors.
_DAMAGE = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    RecursionError,
    NotImplementedError,
    EOFError,
    OSError,
    MemoryError,
    struct.error,
    zlib.error,
)
_BROKEN_WORD = re.compile(r"([^\W\d_])[-\u00ad\u2010]\n\s*([^\W\d_])")
_GAP = re.compile(r"\n[ \t]*\n")
_ENDS = re.compile(r"[.!?:;。！？؟…][\"'»”’)\]]*$")
_BULLET = re.compile(r"^\s*(?:[•●▪◦‣·–—*-]|\d{1,2}[.)])\s+")

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its complaints come back as the reason of unfitness


@dataclass(frozen=True, slots=True)
class PdfText:
    """What was read of a PDF."""

    title: str | None
    drafts: tuple[Draft, ...]
    pages: int
    cut: str | None = None
    """Which limit ended the reading, None when the whole was read."""


def is_pdf(body: bytes) -> bool:
    """Does the body begin as PDF files do? Up to 1,024 bytes may stand before the mark."""
    return _MARK in body[:1024]


def read_pdf(body: bytes) -> PdfText:
    """The text of at most 200 pages. Raises UnreadableError for what is no PDF, is damaged or needs a password."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    if not is_pdf(body):
        raise UnreadableError("announced as a PDF, but it is none")
    try:
        reader = PdfReader(io.BytesIO(body))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableError("the PDF needs a password")
        return _read(reader)
    except (PyPdfError, *_DAMAGE) as error:
        raise UnreadableError(f"damaged PDF: {type(error).__name__}: {str(error)[:120]}") from error


def _read(reader: Any) -> PdfText:
    drafts: list[Draft] = []
    size, cut, count = 0, None, len(reader.pages)
    for number in range(min(count, MOST_PAGES)):
        for text in pdf_paragraphs(reader.pages[number].extract_text() or ""):
            kind: Kind = "list-item" if _BULLET.match(text) else "paragraph"
            drafts.append(Draft(kind, "pdf", text, pdf_page=number + 1))
            size += len(text)
        if size > MOST_CHARS:
            cut = f"only the first {number + 1} of {count} pages are read"
            break
    if count > MOST_PAGES and not cut:
        cut = f"only the first {MOST_PAGES} of {count} pages are read"
    title = reader.metadata.title if reader.metadata else None
    return PdfText(_clean(str(title)) or None if title else None, tuple(drafts), count, cut)


def pdf_paragraphs(text: str) -> Iterator[str]:
    """Lines joined to paragraphs: words broken at a line end are mended; a gap or a short last line ends one."""
    for part in _GAP.split(text.replace("\r\n", "\n").replace("\r", "\n")):
        lines = [line for line in part.split("\n") if line.strip()]
        width = max((len(line) for line in lines), default=0)
        gathered: list[str] = []
        for line in lines:
            if gathered and _BULLET.match(line):
                yield from _joined(gathered)
                gathered = []
            gathered.append(line)
            if len(line) < 0.7 * width and _ENDS.search(line.rstrip()):
                yield from _joined(gathered)
                gathered = []
        yield from _joined(gathered)


def _joined(lines: list[str]) -> Iterator[str]:
    text = _clean(_BROKEN_WORD.sub(_mended, "\n".join(lines)))
    if text:
        yield text


def _mended(found: re.Match[str]) -> str:
    """A word that goes on in a small letter was broken; before a capital the hyphen is its own."""
    before, after = found.groups()
    return before + after if after.islower() else f"{before}-{after}"


def _clean(text: str) -> str:
    return " ".join(without_controls(text).decode("utf-8").split())
