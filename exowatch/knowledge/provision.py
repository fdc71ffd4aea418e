"""A provision's own text on a page of law: how it is headed, where it ends, and whether its key words stand in it."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from exowatch.model.law import Expects
from exowatch.model.pages import Page

_UNREAD = ("nav", "notice", "footer")
#: A provision without a heading of its kind after it is taken to be no longer than this.
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Section:
    """The text of one provision as it stood on a page, folded."""

    text: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


def section_of(page: Page, expects: Expects) -> Section | None:
    """The provision's text: beneath one of its headings, with every key word in it. None: it is not on this page."""
    lines = [folded(block.text) for block in page.blocks if block.zone not in _UNREAD]
    terms = [folded(term) for term in expects.terms]
    for anchor in map(folded, expects.anchors):
        for section in _beneath(lines, anchor):
            if all(term in section for term in terms):
                return Section(section)
    return None


def is_official(url: str, hosts: Sequence[str]) -> bool:
    """True where the address is one of these hosts or below one."""
    host = (urlsplit(url).hostname or "").lower()
    return any(host == own or host.endswith(f".{own}") for own in hosts)


def folded(text: str) -> str:
    """Small letters, one space between words, one way of writing each sign."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _beneath(lines: Sequence[str], anchor: str) -> Iterator[str]:
    """The text beneath each line that begins with the heading; a table of contents gives short ones first."""
    begins = re.compile(rf"{re.escape(anchor)}(?![^\W_])(?!\.\d)")
    another = _another(anchor)
    for place, line in enumerate(lines):
        if begins.match(line):
            yield _until(lines, place, another)


def _until(lines: Sequence[str], place: int, another: re.Pattern[str] | None) -> str:
    """The lines from ``place`` up to the next heading of the same kind."""
    found, length = [lines[place]], len(lines[place])
    for line in lines[place + 1 :]:
        if (another and another.match(line)) or length > _LONGEST:
            break
        found.append(line)
        length += len(line) + 1
    return "\n".join(found)


def _another(anchor: str) -> re.Pattern[str] | None:
    """What begins a heading of the same kind: "article 90" → any article. None where it bears no number."""
    if re.search(r"\d", anchor):
        kind = r"\d+[a-z]{0,3}".join(map(re.escape, re.split(r"\d+[a-z]{0,3}(?![^\W\d_])", anchor, maxsplit=1)))
        return re.compile(rf"{kind}(?![^\W_])")
    word, _, numeral = anchor.rpartition(" ")
    return re.compile(rf"{re.escape(word)} [ivxlc]+(?![^\W_])") if word and re.fullmatch("[ivxlc]+", numeral) else None
