"""What failed for a reason that passes is done after all; what was found damaged is found, and no failure."""

import pytest

from exowatch.errors import BusyError, FetchError, RecordError, StoreBusyError, StoreFullError
from exowatch.schedule import tasks
from exowatch.schedule.by_hand import verify_by_hand
from exowatch.schedule.shift import do_due, settle_killed
from exowatch.seal.verify import Damage, Verified
from exowatch.store.job_runs import PASSING_TRIES
from exowatch.store.lock import hold_jobs
from exowatch.store.migrate import ready_store
from exowatch.store.session import Store
from tests.postgres import fresh_database
from tests.unit.schedule.nights import make_nights
from tests.unit.schedule.test_shift import history, nights, place, utc  # noqa: F401


def digest_only(job):
    return job == "digest"


@pytest.mark.parametrize("error", [StoreBusyError("locked"), FetchError("no route"), StoreFullError("no room")])
def test_a_passing_failure_is_tried_again_until_it_passes(nights, error):  # noqa: F811
    fails = [error, error]
    well = nights.shift.tasks["digest"]

    def digest(shift):
        if fails:
            raise fails.pop()
        return well(shift)

    nights.shift.tasks.update(digest=digest)
    nights.now = utc("2026-11-24T07:00")
    assert [one.state for one in do_due(nights.shift, digest_only)] == ["put-off"]
    for minutes, ended in [(9, []), (2, ["put-off"]), (19, []), (2, ["done"]), (600, [])]:
        nights.tick(minutes=minutes)
        assert [one.state for one in do_due(nights.shift, digest_only)] == ended
    (run,) = history(nights, "digest")
    assert (run.state, run.tries, run.due_at) == ("done", 3, utc("2026-11-24T07:00"))


def test_a_reason_that_does_not_pass_ends_at_the_bound(nights):  # noqa: F811
    def digest(shift):
        raise StoreBusyError("locked")

    nights.shift.tasks.update(digest=digest)
    nights.now = utc("2026-11-24T07:00")
    done = []
    for _ in range(60):
        done += do_due(nights.shift, digest_only)
        nights.tick(minutes=10)
    assert len(done) == PASSING_TRIES
    nights.now = utc("2026-11-25T07:00")
    assert [one.due_at for one in do_due(nights.shift, digest_only)] == [utc("2026-11-25T07:00")]


def test_what_another_run_held_back_in_a_later_try_is_not_lost(nights):  # noqa: F811
    fails = [BusyError("another run"), StoreBusyError("locked"), BusyError("another run")]
    well = nights.shift.tasks["digest"]

    def digest(shift):
        if fails:
            raise fails.pop()
        return well(shift)

    nights.shift.tasks.update(digest=digest)
    nights.now, done = utc("2026-11-24T07:00"), []
    for _ in range(12):
        done += [one.state for one in do_due(nights.shift, digest_only)]
        nights.tick(minutes=10)
    assert done == ["put-off", "done"]


def test_a_job_whose_end_could_not_be_written_is_begun_again(nights, monkeypatch):  # noqa: F811
    def away(*_):
        raise StoreBusyError("the server does not answer")

    nights.now = utc("2026-11-24T07:00")
    with monkeypatch.context() as patched:
        patched.setattr("exowatch.store.job_runs.end_job", away)
        with pytest.raises(StoreBusyError):
            do_due(nights.shift, digest_only)
    assert do_due(nights.shift, digest_only) == []
    assert settle_killed(nights.shift) == ["digest"]
    assert [one.state for one in do_due(nights.shift, digest_only)] == ["done"]


def test_a_crawl_that_reached_nobody_is_put_off_and_one_that_met_a_site_is_not():
    assert tasks.away({"dns", "timeout"})
    assert not tasks.away({"dns", "ok"})
    assert not tasks.away(set())


def look(*damage):
    return lambda: Verified(2, 1, 3, 1, 3, (), damage, ())


def test_a_verification_by_hand_is_on_record_with_what_it_found(nights):  # noqa: F811
    shift = nights.shift
    found, why = verify_by_hand(shift.config, shift.store, shift.clock, look())
    assert (found.captures, why) == (2, "")
    nights.tick(minutes=1)
    verify_by_hand(shift.config, shift.store, shift.clock, look(Damage("a.warc.gz", 3, "changed")))
    nights.tick(minutes=1)

    def broken():
        raise RecordError("the disk does not answer")

    with pytest.raises(RecordError):
        verify_by_hand(shift.config, shift.store, shift.clock, broken)
    whole, damaged, failed = history(nights, "verify")
    assert (whole.state, damaged.state, failed.state) == ("done", "damaged", "failed")
    assert "damage found" in damaged.detail
    assert "a.warc.gz" in damaged.detail


def test_a_verification_beside_another_one_is_made_and_says_that_it_is_not_on_record(nights):  # noqa: F811
    shift = nights.shift
    with hold_jobs(shift.config, ["verify"]):
        found, why = verify_by_hand(shift.config, shift.store, shift.clock, look())
    assert found.captures == 2
    assert "not written down" in why
    assert history(nights, "verify") == []


def test_a_record_on_a_medium_that_takes_no_lock_is_verified_all_the_same(nights, place):  # noqa: F811
    (place / "exowatch.db.verify.lock").mkdir()
    found, why = verify_by_hand(nights.shift.config, nights.shift.store, nights.shift.clock, look())
    assert found.captures == 2
    assert "no lock can be held" in why


def test_a_database_that_may_only_be_read_is_verified_all_the_same(tmp_path, postgres_server, postgres_template):
    with fresh_database(postgres_server, template=postgres_template) as url:
        made = make_nights(tmp_path, utc("2026-11-24T02:00"), url=url)
        store = Store(f"{url}{'&' if '?' in url else '?'}options=-cdefault_transaction_read_only%3Don")
        found, why = verify_by_hand(made.shift.config, store, made.shift.clock, look())
        store.close()
        made.shift.store.close()
    ready_store.cache_clear()
    assert found.captures == 2
    assert "read-only" in why
