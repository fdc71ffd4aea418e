"""Sizes of a study's arms, as it prints them: "n = 27", "three groups of twelve", or numbers that make up the whole."""

from __future__ import annotations

import re
from collections.abc import Collection

from exowatch.extract.study.parts import Parts
from exowatch.extract.study.people import UNITS, counted_people
from exowatch.knowledge.studies import StudyRules

_N = re.compile(r"\bn\s*=\s*(\d{1,5})", re.IGNORECASE)
_GROUPS_OF = re.compile(r"((?:[\w-]+ ){1,4})(?:groups|arms|cohorts) of ([\w-]+)", re.IGNORECASE)
_PEOPLE = r"(?:people|patients|women|men|adults|participants|subjects|volunteers|persons|children|eyes of)"
_EVERY = re.compile(
    r"\b(?:each|every|per arm|per group|to arm|to group|in arm|in group|a dose|a group|an? arm)\b", re.IGNORECASE
)
_IN_EACH = re.compile(
    r"(\w+(?:-\w+)?) (?:\w+ )?(?:(?:in|per|to) (?:each\b|every\b|arm\b|group\b)|a (?:dose|group|arm)\b)", re.IGNORECASE
)
_ASSIGNED_EACH = re.compile(
    rf"([\w-]+) (?:{_PEOPLE} )?(?:were|was) (?:\w+ )?(?:assigned|allocated|allotted|randomi[sz]ed|"
    r"given) to each\b",
    re.IGNORECASE,
)
_BARE_EACH = re.compile(r"(\w+(?:-\w+)?) each\b", re.IGNORECASE)
#: "ten men and ten women" are no arms.
_SEXES = re.compile(
    r"\b(?:men|males?|boys)\b[^.;]{0,25}\b(?:women|females?|girls)\b|\b(?:women|females?|"
    r"girls)\b[^.;]{0,25}\b(?:men|males?|boys)\b",
    re.I,
)
_AND_CONTROLS = re.compile(
    r"(\w+(?:-\w+)?) (?:people|persons|patients|women|men|adults|cases|participants|"
    r"subjects)\b[^.;]{0,140}? and (\w+(?:-\w+)?) "
    r"(?:(?:\w+ ){0,3}?controls\b|healthy (?:people|volunteers|persons|subjects|adults|women|men))",
    re.IGNORECASE,
)

