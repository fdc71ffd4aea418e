"""Which conditions bear on each other: the part of ``support.yml`` that says so, with its examples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict, Field, model_validator

Pair = tuple[str, str]


class _Pairs(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    match: tuple[Pair, ...] = Field(min_length=1)
    none: tuple[Pair, ...] = Field(min_length=1, alias="not")


class Relation(BaseModel):
    """A family whose conditions are one concern (``alike``), or a condition that holds families (``wider``)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    alike: str | None = None
    wider: str | None = None
    holds: tuple[str, ...] = ()
    reason: str
    examples: _Pairs

    @model_validator(mode="after")
    def _one_of_both(self) -> Relation:
        if (self.alike is None) == (self.wider is None) or bool(self.holds) != (self.wider is not None):
            raise ValueError("either alike, or wider with holds")
        return self


@dataclass(frozen=True, slots=True)
class Relations:
    """The relations, ready to use."""

    alike: frozenset[str]
    wider: Mapping[str, tuple[str, ...]]
    examples: tuple[tuple[Pair, bool], ...]
    """Pairs of conditions, and whether they are to be related."""
    _known: dict[str, frozenset[str]] = field(default_factory=dict, compare=False, repr=False)
    """Condition → all that are related to it, once asked for: a claim meets hundreds of studies."""

    @classmethod
    def of(cls, told: Iterable[Relation]) -> Relations:
        """Those of the file."""
        told = tuple(told)
        return cls(
            alike=frozenset(one.alike for one in told if one.alike),
            wider={one.wider: one.holds for one in told if one.wider},
            examples=tuple((pair, True) for one in told for pair in one.examples.match)
            + tuple((pair, False) for one in told for pair in one.examples.none),
        )

    def related(self, a: str, b: str, family: Mapping[str, str]) -> bool:
        """Two conditions that a regulator would hold to be the same concern, or one the wider of the other.

        ``family``: condition of studies → the condition of claims that it belongs to.
        """
        if a == b:
            return True
        of_a, of_b = family.get(a, a), family.get(b, b)
        if of_a == of_b and (of_a in self.alike or a == of_b or b == of_a):  # a claim may name the family alone
            return True
        return of_b in self.wider.get(a, ()) or of_a in self.wider.get(b, ())

    def around(self, a: str, family: Mapping[str, str]) -> frozenset[str]:
        """All conditions and families that are related to this one, itself included."""
        found = self._known.get(a)
        if found is None:
            found = frozenset(b for b in {a, *family, *family.values()} if self.related(a, b, family))
            self._known[a] = found
        return found

    def failing(self, family: Mapping[str, str]) -> list[Pair]:
        """Examples that do not come out as they say."""
        return [pair for pair, expected in self.examples if self.related(*pair, family) != expected]
