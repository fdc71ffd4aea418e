"""Does one study bear on a claim? Slot by slot; a mismatch is said, and never counted as support."""

from __future__ import annotations

import re
from typing import NamedTuple

from exowatch.assess.slots import Slots
from exowatch.assess.weighing import alone
from exowatch.knowledge.load import Knowledge
from exowatch.model.readings import Bearing, Evidence, Verdict


def mismatches_of(slots: Slots, what: Evidence) -> tuple[dict[str, bool], tuple[str, ...]]:
    """(slot → agrees, the slots that differ): only where claim and study both state a value."""
    covers = what.covers
    match: dict[str, bool] = {}
    if slots.material and "material" in covers:
        match["material"] = not slots.material.isdisjoint(covers["material"])
    source = _source(slots, what)
    if source is not None:
        match["source"] = source
    if slots.route and "route" in covers:
        match["route"] = not slots.route.isdisjoint(covers["route"])
    if slots.condition and covers.get("condition") and not slots.of_safety:
        match["condition"] = not slots.near.isdisjoint(covers["condition"])
    if covers.get("species") and not slots.laboratory:
        match["species"] = covers["species"] == ("human",)
    return match, tuple(slot for slot, agrees in match.items() if not agrees)


def _source(slots: Slots, what: Evidence) -> bool | None:
    """Class first (human, plant …); within one class the tissue. None where either does not say."""
    theirs, tissues = what.covers.get("source", ()), what.covers.get("tissue", ())
    if slots.source and theirs and slots.source.isdisjoint(theirs):
        return False  # one's own fat is human fat: only who it came from differs, and that is what both say
    if slots.tissue and tissues:
        return not slots.tissue.isdisjoint(tissues)
    return True if slots.source and theirs else None


#: What the others got where it was no treatment, or only what everybody gets.
_UNTREATED = re.compile(
    r"placebo|saline|vehicle|sham|\bbase\b|buffer|plain|petrolatum|nothing|untreated|no treatment|alone|\bonly\b|usual|"
    r"routine|standard|control",
    re.IGNORECASE,
)


def limits_of(what: Evidence) -> tuple[str, ...]:
    """Why a study reaches no further than it does, in words."""
    told = []
    if what.participants:
        told.append(f"{what.participants} participants")
    if what.design in ("before-after", "case-series", "case-report"):
        told.append("no untreated comparison")
    if what.design in ("controlled", "cohort"):
        told.append("groups not drawn by lot")
        if not _UNTREATED.search(what.comparator or ""):
            told.append("no untreated control is told of")
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


class Held(NamedTuple):
    """A claim held against one study: what agrees, and what the study says of it; words when asked for."""

    what: Evidence
    match: dict[str, bool]
    mismatches: tuple[str, ...]
    verdict: Verdict
    why: str

    def bearing(self) -> Bearing:
        """With words, to be kept."""
        limits = "; ".join(limits_of(self.what))
        words = f"{self.what.title or self.what.id}: {self.why}" + (f" ({limits})" if limits else "")
        return Bearing(self.what.id, self.match, self.mismatches, self.what.direction, self.verdict, words)


def hold(slots: Slots, what: Evidence, knowledge: Knowledge, jurisdiction: str = "*") -> Held:
    """Hold the claim against this study, in a jurisdiction."""
    match, mismatches = mismatches_of(slots, what)
    verdict, why = alone(slots, what, match, knowledge, jurisdiction)
    if verdict == "supported" and what.concern:
        verdict, why = "partly", "its journal doubts it, so it cannot carry a claim by itself"
    return Held(what, match, mismatches, verdict, why)


def bearing_of(slots: Slots, what: Evidence, knowledge: Knowledge, jurisdiction: str = "*") -> Bearing:
    """How this study bears on the claim in a jurisdiction, with what it alone says of it."""
    return hold(slots, what, knowledge, jurisdiction).bearing()
