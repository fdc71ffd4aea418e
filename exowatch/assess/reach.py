"""Does a claim say more than was measured: a longer time, a larger figure, or against what was not tried?"""

from __future__ import annotations

from exowatch.assess.figures import days_in
from exowatch.assess.slots import Slots
from exowatch.knowledge.load import Knowledge
from exowatch.knowledge.support import Need
from exowatch.model.readings import Evidence

#: A study that ends in the week before a claim's time has still followed people for about as long.
_ABOUT = 0.9
_MONTH = 30.4


def beyond(slots: Slots, what: Evidence, need: Need, knowledge: Knowledge) -> str | None:
    """What the claim says beyond the study, in words; None where nothing is known to be beyond it."""
    return _too_long(slots, what, need) or _too_much(slots, what) or _not_against(slots, what, knowledge)


def _too_long(slots: Slots, what: Evidence, need: Need) -> str | None:
    asked = slots.stays or need.months * _MONTH
    if not asked:
        return None
    followed = days_in(what.follow_up or "")
    if followed is None:
        return "for how long people were followed is not known"
    return f"people were followed for {what.follow_up} only" if followed < asked * _ABOUT else None


def _too_much(slots: Slots, what: Evidence) -> str | None:
    if slots.percent is None or what.largest is None or slots.percent <= what.largest:
        return None
    return f"the claim says {slots.percent:g} %, the largest figure told of the study is {what.largest:g} %"


def _not_against(slots: Slots, what: Evidence, knowledge: Knowledge) -> str | None:
    tried = knowledge.support.rivals_in(what.comparator or "")
    if slots.rivals and what.comparator and not slots.rivals & tried:
        return f"it was set against {what.comparator}, not against {', '.join(sorted(slots.rivals))}"
    return None
