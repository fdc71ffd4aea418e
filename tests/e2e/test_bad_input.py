"""Bad input: each gives a clear error or outcome, and nothing is lost."""

import os
import random
import resource
import socket
import sqlite3
import subprocess
import time

import pytest

from tests.e2e.sites import CLAIMS, clinic, page
from tests.e2e.watch import make_watch
from tests.e2e.web import html, served


def noise() -> str:
    """A megabyte that does not compress."""
    return random.Random(1).randbytes(700_000).hex()


@pytest.fixture
def small(tmp_path):
    with served({"one": clinic(6)}) as web:
        yield make_watch(tmp_path, web, {"one": {}}, readers=1), web


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("exowatch.toml", "[crawl]\ndelai = 1\n", ["exowatch.toml:2", "crawl.delai", "remedy"]),
        ("watchlist/one.yml", "id: [a\n", ["one.yml:", "not YAML", "remedy"]),
        (
            "watchlist/two.yml",
            '{"id": "one", "name": "x", "kind": "clinic", "jurisdiction": "IE", "start_urls": ["http://a.example/"]}',
            ["two.yml:1", "one.yml", "remedy"],
        ),
    ],
)
def test_a_mistake_in_a_file_stops_before_anything_is_fetched(small, file, text, told):
    watch, web = small
    (watch.folder / file).write_text(text)
    done = watch.run("crawl", "--all", expect=2)
    assert all(word in done.stderr for word in told), done.stderr
    assert "Traceback" not in done.stderr
    assert web.asked == []


@pytest.mark.parametrize("version", [None, "9999"])
def test_a_database_that_is_not_ours_or_too_new_is_named_and_nothing_is_asked_or_written(small, version):
    watch, web = small
    file = watch.folder / "exowatch.db"
    if version:
        watch.run("db", "upgrade")
    made = f"UPDATE alembic_version SET version_num = '{version}'" if version else "CREATE TABLE orders (id)"
    with sqlite3.connect(file) as theirs:
        theirs.execute(made)
    theirs.close()
    before = file.read_bytes()
    for words in (("crawl", "--all"), ("flags",), ("db", "upgrade"), ("doctor",)):
        done = watch.run(*words, expect=2)
        said = done.stdout + done.stderr
        assert ("use the newer ExoWatch" if version else "another program's: it holds orders") in said
        assert "Traceback" not in said
    assert file.read_bytes() == before
    assert web.asked == []
    assert version or {path.name for path in watch.folder.iterdir()} == {"exowatch.db", "exowatch.toml", "watchlist"}


@pytest.mark.parametrize("limit", [3_000, 600_000])
def test_a_full_disk_stops_the_crawl_at_once_and_the_next_one_completes(tmp_path, limit):
    site = clinic(6) | {"/exosomes/0": html(page("Exosomes", [CLAIMS[0], noise()]))}
    with served({"one": site}) as web:
        watch = make_watch(tmp_path, web, {"one": {}}, readers=1)
        full_disk(watch, limit)


