"""`exowatch status` where there is little or nothing to look at: a word and an exit code, never a traceback."""

import json

import pytest

from exowatch.cli import _run, command
from exowatch.store.migrate import ready_store
from exowatch.store.session import shared_store

AWAY = "postgresql+psycopg://nobody@127.0.0.1:1/none"


@pytest.fixture
def status(tmp_path, monkeypatch, capsys):
    """Asks with these words in an empty folder; exit code, output, errors."""
    monkeypatch.chdir(tmp_path)

    def ask(*words):
        code = _run(lambda: command.main(["status", *words], standalone_mode=False))
        return code, *capsys.readouterr()

    yield ask
    shared_store.cache_clear()
    ready_store.cache_clear()


def test_where_there_is_no_installation_it_says_so(status):
    code, out, err = status()
    assert (code, out) == (2, "")
    assert "there is no database" in err
    assert "right folder" in err


@pytest.mark.parametrize("form", ["table", "json", "prometheus"])
def test_a_server_that_is_away_is_told_and_may_be_asked_later(status, monkeypatch, form):
    monkeypatch.setenv("EXOWATCH_DATABASE__URL", AWAY)
    code, out, err = status("--format", form)
    assert (code, out) == (75, "")
    assert "start the server" in err


@pytest.mark.parametrize("now", ["1970-01-01T00:00:00Z", "8999-12-31T23:59:59Z"])
def test_an_empty_database_is_looked_at_whatever_the_clock_says(status, tmp_path, monkeypatch, now):
    ready_store(f"sqlite:///{tmp_path / 'exowatch.db'}").close()
    monkeypatch.setenv("EXOWATCH_NOW", now)
    code, out, _ = status()
    assert code == 1
    assert "nothing was crawled yet" in out
    assert status("--format", "prometheus")[0] == 1


def test_a_week_without_a_visit_says_so_and_is_not_well(status, tmp_path):
    ready_store(f"sqlite:///{tmp_path / 'exowatch.db'}").close()
    code, out, _ = status("--week")
    assert code == 1
    assert "no source was visited" in out.splitlines()[0]
    assert "is cron or `exowatch schedule` running?" in out


@pytest.mark.parametrize("words", [[], ["--week"]])
def test_times_for_programs_are_iso_8601_in_utc(status, tmp_path, monkeypatch, words):
    ready_store(f"sqlite:///{tmp_path / 'exowatch.db'}").close()
    monkeypatch.setenv("EXOWATCH_NOW", "2026-11-24T08:00:00+01:00")
    assert json.loads(status("--format", "json", *words)[1])["at"] == "2026-11-24T07:00:00Z"


def test_in_brief_only_what_is_not_well_is_told_with_what_to_do(status, tmp_path):
    ready_store(f"sqlite:///{tmp_path / 'exowatch.db'}").close()
    code, out, _ = status("--brief")
    assert code == 1
    first, remedy = out.splitlines()
    assert first.startswith("crawl     ATTENTION: nothing was crawled yet")
    assert "exowatch crawl" in remedy


@pytest.mark.parametrize("words", [["--week"], ["--format", "json"]])
def test_in_brief_is_for_people(status, tmp_path, words):
    ready_store(f"sqlite:///{tmp_path / 'exowatch.db'}").close()
    assert status("--brief", *words)[0] == 2
