"""Words by which a page shows what law names: endorsements, and gates that only professionals should pass."""

from __future__ import annotations

import functools
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from exowatch.errors import KnowledgeError
from exowatch.knowledge.studies import Examples
from exowatch.knowledge.terms import Terms
from exowatch.yaml_text import from_yaml, line_of, misshapen, said

FEATURES_FILE = Path(__file__).with_name("features.yml")


class _Feature(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    reason: str
    source: str
    terms: tuple[str, ...] = Field(min_length=1)
    examples: Examples


@functools.lru_cache(maxsize=2)
def load_features(path: Path = FEATURES_FILE) -> Terms:
    """The words, proven by their examples. KnowledgeError where the file is misshapen or an example fails."""
    text = path.read_text(encoding="utf-8")
    try:
        found = TypeAdapter(list[_Feature]).validate_python(from_yaml(text))
    except yaml.YAMLError as error:
        problem, line = said(error)
        raise KnowledgeError(problem, file=str(path), line=line, remedy="check indent, quotes and keys") from None
    except ValidationError as error:
        first = error.errors()[0]
        problem, remedy = misshapen(first, list(_Feature.model_fields))
        where = first["loc"]
        raise KnowledgeError(
            problem, file=str(path), line=line_of(text, where), key=".".join(map(str, where)), remedy=remedy or None
        ) from None
    terms = Terms({one.id: one.terms for one in found})
    for place, one in enumerate(found):
        wrong = [told for told in one.examples.match if one.id not in terms.find(told)]
        wrong += [told for told in one.examples.none if one.id in terms.find(told)]
        if wrong:
            line = line_of(text, (place, "id"))
            raise KnowledgeError(
                f"an example fails: {wrong[0]!r}", file=str(path), line=line, key=one.id, remedy="mend terms or example"
            )
    return terms
