"""One file of rules as people wrote it: each rule checked, every mistake told with file, line, rule and remedy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from exowatch.errors import KnowledgeError
from exowatch.knowledge.schema import Examples, Rule, RuleForm
from exowatch.yaml_text import from_yaml, line_of, misshapen, said


@dataclass(frozen=True, slots=True)
class Found:
    """A rule and where it stands."""

    form: RuleForm
    path: Path
    text: str
    place: int
    """Its position in the file's list."""

    def mistake(self, problem: str, remedy: str, *where: int | str) -> KnowledgeError:
        """An error that names this rule; ``where`` leads to a part of it."""
        return _mistake(self.path, self.text, (self.place, *(where or ("id",))), self.form.id, problem, remedy)

    def rule(self) -> Rule:
        """The rule as the program uses it. KnowledgeError where it cannot be proven."""
        form = self.form
        if not form.terms:
            raise self.mistake("a rule needs terms", "add `terms: {en: [words]}`")
        if form.examples is None:
            raise self.mistake("a rule needs examples of both kinds", "add `examples: {match: [...], not: [...]}`")
        return Rule(
            id=form.id,
            role=form.role,
            terms={language: tuple(dict.fromkeys(terms)) for language, terms in form.terms.items()},
            kind=form.kind,
            name=form.name,
            tier=form.tier,
            mesh=form.mesh,
            material=form.material,
            jurisdiction=form.jurisdiction,
            cells=form.cells,
            product=form.product,
            maker=form.maker,
            match=tuple(form.examples.match),
            not_=tuple(form.examples.not_),
        )


def rule_forms(path: Path, text: str) -> Iterator[Found]:
    """The rules of one file, in order. Raises KnowledgeError for the first mistake."""
    try:
        rows = from_yaml(text) or []
    except yaml.YAMLError as error:
        problem, line = said(error)
        raise KnowledgeError(problem, file=str(path), line=line, remedy="check indent, quotes and keys") from None
    if not isinstance(rows, list):
        raise KnowledgeError(
            "a list of rules is expected", file=str(path), line=1, remedy="begin each with `- id: name`"
        )
    for place, row in enumerate(rows):
        name = str(row.get("id", "?")) if isinstance(row, dict) else "?"
        try:
            yield Found(RuleForm.model_validate(row), path, text, place)
        except ValidationError as error:
            first = error.errors()[0]
            known = Examples.model_fields if first["loc"][:1] == ("examples",) else RuleForm.model_fields
            problem, remedy = misshapen(first, [field.rstrip("_") for field in known])
            key = ".".join(str(part) for part in first["loc"])
            where = (place, *first["loc"])
            raise _mistake(
                path, text, where, name, f"{key}: {problem}", remedy or "docs/development.md says what a rule holds"
            ) from None


def _mistake(path: Path, text: str, where: tuple[Any, ...], rule_id: str, problem: str, remedy: str) -> KnowledgeError:
    return KnowledgeError(
        f"rule {rule_id}: {problem}", file=str(path), line=line_of(text, where), key=rule_id, remedy=remedy
    )
