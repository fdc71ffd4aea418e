"""The rules by which a study is read: words of sections, designs, people and findings, and what each thing is called.

A term is words; ``*`` takes any ending, ``…`` up to sixty characters between two words of one sentence.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from exowatch.errors import KnowledgeError
from exowatch.knowledge.cache import cached_form, keep_form
from exowatch.knowledge.numerals import Numerals
from exowatch.knowledge.terms import Span, Terms
from exowatch.yaml_text import from_yaml, line_of, misshapen, said

STUDIES_FILE = Path(__file__).with_name("studies.yml")
FIELDS_FILE = Path(__file__).with_name("study-fields.yml")
#: What a name is of: material, source, route, condition, instrument, combination, people-named, control, outcome.
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
    examples: Examples | None = None


class _File(_Form):
    sections: dict[str, tuple[str, ...]]
    levels: tuple[Level, ...]
    cues: tuple[Cue, ...]
    names: tuple[Name, ...]
    numbers: dict[str, tuple[str, ...]]
    """Language → words for the numbers from one on, in order."""
    tens: dict[str, tuple[str, ...]]
    """Language → words for twenty, thirty … ninety."""


class _NameProven(Name):
    examples: Examples


class _Fields(_Form):
    """What ``study-fields.yml`` holds."""

    cues: tuple[Cue, ...]
    names: tuple[_NameProven, ...]


_F = TypeVar("_F", _File, _Fields)


@dataclass(frozen=True, slots=True)
class StudyRules:
    """Rules for studies, ready to use."""

    headings: str
    bare_headings: str
    levels: dict[str, Level]
    cues: frozenset[str]
    names: dict[Slot, tuple[tuple[str, Name], ...]]
    """Slot → its names, each with what its terms are found as."""
    families: dict[str, str]
    """Condition of studies → condition of claims (conditions.yml) that it belongs to, or itself."""
    terms: Terms
    numerals: Numerals

    @property
    def heading(self) -> re.Pattern[str]:
        """A section's heading at the start of a sentence; the group's name is the section."""
        return compiled(self.headings)

    @property
    def bare_heading(self) -> re.Pattern[str]:
        """A heading in capitals, or with one, that stands before a sentence without a colon."""
        return compiled(self.bare_headings, 0)

    def spans(self, cue: str, text: str) -> Sequence[Span]:
        """Where the words of a cue stand in the text, in order."""
        assert cue in self.cues, cue
        return self.terms.find(text).get(cue, ())

    def said(self, cue: str, text: str) -> bool:
        """The words of this cue stand in the text."""
        return bool(self.spans(cue, text))

    def count(self, cue: str, text: str) -> int:
        """How often they do."""
        return len(self.spans(cue, text))

    def named(self, slot: Slot, text: str) -> list[tuple[int, Name]]:
        """Values of a slot that the text names, with the place of each first mention, in order."""
        spans = self.terms.find(text)
        found = [(spans[key][0].start, name) for key, name in self.names.get(slot, ()) if key in spans]
        return sorted(found, key=lambda one: one[0])

    def times(self, slot: Slot, text: str) -> dict[str, int]:
        """Value → how often the text names it."""
        counts: dict[str, int] = {}
        spans = self.terms.find(text)
        for key, name in self.names.get(slot, ()):
            if key in spans:
                counts[name.value] = counts.get(name.value, 0) + len(spans[key])
        return counts


@functools.cache
def compiled(pattern: str, flags: int = re.IGNORECASE) -> re.Pattern[str]:
    """Compiled when first asked for."""
    return re.compile(pattern, flags)


def load_studies(path: Path = STUDIES_FILE, fields: Path = FIELDS_FILE, *, proving: bool = False) -> StudyRules:
    """The rules in both files; KnowledgeError where they are misshapen or an example fails.

    What was proven once is kept in the cache: YAML and proof take 0.4 s, which every process of a crawl would pay.
    ``proving``: prove it again.
    """
    text, more = path.read_text(encoding="utf-8"), fields.read_text(encoding="utf-8")
    digest = hashlib.sha256(f"{text}\n{more}".encode()).hexdigest()
    kept = None if proving else cached_form("studies", digest)
    if kept is not None:
        with contextlib.suppress(ValidationError):
            return _rules_of(_File.model_validate_json(kept))
    form, beside = _checked(path, text, _File), _checked(fields, more, _Fields)
    _once([cue.id for cue in (*form.cues, *beside.cues)], "cues", fields, more)
    whole = form.model_copy(update={"cues": form.cues + beside.cues, "names": form.names + beside.names})
    rules = _rules_of(whole)
    _prove(form.cues, rules, path, text)
    _prove(beside.cues, rules, fields, more)
    _prove_names(beside.names, len(form.names), rules, fields, more)
    keep_form("studies", digest, whole.model_dump_json(by_alias=True).encode())
    return rules


def _checked(path: Path, text: str, shape: type[_F]) -> _F:
    try:
        form = shape.model_validate(from_yaml(text))
    except yaml.YAMLError as error:
        problem, line = said(error)
        raise KnowledgeError(problem, file=str(path), line=line, remedy="see the shape of the shipped file") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = first["loc"]
        problem, remedy = misshapen(first, list(shape.model_fields))
        raise KnowledgeError(
            problem, file=str(path), line=line_of(text, where), key=".".join(map(str, where)), remedy=remedy or None
        ) from None
    _once([cue.id for cue in form.cues], "cues", path, text)
    if isinstance(form, _File):
        _once([level.design for level in form.levels], "levels", path, text)
    return form


def _rules_of(form: _File) -> StudyRules:
    names = [(f"{name.slot}:{place}", name) for place, name in enumerate(form.names)]
    return StudyRules(
        headings=_heading(form.sections),
        bare_headings=_bare_heading(form.sections),
        levels={level.design: level for level in form.levels},
        cues=frozenset(cue.id for cue in form.cues),
        names={slot: tuple(one for one in names if one[1].slot == slot) for slot in {name.slot for name in form.names}},
        families={name.value: name.of or name.value for name in form.names if name.slot == "condition"},
        terms=Terms({cue.id: cue.terms for cue in form.cues} | {key: name.terms for key, name in names}),
        numerals=Numerals(form.numbers, form.tens),
    )


def _heading(sections: dict[str, tuple[str, ...]]) -> str:
    named = [
        rf"(?P<{section}>(?:{'|'.join(re.escape(w) for w in sorted(words, key=len, reverse=True))}))"
        for section, words in sections.items()
    ]
    return rf"(?:\d{{1,2}}\.\s+)?(?:{'|'.join(named)})\s*(?:[:：—–|]|-\s|\.\s|\.?$)\s*"


def _bare_heading(sections: dict[str, tuple[str, ...]]) -> str:
    named = []
    for section, words in sections.items():
        spelt = [re.escape(w) for word in sorted(words, key=len, reverse=True) for w in _capitals(word)]
        named.append(f"(?P<{section}>{'|'.join(spelt)})")
    return rf"(?:^|(?<=[.?!)\]] ))(?:{'|'.join(named)})(?= [A-Z0-9(“])(?! [A-Z]+\b:) ?"


def _capitals(word: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((word.capitalize(), word.title(), word.upper())))


def _once(ids: Sequence[str], part: str, path: Path, text: str) -> None:
    for place, name in enumerate(ids):
        if name in ids[:place]:
            line = line_of(text, (part, place))
            raise KnowledgeError(
                "two of these have this id", file=str(path), line=line, key=name, remedy="rename one of them"
            )


def _prove(cues: Sequence[Cue], rules: StudyRules, path: Path, text: str) -> None:
    for place, cue in enumerate(cues):
        wrong = [said for said in cue.examples.match if not rules.said(cue.id, said)]
        wrong += [said for said in cue.examples.none if rules.said(cue.id, said)]
        if wrong:
            line = line_of(text, ("cues", place))
            raise KnowledgeError(
                f"an example fails: {wrong[0]!r}", file=str(path), line=line, key=cue.id, remedy="mend terms or example"
            )


def _prove_names(names: Sequence[_NameProven], before: int, rules: StudyRules, path: Path, text: str) -> None:
    """Each name's own examples; ``before``: how many names stand in the other file."""
    for place, name in enumerate(names):
        key = f"{name.slot}:{before + place}"
        wrong = [told for told in name.examples.match if key not in rules.terms.find(told)]
        wrong += [told for told in name.examples.none if key in rules.terms.find(told)]
        if wrong:
            line = line_of(text, ("names", place))
            raise KnowledgeError(
                f"an example fails: {wrong[0]!r}",
                file=str(path),
                line=line,
                key=name.value,
                remedy="mend terms or example",
            )
