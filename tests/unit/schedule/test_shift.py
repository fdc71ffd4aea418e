import shutil
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from exowatch.cadence import firing_after
from exowatch.digest.write import QUIET
from exowatch.errors import BusyError, RecordError
from exowatch.schedule.by_hand import by_hand
from exowatch.schedule.plan import CRAWL
from exowatch.schedule.shift import do_due, first_time, settle_killed
from exowatch.store.job_runs import job_history, newest_runs
from exowatch.store.lock import hold_jobs
from exowatch.store.migrate import ready_store
from exowatch.store.tables import digests, issues, runs
from tests.postgres import fresh_database
from tests.unit.schedule.nights import Killed, add_source, make_nights, reread

DUBLIN = ZoneInfo("Europe/Dublin")


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def history(nights, job=None):
    with nights.shift.store.reading() as db:
        return job_history(db, job, 1000)[::-1]


@pytest.fixture
def place(place, known_template):
    """A folder with a database that is ready."""
    place.mkdir()
    shutil.copy(known_template, place / "exowatch.db")
    yield place
    ready_store(f"sqlite:///{place / 'exowatch.db'}", 30).close()


@pytest.fixture
def nights(place):
    made = make_nights(place, utc("2026-11-24T02:00"))
    first_time(made.shift)
    return made


def do(nights):
    return sorted((one.job, one.state) for one in do_due(nights.shift))


def test_sources_that_are_due_go_into_one_crawl(nights):
    assert do(nights) == [("crawl:one", "done"), ("crawl:two", "done")]
    with nights.shift.store.reading() as db:
        assert len(db.execute(select(runs.c.id)).all()) == 1
    assert do(nights) == []


def test_what_is_due_at_an_hour_is_done_once(nights):
    do(nights)
    nights.now = utc("2026-11-24T07:00")
    assert do(nights) == [("crawl:one", "done"), ("crawl:two", "done"), ("digest", "done")]
    assert do(nights) == []
    assert [run.due_at for run in history(nights, "digest")] == [utc("2026-11-24T07:00")]


def test_a_source_put_on_the_watchlist_is_visited_and_a_retired_one_is_not(nights, place):
    do(nights)
    add_source(place, "three")
    add_source(place, "one", retired_on="2026-11-24")
    reread(nights)
    assert do(nights) == [("crawl:three", "done")]
    nights.now = utc("2026-11-25T04:00")
    assert [job for job, _ in do(nights) if job.startswith(CRAWL)] == ["crawl:three", "crawl:two"]


def test_a_job_in_whose_middle_the_process_died_is_done_again(nights):
    do(nights)
    nights.now, nights.dying = utc("2026-11-24T07:00"), 1
    with pytest.raises(Killed):
        do_due(nights.shift, lambda job: job == "digest")
    assert history(nights, "digest")[0].state == "running"
    nights.dying = 0
    assert settle_killed(nights.shift) == ["digest"]
    assert do_due(nights.shift, lambda job: job == "digest")[0].due_at == utc("2026-11-24T07:00")
    assert [(run.state, run.tries) for run in history(nights, "digest")] == [("done", 2)]


def test_a_job_that_another_process_is_at_is_left_to_it_and_stays_due(nights):
    with hold_jobs(nights.shift.config, ["crawl:one"]):
        assert do(nights) == []
    assert [job for job, _ in do(nights)] == ["crawl:one", "crawl:two"]


def test_machines_on_one_server_share_the_sources_between_them(tmp_path, postgres_server, postgres_template):
    with fresh_database(postgres_server, template=postgres_template) as url:
        nights = make_nights(tmp_path, utc("2026-11-24T02:00"), url=url)
        with hold_jobs(nights.shift.config, ["crawl:one"]):
            assert do(nights) == [("crawl:two", "done")]
        nights.dying = 1
        with pytest.raises(Killed):
            do_due(nights.shift)
        nights.dying = 0
        assert settle_killed(nights.shift) == ["crawl:one"]
        assert do(nights) == [("crawl:one", "done")]
        nights.shift.store.close()
    ready_store.cache_clear()


def test_while_another_run_goes_a_crawl_is_put_off_and_not_lost(nights):
    crawl = nights.shift.crawl

    def busy(shift, sources):
        raise BusyError("another run is going")

    object.__setattr__(nights.shift, "crawl", busy)
    assert do(nights) == []
    assert [run.job for run in history(nights)] == ["schedule"]
    object.__setattr__(nights.shift, "crawl", crawl)
    assert [job for job, _ in do(nights)] == ["crawl:one", "crawl:two"]


