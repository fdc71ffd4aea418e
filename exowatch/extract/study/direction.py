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
_INFERIOR = re.compile(r"\b(?:inferior|worse|less effective|weaker) (?:to|than)\b", re.IGNORECASE)
_NOT_WORSE = re.compile(r"\b(?:no|without|not|never|none|neither|nor)\b[^.;,]{0,40}$", re.IGNORECASE)


def direction_of(parts: Parts, rules: StudyRules, design: str | None, material: str | None) -> Direction | None:
    """Which way the deciding result points. None where it cannot be told."""
    if design == "protocol" or (material == "none" and design not in ("meta-analysis", "systematic-review")):
        return "none"
    results, end = _outcomes(parts, rules), parts.text("conclusion")
    signs = [sign for sign in (_sign(one, rules) for one in results) if sign]
    closing = _sign(end, rules) if end else None
    if design == "review":
        return _of_overview(end or parts.text(), rules)
    if _harmed(parts, rules):
        return "negative"
    deciding = _deciding(results, rules) or next(iter(signs), None)
    if deciding is None:
        return closing or ("positive" if rules.said("hopeful", end) else None)
    return _weighed(deciding, signs, closing, parts, rules)


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
    if closing in ("null", "negative") or rules.said("not-sure", end):
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
    if rules.said("no-effect", text) or (_P_BIG.search(text) and not _P_SMALL.search(text)):
        return "null"
    if _worse(text, rules):
        return "negative"
    return "positive" if rules.said("better", text) or _P_SMALL.search(text) else None


def _worse(text: str, rules: StudyRules) -> bool:
    return any(not _NOT_WORSE.search(text[: match.start()]) for match in rules.cue("worse").finditer(text))


def _waned(parts: Parts, rules: StudyRules) -> bool:
    """A gain, not a rash, was lost again."""
    told = parts.of("results", "conclusion")
    return any(rules.said("waned", one) and not rules.said("side-effect", one) for one in told)


def _harmed(parts: Parts, rules: StudyRules) -> bool:
    """What is reported is harm: told in title or conclusion, and in the results as well."""
    told = _worse(parts.title, rules) or _worse(parts.text("conclusion"), rules)
    return told and (_worse(parts.text("results", "methods"), rules) or not parts.of("results"))


def _of_overview(text: str, rules: StudyRules) -> Direction:
    if rules.said("not-sure", text) or rules.said("no-effect", text) or rules.said("turned", text):
        return "mixed"
    return "positive" if rules.said("hopeful", text) else "none"
