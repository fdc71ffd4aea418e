"""One entry of a feed, an API answer or a register."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Record:
    """What a list says of one article, notice or letter."""

    kind: Literal["article", "news", "letter", "other"]
    id: str
    url: str
    title: str
    summary: str = ""
    published: str | None = None
    updated: str | None = None
    language: str | None = None
    doi: str | None = None
