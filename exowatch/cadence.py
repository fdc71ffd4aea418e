"""Cron lines and what they mean in a time zone: the next firing, also where clocks change, and the longest pause."""

from __future__ import annotations

import functools
import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apscheduler.triggers.cron import CronTrigger

#: The line of a configuration that names none; what it means is known without asking the scheduler.
DAILY = "0 3 * * *"
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_WEEKDAY = re.compile(r"(?:\*|(?P<first>[0-7]|[a-z]{3})(?:-(?P<last>[0-7]|[a-z]{3}))?)(?:/(?P<step>[1-7]))?")
#: Firings looked at to find the longest pause of a line: a year of a daily one.
_FIRINGS = 400


def firing_after(line: str, zone: tzinfo, moment: datetime) -> datetime:
    """The first firing of a cron line, as the clocks on the walls of ``zone`` show it, after ``moment``; in UTC.

    A time that the clocks skip is fired when they have skipped it, once; a time that they show twice is fired the
    first time alone. Raises ValueError, in words, for a line that is none.
    """
    trigger = _walls(line)
    # times on the wall are counted as if they were UTC, which has neither gaps nor doubled hours
    wall = moment.astimezone(zone).replace(tzinfo=UTC)
    while True:
        found = trigger.get_next_fire_time(wall, wall)
        if found is None:  # the library gives up in the year 9999
            raise ValueError(f"{line!r} never fires after {moment}")
        wall = found
        fired = instant(wall.replace(tzinfo=None), zone)
        if fired > moment:
            return fired


def instant(wall: datetime, zone: tzinfo) -> datetime:
    """When a naive time is shown on the walls of ``zone``, in UTC: the first time where it is shown twice, the moment
    of the change where it is skipped."""
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if second >= first:  # elsewhere than in a gap
        return first
    before, low, high = second.astimezone(zone).utcoffset(), second, first
    while high - low > timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == before else (low, middle)
    return high


@functools.lru_cache(maxsize=256)
def _walls(line: str) -> CronTrigger:
    return trigger_of(line)


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
    trigger = _walls(line)
    longest, last = timedelta(0), trigger.get_next_fire_time(None, datetime(2026, 1, 1, tzinfo=UTC))
    for _ in range(_FIRINGS):
        following = trigger.get_next_fire_time(last, last)
        if following is None:
            break
        longest, last = max(longest, following - last), following
    return longest
