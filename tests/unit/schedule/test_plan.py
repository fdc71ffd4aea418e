import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exowatch.cadence import firing_after
from exowatch.model.sources import Source
from exowatch.schedule.plan import CRAWL, Facts, forecast, opening, plan
from exowatch.sections import Schedule
from exowatch.store.job_runs import PASSING_TRIES, TRIES, JobRun
from exowatch.visiting import Visits

DUBLIN = ZoneInfo("Europe/Dublin")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def source(name="a", cadence=None, kind="clinic"):
    return Source(name, name, kind, "IE", ("https://a.example/",), cadence=cadence)


def facts(*sources, since="2026-11-01T00:00", **given):
    keys = {key: given.pop(key) for key in list(given) if key in Schedule.model_fields}
    return Facts(Schedule(**{"jitter": 0, **keys}), sources, since=utc(since), **given)


def due(found, now, job="digest"):
    """When the job is due next, and whether that is now."""
    one = next(one for one in plan(found, utc(now)) if one.job == job)
    return one.due_at, one.begin_at <= utc(now)


def done(job, at, state="done", tries=1, started=None):
    return {job: JobRun(job, utc(at), utc(started or at), state, tries)}


def test_a_job_missed_for_days_is_made_up_once_while_it_is_not_too_late():
    found = facts(runs=done("digest", "2026-11-20T07:00"))
    assert due(found, "2026-11-24T09:00") == (utc("2026-11-24T07:00"), True)
    assert due(found, "2026-11-24T19:30") == (utc("2026-11-25T07:00"), False)


def test_what_was_due_before_the_scheduler_first_began_is_not_made_up():
    assert due(facts(since="2026-11-24T08:00"), "2026-11-24T09:00") == (utc("2026-11-25T07:00"), False)


def test_a_job_that_its_process_died_of_is_due_again_until_it_was_tried_too_often():
    found = facts(runs=done("digest", "2026-11-24T07:00", "killed"))
    assert due(found, "2026-11-24T07:10") == (utc("2026-11-24T07:00"), True)
    assert due(found, "2026-11-24T19:10") == (utc("2026-11-25T07:00"), False)
    often = facts(runs=done("digest", "2026-11-24T07:00", "killed", TRIES))
    assert due(often, "2026-11-24T07:10") == (utc("2026-11-25T07:00"), False)


def test_a_time_written_by_a_clock_that_was_wrong_silences_nothing():
    found = facts(source(), runs={**done("digest", "2031-01-01T07:00"), **done("crawl:a", "2031-01-01T03:00")})
    found = replace(found, visits={"a": Visits(utc("2031-01-01T03:00"))})
    assert due(found, "2026-11-24T06:00") == (utc("2026-11-24T07:00"), False)
    assert due(found, "2026-11-24T06:00", "crawl:a") == (utc("2026-11-25T03:00"), False)


def test_a_new_source_is_visited_at_once_and_not_again_and_again_where_that_fails():
    assert due(facts(source()), "2026-11-24T12:00", "crawl:a") == (utc("2026-11-24T12:00"), True)
    failed = facts(source(), runs=done("crawl:a", "2026-11-24T12:00", "failed"))
    assert due(failed, "2026-11-24T12:01", "crawl:a") == (utc("2026-11-25T03:00"), False)


def test_sources_that_are_due_together_begin_together():
    visits = {name: Visits(utc("2026-11-23T05:10")) for name in "abc"}
    found = facts(source("a"), source("b"), source("c", "30 4 * * *"), visits=visits, jitter=300)
    begins = {one.job: one.begin_at for one in plan(found, utc("2026-11-23T12:00"))}
    assert begins["crawl:a"] == begins["crawl:b"] < begins["crawl:c"]
    assert utc("2026-11-24T03:00") <= begins["crawl:a"] <= utc("2026-11-24T03:05")


def test_a_weekly_visit_that_was_missed_is_made_up_the_next_night():
    found = facts(source("a", "0 3 * * 1"), visits={"a": Visits(utc("2026-11-16T03:00"))})
    assert due(found, "2026-11-23T10:00", "crawl:a") == (utc("2026-11-23T03:00"), True)
    assert due(found, "2026-11-23T16:00", "crawl:a") == (utc("2026-11-24T03:00"), False)


def test_a_visit_cut_short_by_the_end_of_the_scheduler_is_made_again():
    seen = {"a": Visits(utc("2026-11-24T03:00"))}
    cut = facts(source(), visits=seen, runs=done("crawl:a", "2026-11-24T03:00", "killed"))
    assert due(cut, "2026-11-24T04:00", "crawl:a") == (utc("2026-11-24T03:00"), True)


