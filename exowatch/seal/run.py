"""Sealing at the end of a run: what cannot be signed or stamped is told to the operator, and no run is lost for it."""

from __future__ import annotations

from typing import NamedTuple

from exowatch.clock import Clock
from exowatch.config import Config
from exowatch.errors import SetupError
from exowatch.model.readings import Issue
from exowatch.seal.sealing import Sealer, seal
from exowatch.seal.stamping import stamp_all
from exowatch.store import write_runs
from exowatch.store.session import Store


class Unsealed(NamedTuple):
    """What the record of a run lacks, and why."""

    words: str
    signed: bool
    """It is signed, and only not stamped yet; that is made up later."""


def sealer_of(config: Config, store: Store, clock: Clock, simulated: bool) -> Sealer:
    """The chain of this installation."""
    return Sealer(config.archive.dir, config.record.signing_key, store, clock, simulated)


def seal_run(config: Config, store: Store, clock: Clock, simulated: bool) -> Unsealed | None:
    """Seal what this run added, and have it stamped; what its record then lacks. Where the key is missing or wrong the
    run stands, unsigned; where the authority of time does not answer, unstamped: with an issue, and its words.

    RecordError goes on: what cannot be written or believed must be told at once.
    """
    try:
        seal(sealer_of(config, store, clock, simulated))
    except SetupError as error:
        return Unsealed(_told(store, clock, "record-unsealed", f"this run is not signed: {error}"), signed=False)
    why = stamp_run(config, store, clock)
    return Unsealed(why, signed=True) if why else None


def stamp_run(config: Config, store: Store, clock: Clock) -> str | None:
    """Have manifests stamped where ``[record] timestamp_url`` names an authority; why one was not (an issue, too)."""
    if config.record.timestamp_url is None:
        return None
    try:
        why = stamp_all(config.archive.dir, config.record.timestamp_url)
    except SetupError as error:  # no room for the token
        why = str(error)
    return _told(store, clock, "record-unstamped", why) if why else None


def _told(store: Store, clock: Clock, code: str, words: str) -> str:
    with store.writing() as db:
        write_runs.write_issues(db, [Issue(code, "seal", words)], None, clock())
    return words
