"""Against what a study held what it gave: what the others got (knowledge/study-fields.yml, ``control``)."""

from __future__ import annotations

import re

from exowatch.extract.study.parts import Parts
from exowatch.knowledge.studies import StudyRules

_WRITTEN = re.compile(
    r"\b(?:versus|vs\.?|compared with|against|or)\s+(?:(?:to|by|with|the|an?)\s)*"
    r"((?:\w+[\s-]){0,3}?(?:placebo|saline|vehicle|sham|control \w+|laser alone|"
    r"minoxidil|PRP|platelet-rich plasma|hyaluronic acid|petrolatum|usual care|routine \w+|"
    r"standard \w+|base|untreated \w+))",
    re.IGNORECASE,
)
#: Designs in which there were no others.
_ALONE = ("before-after", "case-report", "case-series", "review", "systematic-review")
#: What is only sometimes what the others got.
_FAINT = frozenset({"nothing", "healthy controls", "another dose", "usual care"})
#: Where the others are told of.
_OTHERS = re.compile(
    r"\b(?:versus|vs\.?|compared with|comparing|against|or|and|other|others|opposite|partner\w*|control\w*|remaining|"
    r"rest|while|whereas|either|placebo\w*|frente|con|contra|gegen|ou|или|comparator|only|without)\b|[比対대]",
    re.IGNORECASE,
)
#: A study that says whom it lacks.
_LACKING = re.compile(
    r"\bwithout (?:(?:women|men|patients|people|anybody|others) (?:given|on|who)|comparison|"
    r"an? (?:placebo|comparator|control))|\bno (?:placebo|comparator|control|sham|saline)\b|"
    r"\black of (?:a )?(?:placebo|control)|"
    r"\b(?:to|for|in|of|supports?|planning) (?:an? )?(?:\d+-week |larger )?"
    r"(?:placebo|sham|vehicle|saline)-controlled (?:trial|study)|"
    r"\b(?:placebo response|could not be blinded)\b",
    re.IGNORECASE,
)
#: What is given together with the treatment is not what the others got: "exosomes with PDRN".
_BESIDE = re.compile(
    r"\b(?:exosom\w*|vesicles?|EVs?|secretome|alone) (?:and |or |[\w-]+ ){0,2}?"
    r"(?:with|plus|in|combined with|together with) \(?(?:[\w-]+ ){0,2}\(?$",
    re.IGNORECASE,
)
#: What stands here was given to all, or is what something was mixed in.
_FOR_ALL = re.compile(r"\b(?:all|both|each|diluted|dissolved|suspended|reconstituted|mixed|previously|failed)\b", re.I)


def comparator_of(parts: Parts, rules: StudyRules, design: str | None, material: str | None) -> str | None:
    """What the others got, as written where it is set against the treatment, else by its name.

    None where nobody else is told of.
    """
    if design in _ALONE:
        return None
    sentences = _sentences(parts, design)
    for text, _ in sentences:
        if written := _WRITTEN.search(text):
            return written[1]
    scored: dict[str, float] = {}
    for text, weight in sentences:
        others = 1.0 if _OTHERS.search(text) else 0.4
        others *= 0.3 if _FOR_ALL.search(text) else 1.0
        for name in _named(text, rules):
            if not _is_given(name, material):
                share = 0.3 if name in _FAINT else 1.0
                scored[name] = scored.get(name, 0.0) + weight * others * share
    best = max(scored, key=lambda name: scored[name], default=None)
    return None if best and design == "cohort" and scored[best] < 1.0 else best


def _named(text: str, rules: StudyRules) -> list[str]:
    """What stands there of what others get, but for what is given together with the treatment."""
    spans = rules.terms.find(text)
    return [
        name.value
        for key, name in rules.names["control"]
        if any(not _BESIDE.search(text, max(0, span.start - 60), span.start) for span in spans.get(key, ()))
    ]


def _sentences(parts: Parts, design: str | None) -> list[tuple[str, float]]:
    """Where the others may be told of, and how much that counts; what says whom the study lacks is left out."""
    told = [(parts.title, 3.0), *((one, 2.0) for one in parts.of("aim", "methods"))]
    told += [(one, 1.0) for one in parts.of("results")]
    if design == "protocol":
        told += [(one, 2.0) for one in parts.of("background", "notes", "conclusion")]
    return [(text, weight) for text, weight in told if not _LACKING.search(text)]


def _is_given(name: str, material: str | None) -> bool:
    return (name.startswith("platelet") and material == "prp") or (name == "polynucleotide" == material)
