"""Does the page promote, criticise, or neither? Decided from the whole page, with the words that decided."""

from __future__ import annotations

from collections.abc import Sequence

from exowatch.extract.sense import BIT, Sense
from exowatch.extract.weigh import Weighed
from exowatch.model.findings import Claim
from exowatch.model.pages import Attitude

#: One such word may stand in a promise ("no adverse reactions").
_TWICE = 2
#: How much of what speaks for a selling page must speak for a warning one: to accuse an honest doctor is worse than to
#: miss a seller. At 1.0 314 flags stood on those pages of tests/gold that warn or are off topic, at 0.4 173, with F1 of
#: all flags 0.765 both times (unseen weights, 2026-11-26).
_LEANING = 0.4
_LIKELY = 0.5
_WARNING = BIT["critical"] | BIT["attribution"] | BIT["negation"]


def warns(senses: Sequence[Sense], weighed: Weighed, *, accused: bool) -> bool:
    """The page weighs as one that warns, and more than once says a word of warning, denial, or doubt in others.

    ``accused``: it is read as a seller's, and may be flagged: what may well be a warning is taken for one. Of others,
    such as a trial's report with its "adverse events", that must be likelier than not.
    """
    if weighed.criticises <= (_LEANING if accused else 1.0) * weighed.promotes:
        return False
    if not accused and weighed.criticises < _LIKELY:
        return False
    return sum(1 for sense in senses if sense.mask & _WARNING) >= _TWICE


def attitude_of(
    senses: Sequence[Sense], claims: Sequence[Claim], weighed: Weighed, *, warning: bool, about: bool
) -> tuple[Attitude, str]:
    """The page's attitude and why. ``warning``: what ``warns`` found; ``about``: it is about exosomes, so that its
    promises are what it is there for."""
    critical = [
        sense.text[hit.start : hit.end].lower()
        for sense in senses
        if sense.has("critical")
        for hit in sense.of("critical")
    ]
    promises = sum(
        1 for claim in claims if claim.stance in ("asserted", "hedged") and claim.framing in (None, "slight")
    )
    words = f"{promises} promises, {len(critical)} words of warning"
    if critical:
        words += f" ({', '.join(dict.fromkeys(critical))[:120]})"
    if warning:
        return "criticises", f"It warns or weighs: {words}."
    if weighed.promotes >= 0.5 or (about and promises):
        return "promotes", f"It promotes: {words}."
    return "neutral", f"It neither sells nor warns: {words}."
