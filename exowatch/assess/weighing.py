"""What one study says of a claim's wording: supported only where the wording is no stronger than what was found."""

from __future__ import annotations

from collections.abc import Mapping

from exowatch.assess.bearing import said_of
from exowatch.assess.evidence import COMPARED
from exowatch.assess.slots import Slots
from exowatch.knowledge.load import Knowledge
from exowatch.model.readings import Evidence, Verdict

_STRONG = ("guaranteed", "proven", "superior", "lasting")


def alone(
    slots: Slots, what: Evidence, match: Mapping[str, bool], knowledge: Knowledge, jurisdiction: str
) -> tuple[Verdict, str]:
    """(verdict, why): of this study and this wording only. A mismatch bars support and contradiction."""
    mismatches = [slot for slot, agrees in match.items() if not agrees]
    if what.retracted:
        return "unsupported", "the study was retracted"
    if mismatches:
        return "unsupported", said_of(mismatches)
    if what.design == "protocol" or what.direction in (None, "none"):
        return "unsupported", "it has no result on this yet"
    if slots.of_safety:
        return _of_safety(slots, what)
    verdict, why = _of_effect(slots, what, knowledge, jurisdiction)
    if verdict == "supported" and not match.get("condition") and what.covers.get("condition"):
        return "partly", f"{why}, but the claim does not say for what"
    return verdict, why


def _of_safety(slots: Slots, what: Evidence) -> tuple[Verdict, str]:
    if what.harms:
        return (
            ("partly", "harm was reported") if slots.strength == "cautious" else ("contradicted", "harm was reported")
        )
    if slots.strength == "guaranteed":
        return "partly", "no study can show that there is no risk at all"
    return "partly", "harm was not what it set out to count"


def _of_effect(slots: Slots, what: Evidence, knowledge: Knowledge, jurisdiction: str) -> tuple[Verdict, str]:
    if what.direction in ("negative", "null"):
        told = "those treated fared worse" if what.direction == "negative" else "it found no effect"
        return "contradicted", told
    if what.direction == "mixed":
        if slots.strength in ("guaranteed", "proven", "lasting"):
            return "contradicted", "the gain was partial, did not last, or could not be told from chance"
        return (
            "supported" if slots.strength == "cautious" and what.design in COMPARED else "partly"
        ), "results were mixed"
    if slots.laboratory and what.covers.get("species") != ("human",):
        return "supported", "it found that, in animals or cells"
    if slots.strength == "superior" and "inferior" in what.title.lower():
        return "partly", "it was to show that it is no worse, not that it is better"
    need = knowledge.support.need(jurisdiction, slots.strength)
    reaches = what.design in need.designs and (what.participants is None or what.participants >= need.people)
    if reaches and need.studies <= 1:
        return "supported", "it found what the claim says"
    if slots.strength in _STRONG:
        return (
            "partly",
            f"it found an effect, but the claim says more (“{slots.said}”): needed is {need.reason or 'more'}",
        )
    return "partly", f"it found an effect, but needed is {need.reason}"
