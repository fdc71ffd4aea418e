"""What a claim is about, in the words that studies are read by: from its sentence, else its headings, else its page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from exowatch.assess.figures import largest_percentage, staying_in
from exowatch.extract.study.given import materials_in, source_in, tissues_in
from exowatch.knowledge.load import Knowledge
from exowatch.knowledge.support import ASSERTED
from exowatch.model.findings import Claim

_WISHES = ("condition", "concern")
SYMPTOM = "symptom"
#: Slots that a page or heading may lend to a sentence that leaves them open.
LENT = ("material", "source", "tissue", "route", "condition")
_ROUTE_ORDER = ("intravenous", "injection", "topical_after_procedure", "other", "topical")
_OTHERS = re.compile(
    r"\b(?:than|versus|vs\.?|unlike|instead of|compared (?:with|to)|not|no|without|never)\b[^.;,]*", re.IGNORECASE
)
#: What follows these is what a claim sets itself above.
_SET_ABOVE = re.compile(
    r"\b(?:than|superior to|unlike|instead of|replaces?|outperforms?|beats?|surpass\w*)\b[^.;,]*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Slots:
    """Values that a text states; empty where it states none."""

    material: frozenset[str] = frozenset()
    source: frozenset[str] = frozenset()
    tissue: frozenset[str] = frozenset()
    route: frozenset[str] = frozenset()
    condition: frozenset[str] = frozenset()
    near: frozenset[str] = frozenset()
    """All conditions that bear on its own, those included."""
    laboratory: bool = False
    """It says itself that it speaks of animals or cells."""
    of_safety: bool = False
    strength: str = "asserted"
    rivals: frozenset[str] = frozenset()
    """Treatments that it sets itself above."""
    stays: float | None = None
    """Days for which it says that the effect stays."""
    percent: float | None = None
    """The largest percentage that it promises."""
    said: str | None = field(default=None, compare=False)
    """The words that give its strength."""


def slots_of(text: str, around: Sequence[str], knowledge: Knowledge) -> Slots:
    """The slots of a sentence; ``around``: heading and page subject, the nearest first, lend what it leaves open."""
    found = [_stated(one, knowledge) for one in (text, *around) if one]
    strength, said = knowledge.support.strength(text)
    lent = {slot: next((one[slot] for one in found if one[slot]), frozenset[str]()) for slot in LENT}
    if not found[:1] or not found[0]["condition"]:
        # a wish named in the sentence counts before the page's illness, and that before a symptom
        own = found[0]["concern"] if found else None
        symptoms = (one["symptom"] or one["concern"] for one in found)
        lent["condition"] = own or lent["condition"] or next((one for one in symptoms if one), frozenset())
    if lent["route"] == {"topical"} and any("topical_after_procedure" in one["route"] for one in found):
        lent["route"] = frozenset({"topical_after_procedure"})  # a lotion on a page about needling
    return Slots(
        **lent,
        near=_near(lent["condition"], knowledge),
        laboratory=knowledge.support.is_of_laboratory(text),
        of_safety=knowledge.support.is_of_safety(text) and not any(found[0][name] for name in _WISHES)
        if found
        else False,
        strength=strength,
        rivals=knowledge.support.rivals_in(" ".join(_SET_ABOVE.findall(text)))
        if strength == "superior"
        else frozenset(),
        stays=staying_in(text),
        percent=largest_percentage([text]),
        said=said,
    )


def slots_of_claim(claim: Claim, knowledge: Knowledge) -> Slots:
    """The same of a claim as it stands on its page, in whatever language: what was read of it counts with its words."""
    told, page = claim.intervention, claim.heading_path[::-1]
    slots = slots_of(claim.quote.text, page, knowledge)
    roles = {cue.role for cue in claim.cues}
    condition = _conditions(claim, slots)
    safety = "safety" in claim.kinds and not {"efficacy", "disease"} & set(claim.kinds)
    return replace(
        slots,
        material=slots.material or frozenset({told.material}),
        source=slots.source or (frozenset({told.source}) if told.source != "unstated" else frozenset()),
        tissue=slots.tissue or frozenset(tissues_in(" ".join(told.cells))),
        route=slots.route or (frozenset({told.route}) if told.route not in ("unstated", "other") else frozenset()),
        condition=condition,
        near=_near(condition, knowledge),
        of_safety=safety or (slots.of_safety and not claim.conditions),
        strength=_strength(claim, roles, slots),
    )


def _conditions(claim: Claim, slots: Slots) -> frozenset[str]:
    """Those read in the claim (ids of ``conditions.yml``: families of studies' conditions) and in its words."""
    own = frozenset(condition.id for condition in claim.conditions)
    return own | slots.condition if own and claim.language == "en" else own or slots.condition


def _near(conditions: Iterable[str], knowledge: Knowledge) -> frozenset[str]:
    relations, family = knowledge.support.relations, knowledge.studies.families
    return frozenset[str]().union(*(relations.around(one, family) for one in conditions))


def _strength(claim: Claim, roles: set[str], slots: Slots) -> str:
    if slots.strength != ASSERTED:
        return slots.strength
    if "guarantee" in roles or "absolute-safety" in roles:
        return "guaranteed"
    if "superiority" in claim.kinds:
        return "superior"
    return "cautious" if claim.stance == "hedged" else ASSERTED


def _stated(text: str, knowledge: Knowledge) -> dict[str, frozenset[str]]:
    rules = knowledge.studies
    own = _OTHERS.sub(" ", text)
    concerns = {name.value: name.of for _, name in rules.named("concern", own)}
    routes = {name.value for _, name in rules.named("route", own)}
    route = next((one for one in _ROUTE_ORDER if one in routes), None)
    source = source_in(own, rules)
    return {
        "material": frozenset(materials_in(own, rules)),
        "source": frozenset({source} if source else ()),
        "tissue": frozenset(tissues_in(own)),
        "route": frozenset({route} if route else ()),
        "condition": frozenset(name.value for _, name in rules.named("condition", own)),
        "concern": frozenset(value for value, of in concerns.items() if of != SYMPTOM),
        "symptom": frozenset(value for value, of in concerns.items() if of == SYMPTOM),
    }
