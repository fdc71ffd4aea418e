import re
import shutil
import sqlite3

import pytest

from exowatch.errors import SetupError
from exowatch.store import read_only
from exowatch.store.read_only import select_only


def ask(url, statement, seconds=5.0, limit=10):
    return select_only(url, statement, seconds=seconds, limit=limit)


def test_a_select_gives_columns_and_rows(database_url):
    assert ask(database_url, "SELECT 1 AS a, 'x:y' AS b") == (["a", "b"], [(1, "x:y")], False)


def test_two_columns_of_one_name_are_told_apart(database_url):
    assert ask(database_url, "SELECT 1 AS a, 2 AS a")[0] == ["a", "a_2"]


def test_the_limit_cuts_and_says_so(database_url):
    _, rows, cut = ask(database_url, "SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3", limit=2)
    assert (len(rows), cut) == (2, True)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO frames (id, body) VALUES ('x', '{}')",
        "DELETE FROM sources",
        "DROP TABLE flags",
        "UPDATE sources SET name = 'x'",
        "CREATE TABLE x (a INTEGER)",
    ],
)
def test_nothing_can_be_written(database_url, statement):
    with pytest.raises(SetupError, match="only reads"):
        ask(database_url, statement)


def test_a_percent_sign_is_a_percent_sign(database_url):
    asked = "SELECT 'exosome' LIKE 'exo%' AS a, '%s' AS b, 7 % 4 AS c"
    _, ((like, text, rest),), _ = ask(database_url, asked)
    assert (bool(like), text, rest) == (True, "%s", 3)


@pytest.mark.parametrize("second", ["CREATE TABLE x (a INTEGER)", "COMMIT; CREATE TABLE x (a INTEGER)"])
def test_only_one_statement_runs(database_url, second):
    with pytest.raises(SetupError):
        ask(database_url, f"SELECT 1; {second}")
    with pytest.raises(SetupError, match="x"):
        ask(database_url, "SELECT * FROM x")


def test_no_other_file_can_be_opened(tmp_path):
    file = tmp_path / "a.db"
    sqlite3.connect(file).close()
    with pytest.raises(SetupError):
        ask(f"sqlite:///{file}", f"ATTACH DATABASE '{tmp_path / 'b.db'}' AS other")
    assert not (tmp_path / "b.db").exists()


def test_a_long_question_is_stopped(database_url):
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n"
    with pytest.raises(SetupError, match="stopped after"):
        ask(database_url, endless, seconds=0.3)


@pytest.mark.parametrize("statement", ["-- why\nSELECT 1", "/* why */ SELECT 1;", "EXPLAIN SELECT 1", "VALUES (1)"])
def test_comments_and_explanations_are_welcome(database_url, statement):
    assert ask(database_url, statement)[1]


@pytest.mark.parametrize("statement", ["SELECT '\0'", "SELECT '\ud800'"])
def test_letters_that_are_none_are_told(database_url, statement):
    with pytest.raises(SetupError, match="letter"):
        ask(database_url, statement)


def test_an_answer_that_would_fill_the_memory_is_stopped(tmp_path, sqlite_template):
    piece = "SELECT hex(zeroblob(20000000))"
    with pytest.raises(SetupError, match="too large"):
        ask(f"sqlite:///{sqlite_template}", " UNION ALL ".join([piece] * 6), seconds=60)


def test_no_pattern_can_run_for_ever(sqlite_template):
    with pytest.raises(SetupError):
        ask(f"sqlite:///{sqlite_template}", f"SELECT '{'a' * 40}!' REGEXP '(a+)+$'")


def test_a_file_with_a_name_that_an_address_would_read_otherwise(tmp_path, sqlite_template):
    file = tmp_path / "a b #1.db"
    shutil.copy(sqlite_template, file)
    assert ask(f"sqlite:///{file}", "SELECT 1")[1] == [(1,)]


@pytest.mark.parametrize(
    "reaching",
    [
        "pg_read_file('/etc/hosts')",
        "pg_ls_dir/**/('.')",
        "set_config('role', 'none', true)",
        "lo_import('/etc/hosts')",
        "pg_reload_conf()",
        "query_to_xml('SELECT 1', true, true, '')",
        "U&\"pg\\005fread_file\"('/etc/hosts')",
    ],
)
def test_nothing_past_the_data_is_reached(postgres_template, reaching):
    with pytest.raises(SetupError, match="reaches past"):
        ask(postgres_template, f"SELECT {reaching}")


def test_a_superuser_asks_with_the_rights_of_a_reader(postgres_template, monkeypatch):
    monkeypatch.setattr(read_only, "_REACHES", re.compile("(never)"))
    with pytest.raises(SetupError, match="permission denied"):
        ask(postgres_template, "SELECT pg_read_file('/etc/hosts')")
    assert ask(postgres_template, "SELECT COUNT(*) FROM v_claims")[1] == [(0,)]


def test_a_server_that_sleeps_is_stopped(postgres_template):
    with pytest.raises(SetupError, match="stopped after"):
        ask(postgres_template, "SELECT pg_sleep(60)", seconds=0.3)


def test_a_mistake_is_told_without_a_traceback(database_url):
    with pytest.raises(SetupError, match="v_nothing"):
        ask(database_url, "SELECT * FROM v_nothing")
