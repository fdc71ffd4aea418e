"""One run at a time: a lock that the operating system or the server frees when its holder dies."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url

from exowatch.config import Config
from exowatch.errors import BusyError
from exowatch.store.session import Store


@contextmanager
def hold_lock(config: Config, source_ids: Sequence[str] = ()) -> Iterator[None]:
    """Hold the run lock. Raises BusyError at once when another process holds it.

    SQLite: one flock beside the file, for the whole database. PostgreSQL: a session lock a source
    (for everything, when no source is named), so that many machines may crawl different sources.
    """
    url = make_url(config.database.url)
    if url.get_backend_name() == "sqlite":
        with _flock(Path(f"{url.database}.lock")):
            yield
    else:
        with _session_locks(config.database.url, source_ids or ("*",)):
            yield


@contextmanager
def _flock(file: Path) -> Iterator[None]:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            holder = handle.read().strip() or "unknown"
            raise BusyError(f"another run is going (process {holder}); try again when it has ended") from None
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield


@contextmanager
def _session_locks(url: str, names: Sequence[str]) -> Iterator[None]:
    store = Store(url)
    try:
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for name in names:
                _take(connection, name)
            yield
    finally:
        store.close()


def _take(connection: Connection, name: str) -> None:
    key = int.from_bytes(hashlib.sha256(f"exowatch:{name}".encode()).digest()[:8], signed=True)
    if not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": key}).scalar():
        raise BusyError(f"another run is going for {name!r}; try again when it has ended")
