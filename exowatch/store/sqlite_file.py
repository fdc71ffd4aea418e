"""Opening a SQLite file: to write where that can be; where folder or disk allow no writing, to read what is there."""

from __future__ import annotations

import glob
import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sqlalchemy.engine import make_url

from exowatch.room import hardly_any

#: What SQLite says where it cannot make the files beside a database that it wants even to read it.
_NO_RIGHT = ("unable to open", "readonly", "read-only")
_NO_ROOM = ("full", "disk i/o")


def opened(
    file: Path, connect: Callable[[], sqlite3.Connection], ready: Callable[[sqlite3.Connection], None]
) -> tuple[sqlite3.Connection, sqlite3.OperationalError | None]:
    """What ``connect`` gives, made ``ready``; else a connection that can only read, and why it was not to be had.

    Raises what SQLite does where nothing can be read either.
    """
    _free_beside(file)
    raw = None
    try:
        raw = connect()
        ready(raw)
        raw.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
        return raw, None
    except sqlite3.OperationalError as error:
        if raw is not None:
            raw.close()
        held = file.is_file() and file.stat().st_size > 0
        if not held or not _explained(file, str(error).lower()):
            raise
        return _reading(file, error), error


def files_of(url: str) -> list[Path]:
    """A SQLite database and all files that it and our locks keep beside it; none where a server has it."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return []
    file = Path(parsed.database)
    return sorted(one for one in file.parent.glob(f"{glob.escape(file.name)}*") if one.is_file())


def beside(file: Path) -> tuple[Path, ...]:
    """The files that SQLite keeps beside a database, where they are there."""
    return tuple(one for ending in ("-wal", "-shm") if (one := file.with_name(file.name + ending)).is_file())


def closed_beside(file: Path) -> tuple[Path, ...]:
    """Those beside a file that we may write which we may not: they keep the file closed to all writing."""
    return tuple(one for one in beside(file) if os.access(file, os.W_OK) and not os.access(one, os.W_OK))


def _free_beside(file: Path) -> None:
    """SQLite makes files beside a database with the rights that it has at that hour, and never gives them more: one
    that was closed to writing for a moment would stay so for good. Where they are ours, they get the database's."""
    for one in closed_beside(file):
        with suppress(OSError):
            one.chmod(stat.S_IMODE(file.stat().st_mode))


def _explained(file: Path, said: str) -> bool:
    """True where it can be seen why nothing may be written there. Otherwise another program may be at work on the file,
    and to read it without locks could show half of what it writes."""
    if any(words in said for words in _NO_RIGHT):
        return not all(os.access(one, os.W_OK) for one in (file.parent, file, *beside(file)))
    return any(words in said for words in _NO_ROOM) and hardly_any(file.parent)


def _reading(file: Path, error: sqlite3.OperationalError) -> sqlite3.Connection:
    """A connection that makes no file and takes no lock: a process that writes would have made what we lack.

    Rows that a killed process left in the log beside the file are read from there, with its index in our memory: so
    SQLite does for whoever has a file alone, and its locks that lock nothing let us say that we have.
    """
    log = file.with_name(f"{file.name}-wal")
    logged = log.is_file() and log.stat().st_size > 0
    how = "vfs=unix-none" if logged else "immutable=1"
    raw = sqlite3.connect(
        f"{file.absolute().as_uri()}?mode=ro&{how}", uri=True, check_same_thread=False, isolation_level=None
    )
    try:
        if logged:
            raw.execute("PRAGMA locking_mode=EXCLUSIVE")
        raw.execute("PRAGMA query_only=ON")
        raw.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
    except sqlite3.Error:
        with suppress(sqlite3.Error):
            raw.close()
        raise error from None
    return raw
