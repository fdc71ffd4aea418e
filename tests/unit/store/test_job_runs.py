import threading
from datetime import UTC, datetime, timedelta

import pytest

from exowatch.config import Config, Database
from exowatch.store import job_runs
from exowatch.store.job_runs import TRIES
from exowatch.store.job_store import job_store
from exowatch.store.lock import hold_jobs
from exowatch.store.migrate import ready_store

SEVEN = datetime(2026, 11, 24, 7, tzinfo=UTC)
FAR = datetime(2126, 1, 1, tzinfo=UTC)
EIGHT = SEVEN + timedelta(hours=1)


def nothing():
    """What a job in the store does here."""


@pytest.fixture
def store(database_url):
    opened = ready_store(database_url)
    yield opened
    opened.close()


def begin(store, *dues, now=SEVEN):
    with store.writing() as db:
        return job_runs.begin_jobs(db, dues, now, "here 1")


def end(store, job, due_at, state="done"):
    with store.writing() as db:
        job_runs.end_job(db, job, due_at, state, "told", EIGHT)


def newest(store, job="digest"):
    with store.reading() as db:
        return job_runs.newest_runs(db)[job]


@pytest.mark.parametrize("state", ["done", "failed"])
def test_what_ended_is_not_done_again_at_the_same_due_time(store, state):
    assert begin(store, ("digest", SEVEN), ("crawl:a", SEVEN)) == ["digest", "crawl:a"]
    end(store, "digest", SEVEN, state)
    end(store, "crawl:a", SEVEN, state)
    assert begin(store, ("digest", SEVEN), ("crawl:a", SEVEN), ("digest", EIGHT)) == ["digest"]
    assert newest(store).due_at == EIGHT


def test_what_a_dead_process_left_is_done_again_a_few_times(store):
    for tries in range(1, TRIES + 1):
        assert begin(store, ("digest", SEVEN)) == ["digest"]
        assert (newest(store).state, newest(store).tries) == ("running", tries)
    assert begin(store, ("digest", SEVEN)) == []
    assert newest(store).state == "killed"
    assert newest(store).again_at is None


def test_what_is_given_back_is_as_due_as_before(store):
    begin(store, ("digest", SEVEN))
    with store.writing() as db:
        job_runs.give_back(db, "digest", SEVEN)
    with store.reading() as db:
        assert job_runs.newest_runs(db) == {}
    begin(store, ("digest", SEVEN))
    begin(store, ("digest", SEVEN))
    with store.writing() as db:
        job_runs.give_back(db, "digest", SEVEN)
    assert (newest(store).tries, newest(store).state) == (1, "put-off")
    assert newest(store).again_at is not None


def test_what_is_begun_by_hand_finds_a_due_time_of_its_own(store):
    for n in range(3):
        with store.writing() as db:
            begun = job_runs.begin_now(db, ["digest"], SEVEN, "here 1")
        assert begun == {"digest": SEVEN + timedelta(seconds=n)}
        end(store, "digest", begun["digest"])
    with store.reading() as db:
        assert job_runs.first_due(db, "digest") == SEVEN
        assert len(job_runs.job_history(db)) == 3


def test_of_many_that_begin_at_once_one_does_it(database_url, store):
    config, won, ready = Config(database=Database(url=database_url)), list[str](), threading.Barrier(3)

    def one():
        ready.wait()
        with hold_jobs(config, ["digest", "crawl:a"]) as held:
            ours = begin(store, *((job, SEVEN) for job in sorted(held)))
            for job in ours:
                end(store, job, SEVEN)
            won.extend(ours)

    threads = [threading.Thread(target=one) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == ["crawl:a", "digest"]


def test_jobs_of_other_kinds_are_free_while_one_is_held(database_url):
    config = Config(database=Database(url=database_url))
    with hold_jobs(config, ["crawl:a", "crawl:b"]) as crawls, hold_jobs(config, ["digest", "crawl:a"]) as others:
        assert (crawls, others) == ({"crawl:a", "crawl:b"}, {"digest"})
    with hold_jobs(config, ["crawl:a"]) as held:
        assert held == {"crawl:a"}


def test_the_scheduler_keeps_its_jobs_in_our_database(store):
    from apscheduler.schedulers.background import BackgroundScheduler

    for known in ([], ["one"]):
        scheduler = BackgroundScheduler(jobstores={"default": job_store(store)}, timezone="UTC")
        scheduler.start(paused=True)
        assert [job.id for job in scheduler.get_jobs()] == known
        scheduler.add_job(nothing, "date", run_date=FAR, id="one", replace_existing=True, misfire_grace_time=None)
        assert scheduler.get_job("one").next_run_time == FAR
        scheduler.shutdown()
