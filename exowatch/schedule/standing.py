"""The configuration and the watchlist as they stand, read again when a file of theirs moved."""

from __future__ import annotations

import threading
from pathlib import Path

from exowatch.clock import Clock
from exowatch.config import Config, load_config
from exowatch.errors import ExoWatchError, SetupError
from exowatch.schedule import tasks
from exowatch.schedule.shift import Shift, log
from exowatch.store.migrate import ready_store
from exowatch.store.session import Store
from exowatch.watchlist import load_watchlist

_Seen = tuple[tuple[str, int, int], ...]


class Standing:
    """The newest shift that could be read. A file with a mistake in it changes nothing until it is mended."""

    def __init__(self, config_file: Path | None, clock: Clock, simulated: bool) -> None:
        """Raises SetupError where configuration or watchlist cannot be read, StoreError where the database cannot."""
        self._file, self._clock, self._simulated = config_file, clock, simulated
        self.stop = threading.Event()
        self._url = load_config(config_file).database.url
        self._seen: _Seen | None = None
        self.shift = self._read()

    def look_again(self) -> bool:
        """Read again what moved; True where something did. A mistake is told once, and what stood before stays."""
        now = _seen(self.shift.config)
        if now == self._seen:
            return False
        self._seen = now
        try:
            self.shift = self._read()
        except ExoWatchError as error:
            log.error("configuration or watchlist not read", extra={"detail": f"{error}; what stood before stays"})
            return False
        log.info("configuration and watchlist read", extra={"sources": len(self.shift.watchlist.active)})
        return True

    def _read(self) -> Shift:
        config = load_config(self._file)
        if config.database.url != self._url:
            raise SetupError("another database is named", key="database.url", remedy="start the scheduler again")
        store = ready_store(config.database.url, config.database.busy_seconds, config.archive.dir)
        self._seen = _seen(config)
        return shift_of(config, store, self._clock, self._simulated, self.stop)


def shift_of(config: Config, store: Store, clock: Clock, simulated: bool, stop: threading.Event | None = None) -> Shift:
    """All that jobs are done with, the jobs being the real ones. WatchlistError where the watchlist cannot be read."""
    watchlist = load_watchlist(config.watchlist.dir)
    return Shift(
        config,
        watchlist,
        store,
        clock,
        simulated,
        tasks.crawl,
        tasks.TASKS,
        threading.Event() if stop is None else stop,
    )


def _seen(config: Config) -> _Seen:
    """Name, time and size of each file that says what is to be done."""
    files = [config.file] if config.file else []
    folder = config.watchlist.dir
    files += sorted(folder.glob("*.y*ml")) if folder.is_dir() else []
    found = []
    for file in files:
        try:
            told = file.stat()
        except OSError:  # taken away meanwhile
            continue
        found.append((str(file), told.st_mtime_ns, told.st_size))
    return tuple(found)
