"""Sealing at the end of a run: what cannot be sealed is told to the operator, and no run is lost for it."""

from __future__ import annotations

from exowatch.clock import Clock
from exowatch.config import Config
from exowatch.errors import SetupError
from exowatch.model.readings import Issue
from exowatch.seal.sealing import Sealer, seal
from exowatch.store import write_runs
from exowatch.store.session import Store


def sealer_of(config: Config, store: Store, clock: Clock, simulated: bool) -> Sealer:
    """The chain of this installation."""
    return Sealer(config.archive.dir, config.record.signing_key, store, clock, simulated)


def seal_run(config: Config, store: Store, clock: Clock, simulated: bool) -> str | None:
    """Seal what this run added. Where the key is missing or wrong the run stands, unsigned, with an issue; its words.

    RecordError goes on: what cannot be written or believed must be told at once.
    """
    try:
        seal(sealer_of(config, store, clock, simulated))
    except SetupError as error:
        with store.writing() as db:
            write_runs.write_issues(db, [Issue("record-unsealed", "seal", str(error))], None, clock())
        return str(error)
    return None
