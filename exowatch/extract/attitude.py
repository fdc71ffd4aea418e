"""Does the page promote, criticise, or neither? Decided from the whole page, with the words that decided."""

from __future__ import annotations

from collections.abc import Sequence

from exowatch.extract.sense import Sense
from exowatch.extract.weigh import Weighed
from exowatch.model.findings import Claim
from exowatch.model.pages import Attitude


def attitude_of(senses: Sequence[Sense], claims: Sequence[Claim], weighed: Weighed) -> tuple[Attitude, str]:
    """The page's attitude and why."""
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
    if weighed.criticises > weighed.promotes:
        return "criticises", f"It warns or weighs: {words}."
    if weighed.promotes >= 0.5:
        return "promotes", f"It promotes: {words}."
    return "neutral", f"It neither sells nor warns: {words}."
