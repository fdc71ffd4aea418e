"""Crawls that [limits] refuse or end: what ended them is told, the record is whole, and the next one goes on."""

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
    done = watch.run("crawl", "--all", expect=3, EXOWATCH_LIMITS__MIN_FREE_GB=MORE_THAN_THERE_IS)
    assert "min_free_gb" in done.stderr
    assert "Traceback" not in done.stderr
    assert web.asked == []
    watch.run("crawl", "--all")
    assert watch.sql("SELECT COUNT(*) AS n FROM v_pages WHERE last_fit_at IS NOT NULL") == [{"n": 7}]
    assert "all whole" in watch.run("verify").stdout


def test_a_crawl_over_its_memory_is_ended_and_told_and_the_next_one_goes_on(small):
    watch, web = small
    slow = web.answers["one"]["/exosomes/3"]

    def late(handler):
        import time

        time.sleep(1)
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Content-Length", str(len(slow.body)))
        handler.end_headers()
        handler.wfile.write(slow.body)

    web.answers["one"] |= {f"/exosomes/{n}": late for n in range(3, 6)}
    watch.run("crawl", "--all", expect=1, EXOWATCH_LIMITS__MAX_MEMORY_MB="40", EXOWATCH_CRAWL__DELAY="1")
    (first,) = watch.sql("SELECT verdict, finish_reason FROM run_sources")
    assert (first["verdict"], first["finish_reason"]) == ("partial", "memusage_exceeded")
    kept = watch.sql("SELECT COUNT(*) AS n FROM captures")[0]["n"]
    assert "all whole" in watch.run("verify").stdout
    web.answers["one"] = clinic(6)
    watch.run("crawl", "--all")
    assert watch.sql("SELECT COUNT(*) AS n FROM v_pages WHERE last_fit_at IS NOT NULL") == [{"n": 7}]
    assert watch.sql("SELECT COUNT(*) AS n FROM captures")[0]["n"] > kept
    assert "all whole" in watch.run("verify").stdout
