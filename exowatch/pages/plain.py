"""Plain text to blocks; and the last resort for markup that no tree can be made of."""

from __future__ import annotations

import re

from exowatch.pages.drafts import Draft
from exowatch.pages.tags import BLOCKS, SKIPPED
from exowatch.pages.walk import MOST_BLOCKS

_BLANK_LINE = re.compile(r"\n[ \t\f\v]*\n")
_TAG = re.compile(r"<(/?)([A-Za-z][^\s/<>]*+)[^<>]*+>|<!--|-->")


def plain_drafts(text: str) -> list[Draft]:
    """One paragraph for each stretch between blank lines."""
    return [Draft("paragraph", "body", line) for line in paragraphs(text)[:MOST_BLOCKS]]


def paragraphs(text: str) -> list[str]:
    """Stretches between blank lines, whitespace collapsed, empty ones left out."""
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    found = (" ".join(part.split()) for part in _BLANK_LINE.split(unix))
    return [part for part in found if part]


def stripped(markup: str) -> list[Draft]:
    """Paragraphs of markup with its tags taken out, in one pass whatever their nesting; they have no selector."""
    pieces: list[str] = []
    place, inside = 0, ""
    for tag in _TAG.finditer(markup):
        if not inside:
            pieces.append(markup[place : tag.start()])
        place = tag.end()
        name = (tag.group(2) or "").lower()
        if not inside and not tag.group(1) and name in SKIPPED and name not in ("link", "meta", "base", "head"):
            inside = name
        elif inside == name:
            inside = ""
        elif name in BLOCKS or name == "br":
            pieces.append("\n\n")
    pieces.append("" if inside else markup[place:])
    return plain_drafts("".join(pieces))
