"""What a rule file may hold: each rule with its terms by language, its reason, and examples that prove it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from exowatch.codes import LANGUAGES, place_code
from exowatch.model.findings import ClaimKind, Material, Route, SourceMaterial, Status, Tier

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
    "hospitality",
]


Term = Annotated[str, Field(min_length=1)]
#: Roles whose rules give a claim a value by their name: another name would be a value that nothing knows.
_NAMES: dict[str, tuple[str, ...]] = {
    "status": get_args(Status),
    "source": get_args(SourceMaterial),
    "route": get_args(Route),
}


#: Roles whose words promise something of a product: one stands in most claims, and a flag's reason quotes them.
PROMISING: tuple[Role, ...] = (
    "effect",
    "outcome",
    "use",
    "superiority",
    "mechanism",
    "guarantee",
    "absolute-safety",
    "safety",
    "status",
    "condition",
    "evidence",
    "puffery",
)
#: Roles that, standing together beside the name of exosomes, say a claim plainly: what they do to a condition, certain
#: success or safety, an agency with a status.
PLAIN: tuple[frozenset[Role], ...] = (
    frozenset(("effect", "condition")),
    frozenset(("effect", "guarantee")),
    frozenset(("absolute-safety",)),
    frozenset(("status", "agency")),
)


class Examples(BaseModel):
    """Sentences that the rule's terms must and must not be found in."""

    model_config = ConfigDict(extra="forbid")
    match: Annotated[list[str], Field(min_length=1)]
    not_: Annotated[list[str], Field(min_length=1, alias="not")]


class RuleForm(BaseModel):
    """One rule as people write it."""

    model_config = ConfigDict(extra="forbid")
    id: Annotated[str, Field(min_length=1)]
    role: Role
    kind: ClaimKind | Literal["tentative"] | None = None
    """What claims the rule's words make; ``tentative``: how they doubt."""
    name: str | None = None
    tier: Tier | None = None
    mesh: str | None = None
    material: Material | None = None
    jurisdiction: str | None = None
    cells: str | None = None
    product: str | None = None
    maker: str | None = None
    reason: str
    source: str
    reviewer: str
    date: date
    terms: dict[str, list[Term]] = {}
    examples: Examples | None = None
    disable: bool = False

    @field_validator("jurisdiction")
    @classmethod
    def _place(cls, value: str | None) -> str | None:
        return None if value is None else place_code(value)

    @field_validator("terms")
    @classmethod
    def _languages(cls, terms: dict[str, list[str]]) -> dict[str, list[str]]:
        for words in terms.values():
            for term in words:
                if not any(letter.isalnum() for letter in term):
                    raise ValueError(f"the term {term!r} has no letter: it would never be found")
        for language in terms:
            if language not in LANGUAGES and language != "*":
                raise ValueError(f"{language!r} is no language: two letters of ISO 639-1 as en, or '*' for any")
        return terms

    @model_validator(mode="after")
    def _known_name(self) -> RuleForm:
        allowed = _NAMES.get(self.role)
        if allowed and not self.disable and self.name not in allowed:
            raise ValueError(f"name: a rule of the role {self.role} is named one of {', '.join(allowed)}")
        return self


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
