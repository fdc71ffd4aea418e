"""A SQLite file where nothing can be written: what is there can be read, and nothing is made or changed."""

import shutil
import sqlite3

import pytest
from sqlalchemy import text

from exowatch.errors import NoRoomError, StoreError, StoreFullError, WrongStoreError
from exowatch.store import session, sqlite_file
from exowatch.store.read_only import select_only
from exowatch.store.session import Store
from exowatch.store.sqlite_file import opened


@pytest.fixture
def left_by_a_killed_writer(tmp_path):
    """A row in the file and one in the log beside it, as a process leaves them that was killed."""
    (tmp_path / "at work").mkdir()
    raw = sqlite3.connect(tmp_path / "at work" / "a.db", isolation_level=None)
    raw.execute("PRAGMA journal_mode=WAL")
    raw.execute("CREATE TABLE t (a INTEGER)")
    raw.execute("INSERT INTO t VALUES (1)")
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.execute("INSERT INTO t VALUES (2)")
    for name in ("a.db", "a.db-wal"):
        shutil.copy(tmp_path / "at work" / name, tmp_path / name)
    raw.close()
    shutil.rmtree(tmp_path / "at work")
    return tmp_path / "a.db"


@pytest.fixture
def closed(left_by_a_killed_writer):
    """The same once it was closed in good order: no log."""
    raw = sqlite3.connect(left_by_a_killed_writer)
    raw.execute("SELECT 1 FROM t")
    raw.close()
    return left_by_a_killed_writer


@pytest.fixture(autouse=True)
def barred(monkeypatch):
    """A folder in which nobody may write, on a disk without room; root, who may run the tests, may write anywhere."""
    monkeypatch.setattr(sqlite_file, "hardly_any", lambda place: True)
    monkeypatch.setattr(sqlite_file.os, "access", lambda place, how: False)
    return monkeypatch


def refusing(words):
    def connect():
        raise sqlite3.OperationalError(words)

    return connect


def state(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


REFUSED = ["disk I/O error", "database or disk is full", "unable to open database file", "attempt to write a readonly"]


@pytest.mark.parametrize("said", REFUSED)
def test_rows_in_the_file_and_in_the_log_beside_it_are_read_and_nothing_is_touched(left_by_a_killed_writer, said):
    file = left_by_a_killed_writer
    before = state(file.parent)
    raw, why = opened(file, refusing(said), lambda raw: None)
    assert raw.execute("SELECT a FROM t ORDER BY a").fetchall() == [(1,), (2,)]
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        raw.execute("INSERT INTO t VALUES (3)")
    raw.close()
    assert str(why) == said
    assert state(file.parent) == before


def test_a_file_without_a_log_is_read_and_none_is_made(closed):
    before = state(closed.parent)
    assert list(before) == ["a.db"]
    raw, _ = opened(closed, refusing("unable to open database file"), lambda raw: None)
    assert raw.execute("SELECT COUNT(*) FROM t").fetchone() == (2,)
    raw.close()
    assert state(closed.parent) == before


@pytest.mark.parametrize("said", REFUSED)
def test_where_one_may_write_and_there_is_room_another_program_may_be_at_work_and_nothing_is_read(closed, barred, said):
    barred.undo()
    with pytest.raises(sqlite3.OperationalError, match=said):
        opened(closed, refusing(said), lambda raw: None)


@pytest.mark.parametrize("said", ["database is locked", "no such vfs"])
def test_what_has_another_cause_is_told_as_it_is(closed, said):
    with pytest.raises(sqlite3.OperationalError, match=said):
        opened(closed, refusing(said), lambda raw: None)


@pytest.mark.parametrize("content", [None, b"", b"a letter, and no database" * 200])
def test_where_nothing_can_be_read_either_the_first_cause_is_told(tmp_path, content):
    if content is not None:
        (tmp_path / "a.db").write_bytes(content)
    with pytest.raises(sqlite3.OperationalError, match="is full"):
        opened(tmp_path / "a.db", refusing("database or disk is full"), lambda raw: None)


def refuse(monkeypatch, said):
    def not_ready(raw):
        raise sqlite3.OperationalError(said)

    monkeypatch.setattr(session, "_made_ready", not_ready)


def test_on_a_full_disk_questions_are_answered_and_writing_says_what_to_do(closed, monkeypatch):
    refuse(monkeypatch, "database or disk is full")
    store = Store(f"sqlite:///{closed}")
    with store.reading() as db:
        assert db.execute(text("SELECT COUNT(*) FROM t")).scalar() == 2
    with pytest.raises(StoreFullError, match=r"(?s)kept: .*remedy: free 1 GB.*min_free_gb") as told, store.writing():
        pass
    assert told.value.exit_code == 2
    assert isinstance(told.value, NoRoomError)
    store.close()


def test_once_there_is_room_the_same_process_writes_again(closed, monkeypatch):
    refuse(monkeypatch, "database or disk is full")
    store = Store(f"sqlite:///{closed}")
    with store.reading() as db:
        db.execute(text("SELECT 1 FROM t"))
    monkeypatch.undo()
    with store.writing() as db:
        db.execute(text("INSERT INTO t VALUES (3)"))
    with store.reading() as db:
        assert db.execute(text("SELECT COUNT(*) FROM t")).scalar() == 3
    store.close()


def test_in_a_folder_without_the_right_to_write_that_is_what_writing_tells(closed, monkeypatch):
    refuse(monkeypatch, "unable to open database file")
    store = Store(f"sqlite:///{closed}")
    with store.reading() as db:
        assert db.execute(text("SELECT COUNT(*) FROM t")).scalar() == 2
    with pytest.raises(WrongStoreError, match="this user may write"), store.writing():
        pass
    store.close()


def test_a_failing_disk_is_no_full_one(closed, monkeypatch):
    refuse(monkeypatch, "disk I/O error")
    monkeypatch.setattr(session, "hardly_any", lambda place: False)
    with pytest.raises(StoreError, match="the disk fails") as told, Store(f"sqlite:///{closed}").writing():
        pass
    assert told.value.exit_code == 3
    monkeypatch.setattr(session, "hardly_any", lambda place: True)
    with pytest.raises(StoreFullError), Store(f"sqlite:///{closed}").writing():
        pass


def test_analysts_may_ask_a_file_that_cannot_be_opened_in_the_usual_way(closed, monkeypatch):
    connect = sqlite3.connect

    def picky(place, **given):
        if "immutable" not in place:
            raise sqlite3.OperationalError("unable to open database file")
        return connect(place, **given)

    monkeypatch.setattr("exowatch.store.read_only.sqlite3.connect", picky)
    _, rows, _ = select_only(f"sqlite:///{closed}", "SELECT COUNT(*) FROM t", seconds=5, limit=1)
    assert [tuple(row) for row in rows] == [(2,)]
