"""An abstract in its parts: each sentence with whether it tells of background, aim, methods, results or conclusion.

Headings decide where there are any; without them, words and figures do (knowledge/studies.yml, ``sections``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from exowatch.extract.sentences import sentences
from exowatch.knowledge.studies import StudyRules
from exowatch.knowledge.terms import Terms

Section = Literal["background", "aim", "methods", "results", "conclusion", "notes"]
#: From this many characters on a text is an article; how much of its opening and of each section is read.
_LONG, _OPENING, _HEADING = 6_000, 3_000, 60
_ROOM = {"methods": 800, "conclusion": 700, "notes": 500}
#: So many sections must have a heading before one without a colon is believed.
_BARE = 3
_FIGURE = re.compile(r"\d")
#: What was done is told in the past passive, mostly.
_DONE = re.compile(
    r"\b(?:had|did|came|took|gave|got|went|underwent|received|used|inhaled|entered|served)\b|"
    r"\b(?:was|were|had|have been|has been)\b(?: \w+ly| not| all| also| then)? (?!no\b|been\b)"
    r"\w+(?:ed|en|wn|nt|ut|un|ven|put|had)\b",
    re.IGNORECASE,
)
#: A last sentence that still tells a result: "Swabs did not change."
_STILL_RESULT = re.compile(r"\b(?:did not|(?:was|were) (?:equal|similar|alike|unchanged|the same))\b", re.IGNORECASE)
#: A last sentence that tells how it was done: "Creams were packed in identical pumps."
ARRANGED = re.compile(
    r"\b(?:was|were|had been)\b(?: \w+ly| not| all)? (?:packed|weighed|repeated|drawn|taken|handed|stored|kept|chosen|"
    r"masked|calibrated|blinded|recorded|asked|told|supplied|bought|photographed|followed|balanced|matched|shared|"
    r"equali[sz]ed|checked|opened|excluded|allowed|forbidden|obtained|approved|foreseen|planned)\b",
    re.IGNORECASE,
)
_RESULT = re.compile(r"\bp\s*[<>=≤≥]|\d\s?%|\bCI\b|\bversus\b|\bvs\b|[<>≤≥]\s?0[.,]\d", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence of a study's text and the section it belongs to."""

    text: str
    section: Section


@dataclass(frozen=True, slots=True)
class Parts:
    """A title and its sentences in order."""

    title: str
    told: tuple[Told, ...]
    terms: Terms

    def of(self, *sections: Section) -> tuple[str, ...]:
        """The sentences of these sections, in order."""
        return tuple(one.text for one in self.told if one.section in sections)

    def text(self, *sections: Section) -> str:
        """The same as one text; all where no section is named."""
        return self.terms.joined(self.of(*sections) if sections else tuple(one.text for one in self.told))

    @property
    def done(self) -> str:
        """Title, aim, methods and results: what this study did, not what others did or what may follow."""
        return self.terms.joined([self.title, *self.of("aim", "methods", "results")])

    @property
    def everything(self) -> str:
        """Title and text."""
        return self.terms.joined([self.title, *(one.text for one in self.told)])


def parts_of(title: str, text: str, rules: StudyRules) -> Parts:
    """The sentences of a text by section."""
    text = _marked(text, rules)
    lines = [line[start:end].strip() for line in _telling(text, rules) for start, end in sentences(line)]
    headed = list(_headed(lines, rules))
    if sum(section is not None for section, _ in headed) >= 2:
        return Parts(title, tuple(_below(_opened(headed, rules))), rules.terms)
    return Parts(title, tuple(_guessed([words for _, words in headed], rules)), rules.terms)


def _marked(text: str, rules: StudyRules) -> str:
    """The text with a line for each heading that stands there without a colon: "Methods Forty women took part."

    Believed from three sections on: a sentence may begin with "Patients".
    """
    found = list(rules.bare_heading.finditer(text))
    if len({match.lastgroup for match in found}) < _BARE:
        return text
    return rules.bare_heading.sub(lambda match: f"\n{match[0].strip()}: ", text)


