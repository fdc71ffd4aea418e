"""Words of one language for many rules (``words/<language>.yml``): what a native reviewer reads as one file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from exowatch.errors import KnowledgeError
from exowatch.knowledge.yaml_text import from_yaml

FOLDER = Path(__file__).with_name("words")


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
    reviewer: str
    date: date
    terms: dict[str, list[str]]


def word_texts() -> dict[str, str]:
    """Name → text of every shipped word file."""
    return {f"words/{path.name}": path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.yml"))}


def read_words(name: str, text: str, known: Mapping[str, object]) -> tuple[str, dict[str, list[str]]]:
    """The language of a word file and its terms by rule id. KnowledgeError where it is misshapen or names no rule."""
    try:
        form = _File.model_validate(from_yaml(text))
    except (ValidationError, yaml.YAMLError) as error:
        first = str(error).splitlines()[0]
        raise KnowledgeError(
            f"not a word file: {first}", file=name, remedy="language, reviewer, date, terms (rule id: [words])"
        ) from None
    for rule_id in form.terms:
        if rule_id not in known:
            line = next((n for n, row in enumerate(text.splitlines(), 1) if row.startswith(f"  {rule_id}:")), None)
            raise KnowledgeError(
                f"no rule has the id {rule_id}", file=name, line=line, key=rule_id, remedy="`exowatch knowledge check`"
            )
    return form.language, form.terms
