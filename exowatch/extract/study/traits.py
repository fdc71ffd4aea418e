"""What the rules see in a study, as names with a value: what is weighed beside its words (``weighed``)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from exowatch.extract.study import direction as told
from exowatch.extract.study.asked import NI_MET, NI_MISSED, safety_asked, two_asked
from exowatch.extract.study.closing import closing_of
from exowatch.extract.study.parts import Parts, Section
from exowatch.extract.study.sign import Sign, sign_of, worse_told
from exowatch.knowledge.studies import StudyRules

_SIGNS: tuple[Sign, ...] = ("positive", "null", "negative")
_MOST = 4
ANSWERS = ("design", "subjects", "material", "direction", "source", "route")
_SECTIONS: dict[str, tuple[Section, ...]] = {
    "methods": ("background", "aim", "methods"),
    "results": ("results",),
    "conclusion": ("conclusion",),
}


def traits_of(parts: Parts, rules: StudyRules, answers: tuple[str | None, ...]) -> dict[str, float]:
    """Trait → its value, mostly 1. ``answers``: what the rules answered, in the order of ``ANSWERS``."""
    traits = {f"{name}={value}": 1.0 for name, value in zip(ANSWERS, answers, strict=True)}
    traits |= {trait: 1.0 for trait in _cues(parts, rules)}
    outcomes = told.outcomes_of(parts, rules)
    signs = [sign for one in outcomes if (sign := sign_of(one, rules))]
    traits |= _counted(signs)
    end, results = parts.text("conclusion"), parts.text("results")
    named = {
        "first": signs[0] if signs else None,
        "second": signs[1] if len(signs) > 1 else None,
        "last": signs[-1] if signs else None,
        "primary": told.deciding_of(parts, outcomes, rules),
        "figured": told.figured_of(outcomes, rules),
        "closing": closing_of(parts.of("conclusion"), rules),
        "title": sign_of(parts.title, rules),
    }
    traits |= {f"{name}={value}": 1.0 for name, value in named.items()}
    whole = parts.text()
    seen = {
        "hopes": told.hopes_in(end, rules),
        "waned": told.waned_in(parts, rules),
        "harmed": told.harmed_in(parts, rules),
        "harm alone": told.harm_alone(parts, rules),
        "safety asked": safety_asked(parts),
        "two asked": two_asked(parts),
        "later null": told.later_null(outcomes, rules),
        "within alone": told.within_alone(outcomes, rules),
        "unsure": told.unsure_in(parts, rules),
        "inferior": told.inferior_in(f"{results} {end}"),
        "worse in conclusion": worse_told(end, rules),
        "worse in title": worse_told(parts.title, rules),
        "worse in results": worse_told(results, rules),
        "not inferior": bool(NI_MET.search(whole)),
        "not shown not inferior": bool(NI_MISSED.search(whole)),
    }
    return traits | {name: 1.0 for name, value in seen.items() if value}


def _cues(parts: Parts, rules: StudyRules) -> Iterable[str]:
    """Each cue with the section that it stands in."""
    texts = {"title": parts.title} | {name: parts.text(*sections) for name, sections in _SECTIONS.items()}
    for section, text in texts.items():
        yield from (f"{section}:{cue}" for cue in rules.terms.find(text) if cue in rules.cues)


def _counted(signs: list[Sign]) -> dict[str, float]:
    """How many clauses point each way, and which share of those that point anywhere."""
    counts = Counter(signs)
    traits = {f"number {sign}": float(min(counts[sign], _MOST)) for sign in _SIGNS}
    traits |= {f"share {sign}": counts[sign] / len(signs) for sign in _SIGNS if signs}
    return traits | {f"any {sign}": 1.0 for sign in _SIGNS if counts[sign]}
