"""What came of it: positive, negative, null, mixed, or none where nothing was tried; by the deciding outcome.

The first outcome that is told, or the one called primary or blinded, decides; a conclusion alone does not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from exowatch.extract.study.asked import NI_MET, NI_MISSED, safety_asked, two_asked
from exowatch.extract.study.closing import CLAUSE, closing_of
from exowatch.extract.study.compared import when_told
from exowatch.extract.study.parts import ARRANGED, Parts
from exowatch.extract.study.people import of_contents
from exowatch.extract.study.sign import NOT_WORSE, sign_of, worse_told
from exowatch.extract.study.worded import moved
from exowatch.knowledge.studies import StudyRules
from exowatch.knowledge.terms import Span

Direction = Literal["positive", "negative", "null", "mixed", "none"]
#: What a paper about harms calls itself.
_HARMS = re.compile(
    r"\b(?:side[\s-]effects|complications|adverse (?:events|effects|reactions)|harms?) (?:of|after|from|"
    r"following|with|to)\b",
    re.IGNORECASE,
)
#: Harm that may also be what was treated: it is the product's only where it is said to come from it.
_ILL = re.compile(
    r"(?:granuloma|necro|abscess|sepsis|blind|vision|loss of vision|mycobacteri|firm nodule|nodule|foreign|scarring)",
    re.IGNORECASE,
)
_GIVEN = r"(?:exosom\w*|vesicles?|EVs?|secretome|conditioned|stem[\s-]cells?|injections? of|it|them|the product)"
_CAUSED = re.compile(
    rf"\b(?:after|following|from|caused by|due to|traced to|attributed to|linked to|"
    rf"complicating) (?:[^\s.;]+ ){{0,6}}?['‘“\"]?"
    rf"(?:\w+ )?{_GIVEN}|{_GIVEN}[\s-](?:induced|related|associated|linked)",
    re.IGNORECASE,
)
_LIMIT = re.compile(r"\bwithout\b|\bcauses?\b|\black of\b|\bbecause\b", re.IGNORECASE)
_TWO = re.compile(
    r"\b(\d+(?:\.\d+)?)(?: ?%| \w+)? (?:with|after|on|in|under) [^.;,]{2,30}? (?:and|against|versus|v|"
    r"vs) (\d+(?:\.\d+)?)(?: ?%| \w+)? "
    r"(?:with|after|on|in|under) ",
    re.IGNORECASE,
)
#: One in so many clauses of a case series that tell no gain make it a mixed one.
_MANY = 3
#: By how much of the greater one two figures may differ and be told as alike.
_EQUAL = 0.06
#: Words of a primary outcome that tell nothing of what is measured, by their first six letters.
_COMMON = frozenset(
    (  # noqa: SIM905 - one word a line is 35 lines
        "outcom endpoi measur point primar change week weeks month months baseli after before from between group "
        "groups patien women with were that this which score scores blinde assess raters day days year years end main"
    ).split()
)
_NOTICE = (
    "retraction notice",
    "notice of retraction",
    "retraction note",
    "statement of retraction",
    "withdrawal notice",
)
#: Blocking, heating or depleting takes the effect away: that shows how it works, and is no outcome.
_MECHANISM = re.compile(
    r"\b(?:block\w*|neutrali[sz]\w*|inhibitor|knock\w*|silenc\w*|deplet\w*|sonicat\w*|heat\w*|boil\w*|antagonist|sponge|"
    r"siRNA|dena?tur\w*)\b[^.;]{0,60}\b(?:abolish\w*|remov\w*|halved|wiped|cancel\w*|revers\w*|prevent\w*|lost|inactive|"
    r"destroy\w*|blunt\w*|reduc\w*)\b|"
    r"\blost (?:after|with|by|upon) (?:\w+ )?(?:antibiotic\w*|inhibit\w*|heating|boiling|sonication|depletion|"
    r"RNase|protein\w*)\b|"
    r"\b(?:heat-inactivated|heated|boiled|sonicated|lysed|depleted|denatured|inactivated) (?:\w+ )?(?:vesicles|"
    r"exosomes|EVs|"
    r"preparation|medium|secretome)\b",
    re.IGNORECASE,
)
#: Designs in which what one arm gained says nothing without the other.
_SIDE_BY_SIDE = ("rct", "split-face", "controlled")
_SINCE_START = re.compile(r"\bfrom \d|\bbaseline\b|\bboth (?:groups|arms|sides|halves)\b|\bbefore\b", re.IGNORECASE)
_BETWEEN_ARMS = re.compile(
    r"\b(?:between|by)[ -](?:the )?(?:two |both )?(?:groups?|arms?|sides?|halves|treatments?|eyes|knees|cheeks)\b|"
    r"\bintergroup\b",
    re.I,
)
_FIGURES = re.compile(r"\bp\s*[<=]|\bversus\b|\bvs\b|\bagainst\b", re.IGNORECASE)
#: What is lost where a gain is, said within so many characters before; and words of one or two of them.
_GAINED = 50
_GAIN = re.compile(
    r"\b(?:gains?|effects?|improvements?|benefits?|differences?|advantages?|responses?|relief|lead|superiority|results?)\b",
    re.IGNORECASE,
)
_WENT_ON = re.compile(r"\s(?:up|down|from)\b", re.IGNORECASE)
_SINGLE = re.compile(r"\b(?:one|two|a single) (?:\w+ )?\w+ $", re.IGNORECASE)
_DIFFERENCE = re.compile(
    r"\b(?:adjusted|mean|between[\w\s-]{0,12}|treatment)?\s?differences?\b|\bbetween\b", re.IGNORECASE
)
#: What is spoken of is the first gain again, without its name.
_WELL = re.compile(r"\bhealthy (?:[\w-]+ ){0,2}(?:volunteers?|adults?|people|subjects?|persons?)\b", re.IGNORECASE)
_SAME_THING = re.compile(
    r"\b(?:it|they|differen\w+|gains?|benefits?|effects?|however|by then|curves?|scores?|values?|figures?|groups?|"
    r"arms?|"
    r"sides?|halves|level)\b",
    re.IGNORECASE,
)
#: How the groups began says nothing of what came of it.
_START = re.compile(
    r"^\W*baseline\b|\b(?:ages?|sex|gender|BMI|demographics?|burn area|"
    r"characteristics) (?:[\w\s,%()-]{0,60})?(?:were|was|did not) (?:\w+ )?(?:similar|comparable|alike|balanced|"
    r"matched|differ)|\bresembled each other\b|\bwere (?:alike|similar|comparable|balanced|matched) (?:at|in age|"
    r"for|on)\b",
    re.IGNORECASE,
)
_RESCUED = re.compile(
    r"\b(?:treated with|treated by|treatment of|salvag\w+|rescu\w+|heal\w*|for|against)\b", re.IGNORECASE
)
_INFERIOR = re.compile(
    r"\b(?:did|do|does|gave|give|brought|bring) more (?:\w+ )?than (?:the )?(?:exosomes?|vesicles|EVs|secretome)\b|"
    r"\b(?:inferior|worse|less effective|weaker) (?:to|than)\b|\b(?:was|were|is) inferior\b|"
    r"\b(?:exosomes?|vesicles|gel|lotion|serum|cream|secretome|medium) (?:did|gave|showed|had|brought|was|"
    r"were) (?:less|worse|poorer)\b",
    re.IGNORECASE,
)


def direction_of(parts: Parts, rules: StudyRules, design: str | None, material: str | None) -> Direction | None:
    """Which way the deciding result points. None where it cannot be told."""
    if parts.title.lower().startswith(_NOTICE) and not _told_results(parts):
        return "none"
    if design == "in-vitro" and of_contents(parts, rules):
        return "none"
    if design == "protocol" or (material == "none" and design not in ("meta-analysis", "systematic-review")):
        return "none"
    if design == "systematic-review":
        return _of_search(parts, rules)
    results, end = outcomes_of(parts, rules), parts.text("conclusion")
    signs = [sign for sign in (sign_of(one, rules) for one in results) if sign]
    closing = closing_of(parts.of("conclusion"), rules)
    if design == "review":
        return _of_overview(end or " ".join(parts.of("background", "aim", "methods", "results")[-2:]), rules)
    if harmed_in(parts, rules):
        return "negative"
    if design in ("case-report", "case-series") and "positive" not in signs and _CAUSED.search(parts.title):
        return "negative"
    if design in ("case-report", "case-series") and harm_alone(parts, rules):
        return "negative"
    if rules.said("non-inferiority", f"{parts.title} {parts.text('aim', 'methods')}"):
        everything = parts.text("results", "conclusion") or parts.text()
        if NI_MISSED.search(everything):
            return "null" if "negative" not in signs else "negative"
        if NI_MET.search(everything):
            return "positive"
    if safety_asked(parts) and not any(sign == "negative" for sign in signs):
        measured = [one for one in results if rules.said("less-wanted", one) or rules.said("more-wanted", one)]
        none = any(sign_of(one, rules) == "null" for one in measured)
        of_effect = none and "positive" not in signs and not _WELL.search(parts.done)
        return "mixed" if of_effect else "positive"
    if {"positive", "null"} <= set(signs) and (two_asked(parts) or later_null(results, rules)):
        return "mixed"
    primary = deciding_of(parts, results, rules)
    deciding = primary or figured_of(results, rules) or next(iter(signs), None)
    if not primary and deciding == "positive" and design in _SIDE_BY_SIDE and within_alone(results, rules):
        deciding = "null"
    others = sum(sign != "positive" for sign in signs)
    if design == "case-series" and "positive" in signs and _MANY * others >= len(signs) and closing != "null":
        return "mixed"
    if deciding is None:
        return _without_outcome(parts, closing, rules, design)
    return _weighed(deciding, signs, closing, parts, rules, primary=bool(primary))


def within_alone(outcomes: Sequence[str], rules: StudyRules) -> bool:
    """What is told as a gain is one since the start, and between the arms nothing differed."""
    signed = [(text, sign_of(text, rules)) for text in outcomes]
    apart = [text for text, sign in signed if sign == "positive" and not _SINCE_START.search(text)]
    level = any(sign == "null" and _BETWEEN_ARMS.search(text) for text, sign in signed)
    return level and not any(_FIGURES.search(text) for text in apart)


def _told_results(parts: Parts) -> bool:
    """A notice tells why a paper is withdrawn; a withdrawn paper tells its results."""
    return any(re.search(r"\d", one) for one in parts.of("results")) and bool(parts.of("methods"))


def later_null(outcomes: Sequence[str], rules: StudyRules) -> bool:
    """What was better at first is told of a later time as equal."""
    first: float | None = None
    what = set[str]()
    for text in outcomes:
        sign, when = sign_of(text, rules), when_told(text)
        if when is None:
            continue
        if sign == "positive" and first is None:
            first, what = when, _stems(text)
        if sign == "null" and first is not None and when > first and (what & _stems(text) or _SAME_THING.search(text)):
            return True
    return False


def _without_outcome(
    parts: Parts, closing: Direction | None, rules: StudyRules, design: str | None
) -> Direction | None:
    """Nothing but what the authors conclude; a study of safety alone that found it safe has what it looked for."""
    end = parts.text("conclusion") or " ".join(one.text for one in parts.told[-1:])
    closing = closing or sign_of(end, rules)
    if design in ("systematic-review", "meta-analysis"):
        return _of_overview(end or parts.text(), rules)
    if closing is None and any(_near_equal(one) for one in parts.of("methods", "results")):
        return "null"
    if closing:
        return "mixed" if rules.said("not-sure", end) else closing
    if rules.said("hopeful", end) or rules.said("is-safe", end):
        return "positive"
    return "mixed" if rules.said("not-sure", parts.text()) else None


def _near_equal(text: str) -> bool:
    """ "2.4 with the gel and 2.3 with vaseline": two figures of one measure that hardly differ."""
    found = _TWO.search(text)
    if not found:
        return False
    one, other = float(found[1]), float(found[2])
    return abs(one - other) <= _EQUAL * max(one, other)


def _weighed(
    deciding: Direction,
    signs: Sequence[Direction],
    closing: Direction | None,
    parts: Parts,
    rules: StudyRules,
    *,
    primary: bool,
) -> Direction:
    """``primary``: what decides was called so; what was gained and lost elsewhere does not matter then."""
    end = parts.text("conclusion")
    if deciding == "negative":
        return "mixed" if "positive" in signs and closing == "positive" else "negative"
    if deciding == "null":
        if closing == "negative" and worse_told(end, rules):
            return "negative"
        safe = rules.said("is-safe", end) and not hopes_in(end, rules) and closing != "positive"
        return "mixed" if (safe or waned_in(parts, rules)) and not primary else "null"
    safety_alone = rules.said("is-safe", end) and not rules.said("hopeful", end) and closing != "positive"
    if waned_in(parts, rules) or (safety_alone and "null" in signs):
        return "mixed"
    if inferior_in(f"{parts.text('results')} {end}"):
        return "negative"
    if closing == "null" and not hopes_in(end, rules) and "null" in signs:
        return "null"
    if closing == "mixed" and "null" in signs:
        return "mixed"
    doubted = any(rules.said("not-sure", one.text) for one in parts.told[-2:]) and rules.said("is-safe", end)
    if closing in ("null", "negative") or (unsure_in(parts, rules) and closing != "positive") or doubted:
        return "mixed"
    return "positive"


def hopes_in(text: str, rules: StudyRules) -> bool:
    """Praise that is not denied: "no clinically relevant benefit" is none."""
    denied = rules.spans("no-effect", text)
    return any(
        not NOT_WORSE.search(text[max(0, span.start - 60) : span.start])
        and not any(one.start <= span.start < one.end for one in denied)
        for span in rules.spans("hopeful", text)
    )


def unsure_in(parts: Parts, rules: StudyRules) -> bool:
    """The conclusion doubts the effect; that a cause cannot be known without controls is a limit, and no result."""
    return any(rules.said("not-sure", one) and not _LIMIT.search(one) for one in parts.of("conclusion"))


def inferior_in(text: str) -> bool:
    """Worse than what it was compared with; "no worse than" and "not inferior" are not."""
    return any(
        not NOT_WORSE.search(text[max(0, match.start() - 60) : match.start()]) for match in _INFERIOR.finditer(text)
    )


def outcomes_of(parts: Parts, rules: StudyRules) -> list[str]:
    """Clauses that tell an outcome of effect, not of safety or of how it went."""
    told = parts.of("results") or tuple(
        one.text for one in parts.told if one.section not in ("background", "aim", "notes")
    )
    clauses = [clause for text in told for clause in _clauses(text, rules)]
    other = ("safety-told", "not-primary")
    effect = [
        clause
        for clause in clauses
        if not any(rules.said(cue, clause) for cue in other)
        and not _START.search(clause)
        and not _MECHANISM.search(clause)
        and not (ARRANGED.search(clause) and not re.search(r"\d", clause))
    ]
    return effect or list(clauses)


def _clauses(text: str, rules: StudyRules) -> list[str]:
    """The clauses of a sentence; of one that ends with the difference between the arms, that alone where it is none."""
    clauses = CLAUSE.split(text)
    level = [one for one in clauses if _DIFFERENCE.search(one) and sign_of(one, rules) == "null"]
    if level and any(_SINCE_START.search(one) for one in clauses if one not in level):
        return level
    return clauses


def deciding_of(parts: Parts, outcomes: Sequence[str], rules: StudyRules) -> Direction | None:
    """The sign of the outcome that is called primary, in the results or before them."""
    for text in outcomes:
        if rules.said("primary", text) and (sign := sign_of(text, rules)):
            return sign
    measured = {stem for text in parts.of("aim", "methods") for stem in _primary_stems(text, rules)}
    for text in outcomes:
        if measured & _stems(text) and (sign := sign_of(text, rules)):
            return sign
    return None


def figured_of(outcomes: Sequence[str], rules: StudyRules) -> Direction | None:
    """The sign of the first outcome that is told with a figure: words alone may be about how it was done."""
    return next((sign for text in outcomes if re.search(r"\d", text) and (sign := sign_of(text, rules))), None)


def _primary_stems(text: str, rules: StudyRules) -> set[str]:
    """The words of what is called primary, by how they begin."""
    return {stem for span in rules.spans("primary", text) for stem in _stems(re.split(r"[.;]", text[span.end :])[0])}


def _stems(text: str) -> set[str]:
    return {word[:6] for word in re.findall(r"[a-z]{4,}", text.lower())} - _COMMON


def waned_in(parts: Parts, rules: StudyRules) -> bool:
    """A gain, not a rash, was lost again."""
    told = [one for one in parts.of("results", "conclusion") if not rules.said("side-effect", one)]
    return any(
        _lost(span, one, rules) for one in told if not _MECHANISM.search(one) for span in rules.spans("waned", one)
    )


def _lost(span: Span, text: str, rules: StudyRules) -> bool:
    """It is the gain that went, and in more than one of them: spots that faded are a gain."""
    before = text[max(0, span.start - _GAINED) : span.start]
    if _SINGLE.search(before):
        return False
    if _WENT_ON.match(text, span.end):
        return False
    falls = any(down.start <= span.start < down.end for down in rules.spans("went-down", text))
    return not falls or bool(_GAIN.search(before))


def harmed_in(parts: Parts, rules: StudyRules) -> bool:
    """What is reported is harm: told in title or conclusion, and in the results as well."""
    if _HARMS.search(parts.title) and not rules.said("no-effect", parts.title):
        return True
    told = worse_told(parts.title, rules) or worse_told(parts.text("conclusion"), rules)
    if not told or not (worse_told(parts.text("results", "methods"), rules) or not parts.of("results")):
        return False
    everything = parts.everything
    by_name = all(_ILL.match(everything[span.start :]) for span in rules.spans("worse", everything))
    return not by_name or (bool(_CAUSED.search(everything)) and not _RESCUED.search(parts.title))


def harm_alone(parts: Parts, rules: StudyRules) -> bool:
    """Cases in whose course harm is told twice or more, and no gain with it."""
    told = [one for one in parts.of("methods", "results") if worse_told(one, rules)]
    return len(told) > 1 and not any(
        moved(one, rules) in ("positive", "split")
        for one in parts.of("results", "conclusion")
        if not worse_told(one, rules)
    )


def _of_search(parts: Parts, rules: StudyRules) -> Direction:
    """Studies that were weighed one by one: doubt about them weighs as much as what they found."""
    told = parts.text("results", "conclusion") or parts.text()
    sign = sign_of(parts.text("conclusion") or told, rules)
    if sign == "null":
        return "null"
    if rules.said("not-sure", parts.text()) or rules.said("turned", parts.text("conclusion")):
        return "mixed"
    return sign or _of_overview(told, rules)


def _of_overview(text: str, rules: StudyRules) -> Direction:
    if rules.said("not-sure", text) or rules.said("no-effect", text) or rules.said("turned", text):
        return "mixed"
    return "positive" if hopes_in(text, rules) else "none"
