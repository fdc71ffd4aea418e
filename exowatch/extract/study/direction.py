"""What came of it: positive, negative, null, mixed, or none where nothing was tried; by the deciding outcome.

The first outcome that is told, or the one called primary or blinded, decides; a conclusion alone does not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from exowatch.extract.study.parts import Parts
from exowatch.knowledge.studies import StudyRules

Direction = Literal["positive", "negative", "null", "mixed", "none"]
_P_BIG = re.compile(r"\bp\s*[=>]\s*0?[.,](?:0[6-9]|[1-9])\d*", re.IGNORECASE)
_P_SMALL = re.compile(r"\bp\s*[<≤=]\s*0?[.,]0(?:[0-4]\d*|5)(?!\d)", re.IGNORECASE)
#: Doses that did alike say nothing of whether any of them works.
_AMONG_ACTIVE = re.compile(
    r"\b(?:no|without) (?:\w+ ){0,2}?difference\w* (?:\w+ )?(?:between|among|by) (?:the )?(?:\w+ )?(?:doses?|dosages?|dose levels|"
    r"dose groups|strengths|concentrations|exosome groups|active groups|active arms)\b",
    re.IGNORECASE,
)
#: An interval of a difference that holds nought.
_ACROSS_NOUGHT = re.compile(
    r"\b(?:CI|interval|difference)\b[^;]{0,25}?[\[(,:\s](?:-|−|–|minus )\d+(?:\.\d+)?\s?(?:%\s?)?(?:to|,|–|-)\s?\+?\d",
    re.IGNORECASE,
)
#: What a paper about harms calls itself.
_HARMS = re.compile(
    r"\b(?:side[\s-]effects|complications|adverse (?:events|effects|reactions)|harms?) (?:of|after|from|following|with|to)\b",
    re.IGNORECASE,
)
#: Harm that may also be what was treated: it is the product's only where it is said to come from it.
_ILL = re.compile(
    r"(?:granuloma|necro|abscess|sepsis|blind|vision|loss of vision|mycobacteri|firm nodule|nodule|foreign|scarring)",
    re.IGNORECASE,
)
_GIVEN = r"(?:exosom\w*|vesicles?|EVs?|secretome|conditioned|stem[\s-]cells?|injections? of|it|them|the product)"
_CAUSED = re.compile(
    rf"\b(?:after|following|from|caused by|due to|traced to|attributed to|linked to|complicating) (?:[^\s.;]+ ){{0,6}}?['‘“\"]?"
    rf"(?:\w+ )?{_GIVEN}|{_GIVEN}[\s-](?:induced|related|associated|linked)",
    re.IGNORECASE,
)
_RESCUED = re.compile(
    r"\b(?:treated with|treated by|treatment of|salvag\w+|rescu\w+|heal\w*|for|against)\b", re.IGNORECASE
)
#: The interval of a ratio that holds one.
_RATIO = re.compile(
    r"\bratio\b[^;]{0,30}?(\d\.\d+),? ?[(,;]? ?(?:95\s?% ?CI)?[:, ]*(\d\.\d+)\s?(?:-|–|to)\s?(\d+\.\d+)", re.IGNORECASE
)
_INFERIOR = re.compile(r"\b(?:inferior|worse|less effective|weaker) (?:to|than)\b", re.IGNORECASE)
_NOT_WORSE = re.compile(r"\b(?:no|without|not|never|none|neither|nor)\b[^.;,]{0,40}$", re.IGNORECASE)


def direction_of(parts: Parts, rules: StudyRules, design: str | None, material: str | None) -> Direction | None:
    """Which way the deciding result points. None where it cannot be told."""
    if design == "protocol" or (material == "none" and design not in ("meta-analysis", "systematic-review")):
        return "none"
    if design == "systematic-review":
        return _of_search(parts, rules)
    results, end = _outcomes(parts, rules), parts.text("conclusion")
    signs = [sign for sign in (_sign(one, rules) for one in results) if sign]
    closing = _sign(end, rules) if end else None
    if design == "review":
        return _of_overview(end or parts.text(), rules)
    if _harmed(parts, rules):
        return "negative"
    deciding = _deciding(results, rules) or next(iter(signs), None)
    if deciding is None:
        return _without_outcome(parts, closing, rules, design)
    return _weighed(deciding, signs, closing, parts, rules)


def _without_outcome(
    parts: Parts, closing: Direction | None, rules: StudyRules, design: str | None
) -> Direction | None:
    """Nothing but what the authors conclude; a study of safety alone that found it safe has what it looked for."""
    end = parts.text("conclusion") or " ".join(one.text for one in parts.told[-1:])
    closing = closing or _sign(end, rules)
    if design in ("systematic-review", "meta-analysis"):
        return _of_overview(end or parts.text(), rules)
    if closing:
        return "mixed" if rules.said("not-sure", end) else closing
    if rules.said("hopeful", end) or rules.said("is-safe", end):
        return "positive"
    return "mixed" if rules.said("not-sure", parts.text()) else None


def _weighed(
    deciding: Direction, signs: Sequence[Direction], closing: Direction | None, parts: Parts, rules: StudyRules
) -> Direction:
    end = parts.text("conclusion")
    if deciding == "negative":
        return "mixed" if "positive" in signs and closing == "positive" else "negative"
    if deciding == "null":
        return "mixed" if rules.said("is-safe", end) or _waned(parts, rules) else "null"
    if _waned(parts, rules):
        return "mixed"
    if closing == "negative" and _INFERIOR.search(end):
        return "negative"
    if closing == "null" and not rules.said("hopeful", end) and "null" in signs:
        return "null"
    doubted = any(rules.said("not-sure", one.text) for one in parts.told[-2:]) and rules.said("is-safe", end)
    if closing in ("null", "negative") or rules.said("not-sure", end) or doubted:
        return "mixed"
    if signs.count("null") >= max(2, signs.count("positive")) or (rules.said("turned", end) and "null" in signs):
        return "mixed"
    return "positive"


def _outcomes(parts: Parts, rules: StudyRules) -> list[str]:
    """Clauses that tell an outcome of effect, not of safety or of how it went."""
    told = parts.of("results") or tuple(
        one.text for one in parts.told if one.section not in ("background", "aim", "notes")
    )
    clauses = [clause for text in told for clause in re.split(r";|(?<=[a-z)%]),? (?:but|whereas|while)\b|: ", text)]
    other = ("safety-told", "not-primary")
    effect = [clause for clause in clauses if not any(rules.said(cue, clause) for cue in other)]
    return effect or list(clauses)


def _deciding(outcomes: Sequence[str], rules: StudyRules) -> Direction | None:
    for text in outcomes:
        if rules.said("primary", text) and (sign := _sign(text, rules)):
            return sign
    return None


def _sign(text: str, rules: StudyRules) -> Direction | None:
    """Which way one clause points."""
    text = _AMONG_ACTIVE.sub(" ", text)
    ratio = _RATIO.search(text)
    if _ACROSS_NOUGHT.search(text) or (ratio and float(ratio[2]) < 1 < float(ratio[3])):
        return "null"
    if rules.said("no-effect", text) or (_P_BIG.search(text) and not _P_SMALL.search(text)):
        return "null"
    if _worse(text, rules):
        return "negative"
    return "positive" if rules.said("better", text) or _P_SMALL.search(text) else None


def _worse(text: str, rules: StudyRules) -> bool:
    return any(not _NOT_WORSE.search(text[: span.start]) for span in rules.spans("worse", text))


def _waned(parts: Parts, rules: StudyRules) -> bool:
    """A gain, not a rash, was lost again."""
    told = parts.of("results", "conclusion")
    return any(rules.said("waned", one) and not rules.said("side-effect", one) for one in told)


def _harmed(parts: Parts, rules: StudyRules) -> bool:
    """What is reported is harm: told in title or conclusion, and in the results as well."""
    if _HARMS.search(parts.title) and not rules.said("no-effect", parts.title):
        return True
    told = _worse(parts.title, rules) or _worse(parts.text("conclusion"), rules)
    if not told or not (_worse(parts.text("results", "methods"), rules) or not parts.of("results")):
        return False
    everything = f"{parts.title}. {parts.text()}"
    by_name = all(_ILL.match(everything[span.start :]) for span in rules.spans("worse", everything))
    return not by_name or (bool(_CAUSED.search(everything)) and not _RESCUED.search(parts.title))


def _of_search(parts: Parts, rules: StudyRules) -> Direction:
    """Studies that were weighed one by one: doubt about them weighs as much as what they found."""
    told = parts.text("results", "conclusion") or parts.text()
    if rules.said("not-sure", told) or rules.said("turned", parts.text("conclusion")):
        return "mixed"
    sign = _sign(parts.text("conclusion") or told, rules)
    return sign or _of_overview(told, rules)


def _of_overview(text: str, rules: StudyRules) -> Direction:
    if rules.said("not-sure", text) or rules.said("no-effect", text) or rules.said("turned", text):
        return "mixed"
    return "positive" if rules.said("hopeful", text) else "none"
