import os
import sqlite3

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from exowatch.errors import ConfigError, SetupError, StoreBusyError, StoreError, StoreFullError, WrongStoreError
from exowatch.store.migrate import existing_store
from exowatch.store.session import Store, store_error


def test_a_database_held_by_another_program_is_told_with_what_to_do(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'a.db'}", busy_seconds=0.1)
    with store.writing() as db:
        db.execute(text("CREATE TABLE t (a INTEGER)"))
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusyError, match="another program held it"), store.writing():
        pass
    other.execute("COMMIT")
    other.close()
    with store.writing() as db:
        db.execute(text("INSERT INTO t VALUES (1)"))
    store.close()


def test_a_file_that_is_no_database_is_told(tmp_path):
    (tmp_path / "a.db").write_bytes(b"this is a letter, not a database" * 100)
    store = Store(f"sqlite:///{tmp_path / 'a.db'}")
    with pytest.raises(StoreError, match="not a database"), store.reading():
        pass
    store.close()


def test_what_fails_half_way_is_not_written_at_all(database_url):
    store = Store(database_url)
    add = text("INSERT INTO frames (id, body) VALUES (:id, '{}')")

    def half_way():
        with store.writing() as db:
            db.execute(add, {"id": "a"})
            raise KeyError("half way")

    with pytest.raises(KeyError):
        half_way()
    with store.reading() as db:
        assert db.execute(text("SELECT COUNT(*) FROM frames")).scalar() == 0
    store.close()


def test_foreign_keys_hold(database_url):
    from sqlalchemy.exc import IntegrityError

    store = Store(database_url)
    orphan = "INSERT INTO outcomes (run_id, source_id, url, result, code, at) VALUES ('r', 's', 'u', 'READ', 'ok', 't')"
    with pytest.raises(IntegrityError), store.writing() as db:
        db.execute(text(orphan))
    store.close()


def test_an_address_nobody_understands_is_a_setup_error():
    with pytest.raises(ConfigError, match=r"database\.url"):
        Store("oracle://nowhere")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError), Store(f"sqlite:///{tmp_path / 'a.db'}").writing():
        pass


NOBODY = "postgresql+psycopg://u:secret@/x?host=/nowhere"


def test_a_server_that_does_not_answer_is_told_as_a_matter_of_time_and_never_with_its_password(socket_enabled):
    store = Store(NOBODY)
    with pytest.raises(StoreBusyError, match="start the server") as told, store.reading():
        pass
    assert told.value.exit_code == 75
    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ('connection failed: FATAL:  password authentication failed for user "u"', WrongStoreError),
        ('connection failed: FATAL:  database "x" does not exist', WrongStoreError),
        ("failed to resolve host 'nohost': Name or service not known", WrongStoreError),
        ("connection failed: FATAL:  sorry, too many clients already", StoreBusyError),
        ("attempt to write a readonly database", WrongStoreError),
        ("could not extend file: No space left on device", StoreFullError),
        ("database disk image is malformed", StoreError),
    ],
)
def test_what_a_database_says_becomes_the_error_of_whoever_must_act(said, kind):
    told = store_error(OperationalError("", None, Exception(said)), NOBODY)
    assert type(told) is kind
    assert "remedy" in str(told)


def test_a_folder_is_no_database(tmp_path):
    with pytest.raises(ConfigError, match="is a folder"):
        Store(f"sqlite:///{tmp_path}")


def test_a_folder_that_cannot_be_made_is_a_matter_of_setup():
    with pytest.raises(SetupError, match="cannot be made"):
        Store("sqlite:////proc/none/a.db")


def test_a_question_makes_no_database(tmp_path):
    with pytest.raises(WrongStoreError, match="no database at"):
        existing_store(f"sqlite:///{tmp_path / 'no' / 'such.db'}")
    assert list(tmp_path.iterdir()) == []


def test_a_question_makes_no_tables_in_an_empty_database(tmp_path):
    sqlite3.connect(tmp_path / "a.db").close()
    with pytest.raises(WrongStoreError, match="holds nothing of ExoWatch"):
        existing_store(f"sqlite:///{tmp_path / 'a.db'}")
