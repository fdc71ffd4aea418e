"""Words by which a page shows what law names: endorsements, gates, voices, pictures, disclaimers, offers."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from exowatch.errors import KnowledgeError
from exowatch.knowledge.studies import Examples
from exowatch.knowledge.terms import Span, Terms
from exowatch.yaml_text import from_yaml, line_of, misshapen, said

FEATURES_FILE = Path(__file__).with_name("features.yml")
_LISTS = ("terms", "who", "tie", "unless", "before", "section", "alone", "first")
_LEAST = 3
"""Examples of each kind that a feature has at least."""
_SIGNS = re.compile(r"[^\w&/ ]+|_")


class _Feature(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    reason: str
    source: str
    terms: tuple[str, ...] = Field(min_length=1)
    alone: tuple[str, ...] = ()
    """What shows it only where the sentence is nothing else."""
    who: tuple[str, ...] = ()
    tie: tuple[str, ...] = ()
    """What shows it where one of ``who`` stands in the same sentence."""
    unless: tuple[str, ...] = ()
    """What in the same sentence says that it is none."""
    before: tuple[str, ...] = ()
    """What before an amount in the same sentence says that it is no price."""
    first: tuple[str, ...] = ()
    """Words of who speaks of himself."""
    section: tuple[str, ...] = ()
    """Headings of the part of a page where it stands."""
    examples: Examples


class FeatureWords:
    """The words of all features, ready to be found together."""

    def __init__(self, features: tuple[_Feature, ...]) -> None:
        self.names = tuple(one.id for one in features)
        self._terms = Terms({f"{one.id}.{part}": getattr(one, part) for one in features for part in _LISTS})
        self._alone = {one.id: frozenset(map(_bare, one.alone)) for one in features}

    def find(self, text: str) -> dict[str, list[Span]]:
        """``feature.list`` → where its words stand; one pass over a text."""
        return self._terms.find(text)

    def shown(self, sentence: str, found: set[str]) -> Iterator[str]:
        """Features that a sentence shows by its words. ``found``: the lists of which something stands in it."""
        for name in self.names:
            if f"{name}.unless" in found:
                continue
            tied = f"{name}.who" in found and f"{name}.tie" in found
            alone = f"{name}.alone" in found and _bare(sentence) in self._alone[name]
            if f"{name}.terms" in found or tied or alone:
                yield name


def _bare(text: str) -> str:
    return " ".join(_SIGNS.sub(" ", text.casefold()).split())


@functools.lru_cache(maxsize=2)
def load_features(path: Path = FEATURES_FILE) -> FeatureWords:
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
    words = FeatureWords(tuple(found))
    for place, one in enumerate(found):
        problem, remedy = _unproven(one, words)
        if problem:
            line = line_of(text, (place, "id"))
            raise KnowledgeError(problem, file=str(path), line=line, key=one.id, remedy=remedy)
    return words


def _unproven(one: _Feature, words: FeatureWords) -> tuple[str, str]:
    """What is wrong with its examples, and what to do; nothing where they hold."""

    def shows(sentence: str) -> bool:
        return one.id in words.shown(sentence, set(words.find(sentence)))

    wrong = [told for told in one.examples.match if not shows(told)]
    wrong += [told for told in one.examples.none if shows(told)]
    if wrong:
        return f"an example fails: {wrong[0]!r}", "mend terms or example"
    if min(len(one.examples.match), len(one.examples.none)) < _LEAST:
        return f"fewer than {_LEAST} examples of a kind", "add sentences, in several languages"
    return "", ""
