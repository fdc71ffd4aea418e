"""Whether the watch is well: what is looked at, what is told, and how it exits."""

from dataclasses import replace
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import insert, select

from exowatch.config import Config
from exowatch.digest.write import write_digest
from exowatch.health.disk import Disk, how_long
from exowatch.health.metrics import metrics_of, write_metrics
from exowatch.health.note import weekly_note
from exowatch.health.state import GRAVE, health_of
from exowatch.sections import Monitor
from exowatch.store.tables import digests, issues, job_runs, outbox, outcomes, run_sources

HOME, CURE = "https://quay.example/", "Exosomes always cure psoriasis."


def health(site, hours=1.0):
    return health_of(site.desk.config, site.desk.store, site.desk.clock() + timedelta(hours=hours))


def words(found, what):
    return " | ".join(line.words for line in found.lines if line.what == what)


def put(site, table, **values):
    with site.desk.store.writing() as db:
        db.execute(insert(table).values(**values))


def delivery(site, state, **given):
    with site.desk.store.writing() as db:
        letter = db.execute(digests.select()).first()
        row = {"recipient": "desk", "occasion": f"after {state}", "channel": "mail", "address": "a@b.example"}
        times = {"message_id": f"<{state}@x>", "attempts": 1, "queued_at": site.desk.clock(), "sent_at": None}
        db.execute(insert(outbox).values(digest_id=letter.id, state=state, **{**row, **times, **given}))


def test_an_installation_that_never_crawled_wants_its_first_crawl(site):
    found = health(site)
    assert found.exit_code == 1
    assert "nothing was crawled" in words(found, "crawl")


def test_a_crawl_and_a_letter_of_today_are_well(site):
    site.visit({HOME: [CURE]})
    write_digest(site.desk)
    found = health(site)
    assert [line for line in found.lines if line.level != "well"] == []
    assert found.sources == {site.source.id: "well"}


def test_no_letter_in_twenty_six_hours_is_stale(site):
    site.visit({HOME: [CURE]})
    write_digest(site.desk)
    assert health(site, 25).exit_code < 2
    assert health(site, 27).exit_code == 2


def test_a_source_is_late_after_three_pauses_without_a_whole_visit(site):
    site.visit({HOME: [CURE]})
    write_digest(site.desk)
    assert site.source.id in words(health(site, 24 * 40), "sources")


def source_lines(found):
    return [(line.words, line.remedy) for line in found.lines if line.what == "sources" and line.level != "well"]


def test_a_late_source_that_nothing_visited_is_a_matter_of_cron(site):
    site.visit({HOME: [CURE]})
    ((words_, remedy),) = source_lines(health(site, 24 * 40))
    assert words_ == f"late, not even visited for 3 pauses: {site.source.id}"
    assert "cron" in remedy


def test_a_late_source_that_is_visited_and_cannot_be_read_is_told_apart(site):
    site.visit({}, "closespider_errorcount")
    ((words_, remedy),) = source_lines(health(site))
    assert words_ == f"late, visited and not seen whole: {site.source.id}"
    assert f"exowatch crawl {site.source.id}" in remedy
    assert "cron" not in remedy


@pytest.mark.parametrize("state", ["unclear", "refused", "given-up"])
def test_a_delivery_that_waits_for_a_person_is_named(site, state):
    site.visit({HOME: [CURE]})
    write_digest(site.desk)
    delivery(site, state)
    found = health(site)
    assert found.exit_code == 1
    assert "desk" in words(found, "delivery")


def test_a_letter_that_waits_for_long_is_named_though_it_is_still_tried(site):
    site.visit({HOME: [CURE]})
    write_digest(site.desk)
    delivery(site, "waiting")
    assert health(site, 1).exit_code == 0
    assert "waits" in words(health(site, 7), "delivery")


def test_a_failed_verification_wants_attention(site):
    site.visit({HOME: [CURE]})
    write_digest(site.desk)
    times = dict.fromkeys(("due_at", "started_at", "finished_at"), site.desk.clock())
    at = times | {"process": "here 1", "tries": 1}
    put(site, job_runs, job="verify", state="failed", detail="2 places of the record are damaged", **at)
    assert health(site).exit_code == 1


def test_issues_of_a_day_are_counted_by_their_code(site):
    put(site, issues, code="budget-binds", room="spiders", message="x", at=site.desk.clock())
    assert "1 budget-binds" in words(health(site), "issues")
    assert not [line for line in health(site).lines if line.what == "issues" and line.level != "well"]