def test_what_waits_in_the_outbox_is_tried_when_it_asks_and_once_a_minute_at_most():
    asked = facts(retry=utc("2026-11-24T07:10"))
    assert due(asked, "2026-11-24T07:05", "send") == (utc("2026-11-24T07:10"), False)
    tried = facts(retry=utc("2026-11-24T07:10"), runs=done("send", "2026-11-24T07:10"))
    assert due(tried, "2026-11-24T07:10", "send") == (utc("2026-11-24T07:11"), False)
    assert "send" not in [one.job for one in plan(facts(), utc("2026-11-24T07:10"))]
    until = list(forecast(asked, utc("2026-11-24T07:05"), utc("2026-11-25T00:00")))
    assert [one.job for one in until].count("send") == 1


@pytest.mark.parametrize(
    ("hours", "now", "opens"),
    [
        ("22-6", "2026-11-24T23:00", "2026-11-24T23:00"),
        ("22-6", "2026-11-24T05:59", "2026-11-24T05:59"),
        ("22-6", "2026-11-24T06:00", "2026-11-24T22:00"),
        ("1-5", "2026-11-24T12:00", "2026-11-25T01:00"),
        ("8-24", "2026-11-24T23:30", "2026-11-24T23:30"),
        ("8-24", "2026-11-24T00:30", "2026-11-24T08:00"),
        ("0-24", "2026-11-24T12:00", "2026-11-24T12:00"),
        ("1-2", "2027-03-28T00:30", "2027-03-28T01:00"),  # that hour is skipped: when it would have begun
        (None, "2026-11-24T12:00", "2026-11-24T12:00"),
    ],
)
def test_crawls_begin_within_the_hours_that_are_allowed(hours, now, opens):
    assert opening(hours, DUBLIN, utc(now)) == utc(opens)


def test_a_visit_due_outside_the_hours_waits_for_them():
    found = facts(source("a", "0 12 * * *"), hours="22-6", visits={"a": Visits(utc("2026-11-23T22:00"))})
    assert due(found, "2026-11-24T12:00", "crawl:a") == (utc("2026-11-24T22:00"), False)
    assert due(found, "2026-11-24T22:00", "crawl:a") == (utc("2026-11-24T22:00"), True)
    assert due(facts(hours="22-6"), "2026-11-24T07:00", "digest") == (utc("2026-11-24T07:00"), True)


def test_a_forecast_tells_each_time_once_in_order():
    found = facts(source("a"), source("b", "0 */6 * * *"), visits={"a": Visits(utc("2026-11-24T03:00"))})
    told = list(forecast(found, utc("2026-11-24T06:30"), utc("2026-11-26T06:30")))
    assert told == sorted(told)
    jobs = [one.job for one in told]
    assert (jobs.count("digest"), jobs.count("crawl:a"), jobs.count("crawl:b")) == (2, 2, 9)


ZONES = st.sampled_from(["Europe/Dublin", "America/New_York", "Australia/Lord_Howe", "Asia/Seoul"])
#: Pauses between two moments at which somebody looks at what is due, in minutes: from at once to days of absence.
LOOKS = st.lists(st.one_of(st.integers(0, 90), st.integers(200, 4000)), min_size=5, max_size=60)


@given(ZONES, LOOKS, st.integers(0, 10), st.sampled_from([None, "22-6", "2-4"]), st.sampled_from([2, 12]), st.data())
def test_however_often_and_late_one_looks_each_due_time_is_done_once(zone, looks, month, hours, grace, data):
    """A scheduler that looks at wild moments, dies in some jobs and is away for days, through a year of clocks."""
    now = utc("2026-10-20T09:17") + timedelta(days=27 * month)
    found = facts(
        source("a"), source("b", "15 */8 * * *"), timezone=zone, hours=hours, misfire_hours=grace, jitter=600, seed="x"
    )
    found = replace(found, since=now)
    began: dict[tuple[str, datetime], int] = {}
    for look in looks:
        now += timedelta(minutes=look)
        for one in plan(found, now):
            if one.begin_at > now:
                continue
            assert one.due_at <= now
            assert now - one.due_at <= found.grace or found.visits.get(one.source) is None
            if one.source and hours:
                assert opening(hours, found.zone, one.due_at) == one.due_at
            state = data.draw(st.sampled_from(["done", "done", "failed", "killed"]))
            tries = began.get((one.job, one.due_at), 0) + 1
            began[one.job, one.due_at] = tries
            assert tries == 1 or found.runs[one.job].state == "killed", "only what was killed is begun again"
            assert tries <= TRIES
            assert one.job not in found.runs or one.due_at >= found.runs[one.job].due_at, "never back in time"
            found = replace(found, runs={**found.runs, one.job: JobRun(one.job, one.due_at, now, state, tries)})
            if one.source and state == "done":
                found = replace(found, visits={**found.visits, one.source: Visits(now)})
    # in the end nothing that lies within the grace was left out
    after = now + timedelta(minutes=1)
    waiting = {one.job for one in plan(found, after) if one.begin_at <= after}
    newest = found.runs.get("digest")
    last = firing_after("0 7 * * *", found.zone, after - found.grace)
    if last <= after and last > found.since and "digest" not in waiting:
        assert newest is not None
        assert newest.due_at >= last
    assert all(job == "digest" or job in ("verify", "note") or job.startswith(CRAWL) for job in waiting)


