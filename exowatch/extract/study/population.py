"""Who took part, in a few words: sex, stage of life, health, ages; and what each side was given."""

from __future__ import annotations

import re

from exowatch.extract.study.given import Given
from exowatch.extract.study.parts import Parts

_WHO = (
    ("children", r"children|infants|neonates|newborns|adolescents|toddlers|girls|boys"),
    ("postmenopausal women", r"post-?menopausal"),
    ("women", r"women|woman|females?"),
    ("men", r"men|man|males?"),
    ("older people", r"elderly|older (?:people|adults|women|men)|pensioners"),
    ("healthy volunteers", r"healthy (?:\w+ )?(?:volunteers?|adults?|people|persons?|subjects?|women|men)"),
    ("adults", r"adults?"),
    ("patients", r"patients?|outpatients?|inpatients?"),
)
_PATTERNS = tuple((name, re.compile(rf"(?<!\w)(?:{words})\b", re.IGNORECASE)) for name, words in _WHO)
_AGES = re.compile(
    r"\b(?:aged|ages?)\s+(?:of\s+|from\s+|range:?\s+|between\s+)?(\d{1,2})\s?(?:to|and|-|–)\s?(\d{1,2})\b"
    r"(?!\s?(?:weeks|months|days|mg|ml|%|sessions))|"
    r"\b(\d{1,2})\s?(?:to|-|–)\s?(\d{1,2})[\s-]years?[\s-](?:old|of\s+age)|"
    r"\bbetween\s+(\d{1,2})\s+and\s+(\d{1,2})\s+years?\b(?!\s+(?:ago|after|later|before|of follow))",
    re.IGNORECASE,
)
_MEAN = re.compile(r"\b(?:mean|median|average) age\b[^.;,\d]{0,12}(\d{1,2}(?:\.\d)?)", re.IGNORECASE)
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


def population_of(parts: Parts) -> tuple[str, ...]:
    """People as the study names them: "women", "aged 27 to 39", "mean age 41". Empty where it does not say."""
    told = " ".join([parts.title, *parts.of("aim", "methods")]) or parts.text()
    named = [name for name, pattern in _PATTERNS if pattern.search(told)]
    if "postmenopausal women" in named and "women" in named:
        named.remove("women")
    ages, mean = _AGES.search(told), _MEAN.search(told)
    if ages:
        low, high = (number for number in ages.groups() if number)
        if int(low) < int(high):
            named.append(f"aged {low} to {high}")
    if mean:
        named.append(f"mean age {mean[1]}")
    return tuple(named)


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
