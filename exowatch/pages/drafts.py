"""Blocks and regions while a page is still being read."""

from __future__ import annotations

from dataclasses import dataclass, field

from exowatch.model.pages import Zone
from exowatch.pages.tags import Kind


@dataclass(slots=True, eq=False)
class Draft:
    """A block while zone and question may still change; ``question`` is the place of another draft."""

    kind: Kind
    zone: Zone
    text: str
    hidden: bool = False
    level: int = 0
    heading_path: tuple[str, ...] = ()
    question: int | None = None
    language: str | None = None
    """The nearest lang attribute, as written."""
    css: str | None = None
    attr: str | None = None
    json_path: str | None = None
    pdf_page: int | None = None


@dataclass(frozen=True, slots=True)
class Region:
    """A closed list or dialog: its drafts are ``first`` to ``end - 1``."""

    is_list: bool
    first: int
    end: int
    items: int
    chars: int
    link_chars: int
    in_header: bool
    in_content: bool


@dataclass(slots=True)
class Walked:
    """What one walk gathered."""

    drafts: list[Draft] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)
    links: list[tuple[str, str, str]] = field(default_factory=list)
    """href, text, rel; as written."""
    times: list[str] = field(default_factory=list)
    """``datetime`` of ``<time>`` elements, in order."""
    has_password: bool = False
    too_deep: bool = False
    too_many: bool = False
