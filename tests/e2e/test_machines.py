"""Two machines on one PostgreSQL server crawl different sources at once, and neither touches the other's visit."""

import subprocess
import threading

import pytest

from tests.e2e.sites import clinic
from tests.e2e.watch import make_watch
from tests.e2e.web import served
from tests.postgres import fresh_database


@pytest.mark.long
def test_a_crawl_lets_the_crawl_of_another_source_end_in_peace(tmp_path, postgres_server, postgres_template):
    asked, free = threading.Event(), threading.Event()
    site = clinic(4)
    waiting = site["/exosomes/3"]

    def answer_late(handler):
        asked.set()
        free.wait(60)
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Content-Length", str(len(waiting.body)))
        handler.end_headers()
        handler.wfile.write(waiting.body)

    with (
        fresh_database(postgres_server, template=postgres_template) as url,
        served({"one": site, "two": clinic(2)}) as web,
    ):
        web.answers["one"]["/exosomes/3"] = answer_late
        watch = make_watch(tmp_path, web, {"one": {}, "two": {}}, database=url, timeout=60, readers=1)
        slow = subprocess.Popen(
            watch.command("crawl", "one"),
            cwd=tmp_path,
            env=watch.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert asked.wait(60)
        watch.run("crawl", "two")
        watch.run("reread", expect=75)
        free.set()
        assert slow.wait(timeout=60) == 0
        verdicts = watch.sql("SELECT source_id, verdict FROM run_sources ORDER BY source_id")
    assert verdicts == [{"source_id": "one", "verdict": "complete"}, {"source_id": "two", "verdict": "complete"}]
