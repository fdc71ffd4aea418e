"""A regulator's letter to a firm, and the claims that it quotes: what was cited once is a precedent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

LetterKind = Literal["warning", "untitled", "close-out", "other"]


@dataclass(frozen=True, slots=True)
class QuotedClaim:
    """A sentence that a letter quotes from what a firm published."""

    text: str
    """Verbatim, without its quotation marks."""
    said_on: str | None
    """Where it stood, in the letter's words: "your webpage titled …"."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter. Whom it addresses by name is left out: the firm is what matters."""

    kind: LetterKind
    authority: str
    firm: str | None
    issued_on: str | None
    """ISO date."""
    numbers: tuple[str, ...]
    """Every reference that it bears: ``CBER 25-700001``, ``MARCS-CMS 700001``."""
    product: str | None
    office: str | None
    withdrawn: bool
    """The page says that it was withdrawn."""
    quotes: tuple[QuotedClaim, ...]


@dataclass(frozen=True, slots=True)
class Precedent:
    """A quoted claim as it is held, with the letter that quotes it."""

    id: int
    text: str
    said_on: str | None
    authority: str
    firm: str | None
    issued_on: str | None
    number: str | None
    url: str
