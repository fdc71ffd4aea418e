"""Who took part, in a few words: sex, stage of life, health, ages; and what each side was given."""

from __future__ import annotations

import re

from exowatch.extract.study.given import Given
from exowatch.extract.study.parts import Parts
from exowatch.knowledge.studies import StudyRules

_AGES = re.compile(
    r"\b(?:aged|ages?)\s+(?:of\s+|from\s+|range:?\s+|between\s+)?(\d{1,2})\s?(?:to|and|-|–)\s?(\d{1,2})\b"
    r"(?!\s?(?:weeks|months|days|mg|ml|%|sessions))|"
    r"\b(\d{1,2})\s?(?:to|-|–)\s?(\d{1,2})[\s-]years?[\s-](?:old|of\s+age)|"
    r"\b(?:women|men|adults|volunteers|patients|people)\s+(\d{2})\s?(?:to|-|–)\s?(\d{2})\b(?!\s?(?:mg|ml|%|days|weeks|months))|"
    r"\(\D{0,20}?(\d{2})\s?(?:to|-|–)\s?(\d{2})\s(?:years|Jahre|años|ans|anos)\b|"
    r"\bbetween\s+(\d{1,2})\s+and\s+(\d{1,2})\s+years?\b(?!\s+(?:ago|after|later|before|of follow))|"
    r"(\d{1,2})\s?(?:a|bis|à|al?|~|～)\s?(\d{1,2})\s?(?:años|Jahren?|ans|anos|歳|세)",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"\b(?:aged|people|women|men|adults|patients|elders)\s+(?:over|above|older than|of)\s+(\d{2}|[a-z]+ty)\b"
    r"(?!\s?(?:%|mg|ml|or|weeks|months|years? (?:of|after)))|\b(?:aged|age)\s?[>≥]\s?(\d{2})\b|만\s?(\d{2})세 이상",
    re.IGNORECASE,
)
_MEAN = re.compile(
    r"\b(mean|median|average)(?: age\b|d? (?:\w+ ){0,2}years)[^.;,\d]{0,12}(\d{1,2}(?:\.\d)?)", re.IGNORECASE
)
_ONE = re.compile(r"\b(?:a|an|this)?\s?(\d{1,2})[\s-]years?[\s-]old\b|\baged\s+(\d{1,2})\b", re.IGNORECASE)
_HERS = re.compile(r"\b(?:she|her|hers|lady|housewife|mother)\b", re.IGNORECASE)
_HIS = re.compile(r"\b(?:he|his|him|gentleman|father)\b", re.IGNORECASE)
#: Words behind which somebody else is named than who took part.
_EXCLUDED = re.compile(r"\bexclu\w+[^.;]*|\bbody surface\b", re.IGNORECASE)
_MATERIALS = {
    "exosome": "exosomes",
    "conditioned_medium": "conditioned medium",
    "prp": "platelet-rich plasma",
    "polynucleotide": "polynucleotides",
    "stem_cells": "stem cells",
}
_ROUTES = {
    "injection": "injected",
    "intravenous": "into a vein",
    "topical": "on the skin",
    "topical_after_procedure": "on the skin after a procedure",
}


def population_of(parts: Parts, rules: StudyRules, design: str | None = None) -> tuple[str, ...]:
    """People as the study names them: "women", "aged 27 to 39", "mean age 41". Empty where it does not say, and of
    what tells of other people's studies in words alone.
    """
    if design == "review":
        return ()
    one_by_one = design in ("case-report", "case-series")
    told = " ".join([parts.title, *parts.of("aim", "methods")])
    if one_by_one or len(told) == len(parts.title):
        told = f"{parts.title} {parts.text()}"
    told = _EXCLUDED.sub(" ", told)
    found = _named(told, rules)
    if not found:
        later = (parts.text("results"), parts.text())
        found = next((here for text in later if (here := _named(_EXCLUDED.sub(" ", text), rules))), set())
    if "postmenopausal women" in found:
        found.discard("women")
    if "healthy volunteers" in found and design not in ("cohort", "controlled"):
        found.discard("patients")
    if one_by_one:
        found |= {
            name for name, said in (("women", _HERS), ("men", _HIS)) if design == "case-report" and said.search(told)
        }
    named = [name.value for _, name in rules.names["people-named"] if name.value in found]
    return (*named, *_ages(told, one_by_one=design == "case-report"))


def _named(text: str, rules: StudyRules) -> set[str]:
    return {name.value for _, name in rules.named("people-named", text)}


def _ages(told: str, *, one_by_one: bool) -> list[str]:
    named = []
    ages, beyond, mean = _AGES.search(told), _FROM.search(told), _MEAN.search(told)
    if ages:
        low, high = (number for number in ages.groups() if number)
        if int(low) < int(high):
            named.append(f"aged {low} to {high}")
    elif beyond:
        named.append(f"aged over {beyond[1] or beyond[2] or beyond[3]}")
    elif one_by_one and (one := _ONE.search(told)):
        named.append(f"aged {one[1] or one[2]}")
    if mean:
        named.append(f"{'median' if mean[1].lower() == 'median' else 'mean'} age {mean[2]}")
    return named


def interventions_of(given: Given, combination: tuple[str, ...], comparator: str | None) -> tuple[str, ...]:
    """What the treated got, with what else, and what the others got. Empty where nothing was given."""
    if given.material in (None, "none"):
        return ()
    cells = f" of {', '.join(given.cells)}" if given.cells and given.material != "prp" else ""
    way = f", {_ROUTES[given.route]}" if given.route in _ROUTES else ""
    beside = [name for name in combination if name.lower() not in str(given.material)]
    more = f", with or beside {', '.join(beside)}" if beside else ""
    first = f"{_MATERIALS.get(str(given.material), str(given.material))}{cells}{way}{more}"
    return (first, comparator) if comparator else (first,)
