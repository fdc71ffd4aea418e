"""Crawls that [limits] refuse or end: what ended them is told, the record is whole, and the next one goes on."""

import threading

import pytest

from tests.e2e.sites import clinic
from tests.e2e.watch import make_watch
from tests.e2e.web import served

MORE_THAN_THERE_IS = "1000000000"


@pytest.fixture
def small(tmp_path):
    with served({"one": clinic(6)}) as web:
        yield make_watch(tmp_path, web, {"one": {}}), web


def test_a_crawl_is_refused_where_the_disk_is_too_full_and_goes_when_there_is_room(small):
    watch, web = small
    done = watch.run("crawl", "--all", expect=2, EXOWATCH_LIMITS__MIN_FREE_GB=MORE_THAN_THERE_IS)
    assert "min_free_gb" in done.stderr
    assert "Traceback" not in done.stderr
    assert web.asked == []
    watch.run("crawl", "--all")
    assert watch.sql("SELECT COUNT(*) AS n FROM v_pages WHERE last_fit_at IS NOT NULL") == [{"n": 7}]
    assert "all whole" in watch.run("verify").stdout


def test_a_crawl_over_its_memory_is_ended_and_told_and_what_was_there_stays(small):
    """The bound lies below what the process has at its start, so that the run ends before its first page."""
    watch, web = small
    watch.run("crawl", "--all")
    kept = watch.sql("SELECT COUNT(*) AS n FROM captures")
    asked = len(web.asked)
    done = watch.run("crawl", "--all", expect=1, EXOWATCH_LIMITS__MAX_MEMORY_MB="40")
    assert "[limits] max_memory_mb was reached" in done.stdout
    assert len(web.asked) - asked < 7, "it did not go on to the end"
    told = watch.sql("SELECT verdict, finish_reason FROM run_sources JOIN runs ON runs.id = run_id ORDER BY fence")
    assert told[1] == {"verdict": "partial", "finish_reason": "memusage_exceeded"}
    assert watch.sql("SELECT COUNT(*) AS n FROM captures")[0]["n"] >= kept[0]["n"]
    assert watch.sql("SELECT COUNT(*) AS n FROM lineages WHERE state = 'gone'") == [{"n": 0}]
    watch.run("crawl", "--all")
    assert watch.sql("SELECT verdict FROM run_sources JOIN runs ON runs.id = run_id ORDER BY fence")[2] == {
        "verdict": "complete"
    }
    assert watch.sql("SELECT COUNT(*) AS n FROM v_pages WHERE last_fit_at IS NOT NULL") == [{"n": 7}]
    assert "all whole" in watch.run("verify").stdout


def test_a_crawl_that_its_time_ends_in_the_middle_keeps_what_it_has_and_the_next_one_completes_it(small):
    watch, web = small
    room = threading.Event()
    held = {path: answer for path, answer in web.answers["one"].items() if path not in ("/", "/exosomes/0")}

    def waits(answer):
        def handle(handler):
            room.wait(30)
            handler.send_response(200)
            handler.send_header("Content-Type", "text/html; charset=utf-8")
            handler.send_header("Content-Length", str(len(answer.body)))
            handler.end_headers()
            handler.wfile.write(answer.body)

        return handle

    web.answers["one"].update({path: waits(answer) for path, answer in held.items()})
    done = watch.run("crawl", "--all", expect=1, EXOWATCH_LIMITS__MAX_RUN_TIME="5")
    room.set()
    assert "one: partial: the visit was cut short ([limits] max_run_time is over)" in done.stdout
    assert watch.sql("SELECT COUNT(*) AS n FROM v_pages WHERE last_fit_at IS NOT NULL") == [{"n": 2}]
    assert watch.sql("SELECT verdict FROM run_sources") == [{"verdict": "partial"}]
    assert "all whole" in watch.run("verify").stdout
    first = watch.sql("SELECT id FROM captures ORDER BY id")

    watch.run("crawl", "--all")
    assert watch.sql("SELECT COUNT(*) AS n FROM v_pages WHERE last_fit_at IS NOT NULL") == [{"n": 7}]
    told = watch.sql("SELECT verdict FROM run_sources JOIN runs ON runs.id = run_id ORDER BY fence")
    assert [row["verdict"] for row in told] == ["partial", "complete"]
    kept = [row["id"] for row in watch.sql("SELECT id FROM captures")]
    assert all(row["id"] in kept for row in first), "what the first one archived is still there"
    assert watch.sql("SELECT COUNT(*) AS n FROM lineages WHERE state = 'gone'") == [{"n": 0}]
    assert {row["change"] for row in watch.rows("flags")} == {"baseline"}
    assert "all whole" in watch.run("verify").stdout
