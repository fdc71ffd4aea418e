"""Analysts' SQL: one SELECT, on a connection that cannot write, with a limit on time, rows and size."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, ResourceClosedError
from sqlalchemy.pool import NullPool

from exowatch.errors import ExoWatchError, SetupError, StoreBusyError, WrongStoreError
from exowatch.store.session import know_all_letters, store_error
from exowatch.store.sqlite_file import opened

#: How a statement begins that can give rows, after comments and brackets. The connection itself cannot write; this only
#: gives a better message.
_READS = re.compile(
    r"(?:\s|\(|--[^\n]*(?:\n|$)|/\*.*?\*/)*(?P<word>SELECT|WITH|VALUES|EXPLAIN|TABLE)\b", re.IGNORECASE | re.DOTALL
)
#: What reaches past the database, for a PostgreSQL user who may do more than read: files and settings of the server,
#: other sessions. Names that are spelt in numbers too (U&"…"), which nobody needs for reading.
_REACHES = re.compile(
    r"""\b(pg_(?:read|ls|stat_file|reload|rotate|switch|terminate|cancel|notify|logical|create|drop|export|log)\w*
    |lo_\w+|set_config|dblink\w*|\w+_to_xml\w*|U&(?="))""",
    re.IGNORECASE | re.VERBOSE,
)
#: SQLite asks every so many virtual machine steps whether to go on.
_STEPS = 20_000
#: Bytes of one value, and of a whole answer; more would be a mistake, or an attack on the memory of this machine.
_LONGEST_VALUE = 50_000_000
_LARGEST_ANSWER = 200_000_000
_BATCH = 500


def select_only(url: str, statement: str, *, seconds: float, limit: int) -> tuple[list[str], list[Sequence[Any]], bool]:
    """Column names, at most ``limit`` rows, and whether more were there.

    SetupError for SQL that cannot run or asks for too much; StoreError where the database cannot be asked.
    """
    on_sqlite = url.startswith("sqlite")
    word = _checked(statement, on_sqlite)
    end = time.monotonic() + seconds
    engine = _sqlite(url, end) if on_sqlite else _postgres(url, seconds)
    if not on_sqlite:
        # psycopg reads % as the start of a placeholder wherever parameters may come; to send the statement without any
        # would let several statements through, and the second could write
        statement = statement.replace("%", "%%")
    try:
        with _open(engine, url) as db:
            if not on_sqlite:
                _step_down(db)
            # no cursor can be declared for an EXPLAIN
            result = db.execution_options(stream_results=word != "EXPLAIN").exec_driver_sql(statement)
            found, columns = _fetched(result, limit + 1, end, seconds), list(result.keys())
            result.close()
            return _unlike(columns), found[:limit], len(found) > limit
    except ResourceClosedError:
        raise SetupError("this statement gives no rows", remedy="`exowatch sql` takes a SELECT") from None
    except DBAPIError as error:
        raise _told(error, seconds, url) from None
    finally:
        engine.dispose()


def _checked(statement: str, on_sqlite: bool) -> str:
    """The word that a statement begins with. SetupError for one that is no question, or that reaches past the data."""
    if "\0" in statement or (not statement.isascii() and any("\ud800" <= letter <= "\udfff" for letter in statement)):
        raise SetupError("there is a letter in it that is none", remedy="write the statement in UTF-8, without NUL")
    begins = _READS.match(statement)
    if not begins:
        raise SetupError("this is no SELECT", remedy="`exowatch sql` only reads")
    reaches = None if on_sqlite else _REACHES.search(statement)
    if reaches:
        raise SetupError(f"{reaches[1]} reaches past the data", remedy="`exowatch sql` only reads tables and views")
    return begins["word"].upper()


def _open(engine: Engine, url: str) -> Connection:
    try:
        return engine.connect()
    except DBAPIError as error:
        raise store_error(error, url) from None


def _fetched(result: Any, most: int, end: float, seconds: float) -> list[Sequence[Any]]:
    """At most ``most`` rows. A server counts the time of each fetch alone, so all of them are counted here."""
    found: list[Sequence[Any]] = []
    size = 0
    while len(found) < most:
        part = [tuple(row) for row in result.fetchmany(min(_BATCH, most - len(found)))]
        size += sum(len(value) for row in part for value in row if isinstance(value, (str, bytes)))
        if size > _LARGEST_ANSWER:
            raise SetupError("the answer is too large", remedy="ask for fewer columns, or less with --limit")
        if not part:
            break
        found += part
        if time.monotonic() > end:
            raise _stopped(seconds)
    return found


def _unlike(columns: list[str]) -> list[str]:
    """Two columns of one name would be one key in JSON: the second is told as ``name_2``."""
    seen: dict[str, int] = {}
    told = []
    for column in columns:
        seen[column] = seen.get(column, 0) + 1
        told.append(column if seen[column] == 1 else f"{column}_{seen[column]}")
    return told


def _sqlite(url: str, end: float) -> Engine:
    file = make_url(url).database or ""
    if not Path(file).exists():
        raise WrongStoreError(f"no database at {file}\n  remedy: `exowatch crawl` makes it")

    def connected() -> sqlite3.Connection:
        return opened(Path(file), lambda: sqlite3.connect(f"file:{quote(file)}?mode=ro", uri=True), lambda raw: None)[0]

    engine = create_engine("sqlite://", creator=connected, poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def _on_connect(raw: Any, _record: Any) -> None:
        raw.execute("PRAGMA query_only=ON")
        know_all_letters(raw)
        raw.create_function("regexp", 2, None)  # SQLAlchemy's: nothing could stop a pattern that runs for ever
        raw.text_factory = lambda told: told.decode("utf-8", "replace")
        raw.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
        raw.set_authorizer(_no_other_files)
        raw.set_progress_handler(lambda: time.monotonic() > end, _STEPS)

    return engine


def _no_other_files(action: int, *_: object) -> int:
    """ATTACH could open, or make, another file of this machine."""
    return sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_ATTACH else sqlite3.SQLITE_OK


def _postgres(url: str, seconds: float) -> Engine:
    options = f"-c default_transaction_read_only=on -c statement_timeout={max(1, int(seconds * 1000))}"
    return create_engine(url, connect_args={"options": options}, poolclass=NullPool)


def _step_down(db: Connection) -> None:
    """A superuser may read the server's files from SQL: such a one asks with the rights of a reader."""
    asked = "SELECT rolsuper AND EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'pg_read_all_data') FROM pg_roles"
    if db.exec_driver_sql(f"{asked} WHERE rolname = current_user").scalar():
        db.exec_driver_sql("SET LOCAL ROLE pg_read_all_data")


def _told(error: DBAPIError, seconds: float, url: str) -> ExoWatchError:
    said = str(error.orig).strip().splitlines()[0]
    if "interrupted" in said or "statement timeout" in said:
        return _stopped(seconds)
    if "readonly" in said or "read-only" in said or "attempt to write" in said or "data-modifying" in said:
        return SetupError("this statement would write", remedy="`exowatch sql` only reads")
    if "one statement at a time" in said or "multiple commands" in said:
        return SetupError("there are several statements", remedy="ask one question at a time")
    kind = store_error(error, url)
    if isinstance(kind, StoreBusyError):
        return kind
    return SetupError(said, remedy="the views v_* are described in docs/database.md")


def _stopped(seconds: float) -> SetupError:
    return SetupError(f"stopped after {seconds:g} s", remedy="narrow the question, or allow more with --time")
