"""Results told in figures: an interval that holds nought or one, and what the treated had beside what others had.

Which way is good depends on what was measured: less pain, more hair. Where that is not known, nothing is said.
"""

from __future__ import annotations

import re
from typing import Literal

from exowatch.extract.study.measures import measures_of
from exowatch.knowledge.studies import StudyRules

Figured = Literal["positive", "negative", "null"]
_NUMBER = r"[+−–-]?\s?\d+(?:[.,]\d+)?"
#: "95% CI −0.2 to 0.4", "97.5% CI 1.2–2.0", "odds ratio 4.8, 1.2–19"
_INTERVAL = re.compile(
    rf"(?:\(\s?{_NUMBER};|\bCI\b|\binterval\b|\bCrI\b|\bratio\b[^;]{{0,14}}?\d[\d.]*,)\s*(?:of|from|:|was|,|\[|\()?\s*"
    rf"(?P<low>{_NUMBER})\s?(?P<joint>to|;|,|–|-|−|and)\s?(?P<high>{_NUMBER})",
    re.IGNORECASE,
)
_RATIO = re.compile(r"\b(?:ratio|odds|hazard|relative risk|RR|OR|HR)\b")
#: How far single figures lie from the one that is told.
_SPREAD = re.compile(
    r"\s?±\s?\d+(?:[.,]\d+)?|\s?\((?:SD|SE|SEM|IQR|range|95\s?% CI)\b[^)]*\)|"
    r"\s?\(\d+(?:\.\d+)?\s?[–-]\s?\d+(?:\.\d+)?\)"
)
_TREATED = (
    r"(?:vesicles?|exosom\w*|EVs?|secretome|conditioned|cells?|active|treated|gel|cream|serum|spray|mist|ampoule|powder|product|concentrate|"
    r"lotion|hydrogel|infused|injected|polynucleotide|PRP|plasma)"
)
_OTHERS = (
    r"(?:saline|placebo|vehicle|buffer|controls?|untreated|sham|plain|base|steroids?|triamcinolone|hyaluron\w*|moisturi[sz]er|"
    r"minoxidil|medium|usual|standard|petrolatum|vaseline|partners?|fellow|comparator|empty|alone|without|"
    r"uninjected|fenestration|water|cream alone|"
    r"cleanser|dressings?|laser only|needling only|tranexamic acid)"
)
_ARM = r"(?:[^.;:\d]{0,28}?\b)"
#: "24 mm on the cell side and 47 mm on the hyaluronic acid side": the treated first, or the others first.
_TREATED_FIRST = re.compile(
    rf"(?P<one>{_NUMBER})(?:\s?%|\s?(?:of|out of)\s?(?P<n1>\d+))?{_ARM}{_TREATED}\b[^.;:\d]{{0,30}}?"
    rf"\b(?:and|against|versus|vs\.?|compared with|compared to|as opposed to|rather than|but|while|"
    rf"whereas)\b[^.;:\d]{{0,12}}"
    rf"(?P<two>{_NUMBER})(?:\s?%|\s?(?:of|out of)\s?(?P<n2>\d+))?{_ARM}{_OTHERS}\b",
    re.IGNORECASE,
)
_OTHERS_FIRST = re.compile(
    rf"(?P<two>{_NUMBER})(?:\s?%|\s?(?:of|out of)\s?(?P<n2>\d+))?{_ARM}{_OTHERS}\b[^.;:\d]{{0,30}}?"
    rf"\b(?:and|against|versus|vs\.?|compared with|compared to|as opposed to|rather than|but|while|"
    rf"whereas)\b[^.;:\d]{{0,12}}"
    rf"(?P<one>{_NUMBER})(?:\s?%|\s?(?:of|out of)\s?(?P<n1>\d+))?{_ARM}{_TREATED}\b",
    re.IGNORECASE,
)
_ARMS_BEFORE = re.compile(
    rf"\b{_TREATED}\b[^.;:\d]{{0,24}}?(?:was|were|had|at|stood at|:)?\s(?P<one>{_NUMBER})[^.;:]{{0,30}}?"
    rf"\b(?:and|against|versus|vs\.?|compared with|while|whereas|"
    rf"but)\b[^.;:\d]{{0,16}}\b{_OTHERS}\b[^.;:\d]{{0,24}}?(?P<two>{_NUMBER})",
    re.IGNORECASE,
)
#: "2.3 and 2.4", "25 (IQR 19–28) in the first group and 25 (18–28) in the second": two figures of one measure.
_PAIR = re.compile(
    r"(?<![\d.–-])(?P<one>\d+(?:\.\d+)?)(?:\s?%)?(?: \([^)]*\))?(?: [a-z/]+| (?:in|with|on|after|of) [^.;:\d]{1,40}?)??"
    r",? (?:and|versus|vs\.?|against|compared with|as opposed to|"
    r"rather than) (?P<two>\d+(?:\.\d+)?)(?![\d.]*\s?(?:to|–|-|weeks|months|days|women|men|"
    r"patients|people|years|of the))",
    re.IGNORECASE,
)
#: So near to two figures stands what says that one of them is the first.
_NEAR = 20
#: By how much of the greater one two figures may differ and be told as alike; and from when on they are far apart.
ALIKE, APART = 0.06, 0.25
_GAIN = re.compile(
    r"\b(?:fell|dropped|came down|diminish\w+|narrowed|decreas\w+|reduc\w+|declin\w+|improv\w+|gain\w*|rose|"
    r"increas\w+|lost|lessened|"
    r"shrank|narrowed|climbed|grew|lengthened|thickened|\w+ened) by\b|\bchange\b|\bgains?\b",
    re.IGNORECASE,
)

