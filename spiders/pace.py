"""How often a host may be asked: one clock a host for the whole child, so that sources on one host are spaced too."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest

if TYPE_CHECKING:
    from spiders.visit import Visit

#: Most seconds between two requests that a slow server or a Crawl-delay leads to; more would make visits last days.
LONGEST_DELAY = 60.0


class NotAsked(IgnoreRequest):
    """The visit ended while the request waited for its turn, or the host wants to be left alone for longer."""


class Clock:
    """When one host may be asked again."""

    def __init__(self, delay: float) -> None:
        self.least = self.gap = delay
        self.started = self.not_before = float("-inf")
        self.wants: float | None = None
        """Seconds that the host wants to be left alone for, where that is longer than a visit may wait."""

    @property
    def free_at(self) -> float:
        """The next turn, on the monotonic clock."""
        return max(self.started + self.gap, self.not_before)

    def took(self, seconds: float) -> None:
        """Ask a slow server less often, a faster one again more often, never more often than the least gap allows.

        Scrapy's AutoThrottle does the same, but knows one source only, and its gap is a mean.
        """
        if self.least:
            slower = max(seconds, (self.gap + seconds) / 2)
            self.gap = max(self.least, min(slower, LONGEST_DELAY))

    def slow_down(self, seconds: float) -> None:
        """Raise the least gap (Crawl-delay)."""
        self.least = max(self.least, min(seconds, LONGEST_DELAY))
        self.gap = max(self.gap, self.least)


class Pace:
    """The clocks of all hosts that a child asks."""

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._clocks: dict[str, Clock] = {}

    def clock(self, host: str) -> Clock:
        """The clock of ``host``, whatever its port: it is one machine that we ask."""
        return self._clocks.setdefault(host, Clock(self._delay))

    async def turn(self, host: str, visit: Visit) -> Clock:
        """Wait until ``host`` may be asked for this visit, and take the turn; NotAsked when the visit ends meanwhile,
        or the host puts us off, whichever source it was asked for.

        It looks again after each wait: another request took the turn, or the server asked for more time.
        """
        clock = self.clock(host)
        while not visit.ending.is_set():
            if clock.wants is not None:
                visit.put_off.setdefault(host, clock.wants)
                raise NotAsked(f"{host} asks us to wait for longer than a visit may take")
            wait = max(clock.free_at, visit.not_before) - time.monotonic()
            if wait <= 0:
                clock.started = time.monotonic()
                return clock
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(visit.ending.wait(), wait)
        raise NotAsked("the visit ended before its turn came")
