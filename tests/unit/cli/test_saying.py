"""`--log json`: all that a command says beside its results is an object a line."""

import json
import logging

import pytest

from exowatch.cli import _run, command
from exowatch.crawl import CrawlSummary
from exowatch.errors import RecordError
from exowatch.schedule import by_hand
from exowatch.store.migrate import ready_store
from exowatch.store.session import shared_store
from tests.unit.schedule.nights import add_source


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """The command line in a folder with one source and a database; exit code, output, and the lines of stderr."""
    (tmp_path / "watchlist").mkdir()
    add_source(tmp_path, "one")
    (tmp_path / "exowatch.toml").write_text("[web]\nbind = 1\n")
    monkeypatch.chdir(tmp_path)
    ready_store(f"sqlite:///{tmp_path / 'exowatch.db'}").close()
    loggers = [logging.getLogger(name) for name in ("exowatch", "apscheduler")]
    before = [(one, one.handlers, one.propagate, one.level) for one in loggers]

    def ran(*words):
        code = _run(lambda: command.main([*words], standalone_mode=False))
        out, err = capsys.readouterr()
        return code, out, err.splitlines()

    yield ran
    for logger, handlers, propagate, level in before:
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)
    shared_store.cache_clear()
    ready_store.cache_clear()


def crawling(monkeypatch, result):
    def crawl(file, sources, on_event):
        on_event({"event": "run", "id": "r"})
        on_event({"event": "page", "source": "one", "url": "u", "result": "READ"})
        if isinstance(result, Exception):
            raise result
        return result

    monkeypatch.setattr(by_hand, "run_crawl", crawl)


def test_a_crawl_tells_what_is_begun_and_how_each_source_ended(run, monkeypatch):
    crawling(monkeypatch, CrawlSummary(0, {"READ": 1}, (), {"one": "complete"}))
    code, out, err = run("crawl", "--log", "json")
    assert code == 0
    assert out.startswith("1 source visited")
    unused, begun, done = map(json.loads, err)
    assert "not used by this version: [web]" in unused["said"]
    assert (begun["said"], begun["jobs"], begun["level"]) == ("begun", ["crawl:one"], "info")
    assert (done["said"], done["job"], done["detail"]) == ("done", "crawl:one", "complete: 1 read")
    assert done["due_at"] == begun["due_at"]


def test_the_error_that_a_command_ends_with_is_an_object_too(run, monkeypatch):
    crawling(monkeypatch, RecordError("two\nlines"))
    code, _, err = run("crawl", "--log", "json")
    assert code == 3
    told = [json.loads(line) for line in err]
    assert [(one["said"], one["level"]) for one in told[-2:]] == [("failed", "warning"), ("two\nlines", "error")]


def test_a_verification_tells_how_it_ended(run):
    code, out, err = run("verify", "--log", "json", "--format", "json")
    assert code == 0
    assert json.loads(out)["damage"] == []
    assert [json.loads(line)["said"] for line in err][-2:] == ["begun", "done"]


def test_a_letter_tells_where_it_was_written(run):
    code, _, err = run("digest", "--save", "--log", "json")
    assert code == 0
    assert {json.loads(line).get("job") for line in err if json.loads(line)["said"] == "done"} == {"digest"}


def test_without_the_option_only_what_went_wrong_is_said(run, monkeypatch):
    crawling(monkeypatch, RecordError("broken"))
    _, _, err = run("crawl")
    assert err[-1] == "exowatch: broken"
    assert len(err) == 2


@pytest.mark.parametrize("how", ["any", "persistent"])
def test_a_crawl_that_could_not_be_signed_wants_attention(run, monkeypatch, how):
    crawling(monkeypatch, CrawlSummary(1, {"READ": 1}, (), {"one": "complete"}, None, signed=False))
    code, out, _ = run("crawl", "--fail-on", how)
    assert code == 1
    assert "`exowatch record seal`" in out


def test_a_letter_for_a_folder_that_is_not_there_is_refused_before_it_is_kept(run, tmp_path):
    code, _, err = run("digest", "-o", "none/letter.html")
    assert code == 2
    assert f"folder {tmp_path}/none does not exist" in err[-2]
    assert not (tmp_path / "none").exists()
