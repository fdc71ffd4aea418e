"""Bringing a database up to date: Alembic's migrations for the tables, fresh views after each."""

from __future__ import annotations

import functools
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from exowatch.errors import StoreError
from exowatch.store.session import BUSY_SECONDS, Store, shared_store
from exowatch.store.views import make_views

#: The newest migration; a house test holds it against the files.
HEAD = "0005"


@functools.cache
def ready_store(url: str, busy_seconds: float = BUSY_SECONDS) -> Store:
    """The store at ``url``; an empty database gets its tables, an older one is refused with the remedy."""
    store = shared_store(url, busy_seconds)
    revision = revision_of(store)
    if revision is None:
        upgrade(store)
    elif revision != HEAD:
        raise StoreError(
            f"the database is of version {revision} and this program needs {HEAD}; "
            f"run `exowatch db upgrade` (it changes the database: back it up first)"
        )
    return store


def revision_of(store: Store) -> str | None:
    """The database's version; None when it is empty."""
    with store.reading() as db:
        if not inspect(db).has_table("alembic_version"):
            return None
        return str(db.execute(text("SELECT version_num FROM alembic_version")).scalar())


def upgrade(store: Store) -> None:
    """Bring tables and views up to date; safe to call again."""
    from alembic import command
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with store.writing() as db:
        settings.attributes["connection"] = db
        command.upgrade(settings, "head")
        make_views(db)


def tables_of(db: Connection) -> list[str]:
    """Names of the tables, for ``doctor``."""
    return inspect(db).get_table_names()
