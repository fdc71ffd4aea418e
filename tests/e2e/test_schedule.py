"""The scheduler as a service manager has it: started, started twice, told to read again, killed, and asked to end."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import pytest

from tests.e2e.sites import clinic
from tests.e2e.watch import make_watch
from tests.e2e.web import served
from tests.house.test_deploy import cron_lines
from tests.mail.servers import HOST, mail_server

#: A reader, and the server that takes her letters.
LETTERS = """
[digest.smtp]
host = "{host}"
port = {port}
security = "none"
sender = "watch@example.org"
[[digest.recipients]]
id = "mary"
mail = "mary@mail.example"
"""
#: Nothing here takes that long; a test that waits for it fails.
LONG = 90


@contextmanager
def scheduler(watch, *words):
    """A running scheduler, and what it says, line by line as it comes."""
    said = []
    with subprocess.Popen(
        watch.command("schedule", "--log", "json", *words),
        cwd=watch.folder,
        env=watch.environment(),
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        listening = threading.Thread(target=lambda: [said.append(json.loads(line)) for line in process.stderr])
        listening.start()
        try:
            yield process, said
        finally:
            if process.poll() is None:
                process.kill()
            listening.join(LONG)


def wait_for(what):
    end = time.monotonic() + LONG
    while not (found := what()):
        assert time.monotonic() < end
        time.sleep(0.05)
    return found


def ended(said, job, state="done"):
    return [one for one in said if one["said"] == state and one.get("job") == job]


def runs(watch, job):
    return watch.sql(f"SELECT state, tries, detail FROM job_runs WHERE job = '{job}' ORDER BY id")


def test_a_scheduler_visits_what_is_due_reads_its_watchlist_again_and_ends_when_asked(tmp_path):
    with served({"one": clinic(2), "two": clinic(2)}) as web:
        watch = make_watch(tmp_path, web, {"one": {}, "two": {}})
        later = tmp_path / "watchlist" / "two.yml"
        text = later.read_text()
        later.unlink()
        with scheduler(watch) as (process, said):
            wait_for(lambda: ended(said, "crawl:one"))
            second = watch.run("schedule", expect=75)
            assert "another scheduler" in second.stderr
            later.write_text(text)
            (tmp_path / "watchlist" / "broken.yml").write_text("id: [")
            process.send_signal(signal.SIGHUP)
            wait_for(lambda: [one for one in said if one["said"].endswith("not read")])
            (tmp_path / "watchlist" / "broken.yml").unlink()
            process.send_signal(signal.SIGHUP)
            wait_for(lambda: ended(said, "crawl:two"))
            process.send_signal(signal.SIGTERM)
            assert process.wait(LONG) == 0
        assert runs(watch, "crawl:one") == [{"state": "done", "tries": 1, "detail": "complete: 3 read"}]
        assert [run["state"] for run in runs(watch, "schedule")] == ["done"]
        assert watch.sql("SELECT COUNT(*) AS n FROM runs")[0]["n"] == 2
        assert "Nothing is due" in watch.run("schedule", "--once").stdout


@pytest.fixture
def held_site():
    """A site one of whose pages is not answered until ``free`` is set."""
    asked, free = threading.Event(), threading.Event()
    site = clinic(3)
    waiting = site["/exosomes/2"]

    def answer_late(handler):
        asked.set()
        free.wait(LONG)
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Content-Length", str(len(waiting.body)))
        handler.end_headers()
        handler.wfile.write(waiting.body)

    with served({"one": site}) as web:
        web.answers["one"]["/exosomes/2"] = answer_late
        yield web, asked, free
        free.set()


def test_a_crawl_that_its_scheduler_died_of_is_made_again_and_tells_nothing_twice(tmp_path, held_site):
    web, asked, free = held_site
    watch = make_watch(tmp_path, web, {"one": {}}, timeout=60)
    with scheduler(watch) as (process, _):
        assert asked.wait(LONG)
        process.kill()
        process.wait(LONG)
    assert runs(watch, "schedule") == [{"state": "running", "tries": 1, "detail": None}]
    free.set()
    with scheduler(watch) as (process, said):
        wait_for(lambda: [one for one in said if one["said"] == "killed" and one["job"] == "crawl:one"])
        wait_for(lambda: ended(said, "crawl:one"))
        process.send_signal(signal.SIGTERM)
        assert process.wait(LONG) == 0
    (run,) = runs(watch, "crawl:one")
    assert (run["state"], run["tries"]) == ("done", 2)
    assert [run["state"] for run in runs(watch, "schedule")] == ["killed", "done"]
    flags = watch.rows("flags")
    assert {flag["change"] for flag in flags} == {"baseline"}
    assert len({(flag["url"], flag["quote"]) for flag in flags}) == len(flags)


def test_a_crawl_under_way_is_closed_as_partial_and_made_again_by_the_next_scheduler(tmp_path, held_site):
    web, asked, free = held_site
    watch = make_watch(tmp_path, web, {"one": {}}, timeout=4)
    with scheduler(watch, "--patience", "0") as (process, said):
        assert asked.wait(LONG)
        process.send_signal(signal.SIGTERM)
        assert process.wait(LONG) == 0
        assert next(one["detail"] for one in said if one["said"] == "killed").startswith("partial: ")
    free.set()
    assert watch.sql("SELECT verdict, finish_reason FROM run_sources") == [
        {"verdict": "partial", "finish_reason": "stopped"}
    ]
    told = watch.run("schedule", "--once").stdout
    assert "crawl:one: done: complete" in told


def test_the_lines_for_cron_do_their_work_and_say_something_only_where_it_goes_wrong(tmp_path):
    program = tmp_path / "exowatch"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m exowatch "$@"\n')
    program.chmod(0o755)
    place = tmp_path / "watch"
    place.mkdir()
    env = os.environ | {"WATCH": str(place), "EXOWATCH": str(program)}

    def begin(line):
        words = ["/bin/sh", "-c", line.split(None, 5)[5]]
        return subprocess.run(words, cwd="/", env=env, capture_output=True, text=True, check=False, timeout=LONG)

    with served({"one": clinic(2)}) as web, mail_server() as post:
        watch = make_watch(place, web, {"one": {}})
        with (place / "exowatch.toml").open("a") as file:
            file.write(LETTERS.format(host=HOST, port=post.port))
        for line in cron_lines():
            done = begin(line)
            assert (done.returncode, done.stderr) == (0, ""), line
            assert done.stdout.startswith("ExoWatch, week to") if "--week" in line else done.stdout == "", line
    assert post.counts == {"mary@mail.example": 1}
    jobs = watch.sql("SELECT job, state FROM job_runs ORDER BY id")
    assert jobs == [{"job": job, "state": "done"} for job in ("crawl:one", "digest", "send", "verify")]
    (place / "exowatch.toml").write_text("[crawl\n")
    done = begin(cron_lines()[0])
    assert "not TOML" in done.stdout
