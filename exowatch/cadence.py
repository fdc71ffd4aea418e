"""When a source is due, and how long it may go unseen: by its own cron line, else by the configured one."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from exowatch.errors import ConfigError
from exowatch.model.sources import Source

if TYPE_CHECKING:
    from apscheduler.triggers.cron import CronTrigger

#: The line of a configuration that names none; what it means is known without asking the scheduler.
DAILY = "0 3 * * *"
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_WEEKDAY = re.compile(r"(?:\*|(?P<first>[0-7]|[a-z]{3})(?:-(?P<last>[0-7]|[a-z]{3}))?)(?:/(?P<step>[1-7]))?")
#: Firings looked at to find the longest pause of a line: a year of a daily one.
_FIRINGS = 400


def due(
    sources: Iterable[Source],
    last_visit: Mapping[str, datetime],
    *,
    cadence: str,
    timezone: str,
    now: datetime,
) -> tuple[Source, ...]:
    """Sources never visited, or whose cadence has fired since their last visit began."""
    return tuple(source for source in sources if _is_due(source, last_visit.get(source.id), cadence, timezone, now))


def _is_due(source: Source, last: datetime | None, cadence: str, timezone: str, now: datetime) -> bool:
    if last is None:
        return True
    line = source.cadence or cadence
    try:
        trigger = trigger_of(line, ZoneInfo(timezone))
    except ValueError as error:
        raise ConfigError(
            f"{line!r} is no cron line: {error}", key=f"cadence of {source.id}", remedy="write '0 3 * * *'"
        ) from None
    fires = trigger.get_next_fire_time(last, last)
    return fires is not None and fires <= now


def trigger_of(line: str, timezone: tzinfo = UTC) -> CronTrigger:
    """The firings of a cron line. Raises ValueError, in words, for one that is none or that never fires."""
    from apscheduler.triggers.cron import CronTrigger  # slow to import, and most commands need none

    fields = line.split()
    if len(fields) != 5:
        raise ValueError(f"five fields are expected, and {len(fields)} stand there")
    minute, hour, day, month, weekday = fields
    # APScheduler counts the days of the week from Monday, cron from Sunday: they are given to it by name
    trigger = CronTrigger(
        minute=minute, hour=hour, day=day, month=month, day_of_week=_weekdays(weekday), timezone=timezone
    )
    if trigger.get_next_fire_time(None, datetime(2026, 1, 1, tzinfo=UTC)) is None:
        raise ValueError("no day is like that")
    return trigger


def _weekdays(field: str) -> str:
    """The fifth field of a cron line (Sunday is 0 or 7) as names of days."""
    if field == "*":
        return field
    days: set[int] = set()
    for part in field.lower().split(","):
        match = _WEEKDAY.fullmatch(part)
        if match is None:
            raise ValueError(f"{part!r} is no day of the week; write 0 to 7 (0 and 7 are Sunday) or mon to sun")
        first = _weekday(match["first"] or "0")
        last = _weekday(match["last"] or match["first"] or "6")
        # a range may run over the end of the week: 5-7 and fri-sun are Friday to Sunday
        length = (last - first) % 7 if match["first"] != "0" or match["last"] != "7" else 6
        days |= {(first + step) % 7 for step in range(0, length + 1, int(match["step"] or 1))}
    return ",".join(_DAYS[day] for day in sorted(days))


def _weekday(name: str) -> int:
    if name.isdigit():
        return int(name) % 7
    if name not in _DAYS:
        raise ValueError(f"{name!r} is no day of the week; write 0 to 7 (0 and 7 are Sunday) or mon to sun")
    return _DAYS.index(name)


@functools.lru_cache(maxsize=256)
def longest_pause(line: str) -> timedelta:
    """The longest time between two firings of a cron line."""
    if line == DAILY:
        return timedelta(days=1)
    trigger = trigger_of(line)
    longest, last = timedelta(0), trigger.get_next_fire_time(None, datetime(2026, 1, 1, tzinfo=UTC))
    for _ in range(_FIRINGS):
        following = trigger.get_next_fire_time(last, last)
        if following is None:
            break
        longest, last = max(longest, following - last), following
    return longest
