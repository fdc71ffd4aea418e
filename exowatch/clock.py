"""The one place that asks what time it is; ``EXOWATCH_NOW`` stops the clock for the demo and the tests."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from exowatch.errors import ConfigError

Clock = Callable[[], datetime]
VARIABLE = "EXOWATCH_NOW"
#: Times that can be reckoned with: weeks before and centuries after them are times as well.
_YEARS = range(1970, 9000)


def clock_from(env: Mapping[str, str] | None = None) -> tuple[Clock, bool]:
    """The clock and whether it is simulated. A simulated clock stands still at ``EXOWATCH_NOW`` (ISO 8601)."""
    said = (os.environ if env is None else env).get(VARIABLE)
    if not said:
        return (lambda: datetime.now(UTC)), False
    try:
        moment = datetime.fromisoformat(said)
        moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
        if moment.year not in _YEARS:
            raise ValueError
    except (ValueError, OverflowError):
        raise ConfigError(
            f"{said!r} is not a time", file="environment", key=VARIABLE, remedy="write 2026-11-24T06:00:00Z"
        ) from None
    return (lambda: moment), True
