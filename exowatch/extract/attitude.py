"""Does the page promote, criticise, or neither? Decided from the whole page, with the words that decided."""

from __future__ import annotations

from collections.abc import Sequence

from exowatch.extract.sense import Sense
from exowatch.model.findings import Claim
from exowatch.model.pages import Attitude

#: Words of warning weigh three times in title and headings, where a page says what it is.
_HEADING = 3
#: Fewer words of warning than this are a caveat, not an attitude.
_LEAST = 3


def attitude_of(senses: Sequence[Sense], claims: Sequence[Claim]) -> tuple[Attitude, str]:
    """The page's attitude and why."""
    critical: list[str] = []
    weight = 0
    for sense in senses:
        block = sense.block
        for hit in sense.of("critical"):
            critical.append(sense.text[hit.start : hit.end].lower())
            weight += _HEADING if block.kind == "heading" or block.zone == "title" else 1
    weight += sum(1 for claim in claims if claim.stance == "negated")
    promises = sum(1 for claim in claims if claim.stance in ("asserted", "hedged") and not claim.framing)
    if weight >= _LEAST and weight * 2 > promises:
        return "criticises", f"{weight} signs of warning ({', '.join(dict.fromkeys(critical))[:120]})"
    if promises:
        return "promotes", f"{promises} promises, {weight} signs of warning"
    return "neutral", "no promise and few words of warning"
