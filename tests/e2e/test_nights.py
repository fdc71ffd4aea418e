"""Fourteen nights of real processes under a clock that is moved: killed, started twice, away for two days, through a
change of the clocks. And a few real minutes of the scheduler that stays."""

import random
import signal
import subprocess
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from exowatch.cadence import firing_after
from tests.e2e.sites import clinic
from tests.e2e.watch import make_watch
from tests.e2e.web import served

DUBLIN = ZoneInfo("Europe/Dublin")
NIGHTS = """
[schedule]
timezone = "Europe/Dublin"
cadence = "30 1 * * *"
digest = "45 1 * * *"
jitter = 0
"""


def starts(watch, now):
    """A scheduler that does what is due at this moment, as a process of its own."""
    return subprocess.Popen(
        watch.command("schedule", "--once"),
        cwd=watch.folder,
        env=watch.environment(EXOWATCH_NOW=now.strftime("%Y-%m-%dT%H:%M:%SZ")),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.long
@pytest.mark.parametrize("start", ["2026-10-19T10:00", "2027-03-22T10:00"], ids=["doubled hour", "skipped hour"])
def test_fourteen_nights_of_killed_and_doubled_processes_leave_no_gap_and_tell_nothing_twice(tmp_path, start):
    rng = random.Random(20261127)
    begun = now = datetime.fromisoformat(start).replace(tzinfo=UTC)
    away = begun + timedelta(days=5), begun + timedelta(days=7)
    killed = 0
    with served({"one": clinic(2), "two": clinic(2)}) as web:
        watch = make_watch(tmp_path, web, {"one": {}, "two": {}})
        with (tmp_path / "exowatch.toml").open("a") as file:
            file.write(NIGHTS)
        while now < begun + timedelta(days=14):
            if not away[0] <= now < away[1]:
                first = starts(watch, now)
                second = starts(watch, now)
                if rng.random() < 0.5:
                    time.sleep(rng.uniform(0.5, 2.5))
                    first.send_signal(signal.SIGKILL)
                    killed += 1
                assert {first.wait(120), second.wait(120)} <= {0, 1, -signal.SIGKILL}
                assert starts(watch, now + timedelta(minutes=20)).wait(120) == 0
            # shortly after the night's jobs, and again in the evening
            night = firing_after("45 1 * * *", DUBLIN, now) + timedelta(minutes=rng.randrange(1, 50))
            evening = now.replace(hour=20, minute=0)
            now = evening if now < evening < night else night
        rows = watch.sql("SELECT job, due_at, state, tries FROM job_runs ORDER BY id")
        letters = watch.sql("SELECT id, since, until, previous_id FROM digests ORDER BY id")
        flags = watch.rows("flags")
        visits = watch.sql("SELECT COUNT(*) AS n FROM run_sources WHERE verdict = 'complete' AND source_id = 'one'")
    assert killed > 5
    assert len({(row["job"], row["due_at"]) for row in rows}) == len(rows)
    assert {row["state"] for row in rows} == {"done"}
    due, when = [], begun
    while (when := firing_after("45 1 * * *", DUBLIN, when)) < now:
        if not away[0] <= when < away[1]:
            due.append(when.strftime("%Y-%m-%dT%H:%M:%SZ"))
    assert [row["due_at"] for row in rows if row["job"] == "digest"] == due
    assert len(due) >= 11
    assert len(letters) <= len(due)
    for before, after in pairwise(letters):
        assert (after["previous_id"], after["since"]) == (before["id"], before["until"])
    assert len({(flag["url"], flag["quote"]) for flag in flags}) == len(flags)
    assert visits[0]["n"] >= 9


@pytest.mark.long
def test_the_scheduler_that_stays_does_each_minute_once_beside_others_that_do_what_is_due(tmp_path):
    with served({"one": clinic(1)}) as web:
        watch = make_watch(tmp_path, web, {"one": {}})
        with (tmp_path / "exowatch.toml").open("a") as file:
            file.write('[schedule]\ndigest = "* * * * *"\n')
        stays = subprocess.Popen(
            watch.command("schedule", "--log", "json"),
            cwd=tmp_path,
            env=watch.environment(),
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + 150
        while time.monotonic() < end:
            watch.run("schedule", "--once", expect=(0, 1))
            time.sleep(2)
        stays.send_signal(signal.SIGTERM)
        assert stays.wait(60) == 0
        rows = watch.sql("SELECT due_at, started_at, state, tries FROM job_runs WHERE job = 'digest' ORDER BY due_at")
    assert len(rows) >= 2
    assert {(row["state"], row["tries"]) for row in rows} == {("done", 1)}
    times = [datetime.fromisoformat(row["due_at"]) for row in rows]
    assert all(after - before == timedelta(minutes=1) for before, after in pairwise(times))
