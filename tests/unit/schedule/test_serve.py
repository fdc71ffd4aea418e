import threading
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from exowatch.errors import BusyError, StoreBusyError
from exowatch.schedule.serve import serve
from exowatch.schedule.shift import facts_of
from exowatch.store import job_runs
from exowatch.store.job_runs import job_history
from exowatch.store.job_store import job_store
from exowatch.store.lock import hold_jobs
from exowatch.store.tables import jobs
from tests.unit.schedule.nights import make_nights

LONG = 120


class Standing:
    """A shift under the real clock; ``asks`` are what the system asks for, one after the other, when they are there."""

    def __init__(self, folder):
        nights = make_nights(folder, datetime.now(UTC), sources=("one",))
        self.stop = threading.Event()
        self.shift = replace(nights.shift, clock=lambda: datetime.now(UTC), stop=self.stop, crawl=self.crawl)
        self.calls, self.asks, self.reads = [], [], 0
        self.working = lambda: None

    def crawl(self, shift, sources):
        self.calls.append(tuple(sources))
        self.working()
        return dict.fromkeys(sources, ("done", "complete"))

    def look_again(self):
        self.reads += 1
        return False

    def asked(self, seconds):
        end = time.monotonic() + seconds
        while not self.asks and time.monotonic() < end:
            time.sleep(0.01)
        return self.asks.pop(0) if self.asks else None

    def serve(self, **how):
        """In a thread of its own; what it returned, once ``self.asks`` made it end."""
        found = []
        thread = threading.Thread(target=lambda: found.append(serve(self, self.asked, **({"look": 0.2} | how))))
        thread.start()
        return thread, found

    def history(self, job):
        with self.shift.store.reading() as db:
            return job_history(db, job)


@pytest.fixture
def standing(tmp_path, known_template):
    (tmp_path / "exowatch.db").write_bytes(known_template.read_bytes())
    made = Standing(tmp_path)
    yield made
    made.shift.store.close()


def wait_for(what):
    end = time.monotonic() + LONG
    while not what():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_what_is_due_is_done_and_the_next_times_are_kept_in_the_database(standing):
    thread, found = standing.serve()
    wait_for(lambda: [run.state for run in standing.history("crawl:one")] == ["done"])

    def kept():
        with standing.shift.store.reading() as db:
            return {row.id for row in db.execute(jobs.select())}

    wait_for(lambda: kept() == {"crawl", "digest", "verify", "note"})
    standing.asks += ["reread", "end"]
    thread.join(LONG)
    assert found == [True]
    assert standing.calls == [("one",)]
    assert standing.reads >= 1
    assert [run.state for run in standing.history("schedule")] == ["done"]
    assert kept() == set()


def test_a_second_scheduler_on_the_same_database_is_refused(standing):
    with standing.shift.store.writing() as db:
        job_runs.begin_now(db, ["schedule"], standing.shift.clock(), "elsewhere 4711")
    words = r"(?s)another scheduler.*host elsewhere, process 4711.*remedy: .*kill 4711"
    with hold_jobs(standing.shift.config, ["schedule"]), pytest.raises(BusyError, match=words):
        serve(standing, standing.asked)


def test_what_is_in_hand_may_end_before_the_scheduler_does(standing):
    begun, free = threading.Event(), threading.Event()

    def working():
        begun.set()
        assert free.wait(LONG)

    standing.working = working
    thread, found = standing.serve(patience=LONG)
    assert begun.wait(LONG)
    standing.asks += ["end"]
    wait_for(lambda: not standing.asks)
    free.set()
    thread.join(LONG)
    assert found == [True]
    assert [run.state for run in standing.history("crawl:one")] == ["done"]


def test_what_takes_too_long_or_is_asked_to_end_twice_is_hurried(standing):
    begun = threading.Event()

    def working():
        begun.set()
        assert standing.stop.wait(LONG)

    standing.working = working
    thread, found = standing.serve(patience=LONG)
    assert begun.wait(LONG)
    standing.asks += ["end", "end"]
    thread.join(LONG)
    assert found == [True]


def test_a_job_that_another_program_is_at_is_tried_again_at_the_next_look_and_not_before(standing):
    free = threading.Event()

    def busy():
        if not free.is_set():
            raise BusyError("another run is going")

    standing.working = busy
    thread, _ = standing.serve(look=1)
    wait_for(lambda: len(standing.calls) >= 2)
    looks = standing.reads
    assert len(standing.calls) <= looks + 2
    free.set()
    wait_for(lambda: [run.state for run in standing.history("crawl:one")] == ["done"])
    standing.asks += ["end"]
    thread.join(LONG)


def test_where_the_library_cannot_go_on_the_scheduler_ends_and_says_so(standing, monkeypatch):
    def broken(self, now):
        raise KeyError("the database is gone")

    monkeypatch.setattr("apscheduler.schedulers.base.BaseScheduler._process_jobs", lambda self: broken(self, None))
    thread, found = standing.serve()
    thread.join(LONG)
    assert found == [False]


def test_a_database_that_does_not_answer_for_a_while_ends_nothing(standing, monkeypatch):
    asked = []

    def facts(shift):
        asked.append(1)
        if len(asked) < 5:
            raise StoreBusyError("locked")
        return facts_of(shift)

    monkeypatch.setattr("exowatch.schedule.serve.facts_of", facts)
    thread, found = standing.serve(look=0.05)
    wait_for(lambda: [run.state for run in standing.history("crawl:one")] == ["done"])
    standing.asks += ["end"]
    thread.join(LONG)
    assert found == [True]


def test_the_store_of_jobs_is_ours(standing):
    assert str(job_store(standing.shift.store).engine.url) == standing.shift.store.url
