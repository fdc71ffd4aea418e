"""Whose database is it? Asked before anything is written: a file of another program stays as it is, to the byte."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import inspect
from sqlalchemy.engine import make_url

from exowatch.errors import WrongStoreError
from exowatch.store.session import Store

#: Tables that every version of ours has had.
OURS = frozenset({"alembic_version", "run_sources", "lineages"})
_NAMED = 4


def refuse_foreign(url: str) -> None:
    """WrongStoreError where the database at ``url`` holds tables, and they are not ours. Makes and changes nothing."""
    found = _tables(url)
    if not found or found >= OURS:
        return
    place = make_url(url).render_as_string(hide_password=True)
    some = ", ".join(sorted(found)[:_NAMED]) + (", …" if len(found) > _NAMED else "")
    raise WrongStoreError(
        f"the database {place} is another program's: it holds {some} and nothing of ExoWatch; it was left as it is\n"
        "  remedy: name a database of ExoWatch's own in [database] url (a file that is not there yet is made)"
    )


def _tables(url: str) -> frozenset[str]:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _in_file(Path(parsed.database or ""))
    store = Store(url)
    try:
        with store.reading() as db:
            return frozenset(inspect(db).get_table_names())
    finally:
        store.close()


def _in_file(file: Path) -> frozenset[str]:
    """Read with no right to write. Where nobody has it open it is not even locked: that would leave files beside it."""
    if not file.is_file():
        return frozenset()
    alone = not file.with_name(f"{file.name}-wal").exists()
    place = f"{file.absolute().as_uri()}?mode=ro{'&immutable=1' if alone else ''}"
    try:
        with closing(sqlite3.connect(place, uri=True)) as raw:
            rows = raw.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
            return frozenset(name for (name,) in rows)
    except sqlite3.Error:  # none of ours to judge: opening it will tell
        return frozenset()
