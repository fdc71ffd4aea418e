"""Several studies and one claim: what they say together, with the search that was made."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import nsmallest

from exowatch.assess.bearing import Held, hold
from exowatch.assess.reach import beyond
from exowatch.assess.slots import Slots
from exowatch.knowledge.load import Knowledge
from exowatch.knowledge.support import Need
from exowatch.model.readings import Bearing, Evidence, Reason, Search, Verdict

#: Bearings that are kept with an assessment: those that say most of the claim.
KEPT = 20
_SAYS_MOST = {"contradicted": 0, "supported": 1, "partly": 2, "unsupported": 3, "unassessed": 4}
NO_SEARCH = "no evidence search yet"


def weigh_together(
    slots: Slots, evidence: Sequence[Evidence], search: Search | None, knowledge: Knowledge, jurisdiction: str
) -> tuple[Verdict, tuple[Reason, ...], tuple[Bearing, ...]]:
    """(verdict, reasons, what bears on the claim, the most telling first). Too little searched: ``unassessed``."""
    held = [hold(slots, one, knowledge, jurisdiction) for one in evidence if one.kind == "study"]
    telling = nsmallest(KEPT, held, key=lambda one: (_SAYS_MOST[one.verdict], len(one.mismatches), one.what.id))
    kept = tuple(one.bearing() for one in telling)
    if search is None or not _enough(search, knowledge):
        return "unassessed", (_too_little(search, knowledge),), kept
    verdict, words = _verdict(slots, held, knowledge, jurisdiction)
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
    studies = "one study" if search.studies == 1 else f"{search.studies} studies"
    sources = "one source" if len(search.sources) == 1 else f"{len(search.sources)} sources"
    needed = f"a verdict asks for at least {least.least_studies} from {least.least_sources}"
    return Reason("support.search", f"{NO_SEARCH}: {studies} held from {sources}; {needed}")


def _verdict(slots: Slots, held: Sequence[Held], knowledge: Knowledge, jurisdiction: str) -> tuple[Verdict, str]:
    said = {one.verdict for one in held if one.verdict != "partly" or slots.condition or slots.of_safety}
    if held and not said:
        return (
            "unsupported",
            "The claim does not say for what, and no study of one condition shows an effect in general.",
        )
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
        if need.studies > 1 and _many(slots, held, need, knowledge) >= need.studies:
            return "supported", f"{need.studies} or more trials found what the claim says."
        return "partly", "What was found goes the claim's way, but not as far."
    if held:
        return "unsupported", "No study held fits the claim in source, material, route, condition and species."
    return "unsupported", "No study held is about this."


def _many(slots: Slots, held: Sequence[Held], need: Need, knowledge: Knowledge) -> int:
    """Studies that fit the claim and reach as far, are of the kind and size needed, and not the maker's own."""
    mine = [one.what for one in held if one.verdict == "partly" and one.match.get("condition")]
    return sum(
        one.direction == "positive"
        and one.design in need.designs
        and (one.participants or 0) >= need.people
        and not (one.maker_run or one.concern)
        and beyond(slots, one, need, knowledge) is None
        for one in mine
    )
