"""Does one study bear on a claim? Slot by slot; a mismatch is said, and never counted as support."""

from __future__ import annotations

from collections.abc import Iterable

from exowatch.assess.slots import Slots
from exowatch.knowledge.load import Knowledge
from exowatch.model.readings import Bearing, Evidence

_WORDS = {
    "source": "the material came from another source",
    "material": "another material was given",
    "route": "it went in another way",
    "condition": "another condition was treated",
    "species": "animals or cells were looked at, not people",
}
#: Families whose members stand for each other; in others (wounds) burns and ulcers are not the same.
_ALIKE = frozenset({"wrinkles", "skin-texture", "hydration", "hair-loss", "scar", "pigmentation"})
#: The wider name holds the narrower one.
_WIDER: dict[str, tuple[str, ...]] = {
    "wounds": ("wound-healing",),
    "osteoarthritis": ("osteoarthritis",),
    "pigmentation": ("melasma",),
    "ARDS": ("covid",),
    "COVID-19 ARDS": ("lung",),
    "hair loss": ("alopecia-areata",),
    "skin aging": ("skin-texture",),
    "breathing": ("lung", "covid", "allergy-asthma"),
    "pain": ("osteoarthritis", "chronic-pain-fatigue", "disc-disease", "tendon-injury"),
    "immunity": ("autoimmune",),
}


def mismatches_of(slots: Slots, what: Evidence, knowledge: Knowledge) -> tuple[dict[str, bool], tuple[str, ...]]:
    """(slot → agrees, the slots that differ): only where claim and study both state a value."""
    covers = what.covers
    match: dict[str, bool] = {}
    if slots.material and "material" in covers:
        match["material"] = bool(slots.material & set(covers["material"]))
    source = _source(slots, what)
    if source is not None:
        match["source"] = source
    if slots.route and "route" in covers:
        match["route"] = bool(slots.route & set(covers["route"]))
    if slots.condition and covers.get("condition") and not slots.of_safety:
        match["condition"] = _any_related(slots.condition, covers["condition"], knowledge)
    if covers.get("species") and not slots.laboratory:
        match["species"] = covers["species"] == ("human",)
    return match, tuple(slot for slot, agrees in match.items() if not agrees)


def _source(slots: Slots, what: Evidence) -> bool | None:
    """Class first (human, plant …); within one class the tissue. None where either does not say."""
    theirs, tissues = set(what.covers.get("source", ())), set(what.covers.get("tissue", ()))
    if slots.source and theirs and not slots.source & theirs:
        # one's own fat is human fat: only who it came from differs, and that is what both say
        return False
    if slots.tissue and tissues:
        return bool(slots.tissue & tissues)
    return True if slots.source and theirs else None


def _any_related(ours: Iterable[str], theirs: Iterable[str], knowledge: Knowledge) -> bool:
    family = knowledge.studies.families
    return any(related(a, b, family) for a in ours for b in theirs)


def related(a: str, b: str, family: dict[str, str]) -> bool:
    """Two names of conditions that a regulator would hold to be the same concern, or one the wider of the other."""
    if a == b:
        return True
    of_a, of_b = family.get(a, a), family.get(b, b)
    if of_a == of_b and (of_a in _ALIKE or a == of_b or b == of_a):  # a claim may name the family alone
        return True
    return of_b in _WIDER.get(a, ()) or of_a in _WIDER.get(b, ())


def said_of(mismatches: Iterable[str]) -> str:
    """The mismatches in words."""
    return "; ".join(_WORDS[one] for one in mismatches)


def limits_of(what: Evidence) -> tuple[str, ...]:
    """Why a study reaches no further than it does, in words."""
    told = []
    if what.participants:
        told.append(f"{what.participants} participants")
    if what.design in ("before-after", "case-series", "case-report"):
        told.append("no untreated comparison")
    if what.design in ("controlled", "cohort"):
        told.append("groups not drawn by lot")
    if what.follow_up:
        told.append(f"followed for {what.follow_up}")
    if what.product:
        told.append(f"product {what.product}")
    told += [f"with or beside {one}" for one in what.combination[:2]]
    if what.maker_run:
        told.append("run by the maker")
    elif what.conflict:
        told.append("with the maker's money or staff")
    if what.concern:
        told.append("an expression of concern stands against it")
    return tuple(told)


def bearing_of(slots: Slots, what: Evidence, knowledge: Knowledge, jurisdiction: str = "*") -> Bearing:
    """How this study bears on the claim in a jurisdiction, with what it alone says of it."""
    from exowatch.assess.weighing import alone  # the two tell of each other

    match, mismatches = mismatches_of(slots, what, knowledge)
    verdict, why = alone(slots, what, match, knowledge, jurisdiction)
    limits = "; ".join(limits_of(what))
    words = f"{what.title or what.id}: {why}" + (f" ({limits})" if limits else "")
    return Bearing(what.id, match, mismatches, what.direction, verdict, words)
