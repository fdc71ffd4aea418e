"""What one study says of a claim's wording: supported only where the wording is no stronger than what was found."""

from __future__ import annotations

from collections.abc import Mapping

from exowatch.assess.evidence import COMPARED
from exowatch.assess.reach import beyond
from exowatch.assess.slots import Slots
from exowatch.knowledge.load import Knowledge
from exowatch.model.readings import Evidence, Verdict

_WORDS = {
    "source": "the material came from another source",
    "material": "another material was given",
    "route": "it went in another way",
    "condition": "another condition was treated",
    "species": "animals or cells were looked at, not people",
}
_OPEN = {
    "source": "where the material comes from",
    "tissue": "from which tissue it comes",
    "route": "how it is given",
}
_OVERVIEWS = ("meta-analysis", "systematic-review", "review")
_STRONG = ("guaranteed", "proven", "superior", "lasting")


def alone(
    slots: Slots, what: Evidence, match: Mapping[str, bool], knowledge: Knowledge, jurisdiction: str
) -> tuple[Verdict, str]:
    """(verdict, why): of this study and this wording only. A mismatch bars support and contradiction."""
    if what.retracted:
        return "unsupported", "the study was retracted"
    if not all(match.values()):
        return "unsupported", "; ".join([_WORDS[slot] for slot, agrees in match.items() if not agrees])
    if what.design == "protocol" or what.direction in (None, "none"):
        return "unsupported", "it has no result on this yet"
    if slots.of_safety:
        return _of_safety(slots, what)
    verdict, why = _of_effect(slots, what, knowledge, jurisdiction)
    open_ends = _left_open(slots, what, match) if verdict == "supported" else ""
    return ("partly", f"{why}, but {open_ends}") if open_ends else (verdict, why)


def _left_open(slots: Slots, what: Evidence, match: Mapping[str, bool]) -> str:
    """What only one of the two states, in words: whether they are of the same thing is then not known.

    An overview is of many products and ways; cells and animals are given things in ways of their own.
    """
    if not match.get("condition") and what.covers.get("condition"):
        return "the claim does not say for what"
    asked = () if what.design in _OVERVIEWS else ("source",) if slots.laboratory else ("source", "route")
    for slot in asked:
        if slot not in match and what.covers.get(slot):
            return f"the claim does not say {_OPEN[slot]}"
        if slot not in match and getattr(slots, slot):
            return f"the study does not say {_OPEN[slot]}"
    if asked and slots.tissue and not what.covers.get("tissue"):
        return f"the study does not say {_OPEN['tissue']}"
    return ""


def _of_safety(slots: Slots, what: Evidence) -> tuple[Verdict, str]:
    if what.harms:
        return (
            ("partly", "harm was reported") if slots.strength == "cautious" else ("contradicted", "harm was reported")
        )
    if what.adverse_events is None:
        return "unsupported", "it does not tell of harm, or of its absence"
    if slots.strength == "guaranteed":
        return "partly", "no study can show that there is no risk at all"
    return "partly", "harm was not what it set out to count"  # what was seen in passing shows no safety


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
    further = beyond(slots, what, need, knowledge)
    if further:
        return "partly", f"it found an effect, but {further}"
    if reaches and need.studies <= 1:
        return "supported", "it found what the claim says"
    if slots.strength in _STRONG:
        return (
            "partly",
            f"it found an effect, but the claim says more (“{slots.said}”): needed is {need.reason or 'more'}",
        )
    return "partly", f"it found an effect, but needed is {need.reason}"