#: Arms that are told one after the other: "saline (25 men) … vesicles (25 men)", "30 did and 34 needled only",
#: "forty-eight who had it were matched with forty-eight who had not", "18 patients in one hospital, 20 in the other".
_BRACKETS = re.compile(rf"\(([\w-]+) {_PEOPLE}\b[^)]{{0,20}}\)", re.IGNORECASE)
#: "randomised to exosomes (22) or triamcinolone (21)"; "(thirty-one women) … (thirty)".
_BARE_BRACKETS = re.compile(rf"\(([a-z]+(?:-[a-z]+)?|\d{{1,4}})(?: {_PEOPLE})?\)", re.IGNORECASE)
#: "70 patients with psoriasis, 40 with eczema and 35 healthy persons"
_LISTED = re.compile(
    rf"\b([\w-]+) {_PEOPLE} with [^,;.]{{3,40}}, ([\w-]+) with [^,;.]{{3,40}},? and ([\w-]+) "
    r"(?:with|healthy|controls|without)\b",
    re.IGNORECASE,
)
#: "29 people came on Tuesdays and 27 on Fridays"
_CAME = re.compile(
    rf"\b([\w-]+) {_PEOPLE} (?:[\w-]+ )?(?:came|attended|were (?:treated|seen|cared for|allocated|assigned|given|"
    rf"allotted)|in|at|had|received|got|took|chose) "
    rf"[^.;,]{{2,60}}?,? (?:and|while) ([\w-]+) (?:on|at|in|had|received|got|took|chose|with|without|to|the)\b",
    re.IGNORECASE,
)
#: "Thirty-one chose the combination and 35 plasma alone"; "Group A consisted of 68 women and group B of 66"
_BARE_ARMS = re.compile(
    r"^([\w-]+) (?:chose|had|received|got|took|were (?:given|allocated|assigned|"
    r"allotted)) [^.;,]{2,70}?[,;]? (?:and|while) ([\w-]+) (?!of |years|weeks|months)\w+",
    re.IGNORECASE,
)
_LETTERED = re.compile(
    r"\b(?:group|arm) (?:A|1|I)\b[^.;\d]{0,40}?\b(\d+|(?!of\b|the\b|about\b)[a-z]+(?:-[a-z]+)?) (?:[\w-]+ )?"
    r"(?:women|men|patients|people|participants|subjects|adults|and)\b[^.;]{0,50}?\b(?:group|arm) (?:B|2|II)\b"
    r"[^.;\d]{0,30}?\b(\d+|[a-z]+-[a-z]+)\b",
    re.IGNORECASE,
)
#: "eighty-two to three weekly injections and eighty to three of the other", after how many were randomised.
_ALLOTTED_TO = re.compile(r"\b([\w-]+) to [^.;]{3,80}? and ([\w-]+) to \b", re.IGNORECASE)
_WHO = re.compile(
    r"\b([\w-]+) who\b[^.;]{1,260}?\b(?:and|with|against|to|versus) ([\w-]+) (?:others? )?(?:who\b|matched|that\b)|"
    r"\b([\w-]+) did\b[^.;]{0,60}? and ([\w-]+) (?:did not\b|\w+ed\b|had\b|were\b)",
    re.IGNORECASE,
)
_DONORS = re.compile(
    rf"\b([\w-]+) {_PEOPLE}\b[^.;]{{0,140}}? and (?:from )?([\w-]+) (?:[\w-]+,? ){{0,6}}?(?:donors|controls|"
    rf"volunteers|people)\b",
    re.IGNORECASE,
)
_PLACES = re.compile(
    rf"\b(?:hospital|centre|center|clinic|group|arm|site) (?:A|1|"
    rf"one)\b[^.]{{0,60}}?\b([\w-]+) (?:[\w-]+ )?{_PEOPLE}.{{0,260}}?"
    rf"\b(?:hospital|centre|center|clinic|group|arm|site) (?:B|2|two)\b[^.]{{0,60}}?\b([\w-]+) (?:[\w-]+ )?{_PEOPLE}",
    re.IGNORECASE,
)


def groups_of(parts: Parts, rules: StudyRules) -> tuple[int, ...]:
    """Sizes of the arms as printed; never face halves."""
    texts = (*parts.of("methods", "aim"), *parts.of("results"), parts.title)
    whole = {one.number for one in counted_people(parts, rules, ("title", "aim", "methods", "results"))}
    told = parts.of("results")
    for place, text in enumerate(texts):
        if rules.said("split", text):
            continue
        before = texts[place - 1] if place and text not in told else ""
        near = {number for number in whole if number in _numbers_in(f"{before} {text}", rules)}
        found = _arms_in(text, rules, whole) or _sum_up(text, rules, near, parts.done)
        if len(found) > 1:
            return found
    return _one_after_other(parts, rules)


