"""Analysts' SQL: one SELECT, on a connection that cannot write, with a limit on time and rows."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, ResourceClosedError

from exowatch.errors import SetupError, StoreError
from exowatch.store.session import know_all_letters

#: How a statement begins that can give rows. The connection itself cannot write; this only gives a better message.
_READS = re.compile(r"\s*(SELECT|WITH|VALUES|EXPLAIN|TABLE)\b", re.IGNORECASE)
#: SQLite asks every so many virtual machine steps whether to go on.
_STEPS = 20_000
#: Bytes of one value; more would be a mistake, or an attack on the memory of this machine.
_LONGEST_VALUE = 50_000_000


def select_only(url: str, statement: str, *, seconds: float, limit: int) -> tuple[list[str], list[Sequence[Any]], bool]:
    """Column names, at most ``limit`` rows, and whether more were there. SetupError for SQL that cannot run."""
    if not _READS.match(statement):
        raise SetupError("this is no SELECT", remedy="`exowatch sql` only reads")
    on_sqlite = url.startswith("sqlite")
    engine = _sqlite(url, seconds) if on_sqlite else _postgres(url, seconds)
    if not on_sqlite:
        # psycopg reads % as the start of a placeholder wherever parameters may come; to send the statement without any
        # would let several statements through, and the second could write
        statement = statement.replace("%", "%%")
    try:
        with engine.connect() as db:
            result = db.execution_options(stream_results=True).exec_driver_sql(statement)
            found, columns = result.fetchmany(limit + 1), list(result.keys())
            result.close()
            return _unlike(columns), [tuple(row) for row in found[:limit]], len(found) > limit
    except ResourceClosedError:
        raise SetupError("this statement gives no rows", remedy="`exowatch sql` takes a SELECT") from None
    except DBAPIError as error:
        raise _told(error, seconds) from None
    finally:
        engine.dispose()


def _unlike(columns: list[str]) -> list[str]:
    """Two columns of one name would be one key in JSON: the second is told as ``name_2``."""
    seen: dict[str, int] = {}
    told = []
    for column in columns:
        seen[column] = seen.get(column, 0) + 1
        told.append(column if seen[column] == 1 else f"{column}_{seen[column]}")
    return told


def _sqlite(url: str, seconds: float) -> Any:
    file = make_url(url).database or ""
    if not Path(file).exists():
        raise StoreError(f"no database at {file}; `exowatch crawl` makes it")
    engine = create_engine(f"sqlite:///file:{file}?mode=ro&uri=true")
    end = time.monotonic() + seconds

    @event.listens_for(engine, "connect")
    def _on_connect(raw: Any, _record: Any) -> None:
        raw.execute("PRAGMA query_only=ON")
        know_all_letters(raw)
        raw.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
        raw.set_authorizer(_no_other_files)
        raw.set_progress_handler(lambda: time.monotonic() > end, _STEPS)

    return engine


def _no_other_files(action: int, *_: object) -> int:
    """ATTACH could open, or make, another file of this machine."""
    return sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_ATTACH else sqlite3.SQLITE_OK


def _postgres(url: str, seconds: float) -> Any:
    options = f"-c default_transaction_read_only=on -c statement_timeout={int(seconds * 1000)}"
    return create_engine(url, connect_args={"options": options})


def _told(error: DBAPIError, seconds: float) -> SetupError:
    said = str(error.orig).strip().splitlines()[0]
    if "interrupted" in said or "statement timeout" in said:
        return SetupError(f"stopped after {seconds:g} s", remedy="narrow the question, or allow more with --time")
    if "readonly" in said or "read-only" in said or "attempt to write" in said:
        return SetupError("this statement would write", remedy="`exowatch sql` only reads")
    return SetupError(said, remedy="the views v_* are described in docs/database.md")
