"""The rules by which a study is read: words of sections, designs, people and findings, and what each thing is called.

A term is words; ``*`` takes any ending, ``…`` up to sixty characters between two words of one sentence.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from exowatch.errors import KnowledgeError
from exowatch.yaml_text import from_yaml, line_of, misshapen, said

STUDIES_FILE = Path(__file__).with_name("studies.yml")
#: What a name is of: material, source, route, condition, instrument, combination.
Slot = str


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Examples(_Form):
    """Sentences in which a rule finds its words, and in which it does not."""

    match: tuple[str, ...] = Field(min_length=1)
    none: tuple[str, ...] = Field(min_length=1, alias="not")


class Level(_Form):
    """The evidence level of a design."""

    design: str
    level: str
    """OCEBM 2011 level; empty: none."""
    reason: str


class Cue(_Form):
    """Words that say one thing of a study, wherever they stand."""

    id: str
    reason: str
    terms: tuple[str, ...] = Field(min_length=1)
    examples: Examples


class Name(_Form):
    """One value of a slot and the words that name it."""

    slot: str
    value: str
    terms: tuple[str, ...] = Field(min_length=1)
    of: str | None = None
    """For a condition: the claim condition (conditions.yml) that it belongs to."""


class _File(_Form):
    sections: dict[str, tuple[str, ...]]
    levels: tuple[Level, ...]
    cues: tuple[Cue, ...]
    names: tuple[Name, ...]
    numbers: dict[str, tuple[str, ...]]
    """Language → words for the numbers from one on, in order."""
    tens: dict[str, tuple[str, ...]]
    """Language → words for twenty, thirty … ninety."""


@dataclass(frozen=True, slots=True)
class StudyRules:
    """Rules for studies, ready to use."""

    headings: str
    levels: dict[str, Level]
    cues: dict[str, str]
    names: tuple[tuple[Name, str], ...]
    numbers: dict[str, int]
    numerals: str

    @property
    def heading(self) -> re.Pattern[str]:
        """A section's heading at the start of a sentence; the group's name is the section."""
        return compiled(self.headings)

    @property
    def number(self) -> re.Pattern[str]:
        """A number in figures or in words."""
        return compiled(self.numerals)

    def cue(self, name: str) -> re.Pattern[str]:
        """The words of a cue."""
        return compiled(self.cues[name])

    def said(self, cue: str, text: str) -> bool:
        """The words of this cue stand in the text."""
        return bool(self.cue(cue).search(text))

    def count(self, cue: str, text: str) -> int:
        """How often they do."""
        return sum(1 for _ in self.cue(cue).finditer(text))

    def named(self, slot: Slot, text: str) -> list[tuple[int, Name]]:
        """Values of a slot that the text names, with the place of each first mention, in order."""
        found = [(match.start(), name) for name, match in self._searched(slot, text) if match]
        return sorted(found, key=lambda one: one[0])

    def times(self, slot: Slot, text: str) -> dict[str, int]:
        """Value → how often the text names it."""
        counts: dict[str, int] = {}
        for name, pattern in self.names:
            if name.slot == slot and (n := sum(1 for _ in compiled(pattern).finditer(text))):
                counts[name.value] = counts.get(name.value, 0) + n
        return counts

    def _searched(self, slot: Slot, text: str) -> Iterable[tuple[Name, re.Match[str] | None]]:
        return ((name, compiled(pattern).search(text)) for name, pattern in self.names if name.slot == slot)


@functools.cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Compiled when first asked for: a command that reads no study does not pay for two hundred patterns."""
    return re.compile(pattern, re.IGNORECASE)


def pattern_of(terms: Iterable[str]) -> str:
    """Words as one pattern: bounded by letters, in any case; those of scripts without spaces match anywhere.

    What bounds many terms is asked once, before any of them: a third of the time of asking it before each.
    """
    bounded, free = list[str](), list[str]()
    for term in sorted(terms, key=len, reverse=True):
        words = re.escape(term).replace(r"\ …\ ", "…").replace(r"\*", r"\w*")
        words = words.replace(r"\-", "[\\s–-]?").replace(r"\ ", "[\\s–-]+").replace("…", r"\b[^.;]{1,60}?\b")
        letters = re.search(r"[a-zа-яёіїєґçğışöüáéíóúñ]", term, re.IGNORECASE)
        if letters and term[0].isalnum():
            bounded.append(words)
        else:
            free.append(rf"{words}(?!\w)" if letters else words)
    return "|".join(([rf"(?<!\w)(?:{'|'.join(bounded)})(?!\w)"] if bounded else []) + free)


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
    _once([cue.id for cue in form.cues], "cues", path, text)
    _once([level.design for level in form.levels], "levels", path, text)
    cues = {cue.id: pattern_of(cue.terms) for cue in form.cues}
    _prove(form.cues, cues, path, text)
    numbers = _numbers(form)
    return StudyRules(
        headings=_heading(form.sections),
        levels={level.design: level for level in form.levels},
        cues=cues,
        names=tuple((name, pattern_of(name.terms)) for name in form.names),
        numbers=numbers,
        numerals=_numerals(form),
    )


def _heading(sections: dict[str, tuple[str, ...]]) -> str:
    named = [
        rf"(?P<{section}>(?:{'|'.join(re.escape(w) for w in sorted(words, key=len, reverse=True))}))"
        for section, words in sections.items()
    ]
    return rf"(?:{'|'.join(named)})\s*(?:[:：—–|]|-\s|\.\s)\s*"


def _numbers(form: _File) -> dict[str, int]:
    found: dict[str, int] = {}
    for language, words in form.numbers.items():
        units = {word: place for place, word in enumerate(words, 1)}
        tens = {word: 10 * place for place, word in enumerate(form.tens.get(language, ()), 2)}
        found |= units | tens
        for ten, value in tens.items():
            for unit, more in list(units.items())[:9]:
                found |= {f"{ten}{joint}{unit}": value + more for joint in ("-", " ", "")}
    return found | {"dozen": 12}


def _numerals(form: _File) -> str:
    """Numbers in figures or in words; hundreds in English ("a hundred and twelve")."""
    units = "|".join(sorted({word for words in form.numbers.values() for word in words}, key=len, reverse=True))
    tens = "|".join(sorted({word for words in form.tens.values() for word in words}, key=len, reverse=True))
    small = rf"(?:{tens})(?:[- ]?(?:{units}))?|(?:{units})|dozen"
    words = rf"(?:(?:an?|one|two|three) hundred(?: and (?:{small}))?|{small})"
    figures = r"(?<![\d.,–-])\d{1,3}(?:[,\u2009\u00a0]\d{3})+(?!\d)|(?<![\d.,–-])\d{1,5}(?![.,]?\d)"
    return rf"{figures}|\b{words}\b"


def _once(ids: Sequence[str], part: str, path: Path, text: str) -> None:
    for place, name in enumerate(ids):
        if name in ids[:place]:
            line = line_of(text, (part, place))
            raise KnowledgeError(
                "two of these have this id", file=str(path), line=line, key=name, remedy="rename one of them"
            )


def _prove(cues: Sequence[Cue], patterns: dict[str, str], path: Path, text: str) -> None:
    for place, cue in enumerate(cues):
        wrong = [said for said in cue.examples.match if not compiled(patterns[cue.id]).search(said)]
        wrong += [said for said in cue.examples.none if compiled(patterns[cue.id]).search(said)]
        if wrong:
            line = line_of(text, ("cues", place))
            raise KnowledgeError(
                f"an example fails: {wrong[0]!r}", file=str(path), line=line, key=cue.id, remedy="mend terms or example"
            )
