"""Pages as entries of a letter."""

from __future__ import annotations

from exowatch.digest.ranking import by_page, by_severity, certainty_words, iso, parted, trader_of
from tests.unit.digest.letters import DAY1, flag


def test_a_page_shows_three_flags_and_says_how_many_more():
    (group,) = by_page([flag(id=n) for n in range(17)])
    assert [row["id"] for row in group.shown] == [0, 1, 2]
    assert group.more == 14


def test_pages_and_traders_are_kept_apart_in_the_order_of_their_first_row():
    groups = by_page([flag(url="https://b.example/"), flag(url="https://a.example/"), flag(trader="Other Ltd")])
    assert [(group.trader, group.url) for group in groups] == [
        ("Harbour Skin Ltd", "https://b.example/"),
        ("Harbour Skin Ltd", "https://a.example/"),
        ("Other Ltd", "https://harbour-skin.example/exosomes"),
    ]


def test_a_trader_may_be_a_name_a_record_or_unknown():
    assert trader_of({"trader": "A Ltd"}) == "A Ltd"
    assert trader_of({"trader": {"name": "B Ltd"}}) == "B Ltd"
    assert trader_of({"trader": None, "source": "c"}) == "c"


def test_counts_name_every_severity():
    assert by_severity([flag(), flag(severity=None)]) == {"critical": 0, "high": 0, "medium": 1, "low": 0}


def test_times_read_as_iso_text():
    assert iso(DAY1) == "2026-11-23T06:00:00Z"
    assert iso("2026-11-23T06:00:00Z") == "2026-11-23T06:00:00Z"
    assert iso(None) == ""


def test_what_the_letter_doubts_is_doubtful_in_words_too():
    known = ((None, "high", "not weighed"), (0.875, "medium", "sure"), (0.875, "high", "doubtful"))
    for certainty, severity, said in known:
        row = {"certainty": certainty, "severity": severity}
        assert certainty_words(row) == said
        assert (row in parted([row])[2]) == (said == "doubtful")
