"""An archive whose database is gone: no command makes a new one beside it."""

import json

import pytest
from click.testing import CliRunner

from exowatch.cli import command
from exowatch.store.migrate import existing_store, ready_store

COMMANDS = (
    ["crawl"],
    ["crawl", "--all"],
    ["digest"],
    ["digest", "--send"],
    ["reread"],
    ["schedule", "--once"],
    ["schedule", "--plan"],
    ["status"],
    ["verify"],
    ["db", "upgrade"],
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(command, ["init", "."]).exit_code == 0
    (tmp_path / "archive" / "manifests").mkdir(parents=True)
    return tmp_path


def leave(folder, name):
    (folder / "archive" / name).write_bytes(b"of before")
    return sorted(path for path in folder.rglob("*"))


@pytest.mark.parametrize("name", ["exowatch-20261101T060000Z-aa-1-b.warc.gz", "manifests/000001-2026-11-01.jsonl"])
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_no_command_makes_a_database_beside_a_record_of_before(folder, words, name):
    before = leave(folder, name)
    done = CliRunner().invoke(command, words)
    assert done.exception.exit_code == 2
    assert "holds a record of before" in str(done.exception)
    assert "put back a copy" in str(done.exception)
    assert "exowatch import" in str(done.exception)
    assert sorted(folder.rglob("*")) == before


def test_an_empty_file_is_no_database_either(folder):
    leave(folder, "exowatch-20261101T060000Z-aa-1-b.warc.gz")
    (folder / "exowatch.db").touch()
    for words in (["status"], ["reread"], ["schedule", "--once"]):
        done = CliRunner().invoke(command, words)
        assert "is missing or empty" in str(done.exception), words
        assert done.exception.exit_code == 2


def test_doctor_says_it(folder):
    leave(folder, "exowatch-20261101T060000Z-aa-1-b.warc.gz")
    told = CliRunner().invoke(command, ["doctor"])
    assert "is missing or empty, and the archive" in told.output
    assert "the first crawl makes" not in told.output
    assert "WRONG   database" in told.output


def test_empty_folders_are_no_record(folder):
    assert "database: none yet" in CliRunner().invoke(command, ["doctor"]).output
    assert CliRunner().invoke(command, ["schedule", "--plan"]).exit_code == 0
    assert CliRunner().invoke(command, ["db", "upgrade"]).exit_code == 0
    assert (folder / "exowatch.db").exists()


def test_a_database_that_is_there_is_opened_beside_its_record(tmp_path):
    url = f"sqlite:///{tmp_path}/exowatch.db"
    ready_store(url).close()
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "a.warc.gz").touch()
    ready_store.cache_clear()
    assert ready_store(url, archive=tmp_path / "archive")
    assert existing_store(url, archive=tmp_path / "archive")


def test_status_in_json_tells_a_database_that_is_missing_from_a_stale_letter(folder):
    done = CliRunner().invoke(command, ["status", "--format", "json"])
    told = json.loads(done.stdout)
    assert (told["exit"], done.exception.exit_code) == (2, 2)
    assert [(line["what"], line["level"]) for line in told["lines"]] == [("database", "unusable")]
    assert "there is no database" in told["lines"][0]["words"]