def full_disk(watch, limit):
    limited = subprocess.run(
        watch.command("crawl", "--all"),
        cwd=watch.folder,
        env=watch.environment(),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert limited.returncode == 2, limited.stderr
    assert all(word in limited.stderr for word in ("kept:", "remedy: free", "min_free_gb")), limited.stderr
    assert "Traceback" not in limited.stderr
    watch.run("crawl", "--all")
    assert "all whole" in watch.run("verify").stdout
    assert watch.sql("SELECT COUNT(*) AS n FROM v_pages WHERE last_fit_at IS NOT NULL")[0]["n"] == 7


def test_a_second_run_while_one_is_going_is_told_to_come_back(small):
    watch, web = small
    slow = web.answers["one"]["/exosomes/0"]

    def wait(handler):
        time.sleep(4)
        handler.send_response(200)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    web.answers["one"]["/exosomes/0"] = wait
    with subprocess.Popen(
        watch.command("crawl", "--all"), cwd=watch.folder, env=watch.environment(), stdout=subprocess.DEVNULL
    ) as first:
        end = time.monotonic() + 20
        while not any(path == "/exosomes/0" for _, path, _ in web.asked) and time.monotonic() < end:
            time.sleep(0.05)
        done = watch.run("crawl", "--all", expect=75)
        assert "another run" in done.stderr
        assert first.wait() == 0
    web.answers["one"]["/exosomes/0"] = slow


def test_a_database_held_by_another_program_is_told_and_nothing_archived_is_lost(small):
    watch, _ = small
    watch.run("crawl", "--all")
    other = sqlite3.connect(watch.folder / "exowatch.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    done = watch.run("crawl", "--all", expect=75, EXOWATCH_DATABASE__BUSY_SECONDS="1")
    assert "locked" in done.stderr
    other.execute("COMMIT")
    other.close()
    watch.run("crawl", "--all")
    assert "all whole" in watch.run("verify").stdout


@pytest.mark.parametrize("readers", [0, pytest.param(1, marks=pytest.mark.long)])
def test_a_database_that_is_taken_in_the_midst_of_a_crawl_is_told_and_the_next_one_completes_it(tmp_path, readers):
    with served({"one": clinic(6)}) as web:
        watch = make_watch(tmp_path, web, {"one": {}}, readers=readers)
        other = sqlite3.connect(watch.folder / "exowatch.db", isolation_level=None, check_same_thread=False)
        page_of = web.answers["one"]["/exosomes/0"]

        def take(handler):
            if not other.in_transaction:
                other.execute("BEGIN IMMEDIATE")
            handler.send_response(200)
            handler.send_header("Content-Type", "text/html")
            handler.send_header("Content-Length", str(len(page_of.body)))
            handler.end_headers()
            handler.wfile.write(page_of.body)

        web.answers["one"]["/exosomes/0"] = take
        done = watch.run("crawl", "--all", expect=75, EXOWATCH_DATABASE__BUSY_SECONDS="0.5")
        assert "locked" in done.stderr
        assert "close it, then run again" in done.stderr
        assert "Traceback" not in done.stderr
        other.execute("COMMIT")
        other.close()
        web.answers["one"]["/exosomes/0"] = page_of
        watch.run("crawl", "--all")
        assert watch.sql("SELECT COUNT(*) AS n FROM v_pages WHERE last_fit_at IS NOT NULL") == [{"n": 7}]
        told = watch.sql("SELECT verdict FROM run_sources JOIN runs ON runs.id = run_id ORDER BY fence")
        assert [row["verdict"] for row in told] == ["partial", "complete"]
        assert "all whole" in watch.run("verify").stdout


#: Ctrl-C, which a terminal sends to all that runs in it, while the child has not yet begun.
CTRL_C = """
import os, signal, sys, time
if "spiders.run" in sys.orig_argv:
    os.killpg(os.getpgid(os.getppid()), signal.SIGINT)
    time.sleep(1)
"""


def test_ctrl_c_while_the_child_starts_ends_with_130_and_one_line(small):
    watch, _ = small
    planted = watch.folder / "planted"
    planted.mkdir()
    (planted / "sitecustomize.py").write_text(CTRL_C)
    path = os.pathsep.join(filter(None, [str(planted), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        watch.command("crawl", "--all"),
        cwd=watch.folder,
        env=watch.environment(PYTHONPATH=path),
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout, done.stderr.strip()) == (130, "", "stopped")


def test_a_closed_port_is_a_failure_with_its_cause(tmp_path):
    with socket.create_server(("127.0.0.77", 0)) as free:
        address = "{}:{}".format(*free.getsockname()[:2])
    with served({"one": clinic(2)}) as web:
        web.addresses["shut"] = address
        watch = make_watch(tmp_path, web, {"one": {}, "shut": {}}, readers=1)
        watch.run("crawl", "--all", expect=1)
        (row,) = watch.sql("SELECT result, code FROM outcomes WHERE source_id = 'shut' AND url NOT LIKE '%robots.txt'")
        assert row == {"result": "FAILED", "code": "refused"}