def test_a_bug_in_one_job_is_told_and_the_others_are_done(nights):
    def broken(shift):
        raise ZeroDivisionError("oops")

    def damaged(shift):
        raise RecordError("2 damaged")

    nights.shift.tasks.update(digest=broken, verify=damaged)
    nights.now = utc("2026-11-29T07:00")
    assert [end for end in do(nights) if end[0] not in ("crawl:one", "crawl:two")] == [
        ("digest", "failed"),
        ("verify", "failed"),
    ]
    with nights.shift.store.reading() as db:
        (told,) = db.execute(select(issues.c.message).where(issues.c.code == "job-failed")).scalars()
    assert "ZeroDivisionError: oops" in told
    assert history(nights, "verify")[0].detail == "2 damaged"


def test_what_is_begun_by_hand_stands_in_the_same_books(nights):
    shift = nights.shift
    with by_hand(shift.config, shift.store, shift.clock, "digest") as told:
        with pytest.raises(BusyError), by_hand(shift.config, shift.store, shift.clock, "digest"):
            pass
        told("3 letters sent")
    with pytest.raises(RecordError), by_hand(shift.config, shift.store, shift.clock, "digest"):
        raise RecordError("the disk is full")
    assert [(run.state, run.detail) for run in history(nights, "digest")] == [
        ("done", "3 letters sent"),
        ("failed", "the disk is full"),
    ]


def fortnight(nights, start, days):
    """Days of a scheduler that looks every few minutes, dies in the middle of jobs, is started anew, is there twice,
    and is away for two days. What was done, in order."""
    end, away, done = start + timedelta(days=days), start + timedelta(days=5), []
    while nights.now < end:
        try:
            for _ in ("one", "another"):
                done += [(one.job, one.due_at) for one in do_due(nights.shift)]
        except Killed:
            settle_killed(nights.shift)
            nights.tick(minutes=nights.rng.randrange(1, 40))
            continue
        nights.tick(minutes=nights.rng.randrange(25, 100))
        if away <= nights.now < away + timedelta(days=2):
            nights.now = away + timedelta(days=2, hours=3)
    return done


@pytest.mark.parametrize("start", ["2026-10-18T12:00", "2027-03-21T12:00"], ids=["doubled hour", "skipped hour"])
def test_fourteen_days_of_kills_and_clock_changes_leave_no_gap_and_do_nothing_twice(place, start):
    nights = make_nights(place, utc(start), timezone="Europe/Dublin", cadence="30 1 * * *", digest="45 1 * * *")
    begun = nights.now
    first_time(nights.shift)
    nights.dying = 0.3
    done = fortnight(nights, begun, 14)
    assert len(set(done)) == len(done)
    last = nights.now
    there = history(nights)
    assert any(run.tries > 1 for run in there), "somebody died"
    assert len({(run.job, run.due_at) for run in there}) == len(there)
    away = begun + timedelta(days=5), begun + timedelta(days=7, hours=3)
    due, when = [], begun
    while (when := firing_after("45 1 * * *", DUBLIN, when)) < last - timedelta(hours=1):
        if not away[0] - timedelta(minutes=40) < when < away[1] - timedelta(hours=12):
            due.append(when)
    done = {run.due_at: run.state for run in there if run.job == "digest"}
    assert [when for when in due if done.get(when) not in ("done", "killed")] == []
    assert len(due) >= 12
    local = [when.astimezone(DUBLIN) for when in done]
    assert len({when.date() for when in local}) == len(local), "one letter a day, on both days of a clock change"
    # windows follow each other without gap or overlap, and no letter was composed twice
    with nights.shift.store.reading() as db:
        letters = db.execute(select(digests).order_by(digests.c.id)).all()
        newest = newest_runs(db)
    for before, after in pairwise(letters):
        assert after.previous_id == before.id
        assert after.since == before.until
        assert after.covers["run"] >= before.covers["run"]
        quiet = after.until - before.until >= QUIET
        assert quiet or after.covers != before.covers, "where nothing was settled, there is one letter a day"
    assert {"crawl:one", "crawl:two", "digest", "verify", "note"} <= set(newest)
    crawled = [run for run in there if run.job == "crawl:one" and run.state == "done"]
    assert len(crawled) >= 10
