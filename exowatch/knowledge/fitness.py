"""What betrays an unfit capture (challenge, soft 404, shell, walls) and what tells menus, notices and FAQs apart.

The words stand in ``fitness.yml`` with their reasons and examples; here are their shape, their proof at load, and
how a rule is held against a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from exowatch.errors import KnowledgeError
from exowatch.model.keys import normalised
from exowatch.model.pages import FitnessCode
from exowatch.yaml_text import from_yaml, said

FITNESS_FILE = Path(__file__).with_name("fitness.yml")
Place = Literal["title", "heading", "opening", "markup"]
Fact = Literal["script", "app-root", "password-field", "notice-outweighs-text"]
Gives = Literal["nav", "notice", "footer", "faq", "question", "answer", "collapsed", "hidden", "button"]
_OPENING = 600
_MARKUP = 200_000


@dataclass(frozen=True, slots=True)
class Signals:
    """What one capture shows of itself; texts as ``normalised`` gives them."""

    status: int = 200
    title: str = ""
    heading: str = ""
    """The first headings."""
    opening: str = ""
    """The first 600 characters of the text, notices included."""
    markup: str = ""
    chars: int = 0
    """Characters of body text."""
    facts: frozenset[Fact] = frozenset()


@dataclass(frozen=True, slots=True)
class FitnessRule:
    """One sign of an unfit capture. Every condition that is given must hold."""

    id: str
    code: FitnessCode
    where: tuple[Place, ...]
    phrases: tuple[str, ...]
    status: tuple[int, ...]
    needs: tuple[Fact, ...]
    max_chars: int
    reason: str


@dataclass(frozen=True, slots=True)
class ZoneCue:
    """Words in class, id or data attributes that tell what an element is."""

    id: str
    gives: Gives
    tokens: frozenset[str]
    parts: tuple[str, ...]
    unless: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoticeWords:
    """Words that together make a short text a consent notice: one of every list."""

    id: str
    all: tuple[tuple[str, ...], ...]
    max_chars: int
    spellings: tuple[str, ...]
    """The words of the first list in small letters, with a capital, and in capitals."""


@dataclass(frozen=True, slots=True, eq=False)
class FitnessRules:
    """The whole of ``fitness.yml``. Compared by identity: load once, pass down."""

    rules: tuple[FitnessRule, ...]
    cues: tuple[ZoneCue, ...]
    notices: tuple[NoticeWords, ...]
    cue_tokens: frozenset[str] = frozenset()
    """Every token of every cue: a class attribute that has none of them, and none of the parts, says nothing."""
    known: dict[str, frozenset[Gives]] = field(default_factory=dict, repr=False)
    """Class strings read before (a cache; the answer never differs)."""


_KNOWN_MOST, _LONG_NAMES = 20_000, 300


def first_match(rules: Iterable[FitnessRule], signals: Signals) -> tuple[FitnessRule, str] | None:
    """The first rule that holds, with the words that were found (empty where the rule asks for none)."""
    for rule in rules:
        found = matches(rule, signals)
        if found is not None:
            return rule, found
    return None


def matches(rule: FitnessRule, signals: Signals) -> str | None:
    """The words by which ``rule`` holds for ``signals``; None where it does not hold."""
    if signals.chars > rule.max_chars or (rule.status and signals.status not in rule.status):
        return None
    if not signals.facts.issuperset(rule.needs):
        return None
    if not rule.phrases:
        return ""
    pattern = _pattern(rule.phrases)
    for place in rule.where:
        text = signals.markup[:_MARKUP] if place == "markup" else getattr(signals, place)
        found = pattern.search(text)
        if found:
            return str(found.group())
    return None


def cues_of(names: str, rules: FitnessRules) -> frozenset[Gives]:
    """What a class attribute, id, or both with a space between, says of its element."""
    found = rules.known.get(names)
    if found is None:
        found = _read_cues(names.lower(), rules)
        if len(rules.known) < _KNOWN_MOST and len(names) < _LONG_NAMES:
            rules.known[names] = found
    return found


def _read_cues(names: str, rules: FitnessRules) -> frozenset[Gives]:
    if rules.cue_tokens.isdisjoint(names.split()) and not any(
        part in names for cue in rules.cues for part in cue.parts
    ):
        return frozenset()
    return frozenset(cue.gives for cue in rules.cues if _cue_holds(cue, names))


def notice_places(texts: Sequence[str], rules: FitnessRules) -> tuple[set[int], set[int]]:
    """Places of the texts that name what notices are about, and of those that are a notice by themselves.

    A page that names it nowhere costs one look over all of it.
    """
    likely: set[int] = set()
    surely: set[int] = set()
    whole = "\n".join(texts)
    for words in rules.notices:
        present = [word for word in words.spellings if word in whole]
        for word in present:
            found = [place for place, text in enumerate(texts) if word in text]
            likely.update(found)
            surely.update(place for place in found if _notice_holds(words, texts[place]))
    return likely, surely


def _notice_holds(words: NoticeWords, text: str) -> bool:
    if len(text) > words.max_chars:
        return False
    low = text.casefold()
    return all(any(word in low for word in choice) for choice in words.all)


def _cue_holds(cue: ZoneCue, names: str) -> bool:
    tokens = names.split()
    held = not cue.tokens.isdisjoint(tokens) or any(part in names for part in cue.parts)
    return held and not any(word in tokens or (word.endswith("*") and word[:-1] in names) for word in cue.unless)


@lru_cache(maxsize=512)
def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the phrases, at word boundaries where its ends are letters of a script that has them."""
    return re.compile("|".join(_bounded(normalised(phrase)) for phrase in phrases))


