import json

import pytest
from click.testing import CliRunner

from exowatch.cli import _run, command
from exowatch.errors import NoRoomError
from exowatch.store.migrate import ready_store
from exowatch.store.session import shared_store
from tests.unit.schedule.nights import add_source

NOW = "2026-11-24T02:00:00Z"


@pytest.fixture
def place(tmp_path, monkeypatch):
    (tmp_path / "watchlist").mkdir()
    add_source(tmp_path, "one", cadence='"0 3 * * 2"')
    (tmp_path / "exowatch.toml").write_text('[schedule]\njitter = 0\ntimezone = "Europe/Dublin"\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EXOWATCH_NOW", NOW)
    monkeypatch.setattr("exowatch.schedule.told.begin_log", lambda form: None)  # it would outlive the test
    yield tmp_path
    shared_store.cache_clear()
    ready_store.cache_clear()


def call(*words):
    return CliRunner().invoke(command, ["schedule", *words])


def test_the_plan_tells_what_will_be_done_and_makes_no_database(place):
    told = json.loads(call("--plan", "--days", "1", "--format", "json").stdout)
    assert [(row["job"], row["due_at"]) for row in told] == [
        ("crawl:one", NOW),
        ("crawl:one", "2026-11-24T03:00:00Z"),
        ("digest", "2026-11-24T07:00:00Z"),
    ]
    assert told[2]["begins"] == "Tue 2026-11-24 07:00 GMT"
    assert not (place / "exowatch.db").exists()
    assert "7:00 GMT" in call("--plan", "--days", "1").stdout


def test_the_scheduler_that_stays_wants_a_clock_that_runs(place, capsys):
    assert _run(lambda: command.main(["schedule"], standalone_mode=False)) == 2
    assert "the clock stands still" in capsys.readouterr().err


def test_what_is_due_now_is_done_and_told(place, monkeypatch):
    from exowatch.schedule import tasks

    monkeypatch.setattr(tasks, "crawl", lambda shift, sources: {s: ("failed", "no\x1b[2J way") for s in sources})
    done = CliRunner().invoke(command, ["schedule", "--once"], standalone_mode=False)
    assert done.stdout == "crawl:one: failed: no [2J way\n"
    assert done.return_value == 1
    done = CliRunner().invoke(command, ["schedule", "--once"], standalone_mode=False)
    assert done.stdout.startswith("Nothing is due.")
    assert done.return_value == 0


def test_a_scheduler_that_finds_no_room_ends_so_that_a_service_is_begun_again(place, monkeypatch, capsys):
    """2 would end it for good (deploy/exowatch-schedule.service)."""

    def full(*given):
        raise NoRoomError("no room")

    monkeypatch.delenv("EXOWATCH_NOW")
    monkeypatch.setattr("exowatch.schedule.serve.serve", full)
    assert _run(lambda: command.main(["schedule"], standalone_mode=False)) == 1
    assert "no room" in capsys.readouterr().err
