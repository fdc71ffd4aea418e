"""How far a server's clock was from ours when it answered: both times are archived, here they are compared."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

#: Seconds (some 30 years) beyond which a date is a slip of the pen, and no clock that is wrong.
_NO_CLOCK = 1_000_000_000


def clock_offset(headers: Iterable[tuple[str, str]], at: datetime) -> int | None:
    """Seconds that the server's clock was ahead of ours at ``at``; None where it did not tell its time.

    An answer out of a cache carries the Date of its making and, in Age, the seconds that have gone by since
    (RFC 9111, 5.1). Date has whole seconds: an offset of one says nothing.
    """
    told = {name.lower(): value for name, value in headers}
    try:
        date = parsedate_to_datetime(told["date"])
    except (KeyError, TypeError, ValueError, IndexError, OverflowError):
        return None
    date = date if date.tzinfo else date.replace(tzinfo=UTC)
    age = told.get("age", "").strip()
    waited = int(age) if age.isascii() and age.isdigit() and len(age) < 10 else 0
    offset = round((date - at).total_seconds()) + waited
    return offset if abs(offset) < _NO_CLOCK else None