def _bounded(phrase: str) -> str:
    before = r"(?<!\w)" if re.match(r"[^\W぀-鿿가-힣]", phrase) else ""
    after = r"(?!\w)" if re.search(r"[^\W぀-鿿가-힣]$", phrase) else ""
    return before + re.escape(phrase) + after


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _PageExample(_Form):
    status: int = 200
    title: str = ""
    heading: str = ""
    opening: str = ""
    markup: str = ""
    chars: int | None = None
    facts: list[Fact] = []

    def signals(self) -> Signals:
        chars = len(self.opening) if self.chars is None else self.chars
        title, heading, opening, markup = map(normalised, (self.title, self.heading, self.opening, self.markup))
        return Signals(self.status, title, heading, opening, markup, chars, frozenset(self.facts))


class _PageExamples(_Form):
    match: Annotated[list[_PageExample], Field(min_length=1)]
    not_: Annotated[list[_PageExample], Field(min_length=1, alias="not")]


class _TextExamples(_Form):
    match: Annotated[list[str], Field(min_length=1)]
    not_: Annotated[list[str], Field(min_length=1, alias="not")]


class _Reviewed(_Form):
    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    reason: Annotated[str, Field(min_length=10)]
    source: Annotated[str, Field(min_length=3)]
    reviewer: Annotated[str, Field(min_length=2)]
    date: date


class _RuleForm(_Reviewed):
    code: FitnessCode
    where: list[Place] = ["title", "heading"]
    phrases: list[Annotated[str, Field(min_length=2)]] = []
    status: list[int] = []
    needs: list[Fact] = []
    max_chars: Annotated[int, Field(ge=0)]
    examples: _PageExamples

    def rule(self) -> FitnessRule:
        lists = (tuple(self.where), tuple(self.phrases), tuple(self.status), tuple(self.needs))
        return FitnessRule(self.id, self.code, *lists, self.max_chars, self.reason)


class _CueForm(_Reviewed):
    gives: Gives
    tokens: list[str] = []
    parts: list[Annotated[str, Field(min_length=3)]] = []
    unless: list[str] = []
    examples: _TextExamples

    def cue(self) -> ZoneCue:
        return ZoneCue(self.id, self.gives, frozenset(self.tokens), tuple(self.parts), tuple(self.unless))