def test_what_failed_for_a_passing_reason_is_tried_again_after_longer_and_longer_pauses():
    at = utc("2026-11-24T07:00")
    pauses = []
    for tries in range(1, PASSING_TRIES):
        found = facts(runs={"digest": JobRun("digest", at, at, "put-off", tries, at + HOUR)})
        one = next(one for one in plan(found, at + HOUR) if one.job == "digest")
        assert one.due_at == at
        pauses.append((one.begin_at - at - HOUR).total_seconds() / 60)
    assert pauses == [10, 20, 40, 80]
    often = facts(runs={"digest": JobRun("digest", at, at, "put-off", PASSING_TRIES, at)})
    assert due(often, "2026-11-24T09:00") == (utc("2026-11-25T07:00"), False)


def test_a_try_that_would_come_after_the_next_time_gives_way_to_it():
    at = utc("2026-11-24T07:00")
    found = facts(digest="*/15 * * * *", runs={"digest": JobRun("digest", at, at, "put-off", 2, at)})
    assert due(found, "2026-11-24T07:14") == (utc("2026-11-24T07:15"), False)


def test_a_crawl_without_network_is_tried_again_within_the_hours():
    at = utc("2026-11-24T03:50")
    found = facts(source(), hours="2-4", visits={"a": Visits(at)})
    found = replace(found, runs={"crawl:a": JobRun("crawl:a", at, at, "put-off", 1, at)})
    one = next(one for one in plan(found, utc("2026-11-24T03:55")) if one.source)
    assert one.begin_at == utc("2026-11-25T02:00") or one.due_at > at, "not at four, when crawls may not begin"


def test_a_job_killed_under_a_clock_that_was_wrong_silences_nothing():
    found = facts(runs=done("digest", "2031-01-01T07:00", "killed"))
    assert due(found, "2026-11-24T06:00") == (utc("2026-11-24T07:00"), False)


@pytest.mark.parametrize(("seed", "failing"), [(1, 0.2), (2, 0.6), (3, 1.0)])
def test_fourteen_days_of_passing_failures_lose_no_job_and_try_none_too_often(seed, failing):
    """Each time a job is due, it comes to its end or was tried to its bound; between two tries lies its pause."""
    rng, now, end = random.Random(seed), utc("2026-11-01T00:00"), utc("2026-11-15T00:00")
    found = replace(facts(source("a"), source("b", "15 */8 * * *"), jitter=600, seed="x"), since=now)
    tried: dict[tuple[str, datetime], list[JobRun]] = {}
    while now < end:
        for one in plan(found, now):
            if one.begin_at > now:
                continue
            before = tried.setdefault((one.job, one.due_at), [])
            if before:
                assert before[-1].state == "put-off"
                assert now >= before[-1].finished_at + timedelta(minutes=10) * 2 ** (len(before) - 1)
            ended = now + timedelta(minutes=rng.randrange(1, 5))
            state = "put-off" if rng.random() < failing else "done"
            run = JobRun(one.job, one.due_at, now, state, len(before) + 1, ended)
            before.append(run)
            found = replace(found, runs={**found.runs, one.job: run})
            if one.source:
                found = replace(found, visits={**found.visits, one.source: Visits(now)})
        now += timedelta(minutes=rng.randrange(7, 25))
    assert all(len(runs) <= PASSING_TRIES for runs in tried.values())
    for day in range(1, 13):
        runs = tried["digest", utc(f"2026-11-{day:02}T07:00")]
        assert runs[-1].state == "done" or len(runs) == PASSING_TRIES
    newest = sorted(at for job, at in tried if job == "crawl:b")
    assert all(after - before <= timedelta(hours=13) for before, after in pairwise(newest))
