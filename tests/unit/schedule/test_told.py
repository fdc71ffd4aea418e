import json
import logging
from datetime import UTC, datetime

import pytest

from exowatch.schedule.told import begin_log


@pytest.fixture
def log(request):
    before = [(name, logging.getLogger(name)) for name in ("exowatch", "apscheduler")]
    kept = [(logger, logger.handlers, logger.propagate, logger.level) for _, logger in before]
    yield logging.getLogger("exowatch.schedule")
    for logger, handlers, propagate, level in kept:
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)


def test_each_event_is_a_json_object_on_a_line_of_its_own(log, capsys):
    begin_log("json")
    log.warning("failed", extra={"job": "crawl:one", "detail": "two\nlines \u202e"})
    (line,) = capsys.readouterr().err.splitlines()
    told = json.loads(line)
    assert told.pop("at").endswith("Z")
    assert told == {
        "level": "warning",
        "from": "exowatch.schedule",
        "said": "failed",
        "job": "crawl:one",
        "detail": "two\nlines \u202e",
    }


def test_times_are_told_to_programs_in_one_form(log, capsys):
    begin_log("json")
    log.info("begun", extra={"due_at": datetime(2026, 11, 24, 7, tzinfo=UTC)})
    assert json.loads(capsys.readouterr().err)["due_at"] == "2026-11-24T07:00:00Z"


def test_words_from_outside_write_nothing_but_one_line_on_a_terminal(log, capsys):
    begin_log("text")
    log.error("failed", extra={"job": "crawl:one", "detail": "a\x1b[2J\nb\u202ec\r"})
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert told.endswith("Z ERROR failed (job: crawl:one; detail: a [2J b c )\n")


def test_long_lists_are_told_in_short_for_people(log, capsys):
    begin_log("text")
    log.info("begun", extra={"jobs": [f"crawl:{n}" for n in range(9)]})
    assert "(jobs: crawl:0, crawl:1, crawl:2, crawl:3, crawl:4 and 4 more)" in capsys.readouterr().err


def test_a_fault_is_told_with_its_place(log, capsys):
    begin_log("json")
    try:
        raise KeyError("x")
    except KeyError:
        log.exception("broken")
    assert "KeyError: 'x'" in json.loads(capsys.readouterr().err)["trouble"]
