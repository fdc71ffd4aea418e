"""The rules by which a study is read: designs with their evidence level, instruments, combinations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from exowatch.errors import KnowledgeError
from exowatch.yaml_text import from_yaml, line_of, misshapen, said

STUDIES_FILE = Path(__file__).with_name("studies.yml")


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Design(_Form):
    """One design: the first whose terms are found names the study's."""

    id: str
    level: str
    """OCEBM 2011 level; empty: none."""
    reason: str
    terms: tuple[str, ...]

    @property
    def pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(rf"(?<!\w){re.escape(term)}" for term in self.terms), re.IGNORECASE)


class Example(_Form):
    """A sentence and the design that it must give."""

    text: str
    design: str


class _File(_Form):
    designs: tuple[Design, ...]
    instruments: tuple[str, ...]
    combinations: tuple[str, ...]
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class StudyRules:
    """Rules for studies, ready to use."""

    designs: tuple[tuple[Design, re.Pattern[str]], ...]
    instruments: tuple[str, ...]
    combinations: tuple[str, ...]
    examples: tuple[Example, ...]

    def design_in(self, text: str) -> Design | None:
        """The design that a text names, the most telling first."""
        return next((design for design, pattern in self.designs if pattern.search(text)), None)


def load_studies(path: Path = STUDIES_FILE) -> StudyRules:
    """The rules in ``path``; KnowledgeError where they are misshapen."""
    text = path.read_text(encoding="utf-8")
    try:
        form = _File.model_validate(from_yaml(text))
    except yaml.YAMLError as error:
        problem, line = said(error)
        raise KnowledgeError(problem, file=str(path), line=line, remedy="see the shape of the shipped file") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = first["loc"]
        problem, remedy = misshapen(first, list(_File.model_fields))
        raise KnowledgeError(
            problem, file=str(path), line=line_of(text, where), key=".".join(map(str, where)), remedy=remedy or None
        ) from None
    designs = tuple((design, design.pattern) for design in form.designs)
    rules = StudyRules(designs, form.instruments, form.combinations, form.examples)
    _prove(rules, path, text)
    return rules


def _prove(rules: StudyRules, path: Path, text: str) -> None:
    seen: set[str] = set()
    for place, (design, _) in enumerate(rules.designs):
        if design.id in seen:
            line = line_of(text, ("designs", place, "id"))
            raise KnowledgeError(
                "two designs have this id", file=str(path), line=line, key=design.id, remedy="rename one of them"
            )
        seen.add(design.id)
    for place, example in enumerate(rules.examples):
        found = rules.design_in(example.text)
        if found is None or found.id != example.design:
            told = f"{example.text!r} gives {found.id if found else None}, not {example.design}"
            line = line_of(text, ("examples", place))
            raise KnowledgeError(
                told, file=str(path), line=line, key=example.design, remedy="mend the terms or the example"
            )
