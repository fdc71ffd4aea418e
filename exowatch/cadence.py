"""When a source is due: by its own cron line, else by the configured one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from exowatch.errors import ConfigError
from exowatch.model.sources import Source


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
        trigger = CronTrigger.from_crontab(line, timezone=ZoneInfo(timezone))
    except ValueError as error:
        raise ConfigError(
            f"{line!r} is no cron line: {error}", key=f"cadence of {source.id}", remedy="write '0 3 * * *'"
        ) from None
    fires = trigger.get_next_fire_time(last, last)
    return fires is not None and fires <= now