#: One of the two figures is where it began, or the others are told first.
_STARTED = re.compile(
    r"\b(?:baseline|before|at entry|initially|to begin with|at the start|pre-?treatment|from)\b", re.IGNORECASE
)
#: "41, 34, 25 and 6": a list of arms, not two figures.
_LISTED = re.compile(r"\d[^;.]{0,8}, $")
_CONTROL_FIRST = re.compile(rf"\b{_OTHERS}\b", re.IGNORECASE)
_BY = re.compile(r"\bby(?: an?)?(?: mean| median| average)?(?: of)?(?: about| some)?\s*$", re.IGNORECASE)

#: "38% lower with exosomes and 22% lower with the base": by how much.
_LOWER = re.compile(
    r"\s*[\d.,]+\s?(?:%|percent|points?|days?|hours?)?\s(?:\w+ )?(?:lower|less|fewer|smaller|shorter|below)\b",
    re.IGNORECASE,
)

_UNIT = r"(?:days?|weeks?|months?|years?)"
_COUNTED = "one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905 - one line
_COUNTS = {word: float(number) for number, word in enumerate(_COUNTED, 1)}
_COUNT = rf"(?:\d+|{'|'.join(_COUNTED)})"
_AT_TIME = re.compile(
    rf"\b(?:(?P<unit>{_UNIT}) (?P<one>{_COUNT})|(?P<two>{_COUNT})[\s-](?P<unit2>{_UNIT}))\b", re.IGNORECASE
)
_DAYS = {"day": 1.0, "week": 7.0, "month": 30.4, "year": 365.0}


def interval_told(text: str) -> Literal["apart", "null"] | None:
    """Whether an interval of a difference or ratio holds "no difference"; None where there is none."""
    for match in _INTERVAL.finditer(text):
        low, high = _value(match["low"]), _value(match["high"])
        if low is None or high is None:
            continue
        ratio = bool(_RATIO.search(text[max(0, match.start() - 40) : match.end()]))
        nought = 1.0 if ratio and low >= 0 else 0.0
        if low < nought < high:
            return "null"
        if (
            not ratio
            and low >= 0
            and not re.search(r"differ|gap|favour|margin|reduction|gain|effect|change|benefit", text, re.I)
        ):
            continue  # an interval of one figure alone
        return "apart"
    return None


