"""Connections: short transactions on SQLite or PostgreSQL, and database errors told as ours."""

from __future__ import annotations

import functools
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from exowatch.errors import ConfigError, StoreBusyError, StoreError, StoreFullError, WrongStoreError
from exowatch.room import hardly_any, in_words
from exowatch.store.sqlite_file import beside, closed_beside, opened

#: An open transaction, as other rooms hand it back to this one.
Books = Connection
#: How long a writer waits for another one, unless configured otherwise.
BUSY_SECONDS = 30.0
#: PostgreSQL's lock that each writing transaction holds with all others, and a look at one moment for an instant alone.
_GATE = 0x65786F7761746368


class Store:
    """One database. Give it to ``exowatch.store.read`` and ``write``; rows never leave the room."""

    def __init__(self, url: str, *, busy_seconds: float = BUSY_SECONDS) -> None:
        self.url = url
        self.engine = _engine(url, busy_seconds)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A read-only look; nothing is kept open afterwards."""
        with told_as_ours(self.url), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def moment(self) -> Iterator[Connection]:
        """A read-only look at one moment: all questions inside are answered as of its beginning, and no row that is
        written later has a lower number than the newest one seen. StoreBusyError where a writer does not end."""
        if self.is_sqlite:  # one writer at a time, and a transaction sees what was there at its first question
            with self.reading() as connection:
                yield connection
            return
        with (
            told_as_ours(self.url),
            self.engine.connect() as gate,
            self.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection,
        ):
            with gate.begin():  # numbers are given out before they are written: wait for all who have one
                gate.execute(text(f"SET LOCAL lock_timeout = {int(BUSY_SECONDS * 1000)}"))
                gate.execute(text("SELECT pg_advisory_xact_lock(:gate)"), {"gate": _GATE})
                connection.execute(text("SELECT 1"))  # from here on it sees what was there now
            yield connection

    @contextmanager
    def writing(self, *, durable: bool = False) -> Iterator[Connection]:
        """One short writing transaction: all or nothing. On SQLite it opens with BEGIN IMMEDIATE.

        ``durable``: it stands after a power cut too, as on a server always; on SQLite that costs a wait for the disk.
        """
        with (
            told_as_ours(self.url),
            self.engine.connect().execution_options(exowatch_writing=True, exowatch_durable=durable) as connection,
            connection.begin(),
        ):
            if not self.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock_shared(:gate)"), {"gate": _GATE})
            yield connection

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def _engine(url: str, busy_seconds: float) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return _sqlite(url, busy_seconds)
        return create_engine(url, pool_size=2, max_overflow=4)
    except (ArgumentError, ModuleNotFoundError) as error:
        raise ConfigError(
            f"cannot use this database address: {error}",
            key="database.url",
            remedy="sqlite:///file.db, or postgresql+psycopg://user@host/name and `pip install exowatch[postgres]`",
        ) from None


def _sqlite(url: str, busy_seconds: float) -> Engine:
    file = make_url(url).database
    if file and file != ":memory:":
        make_room(Path(file))
    engine = create_engine(url, connect_args={"timeout": busy_seconds})

    @event.listens_for(engine, "do_connect")
    def _on_connect(dialect: Any, record: Any, given: Any, named: Any) -> Any:
        raw, why = opened(Path(file or ""), lambda: dialect.connect(*given, **named), _made_ready)
        know_all_letters(raw)
        record.info["only_reads"] = why
        return raw

    @event.listens_for(engine, "checkin")
    def _on_checkin(_raw: Any, record: Any) -> None:
        if record.info.get("only_reads"):  # it holds no lock against writers: by the next question one may be at work
            record.invalidate()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        writing, durable = options.get("exowatch_writing"), bool(options.get("exowatch_durable"))
        if writing and (why := connection.info.get("only_reads")):
            raise OperationalError("BEGIN IMMEDIATE", None, why)
        if connection.info.get("durable", False) != durable:
            connection.info["durable"] = durable
            connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _made_ready(raw: sqlite3.Connection) -> None:
    # The driver's own BEGIN comes late and without IMMEDIATE: 60 of 90 read-then-write transactions at once were
    # "locked" under it (measured 2026-11-22). So the driver is told to leave transactions to us.
    raw.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "cache_size=-16000"):
        raw.execute(f"PRAGMA {pragma}")


def make_room(file: Path) -> None:
    """The folder of a SQLite file, made where it is missing. ConfigError where no file can be."""
    if file.is_dir():
        raise ConfigError(
            f"{file} is a folder", key="database.url", remedy=f"name a file in it: sqlite:///{file}/exowatch.db"
        )
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"the folder {file.parent} cannot be made: {error.strerror}",
            key="database.url",
            remedy="name a file in a folder that you may write to",
        ) from None


def know_all_letters(raw: Any) -> None:
    """SQLite's own LOWER knows A to Z alone; with ours it means what it means on PostgreSQL."""
    raw.create_function("lower", 1, lambda told: told.lower() if isinstance(told, str) else told, deterministic=True)


