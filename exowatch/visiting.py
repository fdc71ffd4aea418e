"""When a source is due: by its own cadence, sooner after its claims moved, later where all has long been quiet.

The rule, with its reasons, is docs/schedule.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from exowatch.cadence import firing_after, longest_pause
from exowatch.errors import ConfigError
from exowatch.model.sources import Source
from exowatch.sections import Schedule

#: After so many quiet visits running, each further one makes the pause a cadence longer.
QUIET = 7
#: Whose claims are watched for change; regulators, registers and journals keep their cadence: their news are awaited.
ADAPTING = frozenset({"clinic", "supplier", "directory", "marketplace", "other"})


@dataclass(frozen=True, slots=True)
class Visits:
    """The recent visits to a source, as far as its next one depends on them."""

    last: datetime | None = None
    """When the newest crawl of it began; None: none yet."""
    moved: tuple[bool, ...] = ()
    """Of its whole visits after the baseline, oldest first: did claims or statements move?"""
    settled: bool = True
    """False: the newest visit was not whole, or an absence waits to be proven."""


def due(
    sources: Iterable[Source], visits: Mapping[str, Visits], schedule: Schedule, now: datetime
) -> tuple[Source, ...]:
    """Sources never visited, or whose next visit is not after ``now``."""
    return tuple(source for source in sources if _is_due(source, visits.get(source.id, Visits()), schedule, now))


def _is_due(source: Source, visits: Visits, schedule: Schedule, now: datetime) -> bool:
    following = next_visit(source, visits, schedule)
    return following is None or following <= now


def next_visit(source: Source, visits: Visits, schedule: Schedule) -> datetime | None:
    """When the source is due again; None: at once, since it was never visited. ConfigError for a line that is none."""
    if visits.last is None:
        return None
    line, zone = source.cadence or schedule.cadence, ZoneInfo(schedule.timezone)
    try:
        pause, own = pause_of(source, visits, schedule), longest_pause(line)
        if pause > own:  # whole firings are left out, and a visit that began late does not put off the next
            return firing_after(line, zone, visits.last + pause - own / 2)
        firing = firing_after(line, zone, visits.last)
        return firing if pause == own else min(firing, visits.last + pause)
    except ValueError as error:
        raise ConfigError(
            f"{line!r} is no cron line: {error}", key=f"cadence of {source.id}", remedy="write '0 3 * * *'"
        ) from None


def pause_of(source: Source, visits: Visits, schedule: Schedule) -> timedelta:
    """How long the source may wait for its next visit, at most.

    A cadence in the watchlist is a promise and kept as it is. Else a visit that found claims moved halves the pause,
    the next such one again, down to ``shortest``; a quiet one puts it back; after ``QUIET`` quiet ones running each
    further one makes it a cadence longer, up to ``longest``.
    """
    own = longest_pause(source.cadence or schedule.cadence)
    if source.cadence or source.kind not in ADAPTING or not visits.moved:
        return own
    newest = visits.moved[-1]
    running = next((n for n, moved in enumerate(reversed(visits.moved)) if moved != newest), len(visits.moved))
    if newest:
        halved = own / 2 ** min(running, 16)
        return _whole(max(halved, min(timedelta(hours=schedule.shortest), own)))
    if running <= QUIET or not visits.settled:
        return own
    return _whole(min(own * (running - QUIET + 1), max(timedelta(hours=schedule.longest), own)))


def _whole(pause: timedelta) -> timedelta:
    return timedelta(seconds=int(pause.total_seconds()))