def arms_told(text: str, rules: StudyRules) -> Figured | None:
    """Which way the figures of the treated lie from those of the others, where it is known what is measured."""
    text = _SPREAD.sub("", text)
    for pattern in (_TREATED_FIRST, _OTHERS_FIRST, _ARMS_BEFORE):
        match = pattern.search(text)
        if match is None:
            continue
        groups = match.groupdict()
        one, two = _share(groups["one"], groups.get("n1")), _share(groups["two"], groups.get("n2"))
        if one is None or two is None or max(abs(one), abs(two)) == 0:
            continue
        if _alike(one, two):
            return "null"
        less = _less_is_better(text, match.start(), rules)
        if less is None:
            return None
        lower = abs(one) < abs(two)
        if _gained(text, match):  # by how much it fell: more is better
            lower = not lower if less else lower
        return "positive" if lower is less else "negative"
    return None


def ordered_told(text: str, rules: StudyRules) -> Figured | None:
    """Which way two figures of one measure lie where no arm is named between them: the treated are told first.

    Only where they are far apart (``APART``) and it is known what is measured; not where one of them is the start.
    """
    text = _SPREAD.sub("", text)
    match = _PAIR.search(text)
    if (
        match is None
        or _LISTED.search(text[: match.start()])
        or _STARTED.search(text)
        or _CONTROL_FIRST.search(text[: match.start()])
    ):
        return None
    one, two = float(match["one"]), float(match["two"])
    less = _less_is_better(text, match.start(), rules)
    if less is None or abs(one - two) < APART * max(one, two):
        return None
    lower = one < two
    if less and _gained(text, match):
        lower = not lower
    return "positive" if lower is less else "negative"


def alike(text: str) -> bool:
    """Two figures of one measure that hardly differ stand beside each other: "CEA averaged 2.3 and 2.4"."""
    found = [(float(match["one"]), float(match["two"])) for match in _PAIR.finditer(text)]
    return bool(found) and all(_alike(one, two) for one, two in found)


def _gained(text: str, match: re.Match[str]) -> bool:
    """The figures tell by how much it changed, not where it stood."""
    first = min(match.start("one"), match.start("two"))
    return bool(_GAIN.search(text[: match.end()]) or _BY.search(text, 0, first) or _LOWER.match(text, first))


def _alike(one: float, two: float) -> bool:
    return abs(one - two) <= ALIKE * max(abs(one), abs(two))


def _less_is_better(text: str, place: int, rules: StudyRules) -> bool | None:
    """By the measure that is named last before the figures, else first behind them."""
    named = measures_of(text, rules, figured=True)
    before = [one for one in named if one[0].start < place]
    if before:
        return not max(before)[1]
    return not named[0][1] if named else None


def _share(number: str, of: str | None) -> float | None:
    value = _value(number)
    whole = _value(of) if of else None
    return value / whole if value is not None and whole else value


def _value(number: str) -> float | None:
    text = (
        re.sub(r"(?<=\d),(?=\d{3}\b)", "", number)
        .replace(" ", "")
        .replace(",", ".")
        .replace("−", "-")
        .replace("–", "-")
        .lstrip("+")
    )
    try:
        return float(text)
    except ValueError:
        return None


def when_told(text: str) -> float | None:
    """The last point of time that a clause names, in days."""
    found = [
        _count(match["one"] or match["two"]) * _DAYS[(match["unit"] or match["unit2"]).lower().rstrip("s")]
        for match in _AT_TIME.finditer(text)
    ]
    return max(found, default=None)


def _count(word: str) -> float:
    return _COUNTS.get(word.lower()) or float(word)
