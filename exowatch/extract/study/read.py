"""``study_from_text``: a title and an abstract or article become a Study; unknown fields stay empty."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import cast

from exowatch.extract.study.against import comparator_of
from exowatch.extract.study.declared import declared_of
from exowatch.extract.study.design import design_of
from exowatch.extract.study.direction import Direction, direction_of
from exowatch.extract.study.given import Given, given_of
from exowatch.extract.study.groups import groups_of
from exowatch.extract.study.numbered import candidates_of
from exowatch.extract.study.parts import Parts, parts_of
from exowatch.extract.study.people import Subjects, participants_of, pooled, subjects_of
from exowatch.extract.study.population import interventions_of, population_of
from exowatch.extract.study.traits import traits_of
from exowatch.extract.study.weighed import answered, chances, people_weighed, weighable
from exowatch.knowledge.studies import StudyRules
from exowatch.knowledge.study_weights import shipped_study_weights
from exowatch.model.findings import Result, Study

_P = re.compile(r"\bp\s*([<>=≤])\s*(0?[.,]\d+)", re.IGNORECASE)
_INTERVAL = re.compile(r"95\s?%\s?CI[:\s]*\[?\(?(-?\d[\d.]*\s?(?:to|[-–,])\s?-?\d[\d.]*)", re.IGNORECASE)
_PRODUCT = re.compile(r"\b([A-Z][A-Za-z]{3,}\+?)(?=(?:-derived)? exosom)|exosom\w+[^.()]{0,40}\(([A-Z][\w+]+)")
#: Capital letters before "exosomes" that name no product.
_NO_PRODUCT = ("Exosome", "Mesenchymal", "Human", "Adipose", "Stem", "These", "Plant", "Topical", "Umbilical", "Cord")

#: A scale by its shape: "LPPAI from 5.6", "VISA-A rose", "the Ashcroft score".
_SCALE = re.compile(
    r"\b([A-Z][A-Za-z]{0,12}[A-Z]{2,8}(?:-[A-Z])?)(?: scores?)? (?:rose|fell|dropped|improved|went|decreased|increased|"
    r"score|of \d|from \d|was \d)|\b([A-Z][a-z]{3,} (?:score|scale|index))\b"
)
_NO_SCALE = re.compile(
    r"(?:The|This|That|Each|Mean|Median|Pooled|Total|Pain|Itch|Scar|Change|Likert|Their|Clinical|Severity|A)\b|"
    r"(?:PRP|PRF|TEWL|MSC|ADSC|VEGF|TNF|CRP|MMP|SD|CI|IQR|RNA|DNA|HIF|BMP|TGF|EV|AUC|COVID|MRI|GNV|TXA|BMI|IGF|FGF|ROS)\w*"
)


def study_from_text(text: str, title: str, language: str | None, rules: StudyRules, *, doi: str | None = None) -> Study:
    """The study that a title and an abstract or article tell of. Unknown fields stay empty."""
    parts = parts_of(" ".join(title.split()), text, rules)
    kind = kind_of(parts, rules)
    given = given_of(parts, rules, kind.subjects, kind.design)
    direction = direction_of(parts, rules, kind.design, given.material)
    if weighable(parts.everything, language):
        traits = traits_of(parts, rules, answers_of(kind, given, direction))
        told = chances(traits, parts.everything, shipped_study_weights())
        by_rules = kind
        kind, direction = _weighed(kind, direction, told, parts, rules)
        if (kind.subjects, kind.design) != (by_rules.subjects, by_rules.design):
            given = given_of(parts, rules, kind.subjects, kind.design)
        given = _given_weighed(given, told)
    subjects, design, people, groups = kind.subjects, kind.design, kind.people, kind.groups
    declared = declared_of(parts, rules, design)
    done = parts.everything
    level = rules.levels.get(design or "")
    combination = tuple(dict.fromkeys(name.value for _, name in rules.named("combination", parts.done)))
    comparator = comparator_of(parts, rules, design, given.material)
    return Study(
        key=f"doi:{doi}" if doi else "text",
        title=parts.title,
        doi=doi,
        language=language,
        design=design,
        randomised=_randomised(parts, rules),
        subjects=subjects,
        participants=people,
        groups=groups,
        material=given.material,
        source=given.source,
        cells=given.cells,
        route=given.route,
        product=_product(done),
        population=population_of(parts, rules, design) if subjects in ("human", None) else (),
        interventions=interventions_of(given, combination, comparator),
        combination=combination,
        comparator=comparator,
        conditions=_conditions(parts, rules),
        outcomes=_outcomes(parts, rules, design),
        results=tuple(_results(parts)),
        direction=direction,
        follow_up=declared.follow_up,
        adverse_events=declared.adverse_events,
        funding=declared.funding,
        conflict=declared.conflict,
        maker_run=declared.maker_run,
        registered=declared.registered,
        retracted=declared.retracted,
        relations=declared.relations,
        level=level.level or None if level else None,
        level_reason=f"OCEBM 2011, level {level.level}: {level.reason}"
        if level and level.level
        else level.reason
        if level
        else "",
    )


#: What is labelled where a text says nothing of it.
UNSTATED = "unstated"


@dataclass(frozen=True, slots=True)
class _Kind:
    """What kind of study it is, and of how many people."""

    subjects: Subjects | None
    design: str | None
    people: int | None
    groups: tuple[int, ...]


def kind_of(parts: Parts, rules: StudyRules) -> _Kind:
    """By the rules alone."""
    subjects = subjects_of(parts, rules)
    groups = groups_of(parts, rules)
    design = design_of(parts, rules, subjects, _people(parts, rules, subjects, groups), groups)
    if design in ("meta-analysis", "systematic-review", "review"):
        subjects = _of_overview(parts, rules)
    return counted(subjects, design, groups, parts, rules)


def counted(
    subjects: Subjects | None, design: str | None, groups: tuple[int, ...], parts: Parts, rules: StudyRules
) -> _Kind:
    """With the number of people that such a study tells of."""
    if design in ("meta-analysis", "systematic-review", "review"):
        pooling = subjects == "human" and design != "review"
        return _Kind(subjects, design, pooled(parts, rules) if pooling else None, ())
    if design == "case-report":
        return _Kind(subjects, design, 1, ())
    return _Kind(subjects, design, _people(parts, rules, subjects, groups), groups)


def _people(parts: Parts, rules: StudyRules, subjects: Subjects | None, groups: tuple[int, ...]) -> int | None:
    planned = rules.count("will", parts.text()) >= 2
    return participants_of(parts, rules, groups, planned=planned) if subjects == "human" else None


def _weighed(
    kind: _Kind, direction: Direction | None, told: Mapping[str, Mapping[str, float]], parts: Parts, rules: StudyRules
) -> tuple[_Kind, Direction | None]:
    """The answers that weigh most; a protocol has no result."""
    design: str | None = answered("design", told, kind.design)
    if design == "rct" and not _randomised(parts, rules):
        design = kind.design  # a higher level of evidence than the text gives a reason for
    subjects = cast("Subjects", answered("subjects", told, kind.subjects))
    if (design, subjects) != (kind.design, kind.subjects):
        kind = counted(subjects, design, groups_of(parts, rules), parts, rules)
    if subjects == "human" and design not in ("case-report", "review"):
        found = candidates_of(parts, rules, design, kind.groups, kind.people)
        kind = replace(kind, people=people_weighed(found, shipped_study_weights()))
    if design == "protocol":
        return kind, "none"
    return kind, cast("Direction", answered("direction", told, direction))


def answers_of(kind: _Kind, given: Given, direction: Direction | None) -> tuple[str | None, ...]:
    """What the rules answer, in the order of ``traits.ANSWERS``."""
    source, route = given.source or UNSTATED, given.route or UNSTATED
    return (kind.design, kind.subjects, given.material, direction, source, route)


def _given_weighed(given: Given, told: Mapping[str, Mapping[str, float]]) -> Given:
    """With the likeliest source and route where the rules find none; what they find, they read rightly in 9 of 10."""
    source = given.source or answered("source", told, None)
    route = given.route or answered("route", told, None)
    return replace(given, source=None if source == UNSTATED else source, route=None if route == UNSTATED else route)


def _of_overview(parts: Parts, rules: StudyRules) -> Subjects:
    """Whom the studies under review were about."""
    everything = parts.everything
    animals, people = rules.count("animals", everything), rules.count("people", everything)
    if rules.said("animals", parts.title) or re.search(
        r"pre-?clinical|animal (?:studies|models|trials)", parts.title, re.I
    ):
        return "animal"
    return "animal" if animals > people else "human"


def _randomised(parts: Parts, rules: StudyRules) -> bool | None:
    if rules.said("not-random", parts.done):
        return False
    return True if rules.said("random", parts.done) else None


def _conditions(parts: Parts, rules: StudyRules) -> tuple[str, ...]:
    """Those named in the title; where there is none, in what was done."""
    for text in (parts.title, parts.text("aim", "methods"), parts.text("results"), parts.text()):
        found = list(dict.fromkeys(name.value for _, name in rules.named("condition", text)))
        wide = [name for name in found if name in _WIDER and not set(_WIDER[name]) & set(found)]
        if wide:  # the title says hair, the methods which loss of hair
            own = {name.value for _, name in rules.named("condition", parts.text("aim", "methods"))}
            found += [one for name in wide for one in _WIDER[name] if one in own]
        if found:
            return tuple(_narrowest(found))
    return ()


#: A narrower name says the wider one with it.
_WIDER = {
    "hair loss": ("androgenetic alopecia", "alopecia areata", "telogen effluvium"),
    "scars": ("acne scars",),
    "acne": ("acne scars",),
    "osteoarthritis": ("knee osteoarthritis",),
    "wounds": (
        "diabetic foot ulcer",
        "burns",
        "graft donor site wounds",
        "venous leg ulcer",
        "pressure ulcer",
        "diabetic wounds",
    ),
    "ARDS": ("COVID-19 ARDS",),
    "pigmentation": ("melasma", "vitiligo"),
}


def _narrowest(found: list[str]) -> list[str]:
    left = [name for name in found if not set(_WIDER.get(name, ())) & set(found)]
    # after a laser that was for something else
    return [name for name in left if name != "post-laser erythema" or len(left) == 1]


def _outcomes(parts: Parts, rules: StudyRules, design: str | None) -> tuple[str, ...]:
    """Scales and devices, then what was measured, each by its name; a review tells of neither."""
    if design == "review":
        return ()
    scales = [name.value for _, name in rules.named("instrument", parts.everything)]
    shaped = [match[1] or match[2] for match in _SCALE.finditer(parts.done) if not _NO_SCALE.match(match[0])]
    scales += [one for one in shaped if not any(one.split()[0] in known for known in scales)]
    texts = (parts.text("methods", "results"), parts.text())
    measured = next((found for text in texts if (found := rules.named("outcome", text))), [])
    return tuple(dict.fromkeys([*scales, *(name.value for _, name in measured)]))


def _product(text: str) -> str | None:
    names = [
        name
        for match in _PRODUCT.finditer(text)
        for name in match.groups()
        if name and not name.startswith(_NO_PRODUCT)
    ]
    return max(set(names), key=lambda name: (names.count(name), name)) if names else None


def _results(parts: Parts) -> Iterable[Result]:
    for sentence in (one.text for one in parts.told):
        p, interval = _P.search(sentence), _INTERVAL.search(sentence)
        if p or interval:
            yield Result(sentence, f"{p[1]}{p[2]}" if p else None, interval[1] if interval else None)
