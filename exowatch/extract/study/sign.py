"""``sign_of``: which way one clause of a result points, by its figures and by its words."""

from __future__ import annotations

import re
from typing import Literal

from exowatch.extract.study.compared import alike, arms_told, interval_told, ordered_told
from exowatch.extract.study.worded import denied, moved, ratio_moved
from exowatch.knowledge.studies import StudyRules

Sign = Literal["positive", "negative", "null"]
_P_BIG = re.compile(r"\bp\s*[=>]\s*(?:0?[.,](?:0[6-9]|[1-9])\d*|1(?:[.,]0+)?\b)", re.IGNORECASE)
_P_SMALL = re.compile(r"\bp\s*[<≤=]\s*0?[.,]0(?:[0-4]\d*|5)(?!\d)", re.IGNORECASE)
#: Doses that did alike say nothing of whether any of them works.
_AMONG_ACTIVE = re.compile(
    r"\b(?:no|without) (?:\w+ ){0,2}?difference\w* (?:\w+ )?(?:between|among|by) (?:the )?(?:\w+ )?(?:doses?|"
    r"dosages?|dose levels|"
    r"dose groups|strengths|concentrations|exosome groups|active groups|active arms)\b",
    re.IGNORECASE,
)
#: "for no more than two weeks": a bound, not a comparison.
_AT_MOST = re.compile(
    r"\bno (?:more|less|fewer|longer) than (?=\d|(?:one|two|three|four|five|six|a|half)\b)", re.IGNORECASE
)
#: An interval of a difference that holds nought.
_ACROSS_NOUGHT = re.compile(
    r"\b(?:CI|interval|difference)\b[^;]{0,25}?[\[(,:\s](?:-|−|–|minus )\d+(?:\.\d+)?\s?(?:%\s?)?(?:to|,|–|-)\s?\+?\d",
    re.IGNORECASE,
)
#: The interval of a ratio that holds one.
_RATIO = re.compile(
    r"\bratio\b[^;]{0,30}?(\d\.\d+),? ?[(,;]? ?(?:95\s?% ?CI)?[:, ]*(\d\.\d+)\s?(?:-|–|to)\s?(\d+\.\d+)", re.IGNORECASE
)
#: "95% CI 0.5 better to 0.1 worse", as reviews for lay readers print it.
_BETTER_TO_WORSE = re.compile(
    r"\b(?:better|higher|fewer|less|more) to \d[\d.]* (?:points? )?(?:worse|lower|more|fewer|less)\b|"
    r"\bworse to \d[\d.]* (?:points? )?better\b",
    re.IGNORECASE,
)
#: "but not after exosomes"
_ELLIPTIC = re.compile(r"^\W*not (?:after|with|for|in|on|by|under|significantly|from)\b", re.IGNORECASE)
_COMPARISON = re.compile(
    r"\b(?:between|inter-?group|for the difference|versus each other|vs each other|(?:groups|arms|sides|"
    r"halves) differ)\b",
    re.IGNORECASE,
)
#: "improved in 19, unchanged in 4 and worse in 1", "19 improved, 4 stayed as they were"
_GRADED = re.compile(
    r"\b(?:(?P<better>improv\w+|better)|(?P<same>unchanged|stable|stability|the same|no change|equal)|worse\w*|"
    r"deteriorat\w+)"
    r" (?:was |were |noted |seen )?in (?P<number>\d+|[a-z]+(?:-[a-z]+)?)\b",
    re.IGNORECASE,
)
NOT_WORSE = re.compile(
    r"\b(?:no|non|without|not|never|none|neither|nor|rather than|instead of)\b[^.;,]{0,40}$", re.IGNORECASE
)


def sign_of(text: str, rules: StudyRules) -> Sign | None:
    """Which way one clause points: by its words, and where they say nothing by its figures."""
    text = _AT_MOST.sub(" ", _AMONG_ACTIVE.sub(" ", text))
    ratio, interval, arms = _RATIO.search(text), interval_told(text), arms_told(text, rules)
    across = _ACROSS_NOUGHT.search(text) or (ratio and float(ratio[2]) < 1 < float(ratio[3]))
    if _BETTER_TO_WORSE.search(text) or interval == "null" or (interval is None and across):
        return "null"
    small, none = bool(_P_SMALL.search(text)) or interval == "apart", rules.spans("no-effect", text)
    if arms == "negative" and small and not none:
        return "negative"
    first = _P_SMALL.search(text)
    if (
        first
        and none
        and not _P_BIG.search(text)
        and first.start() < none[0].start
        and rules.said("better", text[: none[0].start])
    ):
        return "positive"  # what follows is another outcome
    if _between_alike(text) or _ELLIPTIC.match(text):
        return "null"
    graded = _graded(text, rules)
    if graded:
        return graded
    if interval == "apart" and not none and (told := ratio_moved(text, rules)) in ("positive", "negative"):
        return told
    if none or (denied(text, rules) and not small) or (_P_BIG.search(text) and not first):
        return "null"
    if worse_told(text, rules):
        return "negative"
    went = moved(text, rules)
    if went == "negative" and arms != "positive" and not rules.said("hopeful", text):
        return "negative"
    if small or went == "positive" or rules.said("better", text):
        lies = arms or (ordered_told(text, rules) if small and went is None else None)
        return "positive" if lies != "negative" else "negative"
    return arms or ("null" if alike(text) else ordered_told(text, rules))


def _between_alike(text: str) -> bool:
    """Each arm moved from where it began, and the arms do not differ: the comparison decides."""
    return any(
        _COMPARISON.search(text[max(0, match.start() - 30) : match.end() + 40]) for match in _P_BIG.finditer(text)
    ) and bool(_P_SMALL.search(text))


def _graded(text: str, rules: StudyRules) -> Sign | None:
    """ "Improved in 57, the same in 21, worse in five": the greatest part of them decides, the better one of two."""
    counts: dict[Sign, int] = {}
    for match in _GRADED.finditer(text):
        kind: Sign = "positive" if match["better"] else "null" if match["same"] else "negative"
        counts[kind] = counts.get(kind, 0) + (rules.numerals.value(match["number"]) or 0)
    if len(counts) < 2:
        return None
    return max(sorted(counts, reverse=True), key=lambda kind: counts.get(kind, 0))


def worse_told(text: str, rules: StudyRules) -> bool:
    """The text says that somebody fared worse, and does not deny it."""
    return any(not NOT_WORSE.search(text[max(0, span.start - 60) : span.start]) for span in rules.spans("worse", text))
