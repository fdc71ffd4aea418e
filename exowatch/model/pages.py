"""A page as people and machines read it: blocks of text, each of which can be found again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Zone = Literal[
    "body",
    "faq",
    "caption",
    "pdf",
    "title",
    "description",
    "alt",
    "jsonld",
    "hidden",
    "nav",
    "notice",
    "footer",
]
"""Where words stood. ``nav`` (menus), ``notice`` (cookie and consent texts) and ``footer`` are kept apart:
findings are read from a footer (disclaimers live there) but not from ``nav`` or ``notice``."""
Visible = Literal["yes", "no", "unknown"]
Attitude = Literal["promotes", "criticises", "neutral"]
FitnessCode = Literal[
    "ok",
    "empty",
    "shell",
    "challenge",
    "soft-404",
    "gone",
    "error",
    "cookie-wall",
    "login-wall",
    "truncated",
    "too-large",
    "not-text",
    "unreadable",
]


@dataclass(frozen=True, slots=True)
class Locator:
    """How a block is found again in the archived bytes; exact text first, these as the hint."""

    css: str | None = None
    attr: str | None = None
    """Attribute that held the text (alt, content, title), None for element text."""
    json_path: str | None = None
    pdf_page: int | None = None
    """1-based."""


@dataclass(frozen=True, slots=True)
class Block:
    """One run of text that stands alone: heading, paragraph, list item, cell, FAQ answer, meta value."""

    index: int
    kind: Literal["heading", "paragraph", "list-item", "cell", "question", "answer", "caption", "button", "meta"]
    zone: Zone
    text: str
    """Whitespace collapsed; offsets of every finding are code points in this string."""
    language: str | None = None
    """Set only where the block surely differs from the page."""
    hidden: bool = False
    """Not shown when the page opens (collapsed, display:none, hidden, aria-hidden)."""
    level: int = 0
    """1–6 for headings."""
    heading_path: tuple[str, ...] = ()
    question_index: int | None = None
    """For an answer: index of the block with its question."""
    locator: Locator = Locator()


@dataclass(frozen=True, slots=True)
class Link:
    """One link out of a page."""

    url: str
    text: str
    nofollow: bool = False


@dataclass(frozen=True, slots=True)
class Fitness:
    """May this capture be believed about what the page says? Absences count on fit captures only."""

    code: FitnessCode
    why: str = ""

    @property
    def fit(self) -> bool:
        return self.code == "ok"


@dataclass(frozen=True, slots=True)
class FeaturePlace:
    """Where the page shows one of them."""

    feature: str
    text: str
    """The words, shortened; of a customer's without names."""
    block: int
    start: int
    end: int
    """The sentence: code points in the block's text."""
    zone: str
    css: str | None = None


@dataclass(frozen=True, slots=True)
class Features:
    """Things of the page that law names; found here, weighed later. Quotes or short descriptions."""

    prices: tuple[str, ...] = ()
    testimonials: tuple[str, ...] = ()
    before_after: tuple[str, ...] = ()
    endorsements: tuple[str, ...] = ()
    disclaimers: tuple[str, ...] = ()
    required_missing: tuple[str, ...] = ()
    gate: str | None = None
    places: tuple[FeaturePlace, ...] = ()
    """Each of the above (but what is missing) with where it stands first."""


@dataclass(frozen=True, slots=True)
class Page:
    """What one capture says, in blocks."""

    url: str
    media_type: str
    title: str | None
    language: str | None
    blocks: tuple[Block, ...]
    fitness: Fitness
    text_digest: str
    """SHA-256 hex of the visible and hidden text of zones other than nav and notice, whitespace collapsed."""
    published_on: str | None = None
    meta: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Meta names in lower case (citation_*, dc.*, description, og:*, generator) to their values in order."""
    links: tuple[Link, ...] = ()
    canonical: str | None = None
    charset: str | None = None
    text_length: int = 0
    """Characters of body text (zones body, faq, caption, pdf, hidden)."""
