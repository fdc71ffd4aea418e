"""Killed runs: begun, never closed, and nobody runs them any more. Told until a run that writes settles them."""

from __future__ import annotations

from exowatch.config import Config
from exowatch.model.sources import Run
from exowatch.store import read_state
from exowatch.store.lock import nobody_runs
from exowatch.store.session import Store

#: What settles them.
SETTLES = "the next `exowatch crawl`, `import` or `reread` takes in what it archived, and closes it"


def interrupted_runs(config: Config, store: Store) -> tuple[Run, ...]:
    """Unclosed runs, oldest first, whose sources no process holds. A run that goes is none."""
    with store.reading() as db:
        unclosed = [read_state.run_of(db, run_id) for run_id in read_state.unfinished_runs(db)]
    return tuple(run for run in unclosed if run is not None and nobody_runs(config, run.source_ids))


def in_words(run: Run) -> str:
    """What to say of an interrupted run."""
    sources = f"{len(run.source_ids)} source{'' if len(run.source_ids) == 1 else 's'}"
    return f"the {run.kind} that began {run.started_at:%Y-%m-%d %H:%M UTC} ({sources}) was interrupted and never closed"
