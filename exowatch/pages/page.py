"""The door of the room: bytes of one capture to a Page, whatever they are."""

from __future__ import annotations

import hashlib
import re

from exowatch.errors import UnreadableError
from exowatch.knowledge.fitness import FitnessRules
from exowatch.model.pages import Fitness, FitnessCode, Page
from exowatch.pages.charset import page_text, without_controls
from exowatch.pages.drafts import Draft
from exowatch.pages.html import digest_of, read_html
from exowatch.pages.judge import Exchange, exchange_fitness, judge, text_length
from exowatch.pages.language import page_language
from exowatch.pages.pdf import read_pdf
from exowatch.pages.plain import plain_drafts
from exowatch.pages.settle import as_blocks

_HTML = ("text/html", "application/xhtml+xml", "application/xhtml")
_UNSAID = ("", "application/octet-stream", "application/x-unknown", "unknown/unknown", "application/binary")
_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body|title|meta|div|p|h1|article|main|table|a|span)\b", re.I)
_BINARY = re.compile(
    rb"^(?:\x89PNG|\xff\xd8\xff|GIF8|RIFF|PK\x03\x04|\x1f\x8b|\x7fELF|Rar!|7z\xbc|OggS|ID3|wOF[F2]|\x00\x00\x00.ftyp"
    rb"|\xd0\xcf\x11\xe0|BM.{4}\x00\x00\x00\x00)",
    re.S,
)
_LOOKED_AT = 4096
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\f\r\x1b")


def read_page(
    body: bytes,
    *,
    url: str,
    content_type: str | None,
    status: int,
    truncated: str | None,
    fitness: FitnessRules,
) -> Page:
    """The page that a capture holds. Never raises, for any bytes: what cannot be read is an unfit page with a reason.

    ``body``: content coding undone (see ``decode.decoded``). ``content_type``: the whole header. ``truncated``: the
    WARC-Truncated reason. ``fitness``: the rules by which the capture is judged.
    """
    exchange = Exchange(status, truncated)
    media_type = (content_type or "").split(";")[0].strip().lower()
    kind = _kind(body, media_type)
    if kind == "pdf":
        return _pdf_page(body, url, exchange)
    if kind == "plain":
        return _plain_page(body, url, media_type or "text/plain", content_type, exchange, fitness)
    if kind == "html":
        shown = media_type if media_type in _HTML else "text/html"
        return read_html(body, url=url, media_type=shown, content_type=content_type, exchange=exchange, rules=fitness)
    why = f"bytes that are no text, announced as {media_type}" if media_type in _HTML else media_type or "no text"
    other = exchange_fitness(exchange) or Fitness("not-text", why)
    return _page(url, media_type or "application/octet-stream", (), other)


def unfit_page(url: str, media_type: str | None, code: FitnessCode, why: str) -> Page:
    """A page of which nothing can be read: for bodies that ``decode.decoded`` refuses."""
    return _page(url, media_type or "application/octet-stream", (), Fitness(code, why))


def _kind(body: bytes, media_type: str) -> str:
    """html, pdf, plain or other: the header is believed unless the first bytes are plainly something else."""
    if media_type in ("application/pdf", "application/x-pdf") or body[:64].lstrip().startswith(b"%PDF-"):
        return "pdf"
    if _BINARY.match(body) or _is_binary(body[:_LOOKED_AT]):
        return "other"
    if media_type in _HTML:
        return "html"
    if media_type == "text/plain":
        return "plain"
    if media_type in _UNSAID:
        return "html" if _MARKUP.search(body[:_LOOKED_AT]) or not body.strip() else "plain"
    if media_type in ("text/xml", "application/xml") and b"http://www.w3.org/1999/xhtml" in body[:_LOOKED_AT]:
        return "html"
    return "other"


def _is_binary(start: bytes) -> bool:
    """More control characters than text has; half of UTF-16 is NUL."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) or b"<\0" in start[:200] or b"\0<" in start[:200]:
        return False
    controls = len(start) - len(start.translate(None, _CONTROLS))
    return controls > max(8, len(start) // 20)


def _pdf_page(body: bytes, url: str, exchange: Exchange) -> Page:
    unfit = exchange_fitness(exchange)
    try:
        found = read_pdf(body)
    except UnreadableError as error:
        return _page(url, "application/pdf", (), unfit or Fitness("unreadable", error.detail))
    title = [Draft("meta", "title", found.title)] if found.title else []
    if not found.drafts:
        unfit = unfit or Fitness("empty", "a PDF without a text layer")
    return _page(url, "application/pdf", (*title, *found.drafts), unfit or Fitness("ok", found.cut or ""), found.title)


def _plain_page(
    body: bytes, url: str, media_type: str, content_type: str | None, exchange: Exchange, rules: FitnessRules
) -> Page:
    text, charset = page_text(body, content_type)
    drafts = plain_drafts(without_controls(text).decode("utf-8"))
    fitness = judge(exchange, drafts, None, text, frozenset(), rules)
    return _page(url, media_type, tuple(drafts), fitness, charset=charset)


def _page(
    url: str,
    media_type: str,
    drafts: tuple[Draft, ...],
    fitness: Fitness,
    title: str | None = None,
    charset: str | None = None,
) -> Page:
    blocks = tuple(as_blocks(drafts, {}))
    return Page(
        url=url,
        media_type=media_type,
        title=title,
        language=page_language([draft.text for draft in drafts if draft.zone != "title"], None) if drafts else None,
        blocks=blocks,
        fitness=fitness,
        text_digest=digest_of(blocks) if blocks else hashlib.sha256(b"").hexdigest(),
        charset=charset,
        text_length=text_length(drafts),
    )
