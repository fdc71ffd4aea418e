"""One run at a time a source, one job at a time: locks that the operating system or the server frees when their holder
dies."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from exowatch.config import Config
from exowatch.errors import BusyError, ConfigError
from exowatch.owners import name_of
from exowatch.room import is_full
from exowatch.store.session import Store, make_room

#: Every run on single sources holds this one shared, a run on everything holds it alone.
_EVERYTHING = "*"


class RunLock(Protocol):
    """The lock that is held, and what else it lets its holder touch."""

    def ours(self, source_id: str) -> AbstractContextManager[bool]:
        """True inside, where nobody else runs on this source and nobody can begin to."""
        ...


@contextmanager
def hold_lock(config: Config, source_ids: Sequence[str] = ()) -> Iterator[RunLock]:
    """Hold the run lock. Raises BusyError at once when another process holds it.

    SQLite: one flock beside the file, for the whole database. PostgreSQL: a session lock a source, so that many
    machines may crawl different sources; when no source is named, one that excludes them all.
    """
    url = make_url(config.database.url)
    if url.get_backend_name() == "sqlite":
        with _flock(Path(url.database or "")):
            yield _WholeFile()
    else:
        with _session_locks(config.database.url, source_ids) as lock:
            yield lock


@contextmanager
def hold_jobs(config: Config, names: Sequence[str]) -> Iterator[frozenset[str]]:
    """Hold the locks of these jobs (``digest``, ``crawl:SOURCE``) as long as they are done; those that could be had.

    SQLite: a file a kind of job, so that crawls are had all or none. PostgreSQL: a session lock a job.
    """
    url = make_url(config.database.url)
    with ExitStack() as held:
        if url.get_backend_name() == "sqlite":
            taken = set[str]()
            for kind in sorted({name.partition(":")[0] for name in names}):
                with suppress(BusyError):
                    held.enter_context(_flock(Path(f"{url.database}.{kind}")))
                    taken |= {name for name in names if name.partition(":")[0] == kind}
            yield frozenset(taken)
        else:
            store = Store(config.database.url)
            held.callback(store.close)
            locks = _SessionLocks(held.enter_context(_at_once(store)))
            held.callback(locks.give_back)
            yield frozenset(name for name in names if locks.take(f"job {name}"))


@contextmanager
def _at_once(store: Store) -> Iterator[Connection]:
    """A connection without transactions, as session locks want it."""
    with store.reading() as opened:
        yield opened.execution_options(isolation_level="AUTOCOMMIT")


def nobody_runs(config: Config, source_ids: Sequence[str]) -> bool:
    """True where no process holds the run lock for these sources. Asked for a moment; nothing is made or held."""
    url = make_url(config.database.url)
    if url.get_backend_name() != "sqlite":
        with suppress(BusyError), _session_locks(config.database.url, source_ids):
            return True
        return False
    try:
        with Path(f"{url.database}.lock").open() as handle:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return True
    except OSError:  # held, or not ours to look at
        return False
    return True


class _WholeFile:
    """The flock of a SQLite file: every source is ours."""

    def ours(self, source_id: str) -> AbstractContextManager[bool]:
        return nullcontext(True)


class _SessionLocks:
    """Advisory locks of one PostgreSQL session; it may take one of its own twice, and gives it back as often."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @contextmanager
    def ours(self, source_id: str) -> Iterator[bool]:
        held = self.take(source_id)
        try:
            yield held
        finally:
            if held:
                self._ask("pg_advisory_unlock", source_id)

    def take(self, name: str, *, shared: bool = False) -> bool:
        """True where the lock could be had at once."""
        return self._ask("pg_try_advisory_lock_shared" if shared else "pg_try_advisory_lock", name)

    def give_back(self) -> None:
        """Free all at once: the server itself does so only when it has seen that the session ended."""
        with suppress(SQLAlchemyError):  # a connection that broke holds nothing for long
            self._connection.execute(text("SELECT pg_advisory_unlock_all()"))

    def _ask(self, function: str, name: str) -> bool:
        key = int.from_bytes(hashlib.sha256(f"exowatch:{name}".encode()).digest()[:8], signed=True)
        return bool(self._connection.execute(text(f"SELECT {function}(:key)"), {"key": key}).scalar())


@contextmanager
def _flock(database: Path) -> Iterator[None]:
    make_room(database)
    try:
        opened = Path(f"{database}.lock").open("a+")  # noqa: SIM115 - closed below, where it is locked
    except OSError as error:
        raise ConfigError(
            f"no lock can be held at {error.filename}: {error.strerror}",
            key="database.url",
            remedy="make room there" if is_full(error) else _remedy(Path(f"{database}.lock")),
        ) from None
    with opened as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            holder = handle.read().strip() or "unknown"
            raise BusyError(f"another run is going (process {holder}); try again when it has ended") from None
        handle.truncate(0)
        _sign(handle.fileno())
        yield


def _remedy(lock: Path) -> str:
    """A lock that is there has another owner, who has run a command here: as a rule root."""
    if not lock.exists():
        return "put the database where this user may write"
    whose, mine = name_of(lock.stat().st_uid), name_of(os.geteuid())
    return f"it belongs to {whose}, and this is {mine}: as root, `chown {name_of(lock.parent.stat().st_uid)} {lock}`"


def _sign(lock: int) -> None:
    """Say whose the lock is. It holds without: on a full disk the next message cannot name us, and that is all."""
    with suppress(OSError):
        os.write(lock, str(os.getpid()).encode())


@contextmanager
def _session_locks(url: str, source_ids: Sequence[str]) -> Iterator[_SessionLocks]:
    store = Store(url)
    try:
        with _at_once(store) as opened:
            locks = _SessionLocks(opened)
            try:
                if not locks.take(_EVERYTHING, shared=bool(source_ids)):
                    raise BusyError("another run is going; try again when it has ended")
                for name in source_ids:
                    if not locks.take(name):
                        raise BusyError(f"another run is going for {name!r}; try again when it has ended")
                yield locks
            finally:
                locks.give_back()
    finally:
        store.close()
