"""What must not be hidden: an old verification, a reader without letters, a clock that is wrong, a page by hand."""

from dataclasses import replace
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from exowatch.archive.verify import Damage
from exowatch.digest.write import write_digest
from exowatch.health.metrics import metrics_of, write_metrics
from exowatch.schedule.by_hand import verify_by_hand
from exowatch.seal.verify import Verified
from exowatch.sections import Monitor, Recipient
from exowatch.store import read_health
from exowatch.store.tables import job_runs, outbox, reviews, sources
from tests.unit.health.test_state import CURE, HOME, delivery, health, put, words

DAYS = 24.0


def ended(site, job, state, back=0.0, **given):
    """A job that ended so many days before the site's last visit."""
    at = site.desk.clock() - timedelta(days=back)
    times = {"due_at": at, "started_at": at, "finished_at": None if state == "running" else at}
    put(site, job_runs, job=job, state=state, process="here 1", tries=1, **{**times, "detail": "looked", **given})


def level(found, what):
    return max((line.level for line in found.lines if line.what == what), key=["well", "attention", "stale"].index)


@pytest.mark.parametrize("later", ["killed", "running"])
def test_a_verification_that_came_to_no_end_does_not_count_as_one(site, later):
    site.visit({HOME: [CURE]})
    ended(site, "verify", "done", 330)
    ended(site, "verify", later)
    assert level(health(site), "verify") == "attention"
    assert "exowatch verify" in next(line.remedy for line in health(site).lines if line.what == "verify")


def test_a_verification_is_old_after_twice_its_own_pause(site):
    site.visit({HOME: [CURE]})
    ended(site, "verify", "done")
    assert level(health(site, 13 * DAYS), "verify") == "well"
    assert level(health(site, 15 * DAYS), "verify") == "attention"
    monthly = site.desk.config.schedule.model_copy(update={"verify": "0 1 1 * *"})
    site.desk = replace(site.desk, config=site.desk.config.model_copy(update={"schedule": monthly}))
    assert level(health(site, 15 * DAYS), "verify") == "well"


def test_a_record_that_was_never_verified_is_told_once_it_should_have_been(site):
    site.visit({HOME: [CURE]})
    assert level(health(site), "verify") == "well"
    assert level(health(site, 15 * DAYS), "verify") == "attention"


@pytest.mark.parametrize("state", ["damaged", "failed"])
def test_damage_and_a_verification_that_failed_stay_until_a_good_one(site, state):
    site.visit({HOME: [CURE]})
    ended(site, "verify", "done", 2)
    ended(site, "verify", state, 1)
    ended(site, "verify", "killed", 0.5)
    assert level(health(site), "verify") == "attention"
    ended(site, "verify", "done")
    assert level(health(site), "verify") == "well"


def test_metrics_tell_the_newest_end_of_each_kind_and_outcome(site):
    at = site.desk.clock().timestamp()
    for source, state, back in [("a", "done", 0), ("b", "done", 3), ("c", "failed", 2), ("d", "failed", 5)]:
        ended(site, f"crawl:{source}", state, back)
    families = text_string_to_metric_families(metrics_of(health(site)).decode())
    samples = next(one.samples for one in families if one.name == "exowatch_last_job_timestamp_seconds")
    told = {(one.labels["job"], one.labels["outcome"]): one.value for one in samples}
    assert told == {("crawl", "done"): at, ("crawl", "failed"): at - 2 * 86400}


def test_labels_with_any_letters_come_back_as_they_were(site):
    hostile = 'a"b\\c\nexowatch_status 9\n# HELP {}=,\u2028\x00'
    found = replace(
        health(site), issues={hostile: 3}, flags={("high", hostile, True): 1}, ends={(hostile, "done"): health(site).at}
    )
    families = {one.name: one.samples for one in text_string_to_metric_families(metrics_of(found).decode())}
    assert families["exowatch_issues_24h"][0].labels == {"code": hostile}
    assert families["exowatch_open_flags"][0].labels["jurisdiction"] == hostile
    assert families["exowatch_last_job_timestamp_seconds"][0].labels["job"] == hostile
    assert [one.value for one in families["exowatch_status"]] == [found.exit_code]


def test_a_flag_counts_once_by_its_newest_decision(site):
    site.visit({HOME: [CURE]})
    at = site.desk.clock()
    given = {"flag_id": 1, "claim_key": "k", "because": None, "by": "ann", "at": at}
    for reading in ("wrong", "wrong", "right"):
        put(site, reviews, reading=reading, action="act", **given)
    with site.desk.store.reading() as db:
        assert read_health.misread(db, at - timedelta(days=7)) == {site.source.id: (0, 1)}
    put(site, reviews, reading="wrong", action=None, **given)
    with site.desk.store.reading() as db:
        assert read_health.misread(db, at - timedelta(days=7)) == {site.source.id: (1, 1)}


