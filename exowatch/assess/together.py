"""Several studies and one claim: what they say together, with the search that was made."""

from __future__ import annotations

from collections.abc import Sequence

from exowatch.assess.bearing import bearing_of
from exowatch.assess.slots import Slots
from exowatch.knowledge.load import Knowledge
from exowatch.model.readings import Bearing, Evidence, Reason, Search, Verdict

#: Bearings that are kept with an assessment: those that say most of the claim.
KEPT = 20
_SAYS_MOST = {"contradicted": 0, "supported": 1, "partly": 2, "unsupported": 3, "unassessed": 4}
NO_SEARCH = "no evidence search yet"


def weigh_together(
    slots: Slots, evidence: Sequence[Evidence], search: Search | None, knowledge: Knowledge, jurisdiction: str
) -> tuple[Verdict, tuple[Reason, ...], tuple[Bearing, ...]]:
    """(verdict, reasons, what bears on the claim, the most telling first). Too little searched: ``unassessed``."""
    bearings = [bearing_of(slots, one, knowledge, jurisdiction) for one in evidence if one.kind == "study"]
    bearings.sort(key=lambda one: (_SAYS_MOST[one.verdict], len(one.mismatches), one.evidence_id))
    kept = tuple(bearings[:KEPT])
    if search is None or not _enough(search, knowledge):
        return "unassessed", (_too_little(search, knowledge),), kept
    verdict, words = _verdict(slots, bearings, evidence, knowledge, jurisdiction)
    considered = tuple(Reason(f"evidence.{one.verdict}", one.words, (one.evidence_id,)) for one in kept[:3])
    return verdict, (Reason("support.search", f"{words} {searched(search)}"), *considered), kept


def searched(search: Search) -> str:
    """The search in words."""
    day = f", harvested up to {search.until}" if search.until else ""
    sources = "one source" if len(search.sources) == 1 else f"{len(search.sources)} sources"
    return f"Searched: {search.studies} studies from {sources} ({', '.join(search.sources)}){day}."


def _enough(search: Search, knowledge: Knowledge) -> bool:
    support = knowledge.support
    return search.studies >= support.least_studies and len(search.sources) >= support.least_sources


def _too_little(search: Search | None, knowledge: Knowledge) -> Reason:
    if search is None or not search.studies:
        return Reason("support.search", NO_SEARCH)
    least = knowledge.support
    needed = f"at least {least.least_studies} studies from {least.least_sources} sources are asked for"
    return Reason("support.search", f"{NO_SEARCH}: {search.studies} held from {len(search.sources)}; {needed}")


def _verdict(
    slots: Slots, bearings: Sequence[Bearing], evidence: Sequence[Evidence], knowledge: Knowledge, jurisdiction: str
) -> tuple[Verdict, str]:
    said = {one.verdict for one in bearings}
    if "supported" in said and "contradicted" in said:
        return "partly", "Studies of this conflict."
    if "supported" in said:
        return "supported", "A study found what the claim says."
    if "contradicted" in said and "partly" in said:
        return "partly", "Studies of this conflict, and none reaches as far as the claim."
    if "contradicted" in said:
        return "contradicted", "What was found denies the claim."
    if "partly" in said:
        need = knowledge.support.need(jurisdiction, slots.strength)
        if need.studies > 1 and _many(bearings, evidence, need.designs, need.people) >= need.studies:
            return "supported", f"{need.studies} or more trials found what the claim says."
        return "partly", "What was found goes the claim's way, but not as far."
    if bearings:
        return "unsupported", "No study held fits the claim in source, material, route, condition and species."
    return "unsupported", "No study held is about this."


def _many(bearings: Sequence[Bearing], evidence: Sequence[Evidence], designs: Sequence[str], people: int) -> int:
    """Studies that fit the claim, found an effect, are of the kind and size needed, and not the maker's own."""
    by_id = {one.id: one for one in evidence}
    mine = [by_id[one.evidence_id] for one in bearings if one.verdict == "partly" and one.direction == "positive"]
    return sum(
        one.design in designs and (one.participants or 0) >= people and not one.maker_run and not one.retracted
        for one in mine
    )
