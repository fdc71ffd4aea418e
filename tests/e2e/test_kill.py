"""A crawl killed at random moments and run again loses nothing and tells nothing twice."""

import json
import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.e2e.sites import clinic
from tests.e2e.watch import make_watch
from tests.e2e.web import served

PAGES = 40


def descendants(pid: int) -> list[int]:
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        try:
            tasks = list(Path(f"/proc/{one}/task").iterdir())
            below = [int(child) for task in tasks for child in (task / "children").read_text().split()]
        except OSError:
            continue
        found += below
        waiting += below
    return found


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@pytest.fixture
def killed(tmp_path, kill_whom):
    """A watch whose crawl was killed ten times, then run to its end; and the web it crawled."""
    rng = random.Random(20261124)
    with served({"one": clinic(PAGES), "two": clinic(PAGES)}) as web:
        watch = make_watch(tmp_path, web, {"one": {}, "two": {}}, readers=1)
        for _ in range(10):
            crawl = subprocess.Popen(
                watch.command("crawl", "--all"),
                cwd=tmp_path,
                env=watch.environment(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            time.sleep(rng.uniform(0.6, 3.5))
            family = descendants(crawl.pid)
            victims = [crawl.pid] if kill_whom == "parent" else family[:1]
            for pid in victims:
                os.kill(pid, signal.SIGKILL)
            crawl.wait()
            end = time.monotonic() + 20
            while not all(gone(pid) for pid in family) and time.monotonic() < end:
                time.sleep(0.05)
            left = [Path(f"/proc/{pid}/cmdline").read_text() for pid in family if not gone(pid)]
            assert left == [], "a child outlived its parent"
        watch.run("crawl", "--all")
        yield watch, web


@pytest.mark.parametrize("kill_whom", ["child", pytest.param("parent", marks=pytest.mark.long)])
def test_nothing_is_missing_unreadable_or_told_twice_after_ten_kills(killed):
    watch, _ = killed
    pages = watch.sql("SELECT source, COUNT(*) AS n FROM v_pages WHERE last_fit_at IS NOT NULL GROUP BY source")
    assert {row["source"]: row["n"] for row in pages} == {"one": PAGES + 1, "two": PAGES + 1}
    verified = json.loads(watch.run("verify", "--format", "json").stdout)
    assert (verified["damage"], verified["notes"]) == ([], []), "an archive file without a manifest would be a note"
    assert verified["manifests"] >= 1
    flags = watch.rows("flags")
    assert {flag["change"] for flag in flags} == {"baseline"}
    assert len({(flag["source"], flag["quote"]) for flag in flags}) == len(flags)
    captures = watch.sql("SELECT COUNT(*) AS n FROM captures")[0]["n"]
    assert captures >= 2 * (PAGES + 1)
    assert not list(watch.folder.rglob("*.open"))
    assert watch.sql("SELECT COUNT(*) AS n FROM runs WHERE finished_at IS NULL")[0]["n"] == 0
