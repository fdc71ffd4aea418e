import sqlite3

import pytest

from exowatch.errors import SetupError
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


def test_a_mistake_is_told_without_a_traceback(database_url):
    with pytest.raises(SetupError, match="v_nothing"):
        ask(database_url, "SELECT * FROM v_nothing")
