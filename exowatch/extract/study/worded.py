"""Results told in words: which way a measure went, and whether an effect is denied.

A word of movement says nothing alone: less pain is good and less hair is bad. Both are looked for, with the measure
that is named nearest; the words are in knowledge/studies.yml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from exowatch.extract.study.compared import ALIKE
from exowatch.extract.study.measures import measures_of
from exowatch.knowledge.studies import StudyRules
from exowatch.knowledge.terms import Span

Moved = Literal["positive", "negative", "split"]
#: A new thought: what stands before it is not denied by what stands behind it, and names no measure for it.
_BREAK = re.compile(r"[;:.](?:\s|$)|\b(?:but|although|though|whereas|while|however)\b", re.IGNORECASE)
#: Up to so many characters behind a denial stands what is denied, and so far from its measure a word of movement.
_DENIED, _BEFORE, _BEHIND = 60, 80, 45
#: Verbs that take their measure behind them: "reduced pain", "fewer relapses".
_TAKES = re.compile(
    r"(?:more|less|fewer|higher|lower|greater|larger|smaller|longer|shorter|thicker|denser|milder|weaker|enhanc|augment|"
    r"promot|stimulat|boost|suppress|inhibit|attenuat|reduc|decreas|increas|rais|restor|accelerat|cut|halv|doubl|reliev|"
    r"alleviat|mitigat|prevent|lessen|slow|delay|impair|loss|lost|brought)",
    re.IGNORECASE,
)
#: "leaked less", "slept more": of nothing that is named before.
_BARE = re.compile(r"(?:less|more|fewer)$", re.IGNORECASE)
#: "was cut": of what stands before it.
_PASSIVE = re.compile(r"\b(?:was|were|been|being|is|are)(?: \w+ly)? $", re.IGNORECASE)
#: "had not moved with light alone": before what was tried.
_BEFOREHAND = re.compile(r"\bhad $", re.IGNORECASE)
_NOT = re.compile(r"\b(?:not|never|hardly|are not) $", re.IGNORECASE)
#: "lowered the need": of what follows, though it is no measure that is known.
_OBJECT = re.compile(r"\s(?:the|a|an|its|their|need)\b", re.IGNORECASE)
_FROM_TO = re.compile(
    r"\bfrom (?:an? \w+ (?:\w+ )?of )?(?P<one>\d+(?:[.,]\d+)?)[^;]{0,28}? to (?:an? \w+ of )?(?P<two>\d+(?:[.,]\d+)?)",
    re.IGNORECASE,
)
#: "odds ratio 2.36", "HR, 0.61"
_RATIO = re.compile(r"\b(?:ratio|RR|OR|HR)\b[^\d;]{0,14}(?P<value>\d+[.·]\d+)")


def denied(text: str, rules: StudyRules) -> bool:
    """The clause says that there was no effect: by a denial of one, as much as the others had, or in one word."""
    if rules.said("no-harm-told", text):
        return False
    if any(rules.said(cue, text) for cue in ("few-answered", "came-to-nothing")):
        return True
    if any(not _NOT.search(text, 0, span.start) for span in rules.spans("as-the-other", text)):
        return True
    effects = sorted({*rules.spans("effect-word", text), *rules.spans("better", text), *rules.spans("hopeful", text)})
    return any(
        span.end <= effect.start <= span.end + _DENIED
        and not _BEFOREHAND.search(text, 0, span.start)
        and not _BREAK.search(text, span.end, effect.start)
        for span in rules.spans("denial", text)
        for effect in effects
    )


def moved(text: str, rules: StudyRules) -> Moved | None:
    """Whether what was measured went the way that is wished for; ``split`` where one did and another did not."""
    measures = measures_of(text, rules)
    if not measures:
        return None
    told = []
    for cue, upwards in (("went-up", True), ("went-down", False)):
        for span in rules.spans(cue, text):
            if any(one.start <= span.start and span.end <= one.end and one != span for one, _ in measures):
                continue  # the "elevation index" of a scar has not risen
            wanted = _measure_of(span, text, measures)
            if wanted is not None:
                told.append(upwards is wanted)
    for match in _FROM_TO.finditer(text):
        one, two = (float(match[name].replace(",", ".")) for name in ("one", "two"))
        wanted = _before(match.start(), text, measures)
        if wanted is not None and abs(one - two) > ALIKE * max(one, two):
            told.append((two > one) is wanted)
    if not told:
        return None
    return "positive" if all(told) else "split" if any(told) else "negative"


def ratio_moved(text: str, rules: StudyRules) -> Moved | None:
    """Which way a ratio points whose interval leaves one out: more relapses at 2.4, fewer at 0.6."""
    match = _RATIO.search(text)
    if match is None:
        return None
    before = [one for one in measures_of(text, rules) if one[0].end <= match.start()]
    value = float(match["value"].replace("·", "."))
    if not before or value == 1 or moved(text, rules):  # "the share with a score reduced by half"
        return None
    return "positive" if (value > 1) is max(before)[1] else "negative"


def _measure_of(span: Span, text: str, measures: Iterable[tuple[Span, bool]]) -> bool | None:
    """Whether more is wished for of what this word moves, named behind it where the word takes it there."""
    behind = _behind(span.end, text, measures)
    if behind is not None and _TAKES.match(text, span.start) and not _PASSIVE.search(text, 0, span.start):
        return behind
    if _BARE.match(text[span.start : span.end]) or (_TAKES.match(text, span.start) and _OBJECT.match(text, span.end)):
        return behind
    before = _before(span.start, text, [one for one in measures if one[0].end <= span.start])
    return before if before is not None else behind


def _before(place: int, text: str, measures: Iterable[tuple[Span, bool]]) -> bool | None:
    near = [
        (span, wanted)
        for span, wanted in measures
        if place - _BEFORE <= span.start and span.end <= place and not _BREAK.search(text, span.end, place)
    ]
    return max(near)[1] if near else None


def _behind(place: int, text: str, measures: Iterable[tuple[Span, bool]]) -> bool | None:
    near = [
        (span, wanted)
        for span, wanted in measures
        if place <= span.start <= place + _BEHIND and not _BREAK.search(text, place, span.start)
    ]
    return min(near)[1] if near else None
