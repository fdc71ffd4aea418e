"""What an amount of money buys, by the words beside it: a session, a course, a month (``bought.yml``)."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from exowatch.errors import KnowledgeError
from exowatch.knowledge.studies import Examples
from exowatch.yaml_text import from_yaml, line_of, misshapen, said

BOUGHT_FILE = Path(__file__).with_name("bought.yml")
_COUNT = (
    r"(?:\b(?:one|two|three|four|five|six|eight|ten|zwei|drei|vier|fünf|sechs|deux|trois|quatre|cinq|dos|tres|cuatro|"
    r"três|quatro|due|tre|quattro|trzy|cztery|три|четыре|пять)|\d{1,2})"
)
_SPACELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
#: A session or a month that is counted is more than one.
_COUNTED = frozenset({"session", "month", "vial"})
_ONE = ("one", "1", "single")


class _Unit(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    unit: str
    reason: str
    terms: tuple[str, ...] = Field(min_length=1)
    examples: Examples


@dataclass(frozen=True, slots=True)
class Bought:
    """The words of all units, ready to be found."""

    units: dict[str, str]
    """Word, case-folded → unit."""
    pattern: re.Pattern[str]
    """One of the words, with what counts it before it (``count``); the word is ``word``."""

    def in_text(self, text: str) -> str | None:
        """What the words beside an amount say that it buys; the nearest behind it, else the last before it."""
        found = list(self.pattern.finditer(text))
        return self.unit_of(found[-1]) if found else None

    def unit_of(self, found: re.Match[str]) -> str:
        """The unit that the words name: several sessions are a course."""
        unit = self.units[found["word"].casefold()]
        count = (found["count"] or "").casefold()
        return "course" if unit in _COUNTED and count and count not in _ONE else unit


@functools.lru_cache(maxsize=2)
def load_bought(path: Path = BOUGHT_FILE) -> Bought:
    """The words, proven by their examples. KnowledgeError where the file is misshapen or an example fails."""
    text = path.read_text(encoding="utf-8")
    try:
        found = TypeAdapter(list[_Unit]).validate_python(from_yaml(text))
    except yaml.YAMLError as error:
        problem, line = said(error)
        raise KnowledgeError(problem, file=str(path), line=line, remedy="check indent, quotes and keys") from None
    except ValidationError as error:
        first = error.errors()[0]
        problem, remedy = misshapen(first, list(_Unit.model_fields))
        where = first["loc"]
        raise KnowledgeError(
            problem, file=str(path), line=line_of(text, where), key=".".join(map(str, where)), remedy=remedy or None
        ) from None
    units = {term.casefold(): one.unit for one in found for term in one.terms}
    words = "|".join(_spelt(term) for term in sorted(units, key=len, reverse=True))
    told = Bought(units, re.compile(rf"(?:(?P<count>{_COUNT})[\s-]?(?:x\s)?)?(?P<word>{words})", re.IGNORECASE))
    for place, one in enumerate(found):
        wrong = [shown for shown in one.examples.match if told.in_text(shown) != one.unit]
        wrong += [shown for shown in one.examples.none if told.in_text(shown) == one.unit]
        if wrong:
            line = line_of(text, (place, "unit"))
            raise KnowledgeError(
                f"an example fails: {wrong[0]!r}",
                file=str(path),
                line=line,
                key=one.unit,
                remedy="mend terms or example",
            )
    return told


def _spelt(term: str) -> str:
    return re.escape(term) if _SPACELESS.search(term) else rf"(?<!\w){re.escape(term)}(?!\w)"