def test_pages_secured_by_hand_are_no_source_that_is_late(site):
    site.visit({HOME: [CURE]})
    with site.desk.store.writing() as db:
        row = dict(db.execute(sources.select()).one()._mapping)
        db.execute(sources.insert().values(row | {"id": "captured-shop-example-1a2b", "baseline_run_id": None}))
    write_digest(site.desk)
    ended(site, "verify", "done")
    assert set(health(site).sources) == {site.source.id}
    assert health(site).exit_code == 0


def readers(site, *names):
    people = tuple(Recipient(id=name, mail=f"{name}@b.example") for name in names)
    smtp = {"host": "127.0.0.1", "sender": "watch@b.example"}
    section = type(site.desk.config.digest).model_validate({"recipients": people, "smtp": smtp})
    site.desk = replace(site.desk, config=site.desk.config.model_copy(update={"digest": section}))


def test_a_reader_whose_letters_stopped_is_not_hidden_by_another(site):
    site.visit({HOME: [CURE]})
    write_digest(site.desk)
    readers(site, "ann", "bea", "cas", "dan")
    for name, days in [("ann", 0), ("bea", 3), ("cas", 9)]:
        at = site.desk.clock() - timedelta(days=days)
        delivery(site, "sent", recipient=name, message_id=name, queued_at=at, sent_at=at)
    found = health(site)
    assert found.exit_code == 2
    told = words(found, "letter")
    assert told.index("cas") < told.index("bea")
    assert "ann" not in told
    assert "never one for dan" in told


def test_a_time_that_lies_ahead_is_told_and_hides_no_missing_letter(site):
    site.visit({HOME: [CURE]})
    write_digest(site.desk)
    ended(site, "digest", "done", -2000)
    ended(site, "verify", "done", -2000)
    assert level(health(site), "clock") == "attention"
    assert level(health(site, 27), "letter") == "stale"
    assert level(health(site, 15 * DAYS), "verify") == "attention"


@pytest.mark.parametrize(
    ("back", "told"), [(720, "(30 days ahead of this clock)"), (3, "(3 h ahead of this clock)"), (0.05, "(0 h ago)")]
)
def test_how_long_ago_is_told_in_words_also_where_the_clock_was_put_back(site, back, told):
    site.visit({HOME: [CURE]})
    assert told in words(health(site, -back), "crawl")


def test_a_letter_in_the_outbox_of_a_reader_who_left_is_no_matter(site):
    site.visit({HOME: [CURE]})
    write_digest(site.desk)
    at = site.desk.clock() - timedelta(days=9)
    delivery(site, "sent", recipient="gone", queued_at=at, sent_at=at)
    assert health(site).exit_code == 0
    with site.desk.store.reading() as db:
        assert db.execute(outbox.select()).one().recipient == "gone"


def test_metrics_of_a_database_that_cannot_be_asked_are_told_and_the_old_file_stays(site, tmp_path):
    file = tmp_path / "exowatch.prom"
    file.write_text("old")
    config = site.desk.config.model_copy(update={"monitor": Monitor(metrics_file=file)})
    with site.desk.store.writing() as db:
        outbox.drop(db)
    try:
        assert "exowatch db upgrade" in str(write_metrics(config, site.desk.store, site.desk.clock()))
    finally:
        with site.desk.store.writing() as db:
            outbox.create(db)
    assert file.read_text() == "old"
    assert write_metrics(config, site.desk.store, site.desk.clock()) is None
    assert "exowatch_status" in file.read_text()
    assert [one.name for one in tmp_path.iterdir() if "prom" in one.name] == ["exowatch.prom"]


def look(site, *damage):
    """A verification by hand that finds this."""
    found = Verified(2, 1, 3, 1, 3, (), damage, ())
    return verify_by_hand(site.desk.config, site.desk.store, site.desk.clock, lambda: found)


def told(site):
    return [row["code"] for row in write_digest(site.desk).digest.issues]


def test_damage_found_by_hand_is_in_status_and_the_letter_until_a_verification_finds_all_whole(site):
    site.visit({HOME: [CURE]})
    assert look(site)[1] == ""
    assert told(site) == []
    look(site, Damage("a.warc.gz", 7, "not what it was"))
    assert level(health(site), "issues") == level(health(site), "verify") == "attention"
    assert told(site) == ["record-damaged"]
    look(site)
    assert level(health(site), "issues") == level(health(site), "verify") == "well"
    assert "record-whole" in told(site)
    look(site)
    with site.desk.store.reading() as db:
        assert read_health.issues_since(db, site.desk.clock() - timedelta(days=1)) == {
            "record-damaged": 1,
            "record-whole": 1,
        }
