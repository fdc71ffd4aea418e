"""What a claim needs by way of evidence: its strength in words, and the studies that reach it (``support.yml``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from exowatch.errors import KnowledgeError
from exowatch.knowledge.studies import Examples
from exowatch.knowledge.terms import Terms
from exowatch.yaml_text import from_yaml, line_of, misshapen, said

#: Of a claim in which no words of another strength stand.
ASSERTED = "asserted"
EVERYWHERE = "*"
_SAFETY, _LABORATORY = "safety", "laboratory"


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Words(_Form):
    reason: str
    terms: tuple[str, ...] = Field(min_length=1)
    examples: Examples


class _Strength(_Words):
    id: str


class Need(_Form):
    """What evidence supports a claim of one strength."""

    jurisdiction: str
    strength: str
    designs: tuple[str, ...]
    """Any of these; none: nothing can."""
    people: Annotated[int, Field(ge=0)]
    studies: Annotated[int, Field(ge=0)]
    reason: str
    source: str


class _File(_Form):
    least_studies: Annotated[int, Field(ge=1)]
    least_sources: Annotated[int, Field(ge=1)]
    strengths: tuple[_Strength, ...]
    needs: tuple[Need, ...]
    safety: _Words
    laboratory: _Words


@dataclass(frozen=True, slots=True)
class Support:
    """The file, ready to use."""

    least_studies: int
    least_sources: int
    strengths: tuple[str, ...]
    """In the order in which they count."""
    needs: dict[tuple[str, str], Need]
    terms: Terms

    def strength(self, text: str) -> tuple[str, str | None]:
        """How strongly a sentence speaks, and by which words; None where by no special ones."""
        found = self.terms.find(text)
        for name in self.strengths:
            if name in found:
                return name, text[found[name][0].start : found[name][0].end]
        return ASSERTED, None

    def need(self, jurisdiction: str, strength: str) -> Need:
        """What a claim of this strength needs there."""
        return self.needs.get((jurisdiction, strength)) or self.needs[(EVERYWHERE, strength)]

    def is_of_safety(self, text: str) -> bool:
        """The sentence speaks of harm or its absence."""
        return _SAFETY in self.terms.find(text)

    def is_of_laboratory(self, text: str) -> bool:
        """The sentence itself says that it speaks of animals or cells."""
        return _LABORATORY in self.terms.find(text)


def read_support(path: Path, text: str) -> Support:
    """The file's text, proven by its examples. KnowledgeError where it is misshapen or an example fails."""
    try:
        form = _File.model_validate(from_yaml(text))
    except yaml.YAMLError as error:
        problem, line = said(error)
        raise KnowledgeError(problem, file=str(path), line=line, remedy="check indent, quotes and keys") from None
    except ValidationError as error:
        first = error.errors()[0]
        problem, remedy = misshapen(first, list(_File.model_fields))
        key = ".".join(map(str, first["loc"]))
        line = line_of(text, first["loc"])
        known = f"known keys: {', '.join(_File.model_fields)}"
        raise KnowledgeError(problem, file=str(path), line=line, key=key, remedy=remedy or known) from None
    words: dict[str, _Words] = {one.id: one for one in form.strengths}
    words |= {_SAFETY: form.safety, _LABORATORY: form.laboratory}
    terms = Terms({name: one.terms for name, one in words.items()})
    _prove(path, text, words, terms)
    needs = {(need.jurisdiction, need.strength): need for need in form.needs}
    for name in (*(one.id for one in form.strengths), ASSERTED):
        if (EVERYWHERE, name) not in needs:
            told = f"nothing says what a claim that is {name} needs"
            remedy = 'add one with jurisdiction: "*"'
            raise KnowledgeError(told, file=str(path), line=line_of(text, ("needs",)), key="needs", remedy=remedy)
    return Support(
        least_studies=form.least_studies,
        least_sources=form.least_sources,
        strengths=tuple(one.id for one in form.strengths),
        needs=needs,
        terms=terms,
    )


def _prove(path: Path, text: str, words: Mapping[str, _Words], terms: Terms) -> None:
    for place, (name, rule) in enumerate(words.items()):
        wrong = [one for one in rule.examples.match if name not in terms.find(one)]
        wrong += [one for one in rule.examples.none if name in terms.find(one)]
        if wrong:
            where = (name,) if name in (_SAFETY, _LABORATORY) else ("strengths", place)
            raise KnowledgeError(
                f"an example fails: {wrong[0]!r}",
                file=str(path),
                line=line_of(text, where),
                key=name,
                remedy="mend terms or example",
            )