def _one_after_other(parts: Parts, rules: StudyRules) -> tuple[int, ...]:
    """Arms told where each of them is told of, without a number for all."""
    for text in parts.of("methods", "aim", "results"):
        if rules.said("split", text) or rules.said("side-effect", text):
            continue
        sizes = [_word(match[1], rules) for match in _BRACKETS.finditer(text)]
        if len(sizes) > 1 and all(sizes):
            return tuple(size for size in sizes if size)
        sizes = (
            [_word(match[1], rules) for match in _BARE_BRACKETS.finditer(text)] if rules.said("random", text) else []
        )
        if len(sizes) > 1 and all(size and size > 2 for size in sizes):
            return tuple(size for size in sizes if size)
        for pattern in (_WHO, _DONORS):
            match = pattern.search(text)
            sizes = [_word(word, rules) for word in match.groups() if word] if match else []
            if len(sizes) > 1 and all(size and size > 2 for size in sizes):
                return tuple(size for size in sizes if size)
        allotted = (_ALLOTTED_TO,) if rules.said("random", text) else ()
        for pattern in (_CAME, _LETTERED, _BARE_ARMS, *allotted):
            match = pattern.search(text)
            sizes = [_word(word, rules) for word in match.groups()] if match else []
            if len(sizes) == 2 and all(size and size > 2 for size in sizes):
                return tuple(size for size in sizes if size)
    match = _PLACES.search(parts.text("methods"))
    sizes = [_word(word, rules) for word in match.groups()] if match else []
    return tuple(size for size in sizes if size) if len(sizes) == 2 and all(sizes) else ()


def _arms_in(text: str, rules: StudyRules, whole: Collection[int]) -> tuple[int, ...]:
    printed = [int(match[1]) for match in _N.finditer(text)]
    if len(printed) > 1:
        return tuple(printed)
    # patterns that begin with any word are only tried where their fixed word stands
    stated = _GROUPS_OF.search(text) if "s of " in text else None
    if stated:
        many = next((n for word in reversed(stated[1].split()) if (n := _word(word, rules))), None)
        size = _word(stated[2], rules)
        if many and size and 1 < many < 8:
            return (size,) * many
    each = _IN_EACH.search(text) if _EVERY.search(text) else None
    arm = _word(each[1], rules) if each else None
    if arm and arm > 2:
        times = next((total // arm for total in sorted(whole) if total % arm == 0 and 1 < total // arm < 8), 0)
        return (arm,) * (times or _how_many(text, rules))
    to_each = _ASSIGNED_EACH.search(text) if "each" in text else None
    arm = _word(to_each[1], rules) if to_each else None
    if arm and arm > 1:
        times = next((total // arm for total in sorted(whole) if total % arm == 0 and 1 < total // arm < 8), 2)
        return (arm,) * times
    bare = _BARE_EACH.search(text) if "each" in text else None
    arm = _word(bare[1], rules) if bare else None
    if arm and arm > 2:
        times = next((total // arm for total in sorted(whole) if total % arm == 0 and 1 < total // arm < 8), 0)
        if times:
            return (arm,) * times
    listed = _LISTED.search(text)
    if listed:
        sizes = [_word(word, rules) for word in listed.groups()]
        if all(sizes):
            return tuple(size for size in sizes if size)
    cases = _AND_CONTROLS.search(text) if "controls" in text or "healthy" in text else None
    if cases:
        sizes = [_word(word, rules) for word in cases.groups()]
        if all(sizes):
            return tuple(size for size in sizes if size)
    return ()


def _sum_up(text: str, rules: StudyRules, whole: Collection[int], parts_text: str) -> tuple[int, ...]:
    """Numbers that follow each other and make up all who took part."""
    if _SEXES.search(text) or not (rules.said("controlled", parts_text) or rules.said("random", parts_text)):
        return ()
    numbers = [number for number in _numbers_in(text, rules) if number > 2]
    for start in range(len(numbers)):
        for end in range(start + 2, min(start + 6, len(numbers)) + 1):
            arms = numbers[start:end]
            if sum(arms) in whole and max(arms) <= 4 * min(arms):
                return tuple(arms)
    return ()


def _numbers_in(text: str, rules: StudyRules) -> list[int]:
    """Numbers of the text in order, those of units left out."""
    return [value for _, end, value in rules.numerals.find(text) if value and not UNITS.match(text[end : end + 20])]


def _how_many(text: str, rules: StudyRules) -> int:
    found = re.search(r"(\w+) (?:groups|arms)", text, re.I)
    return (_word(found[1], rules) if found else None) or 2


def _word(word: str | None, rules: StudyRules) -> int | None:
    return rules.numerals.value(word) if word else None
