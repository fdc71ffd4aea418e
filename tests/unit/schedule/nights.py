"""An installation whose clock is moved by hand, and whose jobs write what real ones write, but visit nobody."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from exowatch.config import Config, Database
from exowatch.digest.write import write_digest
from exowatch.intake import begin_run, close_run, open_desk
from exowatch.model.sources import Source
from exowatch.schedule import tasks
from exowatch.schedule.shift import Shift
from exowatch.watchlist import load_watchlist


class Killed(BaseException):
    """The process died here: nothing after it was written."""


@dataclass
class Nights:
    """One installation; ``dying`` is the share of jobs in whose middle the process dies."""

    shift: Shift
    now: datetime
    dying: float = 0
    rng: random.Random = field(default_factory=lambda: random.Random(20261127))

    def tick(self, **step: float) -> datetime:
        self.now += timedelta(**step)
        return self.now

    def maybe_die(self) -> None:
        if self.rng.random() < self.dying:
            raise Killed


def make_nights(folder, now: datetime, sources: Sequence[str] = ("one", "two"), url=None, letters=None, **schedule):
    """Write watchlist and configuration into ``folder``. ``letters``: who gets them; they are then really sent."""
    (folder / "watchlist").mkdir(parents=True)
    for name in sources:
        add_source(folder, name)
    config = Config(database=Database(url=url or f"sqlite:///{folder / 'exowatch.db'}"))
    dirs = {
        "archive": config.archive.model_copy(update={"dir": folder / "archive"}),
        "watchlist": config.watchlist.model_copy(update={"dir": folder / "watchlist"}),
        "digest": (letters or config.digest).model_copy(update={"dir": folder / "digests"}),
        "schedule": type(config.schedule)(**schedule),
    }
    config = config.model_copy(update=dirs)
    nights: Nights

    def clock() -> datetime:
        return nights.now

    desk = open_desk(config, clock, True)

    def crawl(shift: Shift, wanted: Sequence[str]) -> Mapping[str, tuple[str, str]]:
        sources: tuple[Source, ...] = load_watchlist(config.watchlist.dir).named(wanted)
        run = begin_run(desk, "crawl", sources)
        nights.maybe_die()
        nights.tick(minutes=20)
        close_run(desk, run, dict.fromkeys(run.source_ids, "finished"))
        nights.maybe_die()
        return {source: ("done", "complete: no pages") for source in wanted}

    def digest(shift: Shift) -> str:
        nights.maybe_die()
        told = tasks.digest(shift) if letters else f"letter {write_digest(desk).id}"
        nights.maybe_die()
        return told

    def other(shift: Shift) -> str:
        nights.maybe_die()
        return "well"

    def note(shift: Shift) -> str:
        nights.maybe_die()
        told = tasks.note(shift) if letters else "well"
        nights.maybe_die()
        return told

    jobs = {**tasks.TASKS, "digest": digest, "verify": other, "note": note}
    nights = Nights(Shift(config, load_watchlist(config.watchlist.dir), desk.store, clock, True, crawl, jobs), now)
    return nights


def add_source(folder, name: str, **facts: str) -> None:
    """One more file of the watchlist."""
    told = {"id": name, "name": name, "kind": "clinic", "jurisdiction": "IE", "reason": "test"} | facts
    told["start_urls"] = "[https://a.example/]"
    (folder / "watchlist" / f"{name}.yml").write_text("".join(f"{key}: {value}\n" for key, value in told.items()))


def reread(nights: Nights) -> None:
    """What the watchlist says now."""
    nights.shift = replace(nights.shift, watchlist=load_watchlist(nights.shift.config.watchlist.dir))
