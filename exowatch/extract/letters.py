"""A regulator's page → the letter that it is: firm, date, numbers, product, claims quoted and where they stood.

The layout is that of FDA warning letters (labels, a dated body, quotations in lists under "on your webpage titled …");
nothing of it must be there: a page with a number or a salutation and any quotation counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from exowatch.model.letters import Letter, LetterKind, QuotedClaim
from exowatch.model.pages import Block, Page

_NUMBER = re.compile(
    r"\b(?:CBER|OBPO|CDER|CDRH|CFSAN|WL)\s?#?\s?(?:OBPO\s)?\d{2}[-–]\d{2,6}\b|\bMARCS[-–]?(?:CMS)?\s?#?\s?\d{5,7}\b",
    re.I,
)
_DATE = re.compile(
    r"\b(January|February|March|April|May|June|July|August|September|October|November|December)\s+(\d{1,2}),?\s+(\d{4})\b"
)
_SLASHED = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b")
_KINDS: tuple[tuple[LetterKind, re.Pattern[str]], ...] = (
    ("close-out", re.compile(r"close[- ]?out letter", re.I)),
    ("untitled", re.compile(r"untitled letter", re.I)),
    ("warning", re.compile(r"warning letter", re.I)),
)
_DEAR = re.compile(r"^(?:Dear|To Whom)\b")
_WITHDRAWN = re.compile(r"\b(?:has been|was|is) (?:withdrawn|removed|rescinded)\b|\bwithdrawn\b.{0,40}\bletter\b", re.I)
_LABEL = re.compile(r"^(Product|Issuing Office|Company|Firm|Recipient|Reference ?#?|Delivery Method)\s*:\s*(.*)$", re.I)
_QUOTED = re.compile(r"[\"“«]([^\"“”«»]{12,600})[\"”»]")
#: Words by which a letter says where the next quotations stood.
_PLACE = re.compile(
    r"\b(?:on|in|from) (?:your|the|its|a) (?:\w+ ){0,3}?(?:web ?(?:page|site)s?|page|instagram|facebook|youtube|tiktok|"
    r"brochure|post|video|blog|label\w*|catalog\w*|presentation|newsletter)\b[^:;]{0,160}",
    re.I,
)
#: A quotation that is no claim: of the statute, of a page's title.
_OF_LAW = re.compile(r"\b(?:section|U\.S\.C|CFR|intended for use in|means|as defined|the Act)\b", re.I)
_TITLED = re.compile(r"\b(?:titled|entitled|named|called|labeled|heading)\s*,?\s*$", re.I)
_AUTHORITY = (("FDA", re.compile(r"\bfda\.gov|Food and Drug Administration|\bFDA\b")),)


def letter_in(page: Page) -> Letter | None:
    """The letter of a page; None where it is none."""
    blocks = [block for block in page.blocks if block.zone in ("body", "title", "caption")]
    text = "\n".join(block.text for block in blocks)
    numbers = tuple(dict.fromkeys(" ".join(found[0].split()) for found in _NUMBER.finditer(text)))
    kind = next((name for name, pattern in _KINDS if pattern.search(text[:4000])), None)
    addressed = any(_DEAR.match(block.text) for block in blocks)
    if kind is None or not (numbers or addressed):
        return None
    labels = _labels(blocks)
    return Letter(
        kind=kind,
        authority=next((name for name, pattern in _AUTHORITY if pattern.search(f"{page.url} {text}")), "regulator"),
        firm=_firm(page, blocks, labels),
        issued_on=_issued(blocks, page),
        numbers=numbers,
        product=labels.get("product"),
        office=labels.get("issuing office"),
        withdrawn=bool(_WITHDRAWN.search(text)),
        quotes=tuple(dict.fromkeys(_quotes(blocks))),
    )


def _labels(blocks: Sequence[Block]) -> dict[str, str]:
    """ "Product:" and what stands behind it, in the same block or the next."""
    found: dict[str, str] = {}
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        label = _LABEL.match(block.text)
        if label:
            value = label[2].strip() or (following.text if following and not _LABEL.match(following.text) else "")
            if value:
                found.setdefault(label[1].lower(), value)
    return found


def _firm(page: Page, blocks: Sequence[Block], labels: dict[str, str]) -> str | None:
    """As a label or heading says, else as the page's title begins."""
    if named := labels.get("company") or labels.get("firm"):
        return named
    headings = (block.text for block in blocks if block.kind == "heading")
    heading = next(
        (one for one in headings if not _NUMBER.search(one) and not any(p.search(one) for _, p in _KINDS)), None
    )
    title = re.split(r"\s[-–—|]\s", page.title or "")[0].strip()
    return heading or title or None


def _issued(blocks: Sequence[Block], page: Page) -> str | None:
    """The date that stands alone, else the first one before the salutation, else that of the title."""
    dated = [block.text for block in blocks]
    until = next((place for place, text in enumerate(dated) if _DEAR.match(text)), len(dated))
    for text in (*sorted(dated[:until], key=len), page.title or ""):
        if day := _day(text):
            return day.isoformat()
    return None


def _day(text: str) -> date | None:
    try:
        if found := _DATE.search(text):
            return datetime.strptime(f"{found[1]} {found[2]} {found[3]}", "%B %d %Y").date()  # noqa: DTZ007 - a day
        if found := _SLASHED.search(text):
            return date(int(found[3]), int(found[1]), int(found[2]))
    except ValueError:
        return None
    return None


def _quotes(blocks: Sequence[Block]) -> Iterator[QuotedClaim]:
    """Quotations after the salutation, each with the place named last before it."""
    began = next((place for place, block in enumerate(blocks) if _DEAR.match(block.text)), 0)
    place: str | None = None
    listed = False
    for block in blocks[began:]:
        named = _PLACE.search(block.text)
        if named:
            place = named[0].strip(" ,")
        if block.kind != "list-item":
            listed = block.text.rstrip().endswith(":")
        found = [match for match in _QUOTED.finditer(block.text) if not _TITLED.search(block.text[: match.start()])]
        for match in found:
            if not _OF_LAW.search(match[1]) and " " in match[1].strip():
                yield QuotedClaim(" ".join(match[1].split()), place)
        if not found and block.kind == "list-item" and listed and place and len(block.text.split()) > 3:
            yield QuotedClaim(block.text.strip(), place)  # a list of claims without quotation marks
