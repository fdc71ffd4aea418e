"""What a letter says outside itself: its subject, and the few lines that a chat gets. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from exowatch.digest.safe import brief
from exowatch.digest.wording import NOTICE
from exowatch.model.changes import Digest
from exowatch.model.readings import SEVERITIES

__all__ = ["NOTICE", "chat_words", "subject_of"]

SIMULATED = "[simulated] "
_PLACES = 4
_TOP = 3
#: Signs that chat services obey in a text: mentions, links, marks. Their look-alikes are read as well.
_OBEYED = str.maketrans({"@": "＠", "<": "‹", ">": "›", "*": "∗", "_": "＿", "`": "ʼ", "~": "∼", "|": "∣", "#": "＃"})
_OBEYED |= str.maketrans({"[": "(", "]": ")"})
#: An address would be shown as a link, or even be fetched.
_LINK = re.compile(r"\b(\w+):/+|\bwww\.", re.IGNORECASE)


def subject_of(digest: Digest, zone: str = "UTC") -> str:
    """One line of our own words: the day in ``zone``, and how much of what is told. No text of a page stands in it."""
    day = digest.until.astimezone(ZoneInfo(zone))
    return f"{SIMULATED if digest.simulated else ''}ExoWatch {day.day} {_MONTHS[day.month - 1]}: {_told(digest)}"


def chat_words(digest: Digest) -> str:
    """A few lines: what is new, the gravest of it, and what waits. Text of pages stands there disarmed."""
    lines = [_said(digest)]
    for row in digest.flags[:_TOP]:
        who = brief(row.get("trader") or row.get("source"), 60)
        lines.append(f"{row.get('severity')}: {_disarmed(who)}: “{_disarmed(brief(row.get('quote'), 160))}”")
    if len(digest.flags) > _TOP:
        lines.append(f"+{len(digest.flags) - _TOP} more in the letter")
    if digest.baseline_count:
        lines.append(f"{digest.baseline_count} from before we began wait for a decision")
    if digest.simulated:
        lines.append("Simulated run: the clock was set by hand.")
    return "\n".join([*lines, NOTICE])


def _said(digest: Digest) -> str:
    told = _told(digest)
    watched = len(digest.coverage)
    return f"{told[0].upper()}{told[1:]}; {watched} source{'' if watched == 1 else 's'} watched."


def _told(digest: Digest) -> str:
    counts = Counter(row.get("severity") for row in digest.flags)
    parts = [f"{counts[severity]} {severity}" for severity in SEVERITIES if counts[severity]]
    places = _places(row.get("jurisdiction") for row in digest.flags)
    if parts:
        return ", ".join(parts) + (f" ({places})" if places else "")
    waiting = f"; {len(digest.baseline)} from before to decide" if digest.baseline else ""
    if digest.coverage and not any(row.get("seen") for row in digest.coverage):
        return f"no page was visited{waiting}"  # silence of a watch that stood still is no quiet day
    where = f" ({_places(digest.jurisdictions)})" if digest.jurisdictions else ""
    return f"no new flags{where}{waiting}"


def _places(found: Iterable[object]) -> str:
    """The codes of places, most frequent first; what is none is left out."""
    counts = Counter(str(place) for place in found if re.fullmatch("[A-Z]{2}", str(place)))
    codes = sorted(counts, key=lambda code: (-counts[code], code))
    return ", ".join(codes[:_PLACES]) + (f" +{len(codes) - _PLACES}" if len(codes) > _PLACES else "")


def _disarmed(text: str) -> str:
    return _LINK.sub(lambda match: f"{match[1]}(:)//" if match[1] else "www(.)", text).translate(_OBEYED)


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
