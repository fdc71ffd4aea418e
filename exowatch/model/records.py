"""One entry of a feed, an API answer or a register, and the answer that holds it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Record:
    """What a list says of one article, trial, notice or letter."""

    kind: Literal["article", "trial", "news", "letter", "other"]
    id: str
    url: str
    title: str
    summary: str = ""
    published: str | None = None
    updated: str | None = None
    language: str | None = None
    doi: str | None = None
    identifiers: tuple[str, ...] = ()
    """``doi:…``, ``pmid:…``, ``pmcid:…``, ``nct:…``, ``oai:<base>#<identifier>``, lower case before the colon."""
    journal: str | None = None
    types: tuple[str, ...] = ()
    """Publication types and study types, as given."""
    relations: tuple[str, ...] = ()
    """retracted, concern, corrected (it happened to this record); retracts, corrects (this is such a notice)."""
    notices: tuple[tuple[str, str], ...] = ()
    """What this record, a notice, says of others: identifier (``doi:…``, ``pmid:…``) and retracted, concern or
    corrected."""
    text: str = ""
    """The body, where the full text was given."""
    references: tuple[str, ...] = ()
    """DOIs, lower case."""
    deleted: bool = False
    """An OAI header says that it is gone; that alone deletes nothing (sources.md, 1.2)."""
    facts: dict[str, Any] = field(default_factory=dict)
    """The whole record in its own names; e-mail addresses are left out."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of an API."""

    records: tuple[Record, ...] = ()
    following: str | None = None
    """Where the next page of answers is had; None: this was the last."""
    total: int | None = None
    """How many records the source says there are."""
