"""What kind of study it was: by what was done, not by what its title calls it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from exowatch.extract.study.parts import Parts
from exowatch.extract.study.people import Subjects, one_of
from exowatch.knowledge.studies import StudyRules

#: So few, told of without statistics, are told of one by one.
_FEW = 5
_LACKING = re.compile(
    r"\b(?:no|without|lack(?:ed|ing|s)?|nor|neither|absence of|healthy|historical)(?: an?| any)?(?: \w+)?\s$",
    re.IGNORECASE,
)
_STATISTICS = re.compile(r"\bp\s*[<>=]|\bCI\b", re.IGNORECASE)


def design_of(
    parts: Parts, rules: StudyRules, subjects: Subjects | None, participants: int | None, groups: Sequence[int] = ()
) -> str | None:
    """A design of knowledge/studies.yml (``levels``), or None where nothing tells."""
    overview = _overview(parts, rules)
    if overview:
        return overview
    if _protocol(parts, rules):
        return "protocol"
    if subjects == "animal":
        return "animal"
    if subjects == "in_vitro":
        return "in-vitro"
    return _human(parts, rules, participants, groups) if subjects == "human" else None


def _overview(parts: Parts, rules: StudyRules) -> str | None:
    title, methods = parts.title, parts.text("aim", "methods", "results") or parts.text()
    if rules.said("meta-analysis", title) or rules.said("meta-analysis", methods):
        return "meta-analysis"
    if rules.said("systematic-review", title) or rules.said("systematic-review", methods):
        return "systematic-review"
    everything = f"{title} {parts.text()}"
    own = rules.said("enrolled-count", parts.text("methods")) or rules.said("cells", parts.text("methods"))
    if rules.said("review", title) or (rules.said("review", everything) and not own):
        return "review"
    return None


def _protocol(parts: Parts, rules: StudyRules) -> bool:
    methods = parts.text("aim", "methods", "results") or parts.text()
    return (rules.said("protocol", parts.title) and rules.said("will", parts.text())) or (
        rules.count("will", methods) >= 2 or (rules.said("protocol", methods) and not parts.of("results"))
    )


def _human(parts: Parts, rules: StudyRules, participants: int | None, sizes: Sequence[int]) -> str:
    done = parts.done
    random = _random(parts, rules)
    alone = rules.said("no-comparison", done) and len(sizes) < 2
    doses = rules.said("dose-arms", done)
    groups = (_beside(done, rules) and not alone) or len(sizes) > 1 or doses
    compared = groups or rules.said("controlled", done)
    few = participants is None or participants == 1
    if participants == 1 or (few and (one_of(parts) or rules.said("case-report", done))):
        return "case-report"
    if rules.said("cohort", done) and not random:
        return "cohort"
    if rules.said("split", done) and not rules.said("no-comparison", done):
        return "split-face"
    if rules.said("case-series", parts.title) and not random:
        return "case-series"
    if random and rules.said("crossover", done):
        return "rct"
    if random and compared and not alone:
        return "controlled" if _doses_alone(parts, rules) else "rct"
    if rules.said("case-series", done):
        return "case-series"
    if alone and not doses:
        return "before-after"
    if participants and participants <= _FEW and not groups and not _STATISTICS.search(done):
        return "case-series"
    if groups:
        return "controlled"
    if random and not alone:
        return "rct"
    return "before-after"


def _beside(done: str, rules: StudyRules) -> bool:
    """Groups stand beside each other; "there was no control group" says that they do not."""
    return any(not _LACKING.search(done[: match.start()]) for match in rules.cue("concurrent-groups").finditer(done))


def _random(parts: Parts, rules: StudyRules) -> bool:
    return rules.said("random", parts.done) and not rules.said("not-random", parts.done)


def _doses_alone(parts: Parts, rules: StudyRules) -> bool:
    """Arms that differ by dose, and nobody without the treatment."""
    done = parts.done
    return rules.said("dose-arms", done) and not re.search(
        r"placebo|sham|vehicle|saline|untreated|controls?\b|standard|usual|routine", done, re.IGNORECASE
    )
