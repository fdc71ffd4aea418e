"""What a sentence says of a product's standing with the law: by its words where they are certain, by weights else.

The ladder of statuses, and what each means, stands in ``docs/evaluating.md``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from exowatch.extract.match import Hit
from exowatch.extract.sense import Sense
from exowatch.model.findings import Stance, Status

STATUSES: tuple[Status, ...] = (
    "not_approved",
    "approved",
    "registered",
    "compliant",
    "trial",
    "warning",
    "banned",
    "other",
)
#: Statuses that speak for a product: never read out of a denial.
FAVOURABLE: frozenset[str | None] = frozenset(("approved", "cleared", "registered", "compliant"))
#: Statuses that speak against one.
_AGAINST = frozenset(("not_approved", "banned", "warning"))
#: What a sentence with words of several statuses says, first to last: an act of an authority before what it is about.
_ORDER: tuple[Status, ...] = ("warning", "banned", "trial", "registered", "approved", "compliant", "other")
#: That no licence is needed is a rule told and denies no approval.
_EXEMPT = "status.exempt"
#: An approval that no authority gave.
_PRIVATE = "status.private"
#: Roles of which one stands in a denial that uses no word of status.
_DENYING = ("negation", "critical", "disclosure", "hedge")
#: What is not lawful or not allowed is banned, which is more than not approved.
LAWFUL = ("status.lawful", "status.allowed")
#: How much a word outweighs what was learned: three in log odds, twenty to one. From two to six measured the same.
_CERTAIN = 3.0
_POSSIBLE = 0.3
#: Letters between a "not" and the ban that it lifts, or a "could be" and the approval that it supposes.
_NEXT_TO = 10


def supposed(sense: Sense, hit: Hit) -> bool:
    """A favourable status that is only supposed: "could be approved" says neither that it is nor that it is not."""
    if hit.rule.name not in FAVOURABLE or not sense.has("hedge"):
        return False
    start, _ = sense.clause(hit)
    return any(
        start <= doubt.start and 0 <= hit.start - doubt.end <= _NEXT_TO and doubt.rule.kind != "tentative"
        for doubt in sense.of("hedge")
    )


def denied_status(sense: Sense) -> bool:
    """A status is denied in the sentence, or a word denies it by itself; that no licence is needed denies nothing."""
    told = sense.of("status")
    exempt = any(hit.rule.id == _EXEMPT for hit in told)
    return any(
        hit.rule.name == "not_approved"
        or (hit.rule.id != _EXEMPT and not (exempt and hit.rule.name in FAVOURABLE) and sense.denied(hit))
        for hit in told
    )


def standing(sense: Sense, chances: Mapping[str, float], stance: Stance) -> Status | None:
    """The status that weighs most, as far as polarity lets it: a denial is never read as an approval."""
    told = sense.of("status")
    certain = _certain(sense, told)
    denied = stance == "negated" or any(hit.rule.name == "not_approved" or sense.denied(hit) for hit in told)
    # where no word of status stands, any denial in the sentence may be that of an approval
    doubtful = denied or (not told and sense.has("negation")) or any(supposed(sense, hit) for hit in told)
    # nor may one be read where the only words are those of a ban, a warning, or a lender's approval
    names = {hit.rule.name for hit in told}
    against = not names.isdisjoint(_AGAINST) or any(hit.rule.id == _PRIVATE for hit in told)
    doubtful = doubtful or (against and names.isdisjoint(FAVOURABLE))
    # nor out of nothing: without a word of status an authority or a standard has to be named
    doubtful = doubtful or not (told or sense.has("agency", "quality"))
    possible = [status for status in STATUSES if not (doubtful and status in FAVOURABLE)]
    exempt = any(hit.rule.id == _EXEMPT for hit in told) and "not_approved" not in names
    if not denied or exempt or not (told or sense.has(*_DENYING)):
        possible.remove("not_approved")

    def weight(status: Status) -> float:
        chance = min(max(chances[f"status:{status}"], 1e-6), 1 - 1e-6)
        return math.log(chance / (1 - chance)) + (_CERTAIN if status == certain else 0.0)

    best = max(possible, key=weight)
    # whatever is said of the law has a place on the ladder, but a question need not
    if stance == "question" and certain is None and chances[f"status:{best}"] < _POSSIBLE:
        return None
    return "cleared" if best == "approved" and "cleared" in names else best


def _certain(sense: Sense, told: list[Hit]) -> Status | None:
    """The status that the words alone say; None where they leave it open."""
    names = {hit.rule.name for hit in told if not _lifted(sense, hit, told)}
    if any(hit.rule.id == _EXEMPT for hit in told) and "not_approved" not in names:
        return "other"
    if "not_approved" in names and "banned" not in names:
        return "not_approved"
    refused = [hit for hit in told if hit.rule.name in FAVOURABLE or hit.rule.id in LAWFUL]
    refused = [hit for hit in refused if _denied(sense, hit, told)]
    if refused:
        return "banned" if all(hit.rule.id in LAWFUL for hit in refused) else "not_approved"
    names = {"approved" if name == "cleared" else name for name in names}
    first = next((status for status in _ORDER if status in names), None)
    if first == "approved" and "other" in names:
        return None
    if first in FAVOURABLE and any(supposed(sense, hit) for hit in told):
        return None
    if first == "other" and all(sense.denied(hit) for hit in told if hit.rule.name == "other"):
        return None
    return first


def _denied(sense: Sense, hit: Hit, told: list[Hit]) -> bool:
    """Denied by a word that is not part of another status: the "not" of "must not be injected" denies no register."""
    cue = sense.denied(hit)
    return cue is not None and not any(
        other is not hit and other.rule.name not in FAVOURABLE and other.start <= cue.start and cue.end <= other.end
        for other in told
    )


def _lifted(sense: Sense, hit: Hit, told: list[Hit]) -> bool:
    """A ban that is itself denied: "not prohibited"."""
    return hit.rule.name == "banned" and any(
        0 <= hit.start - cue.end <= _NEXT_TO and not any(o.start <= cue.start and cue.end <= o.end for o in told)
        for cue in sense.of("negation")
    )