class _NoticeForm(_Reviewed):
    all: Annotated[list[Annotated[list[str], Field(min_length=1)]], Field(min_length=1)]
    max_chars: Annotated[int, Field(ge=20)] = 500
    examples: _TextExamples

    def words(self) -> NoticeWords:
        choices = tuple(tuple(map(str.casefold, choice)) for choice in self.all)
        spelt = dict.fromkeys(form(word) for word in choices[0] for form in (str.lower, str.capitalize, str.upper))
        return NoticeWords(self.id, choices, self.max_chars, tuple(spelt))


class _File(_Form):
    rules: list[_RuleForm]
    cues: list[_CueForm]
    notices: list[_NoticeForm]


def load_fitness(path: Path = FITNESS_FILE) -> FitnessRules:
    """The rules of one file, each proven by its own examples. Raises KnowledgeError naming file, line and rule."""
    try:
        text = path.read_text(encoding="utf-8")
        form = _File.model_validate(from_yaml(text))
    except OSError as error:
        raise KnowledgeError(f"cannot be read: {error.strerror}", file=str(path)) from error
    except yaml.YAMLError as error:
        problem, line = said(error)
        raise KnowledgeError(problem, file=str(path), line=line, remedy="check indent, quotes and keys") from error
    except ValidationError as error:
        raise _shape_error(error, path, text) from error
    _prove(form, path, text)
    return _as_rules(form)


def _as_rules(form: _File) -> FitnessRules:
    cues = tuple(item.cue() for item in form.cues)
    return FitnessRules(
        tuple(item.rule() for item in form.rules),
        cues,
        tuple(item.words() for item in form.notices),
        frozenset().union(*(cue.tokens for cue in cues)),
    )


def _prove(form: _File, path: Path, text: str) -> None:
    seen: set[str] = set()
    items: tuple[_RuleForm | _CueForm | _NoticeForm, ...] = (*form.rules, *form.cues, *form.notices)
    for item in items:
        problem = "the id is used twice" if item.id in seen else _failing(item)
        if problem:
            line = _line_of(item.id, text)
            raise KnowledgeError(problem, file=str(path), line=line, key=item.id, remedy="mend the rule or its example")
        seen.add(item.id)


def _failing(item: _RuleForm | _CueForm | _NoticeForm) -> str | None:
    for example in item.examples.match:
        if not _holds(item, example):
            return f"its example under match does not match: {_shown(example)}"
    for example in item.examples.not_:
        if _holds(item, example):
            return f"its example under not does match: {_shown(example)}"
    return None


def _holds(item: _RuleForm | _CueForm | _NoticeForm, example: _PageExample | str) -> bool:
    if isinstance(item, _RuleForm) and isinstance(example, _PageExample):
        return matches(item.rule(), example.signals()) is not None
    if isinstance(item, _CueForm):
        return _cue_holds(item.cue(), str(example).lower())
    return isinstance(item, _NoticeForm) and _notice_holds(item.words(), str(example))


def _shown(example: _PageExample | str) -> str:
    return example if isinstance(example, str) else str(example.model_dump(exclude_defaults=True))


def _shape_error(error: ValidationError, path: Path, text: str) -> KnowledgeError:
    first = error.errors()[0]
    rule_id = _id_at(from_yaml(text), first["loc"])
    key = ".".join(map(str, first["loc"]))
    where = f"{rule_id}: {key}" if rule_id else key
    return KnowledgeError(first["msg"], file=str(path), line=_line_of(rule_id, text), key=where)


def _id_at(content: Any, place: tuple[int | str, ...]) -> str | None:
    if len(place) < 2 or not isinstance(content, dict):
        return None
    try:
        found = content[place[0]][place[1]]["id"]
    except (KeyError, IndexError, TypeError):
        return None
    return str(found)


def _line_of(rule_id: str | None, text: str) -> int | None:
    found = re.search(rf"^\s*-?\s*id:\s*{re.escape(rule_id)}\s*$", text, re.M) if rule_id else None
    return text.count("\n", 0, found.start()) + 1 + found.group().count("\n", 0, 1) if found else None