@pytest.mark.parametrize("code", GRAVE)
def test_a_grave_issue_wants_attention_and_is_named_before_many_others(site, code):
    for n in range(6):
        for _ in range(2):
            put(site, issues, code=f"other-{n}", room="spiders", message="x", at=site.desk.clock())
    put(site, issues, code=code, room="x", message="x", at=site.desk.clock())
    (line,) = [line for line in health(site).lines if line.what == "issues"]
    assert line.level == "attention"
    assert f"1 {code}" in line.words


@pytest.mark.parametrize(("days", "told"), [(12, "12 days"), (2000, "5 years"), (99999, "a century and more")])
def test_how_long_the_disk_lasts_is_told_in_words(days, told):
    assert how_long(days) == told


def test_a_disk_that_fills_in_a_week_wants_attention(site, monkeypatch):
    site.visit({HOME: [CURE]})
    write_digest(site.desk)
    monkeypatch.setattr("exowatch.health.state.disk_of", lambda config: Disk(10**12, 1e9, 7.0))
    assert "7 days" in words(health(site), "disk")
    assert health(site).exit_code == 1


def test_metrics_are_read_by_prometheus_and_hold_no_word_of_a_page(site):
    site.visit({HOME: [CURE]})
    write_digest(site.desk)
    delivery(site, "sent", sent_at=site.desk.clock())
    made = metrics_of(health(site)).decode()
    found = {family.name: family for family in text_string_to_metric_families(made)}
    assert found["exowatch_status"].samples[0].value == 0
    assert found["exowatch_open_flags"].samples[0].labels["severity"] == "high"
    assert {"exowatch_last_crawl_timestamp_seconds", "exowatch_last_sent_timestamp_seconds"} <= set(found)
    assert not any(name in made for name in ("Quay", "psoriasis", "quay.example", "a@b.example"))


def test_metrics_that_cannot_be_written_end_nothing(site, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    config = site.desk.config.model_copy(update={"monitor": Monitor(metrics_file=blocked / "m.prom")})
    assert "not written" in str(write_metrics(config, site.desk.store, site.desk.clock()))
    assert write_metrics(Config(database=config.database), site.desk.store, site.desk.clock()) is None


def test_the_weekly_note_names_what_is_silent(site):
    site.visit({HOME: []})
    note = weekly_note(site.desk.config, site.desk.store, site.desk.clock() + timedelta(hours=1))
    assert [one.source for one in note.silent] == [site.source.id]
    assert "1 silent" in note.subject
    assert site.source.id in note.text
    assert "Visited: 1 of 1 sources" in note.text


def test_the_weekly_note_of_a_watch_that_stood_still_says_so(site):
    site.visit({HOME: [CURE]})
    note = weekly_note(site.desk.config, site.desk.store, site.desk.clock() + timedelta(days=9))
    assert note.subject.endswith("no source was visited")
    assert f"sources: late, not even visited for 3 pauses: {site.source.id}" in note.attention


@pytest.mark.parametrize(
    ("code", "remedy"), [("dns", "is the network of this machine up?"), ("http-404", "mend start_urls")]
)
def test_a_site_of_which_no_page_could_be_read_is_broken_with_the_cause_and_not_silent(site, code, remedy):
    site.visit({}, "closespider_errorcount")
    with site.desk.store.writing() as db:
        run = db.execute(select(run_sources.c.run_id)).scalar()
        told = {"run_id": run, "source_id": site.source.id, "url": HOME, "result": "FAILED", "at": site.desk.clock()}
        db.execute(insert(outcomes).values(**told, code=code, detail=""))
    note = weekly_note(site.desk.config, site.desk.store, site.desk.clock() + timedelta(hours=1))
    assert note.silent == ()
    ((source, words_, what),) = [(one.source, one.words, one.remedy) for one in note.broken]
    assert (source, words_) == (site.source.id, f"no page could be read; mostly: {code}")
    assert remedy in what


def test_a_site_that_was_never_seen_whole_three_times_running_is_broken(site):
    site.visit({HOME: [CURE]})
    for _ in range(3):
        site.visit({}, "closespider_errorcount")
    note = weekly_note(site.desk.config, site.desk.store, site.desk.clock() + timedelta(hours=1))
    assert [one.source for one in note.broken] == [site.source.id]


def test_the_state_is_the_worst_of_its_lines(site):
    found = health(site)
    assert replace(found, lines=()).exit_code == 0
