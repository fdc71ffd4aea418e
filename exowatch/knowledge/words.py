"""Words of one language for many rules (``words/<language>.yml``): what a native reviewer reads as one file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from exowatch.codes import LANGUAGES
from exowatch.errors import KnowledgeError
from exowatch.yaml_text import from_yaml, line_of, misshapen, said

FOLDER = Path(__file__).with_name("words")
_SHAPE = "language, reviewer, date, terms (rule id: [words])"


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    language: str
    reviewer: str
    date: date
    terms: dict[str, list[Annotated[str, Field(min_length=1)]]]

    @field_validator("language")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in LANGUAGES:
            raise ValueError(f"{value!r} is no language: two letters of ISO 639-1, as en")
        return value


def word_texts() -> dict[str, str]:
    """Name → text of every shipped word file."""
    return {f"words/{path.name}": path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.yml"))}


def read_words(name: str, text: str, known: Mapping[str, object]) -> tuple[str, dict[str, list[str]]]:
    """The language of a word file and its terms by rule id. KnowledgeError where it is misshapen or names no rule."""
    try:
        form = _File.model_validate(from_yaml(text))
    except yaml.YAMLError as error:
        problem, line = said(error)
        raise KnowledgeError(f"not a word file: {problem}", file=name, line=line, remedy=_SHAPE) from None
    except ValidationError as error:
        first = error.errors()[0]
        problem, remedy = misshapen(first, list(_File.model_fields))
        raise KnowledgeError(
            f"not a word file: {problem}",
            file=name,
            line=line_of(text, first["loc"]),
            key=".".join(map(str, first["loc"])),
            remedy=remedy or _SHAPE,
        ) from None
    for rule_id in form.terms:
        if rule_id not in known:
            raise KnowledgeError(
                f"no rule has the id {rule_id}",
                file=name,
                line=line_of(text, ("terms", rule_id)),
                key=rule_id,
                remedy="words belong to a rule of the files above",
            )
    return form.language, form.terms