def _telling(text: str, rules: StudyRules) -> list[str]:
    """The lines that tell what was done: of an article its abstract, how methods and conclusions begin, and its notes.

    The rest of an article tells what others did, at length.
    """
    lines = text.splitlines()
    if len(text) <= _LONG:
        return lines
    kept, room = _opening(lines), 0
    for place, line in enumerate(lines):
        found = rules.heading.match(line) if len(line) <= _HEADING else None
        if found and found.lastgroup:
            room = _ROOM.get(found.lastgroup, 0)
        if room > 0:
            kept.setdefault(place, line[:room])
            room -= len(line)
    return [kept[place] for place in sorted(kept)]


def _opening(lines: Sequence[str]) -> dict[int, str]:
    kept, room = dict[int, str](), _OPENING
    for place, line in enumerate(lines):
        if room <= 0:
            break
        kept[place] = line[:room]
        room -= len(line)
    return kept


def counted(line: str, rules: StudyRules) -> bool:
    """A number and those who are counted stand in it."""
    whom = rules.said("people", line) or rules.said("animals", line)
    return whom and bool(rules.numerals.find(line))


def _headed(lines: Iterable[str], rules: StudyRules) -> Iterable[tuple[Section | None, str]]:
    for line in lines:
        found = rules.heading.match(line)
        if found and found.lastgroup:
            yield found.lastgroup, line[found.end() :].strip()  # type: ignore[misc]  # groups are named by section
        else:
            yield None, line


def _below(headed: Sequence[tuple[Section | None, str]]) -> Iterable[Told]:
    section: Section = "background"
    for heading, words in headed:
        section = heading or section
        if words:
            yield Told(words, "notes" if section == "conclusion" and heading is None and _note(words) else section)


def _opened(headed: Sequence[tuple[Section | None, str]], rules: StudyRules) -> Sequence[tuple[Section | None, str]]:
    """Where no heading names methods or results, what stands below none is told apart by words."""
    if any(section in ("methods", "results") for section, _ in headed):
        return headed
    end = next((place for place, (section, _) in enumerate(headed) if section == "conclusion"), len(headed))
    bare = [place for place, (section, words) in enumerate(headed[:end]) if section is None and words]
    guessed = _guessed([headed[place][1] for place in bare], rules, whole=end == len(headed))
    told = {place: (one.section, one.text) for place, one in zip(bare, guessed, strict=True)}
    return [told.get(place, line) for place, line in enumerate(headed)]


def _note(words: str) -> bool:
    return bool(re.match(r"(?:trial )?(?:registration|registered|funding|funded|conflict|competing)", words, re.I))


def _guessed(lines: Sequence[str], rules: StudyRules, *, whole: bool = True) -> Iterable[Told]:
    """Background until the study is told of; then methods until figures come; what sums up at the end.

    ``whole``: nothing follows, so the last of them may sum up.
    """
    last = len(lines) - 1
    stage: Section = "background"
    for place, line in enumerate(lines):
        if _note(line):
            yield Told(line, "notes")
            continue
        if stage == "background" and (rules.said("began", line) or _DONE.search(line) or counted(line, rules)):
            stage = "methods"
        sums_up = (
            whole
            and place >= last - 1
            and (
                rules.said("concludes", line)
                or (
                    place == last
                    and not _FIGURE.search(line)
                    and not _STILL_RESULT.search(line)
                    and not ARRANGED.search(line)
                )
            )
        )
        if stage == "results" and place > 1 and sums_up:
            yield Told(line, "conclusion")
            continue
        if stage == "methods" and (_RESULT.search(line) or rules.said("found", line)):
            stage = "results"
        elif stage == "results" and rules.said("began", line) and not _RESULT.search(line):
            yield Told(line, "methods")
            continue
        yield Told(line, stage)
