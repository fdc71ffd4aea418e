"""Codes said in words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from exowatch.digest.compose import Rows, compose
from exowatch.digest.sheet import lay_out
from exowatch.digest.wording import (
    CAUSE_WORDS,
    CHANGE_WORDS,
    absence_words,
    first_seen_words,
    moment,
    outcome_words,
    place_words,
    reasons,
    subject_words,
    verdict_words,
)
from tests.unit.digest.letters import DAY1, DAY2, SEARCH, flag, letter


def test_words_that_took_the_place_of_others_are_first_seen_when_they_came_and_since_when_others_stood_is_told():
    known = {"first_seen": DAY2, "lineage_first_seen": DAY1}
    assert first_seen_words(known | {"before": None}) == moment(DAY2)
    told = f"{moment(DAY2)} in these words (others in their place since {moment(DAY1)})"
    assert first_seen_words(known | {"before": "Exosomes may help."}) == told
    (entry,) = lay_out(compose(Rows(flags=[flag(before="Exosomes may help.", **known)]), letter())).sections[0].entries
    assert entry.items[0].first_seen == told


def test_unsupported_is_said_with_its_search():
    assert verdict_words(flag()) == f"unsupported: {SEARCH}"
    counted = {"studies": 3, "sources": 1, "harvested_to": "2026-11-20"}
    said = verdict_words({"verdict": "unsupported", "search": counted})
    assert said == "unsupported: 3 studies held, from 1 source, harvested up to 2026-11-20"


def test_unsupported_without_its_search_is_never_said():
    assert "unsupported" not in verdict_words({"verdict": "unsupported", "reasons": []})


def test_no_search_yet_is_said_so():
    assert verdict_words({"verdict": "unassessed"}) == "not assessed: no evidence search yet"


def test_reasons_leave_the_search_to_the_verdict_and_name_what_they_cite():
    row = flag(reasons=[{"rule": "a", "words": "Named.", "cites": ["X-1"]}, {"rule": "support.search", "words": "S"}])
    assert reasons(row) == ("Named. [X-1]",)


def test_an_absence_says_between_when_and_in_how_many_captures():
    row = {"absent_since": DAY1, "last_fit_at": DAY2, "misses": 2}
    assert absence_words(row) == ("not seen between 2026-11-23 06:00 UTC and 2026-11-24 06:00 UTC in 2 fit captures")
    assert absence_words({"absent_since": DAY1, "last_fit_at": DAY1, "misses": 1}) == (
        "not seen on 2026-11-23 06:00 UTC in 1 fit capture"
    )
    assert absence_words({"why": "two visits lack it"}) == "two visits lack it"


def test_a_place_off_the_face_of_the_page_is_told():
    assert place_words(flag()) == ""
    assert place_words(flag(zone="alt", visible="no", speaker="customer")) == (
        "in the text that stands for a picture; not visible to a visitor; said by a customer"
    )


def test_subjects_name_serious_conditions():
    row = flag(kinds=["disease"], conditions=[{"name": "stroke", "tier": "serious"}], agencies=["FDA"])
    assert subject_words(row) == "disease · asserted · stroke (serious) · FDA"


def test_times_are_utc_whatever_they_came_as():
    assert moment("2026-11-24T07:00:00+01:00") == "2026-11-24 06:00 UTC"
    assert moment(DAY2) == "2026-11-24 06:00 UTC"
    assert moment(None) == ""
    assert moment("last week") == "last week"


def test_outcomes_name_the_cause():
    row = {"result": "UNFIT", "code": "challenge", "detail": "HTTP 403"}
    assert outcome_words(row) == ("unfit", "the site asked whether we are a robot (HTTP 403)")
    assert outcome_words({"result": "FAILED", "code": "odd"}) == ("failed", "odd")


def test_a_claim_judged_anew_by_the_words_around_it_is_not_said_to_stand_on_a_page_that_did_not_change():
    assert "page" not in CAUSE_WORDS["reader"]
    assert "page" not in CHANGE_WORDS["reassessed"]


@pytest.mark.parametrize(
    ("hour", "zone", "day", "told"),
    [
        (0, "Europe/Dublin", "25 October 2026", "2026-10-25 01:30 IST"),
        (1, "Europe/Dublin", "25 October 2026", "2026-10-25 01:30 GMT"),
        (3, "America/New_York", "24 October 2026", "2026-10-24 23:30 EDT"),
        (23, "Europe/Dublin", "25 October 2026", "2026-10-25 23:30 GMT"),
    ],
)
def test_an_hour_that_comes_twice_is_told_apart_and_the_day_is_the_readers(hour, zone, day, told):
    until = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
    sheet = lay_out(compose(Rows(), letter(until=until, zone=zone)), zone)
    assert (sheet.date, sheet.window.partition(" to ")[2]) == (day, told)


def test_thirty_days_are_thirty_also_where_the_clocks_change():
    until = datetime(2026, 11, 5, 0, 30, tzinfo=UTC)
    days = [row["day"] for row in compose(Rows(), letter(until=until, zone="Europe/Dublin")).days]
    assert (len(days), len(set(days)), days[0], days[-1]) == (30, 30, "2026-10-07", "2026-11-05")


def test_a_page_that_is_read_and_not_relied_on_is_told_in_words():
    row = {"result": "READ", "code": "suspicious", "detail": "2 of 3 claims are missing"}
    result, cause = outcome_words(row)
    assert result == "read, and not relied on"
    assert cause.endswith("(2 of 3 claims are missing)")


def test_a_cause_is_not_told_twice():
    row = {"result": "DISALLOWED", "code": "robots", "detail": "robots.txt asks us not to fetch it", "read_too": True}
    assert outcome_words(row) == ("not allowed", "robots.txt asks not to read it; another visit could read it")
