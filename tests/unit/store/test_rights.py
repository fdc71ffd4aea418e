"""Rights that were taken away for a moment, with real SQLite, as a user who may not write everywhere."""

import os
import sqlite3
import tempfile
from pathlib import Path

import pytest
from sqlalchemy import text

from exowatch.errors import WrongStoreError
from exowatch.store import session, sqlite_file
from exowatch.store.session import Store, may_write

#: Nobody in particular.
SOMEBODY = 65534


def as_somebody(folder, work, uid=SOMEBODY):
    """Do ``work`` in a child process that is not root; its exit code, 0 where nothing was raised."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 1
    try:
        os.chdir(folder)
        os.setgroups([])
        os.setgid(uid)
        os.setuid(uid)
        work()
        code = 0
    except BaseException as error:  # noqa: BLE001 - told, and the child ends here whatever it was
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(code)


@pytest.fixture
def database():
    """In a folder that others may enter; those of pytest are closed to them."""
    with tempfile.TemporaryDirectory() as folder:
        yield made_in(Path(folder).resolve())


def made_in(folder):
    file = folder / "a.db"
    raw = sqlite3.connect(file)
    raw.execute("PRAGMA journal_mode=WAL")
    raw.execute("CREATE TABLE t (a INTEGER)")
    raw.close()
    return file


def write():
    store = Store("sqlite:///a.db")
    with store.writing() as db:
        db.execute(text("INSERT INTO t VALUES (1)"))
    store.close()


def refused(words):
    def work():
        with pytest.raises(WrongStoreError, match=words):
            write()

    return work


root = pytest.mark.skipif(os.geteuid() != 0, reason="to become another user one has to be root")


def given_to_somebody(file):
    os.chown(file.parent, SOMEBODY, SOMEBODY)
    os.chown(file, SOMEBODY, SOMEBODY)


@root
def test_a_database_that_was_closed_for_a_moment_is_open_again_once_it_may_be_written(database):
    given_to_somebody(database)
    database.chmod(0o400)
    assert as_somebody(database.parent, refused("readonly")) == 0
    beside = sqlite_file.beside(database)
    assert {oct(one.stat().st_mode & 0o777) for one in beside} <= {"0o400"}
    assert beside, "SQLite left nothing, and there is nothing to free"
    database.chmod(0o600)
    assert as_somebody(database.parent, write) == 0


@root
def test_files_beside_it_that_are_anothers_are_named_with_what_to_do(database):
    given_to_somebody(database)
    for ending in ("-wal", "-shm"):
        one = database.with_name(database.name + ending)
        one.touch()
        one.chmod(0o444)
    assert as_somebody(database.parent, refused("a.db-wal and .*a.db-shm too")) == 0


def test_doctor_names_what_may_not_be_written(database, monkeypatch):
    may_write(f"sqlite:///{database}")
    monkeypatch.setattr(session.os, "access", lambda place, how: place != database)
    with pytest.raises(WrongStoreError, match=f"{database} may not be written"):
        may_write(f"sqlite:///{database}")
