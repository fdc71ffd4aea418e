"""What every command starts from: the configuration named on the command line, the clock, the desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from exowatch.cli.saying import say
from exowatch.clock import Clock, clock_from
from exowatch.config import Config, load_config
from exowatch.errors import ExoWatchError, WrongStoreError
from exowatch.owners import below, give_back

if TYPE_CHECKING:
    from exowatch.intake import Desk
    from exowatch.store.session import Store


def config_of(ctx: click.Context) -> Config:
    """The configuration; sections and keys that this version does not use are named on stderr."""
    named = ctx.find_root().obj
    config = load_config(Path(named) if named else None)
    ctx.find_root().call_on_close(lambda: give_back(_made_here(config)))
    if config.unused:
        say(f"exowatch: not used by this version: {', '.join(config.unused)} in {config.file}")
    return config


def _made_here(config: Config) -> Iterator[Path]:
    """Files that our commands make for an installation: none that a person wrote."""
    from exowatch.store.sqlite_file import files_of

    yield from files_of(config.database.url)
    yield from below(config.archive.dir)
    yield from below(config.digest.dir)
    for file in (config.record.signing_key, config.digest.feed, config.monitor.metrics_file):
        if file is not None:
            yield file


def desk_of(ctx: click.Context, *, making: bool = True) -> Desk:
    """The desk: database, knowledge and clock. ``making`` False: for a question, which never makes a database."""
    from exowatch.intake import open_desk

    clock, simulated = clock_of()
    config = config_of(ctx)
    if not making:
        store_of(config)
    desk = open_desk(config, clock, simulated)
    ctx.call_on_close(desk.store.close)
    return desk


def store_of(config: Config) -> Store:
    """The database, for a question, until the command ends. WrongStoreError where there is none."""
    from exowatch.store.migrate import existing_store

    try:
        store = existing_store(config.database.url, config.database.busy_seconds, config.archive.dir)
        click.get_current_context().call_on_close(store.close)
        return store
    except WrongStoreError as error:
        if config.file is not None:
            raise
        # whoever asks in the wrong folder has neither
        raise WrongStoreError(f"{error}\n  there is no exowatch.toml here either: is this the right folder?") from None


def tell_metrics(config: Config) -> None:
    """Write the metrics where a file is named for them; on stderr why it could not be."""
    if config.monitor.metrics_file is None:
        return
    from exowatch.health.metrics import write_metrics

    clock, _ = clock_of()
    try:
        why = write_metrics(config, store_of(config), clock())
    except ExoWatchError as error:  # what was measured is done, and ends as it ended
        why = f"metrics were not written: {error}"
    if why:
        say(f"exowatch: {why}")


def clock_of() -> tuple[Clock, bool]:
    """The clock and whether it is simulated."""
    return clock_from()