@contextmanager
def told_as_ours(url: str) -> Iterator[None]:
    """A failing database as StoreError; a broken rule of ours (an integrity error) stays what it is: a bug."""
    try:
        yield
    except OperationalError as error:
        raise store_error(error, url) from error
    except DBAPIError as error:
        # a server says of a table that was never made, and of rights, that the question was wrong
        asked = type(error).__name__ == "ProgrammingError" and any(word in str(error.orig) for word in _NOT_OURS)
        if asked or type(error).__name__ in ("DatabaseError", "InterfaceError", "InternalError"):
            raise store_error(error, url) from error
        raise


#: What databases say of themselves (English on every server until somebody logged in) → who must act, and how.
_SAID: tuple[tuple[tuple[str, ...], type[StoreError], str], ...] = (
    (("locked", "busy", "lock timeout"), StoreBusyError, "another program held it too long: close it, then run again"),
    (("too many", "starting up", "shutting down"), StoreBusyError, "try again in a moment"),
    (
        ("authentication failed", "no password", "pg_hba", "permission denied"),
        WrongStoreError,
        "check user and password in [database] url, and what this user may do there",
    ),
    (("translate host", "resolve host", "name or service"), WrongStoreError, "check the host in [database] url"),
    (
        (
            "connection failed",
            "connection is bad",
            "refused",
            "timeout",
            "closed the connection",
            "terminating connection",
        ),
        StoreBusyError,
        "check host and port in [database] url, start the server, then try again",
    ),
    (
        ("unable to open", "readonly", "read-only"),
        WrongStoreError,
        "check [database] url, and that this user may write the file and its folder",
    ),
    (("not a database",), StoreError, "check [database] url; if it is right, put back a copy of the file"),
    (("disk i/o",), StoreError, "the disk fails (`journalctl -k`): mend or replace it, then `exowatch verify`"),
    (("malformed",), StoreError, "put back a copy of the file, or crawl into a new one"),
    (("no such table", "no such column", "does not exist"), StoreError, "run `exowatch db upgrade`"),
)
#: SQLite's names for a full disk; of other failed writes only what is free tells whether that was the cause.
_FULL = ("SQLITE_FULL", "SQLITE_IOERR_SHMSIZE")
_NOT_OURS = ("does not exist", "permission denied")
_NO_DATABASE = ("FATAL", "does not exist")


def store_error(error: DBAPIError, url: str) -> StoreError:
    """What the database said, with what to do about it, as the error of whoever must act."""
    said = " ".join(str(error.orig).split())
    place = make_url(url).render_as_string(hide_password=True)
    if all(word in said for word in _NO_DATABASE):  # of a server, when logging in: no such database or user
        remedy = "check name and user in [database] url, or make it there: CREATE DATABASE …"
        return WrongStoreError(f"the database {place} says: {said}\n  remedy: {remedy}")
    if _is_full(error, url):
        return StoreFullError(in_words(f"the database {place} has no room: {said}", _folder(url)))
    for words, kind, remedy in _SAID:
        if any(word in said.lower() for word in words):
            if kind is WrongStoreError and (files := _closed_beside(url)):
                remedy = f"let this user write {' and '.join(files)} too, which SQLite keeps beside it (chmod, chown)"
            return kind(f"the database {place} says: {said}\n  remedy: {remedy}")
    return StoreError(f"the database {place} says: {said}")


def _is_full(error: DBAPIError, url: str) -> bool:
    said, name = str(error.orig).lower(), getattr(error.orig, "sqlite_errorname", "")
    if make_url(url).get_backend_name() != "sqlite":
        return any(words in said for words in ("no space left", "disk full", "disk is full"))
    return name in _FULL or "disk is full" in said or ("disk i/o" in said and hardly_any(_folder(url)))


def may_write(url: str) -> None:
    """WrongStoreError where this user may not write a SQLite file, its folder or the files beside it; each is named."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return
    file = Path(parsed.database or "")
    closed = [str(one) for one in (file.parent, file, *beside(file)) if not os.access(one, os.W_OK)]
    if closed:
        raise WrongStoreError(
            f"{' and '.join(closed)} may not be written by this user, so questions are answered and nothing is kept\n"
            "  remedy: let this user write there (chmod, chown); in a copy that is only read nothing needs to be done"
        )


def _closed_beside(url: str) -> list[str]:
    parsed = make_url(url)
    sqlite = parsed.get_backend_name() == "sqlite"
    return [str(file) for file in closed_beside(Path(parsed.database or ""))] if sqlite else []


def _folder(url: str) -> Path:
    """Where a SQLite file stands; of a server nobody knows, and the words are told of its name."""
    parsed = make_url(url)
    return (
        Path(parsed.database or "").parent if parsed.get_backend_name() == "sqlite" else Path(parsed.host or "server")
    )


@functools.lru_cache(maxsize=8)
def shared_store(url: str, busy_seconds: float = BUSY_SECONDS) -> Store:
    """One Store a process and address: the pool is kept between captures."""
    return Store(url, busy_seconds=busy_seconds)
