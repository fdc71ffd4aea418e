"""What a clause measures, and whether more or less of it is wished for (knowledge/studies.yml)."""

from __future__ import annotations

from exowatch.knowledge.studies import StudyRules
from exowatch.knowledge.terms import Span


def measures_of(text: str, rules: StudyRules, *, figured: bool = False) -> list[tuple[Span, bool]]:
    """Measures in order, each with whether more of it is good; no part of a longer one (hairs in "shed hairs").

    ``figured``: also what tells a measure only where figures stand beside it: a score that "improved" may have risen.
    """
    also = ("", "-figured") if figured else ("",)
    found = [(span, False) for one in also for span in rules.spans(f"less-wanted{one}", text)]
    found += [(span, True) for one in also for span in rules.spans(f"more-wanted{one}", text)]
    return sorted(
        (span, wanted)
        for span, wanted in found
        if not any(other.start <= span.start and span.end <= other.end and other != span for other, _ in found)
    )
