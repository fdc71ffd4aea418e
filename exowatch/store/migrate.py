"""Bringing a database up to date: Alembic's migrations for the tables, fresh views after each."""

from __future__ import annotations

import functools
from pathlib import Path

from sqlalchemy import inspect, text
from sqlalchemy.engine import make_url

from exowatch.errors import WrongStoreError
from exowatch.store.left_behind import refuse_left_behind
from exowatch.store.session import BUSY_SECONDS, Store, shared_store
from exowatch.store.views import make_views
from exowatch.store.whose import refuse_foreign

#: The newest migration; a house test holds it against the files.
HEAD = "0012"


_FIRST = "if [database] url is right, `exowatch crawl` makes it"


@functools.cache
def ready_store(url: str, busy_seconds: float = BUSY_SECONDS, archive: Path | None = None) -> Store:
    """The store at ``url``; an empty database gets its tables, an older or foreign one is refused with the remedy.

    ``archive``: its folder; where that holds a record of before, an empty or missing database is refused too.
    """
    refuse_foreign(url)
    if archive:
        refuse_new_beside(archive, url)
    store = shared_store(url, busy_seconds)
    revision = revision_of(store)
    if revision is None:
        if archive:
            refuse_left_behind(archive, url)
        upgrade(store)
    else:
        check_version(revision)
    return store


def existing_store(url: str, busy_seconds: float = BUSY_SECONDS, archive: Path | None = None) -> Store:
    """The store at ``url`` for a question: makes nothing. WrongStoreError where there is none, or an older one; where
    ``archive`` holds a record, it says what to do with that."""
    if no_file_at(url):
        if archive:
            refuse_left_behind(archive, url)
        raise WrongStoreError(f"there is no database at {make_url(url).database}\n  remedy: {_FIRST}")
    refuse_foreign(url)
    store = shared_store(url, busy_seconds)
    revision = revision_of(store)
    if revision is None:
        if archive:
            refuse_left_behind(archive, url)
        place = make_url(url).render_as_string(hide_password=True)
        raise WrongStoreError(f"the database {place} holds nothing of ExoWatch\n  remedy: {_FIRST}")
    check_version(revision)
    return store


def refuse_new_beside(archive: Path, url: str) -> None:
    """WrongStoreError where no file is there yet, and ``archive`` holds a record. Opens nothing: that would make it."""
    if no_file_at(url):
        refuse_left_behind(archive, url)


def no_file_at(url: str) -> bool:
    """True where ``url`` names a SQLite file that is not there; to open it would make it."""
    parsed = make_url(url)
    return parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").exists()


def check_version(revision: str) -> None:
    """WrongStoreError where a database of this version is not of this program, with what to do."""
    if revision > HEAD:
        raise WrongStoreError(
            f"the database is of version {revision} and this program knows {HEAD}\n"
            f"  remedy: use the newer ExoWatch that upgraded it"
        )
    if revision != HEAD:
        raise WrongStoreError(
            f"the database is of version {revision} and this program needs {HEAD}\n"
            f"  remedy: back it up, then run `exowatch db upgrade`"
        )


def revision_of(store: Store) -> str | None:
    """The database's version; None when it is empty."""
    with store.reading() as db:
        if not inspect(db).has_table("alembic_version"):
            return None
        return str(db.execute(text("SELECT version_num FROM alembic_version")).scalar())


def upgrade(store: Store) -> None:
    """Bring tables and views up to date; safe to call again. WrongStoreError where another program made them."""
    refuse_foreign(store.url)
    from alembic import command
    from alembic.config import Config

    if (revision_of(store) or HEAD) > HEAD:
        check_version(str(revision_of(store)))
    settings = Config()
    # to a configuration file a percent sign begins a name
    settings.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    with store.writing() as db:
        settings.attributes["connection"] = db
        command.upgrade(settings, "head")
        make_views(db)
