"""What a rule file may hold: each rule with its terms by language, its reason, and examples that prove it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Role = Literal[
    "subject",
    "other",
    "effect",
    "use",
    "superiority",
    "mechanism",
    "guarantee",
    "absolute-safety",
    "safety",
    "condition",
    "negation",
    "pseudo",
    "hedge",
    "attribution",
    "disclosure",
    "agency",
    "status",
    "source",
    "route",
    "critical",
    "promoting",
    "pictures",
    "disclaimer",
    "puffery",
    "timing",
    "evidence",
    "candidate",
    "definition",
    "logistics",
    "aftercare",
    "biography",
    "outcome",
    "voice",
    "quality",
    "area",
]


class Examples(BaseModel):
    """Sentences that the rule's terms must and must not be found in."""

    model_config = ConfigDict(extra="forbid")
    match: Annotated[list[str], Field(min_length=1)]
    not_: Annotated[list[str], Field(min_length=1, alias="not")]


class RuleForm(BaseModel):
    """One rule as people write it."""

    model_config = ConfigDict(extra="forbid")
    id: str
    role: Role
    kind: str | None = None
    name: str | None = None
    tier: Literal["cosmetic", "medical", "serious"] | None = None
    mesh: str | None = None
    material: str | None = None
    jurisdiction: str | None = None
    cells: str | None = None
    product: str | None = None
    maker: str | None = None
    reason: str
    source: str
    reviewer: str
    date: date
    terms: dict[str, list[str]] = {}
    examples: Examples | None = None
    disable: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One rule as the program uses it."""

    id: str
    role: Role
    terms: Mapping[str, tuple[str, ...]]
    """Language (``*``: any) → its terms; ``*`` at an end of a term takes any letters."""
    kind: str | None = None
    name: str | None = None
    tier: str | None = None
    mesh: str | None = None
    material: str | None = None
    jurisdiction: str | None = None
    cells: str | None = None
    product: str | None = None
    """The product that the rule names, and who makes it."""
    maker: str | None = None
    match: tuple[str, ...] = ()
    not_: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Position:
    """What a regulator holds, as far as it decides a verdict by itself."""

    id: str
    agency: str
    jurisdiction: str
    status: str
    words: str
    url: str
    dated_on: str
    checked: str
    """text_read, reported or unchecked."""
