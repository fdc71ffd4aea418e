"""Cases as lines of a letter: an answer that is due, and claims that their pages moved. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from exowatch.digest.wording import CHANGE_WORDS

Row = Mapping[str, Any]


def case_lines(cases: Sequence[Row], after: int) -> list[dict[str, Any]]:
    """A line for each deadline that is near or past, and for each claim that its page moved by a change numbered above
    ``after``. ``cases``: rows of ``read_cases.your_cases``.

    A line's ``jurisdictions`` say whom it concerns: those of the claim, or of the case where all of it is told; none
    known: everybody.
    """
    lines = list[dict[str, Any]]()
    for one in cases:
        facts = {name: one[name] for name in ("case", "trader", "status", "jurisdictions")}
        if one["due"]:
            lines.append(facts | _due(one))
        moved = [claim for claim in one["claims"] if claim["moved"] and (claim["change_id"] or 0) > after]
        lines += [facts | _moved(claim) | _whose(claim, one) for claim in moved]
    return lines


def concerned(line: Row, places: Iterable[str]) -> bool:
    """The line is for readers of one of ``places``."""
    own = set(line.get("jurisdictions") or ())
    return not own or not own.isdisjoint(places)


def _due(one: Row) -> dict[str, Any]:
    left = one["days_left"]
    words = f"an answer is due {one['deadline_on']}: {_when(left)}"
    first = one["claims"][0] if one["claims"] else {}
    return {"words": words, "source": first.get("source"), "url": first.get("url")}


def _when(left: int) -> str:
    if left < 0:
        return "overdue"
    return "today" if left == 0 else f"in {left} day{'' if left == 1 else 's'}"


def _moved(claim: Row) -> dict[str, Any]:
    replied = "".join(f"; their reply: {reply['words']}" for reply in claim["replies"])
    return {
        "flag": claim["flag"],
        "before": claim["quote"],
        "after": claim["words_now"],
        "at": claim["moved_at"],
        "words": f"{CHANGE_WORDS.get(claim['moved'], claim['moved'])} since the letter{replied}; flag {claim['flag']}",
        **{name: claim[name] for name in ("source", "url", "language")},
    }


def _whose(claim: Row, one: Row) -> dict[str, Any]:
    return {"jurisdictions": claim["jurisdictions"] or one["jurisdictions"]}
