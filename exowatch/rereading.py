"""Reading the newest fit capture of live pages again after the rules or the program moved. It makes no news."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from exowatch.archive.mend import mend
from exowatch.intake import Desk, begin_run, close_run, settle_leftovers
from exowatch.intake.again import read_again
from exowatch.model.sources import MADE
from exowatch.query import utc_text
from exowatch.seal.run import Unsealed, seal_run
from exowatch.store import read_sources, read_state, rejudge
from exowatch.store.lock import hold_lock
from exowatch.watchlist import load_watchlist


@dataclass(frozen=True, slots=True)
class Reread:
    """What a reread came to."""

    pages: int
    differences: int
    left: int
    """Pages that the time limit left for the next call."""
    unsealed: Unsealed | None = None
    """Why no manifest signs for it, or no authority has stamped that; None: all is done."""


def reread_pages(
    desk: Desk, *, since: str | None = None, max_time: float = 0, on_step: Callable[[str], None] = lambda url: None
) -> Reread:
    """Read again every live page that was read or judged under other rules; what differs is told with its cause.

    ``since``: only pages last read fit from then on. ``max_time``: seconds; 0: no limit.
    """
    sources = {source.id: source for source in load_watchlist(desk.config.watchlist.dir).sources}
    after = utc_text(since) if since else None
    with hold_lock(desk.config) as lock:
        mend(desk.archive_dir)
        settle_leftovers(desk, lock)
        with desk.store.reading() as db:
            judging = desk.knowledge.judging_digest
            stale = rejudge.pages_out_of_date(db, desk.stamp.knowledge, desk.stamp.reader, judging, after)
            made = {name for name, _ in stale if name.startswith(MADE)}
            sources |= {name: found for name in made if (found := read_sources.source_of(db, name))}
        stale = [(source_id, url) for source_id, url in stale if source_id in sources]
        if not stale:
            return Reread(0, 0, 0)
        run = begin_run(desk, "reread", [sources[name] for name in dict.fromkeys(name for name, _ in stale)])
        end = time.monotonic() + max_time if max_time else float("inf")
        done = differences = 0
        for source_id, url in stale:
            if time.monotonic() > end:
                break
            with desk.store.reading() as db:
                state = read_state.page_state(db, source_id, url)
            if state is not None and state.capture_id is not None:
                differences += read_again(desk, sources[source_id], run, state)
            done += 1
            on_step(url)
        close_run(desk, run, {source_id: "reread" for source_id in run.source_ids})
        unsealed = seal_run(desk.config, desk.store, desk.clock, desk.simulated)
    return Reread(done, differences, len(stale) - done, unsealed)
