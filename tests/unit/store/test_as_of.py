"""Listings as they stood at a past time say nothing of what came after."""

from dataclasses import replace
from datetime import timedelta

import pytest

from exowatch.errors import SetupError
from exowatch.model.findings import Study
from exowatch.store.as_of import _THEN, rows_then
from tests.unit.intake.sites import DAY, make_site

HOME, HAIR = "https://quay.example/", "https://quay.example/hair"
MAY = "Exosomes may help with hair-loss in most of our patients."
STOPS = "Exosomes stop hair-loss in most of our patients."
GLOW = "Your skin glows after one session with our exosome serum."
SOFT = "The serum leaves the face soft and calm for weeks."
FIRST, SECOND, THIRD, FOURTH = (f"2026-11-0{day}T12:00Z" for day in (1, 2, 3, 4))


@pytest.fixture
def site(database_url):
    """MAY becomes STOPS on the second day and goes on the third; GLOW comes on the second."""
    made = make_site(database_url)
    made.desk = replace(made.desk, clock=lambda: DAY + timedelta(days=made.number - 1, hours=1))
    trial = Study("doi:10.1/a", "Exosomes in hair loss", doi="10.1/a")
    made.visit({HOME: [SOFT], HAIR: [MAY]})
    made.visit({HOME: [SOFT, GLOW, trial], HAIR: [STOPS]})
    for _ in range(2):
        made.visit({HOME: [SOFT, GLOW, trial], HAIR: []})
    yield made
    made.desk.store.close()


def then(site, name, moment, **asked):
    return site.rows(name, as_of=moment, **asked)


def test_words_are_those_of_then(site):
    told = {m: {row["quote"] for row in then(site, "claims", m)} for m in (FIRST, SECOND)}
    assert told == {FIRST: {SOFT, MAY}, SECOND: {SOFT, GLOW, STOPS}}
    (may,) = then(site, "claims", FIRST, text="may help")
    assert (may["stance"], may["verdict"]) == ("hedged", "unassessed")
    assert may["capture_id"] != site.rows("claims", text="stop")[0]["capture_id"]


def test_presence_is_what_was_known_then(site):
    told = [then(site, "claims", moment, text="stop")[0] for moment in (SECOND, THIRD, FOURTH)]
    assert [row["live"] for row in told] == ["yes", "unknown", "no"]
    assert [row["absent_since"] for row in told] == [None, "2026-11-03T06:00:00Z", "2026-11-03T06:00:00Z"]
    assert {row["last_seen"] for row in told} == {"2026-11-02T06:00:00Z"}
    assert [row["fit_captures"] for row in told] == [2, 3, 4]


def test_what_came_later_is_not_there(site):
    counted = {name: [len(then(site, name, m)) for m in (FIRST, SECOND, FOURTH)] for name in _THEN}
    assert counted["studies"] == [0, 1, 1]
    assert counted["changes"][0] == 0
    assert counted["flags"][0] < counted["flags"][1]
    assert all(then(site, name, "2026-10-01") == [] for name in _THEN)


def test_now_is_the_same_as_no_time_at_all(site):
    for name in _THEN:
        for told, row in zip(then(site, name, "2026-11-05"), site.rows(name), strict=True):
            assert {key: (told[key], row[key]) for key in row if told[key] != row[key]} == {}


def test_a_time_that_is_none_is_told(site):
    with pytest.raises(SetupError, match="no day or time"):
        then(site, "claims", "yesterday")


@pytest.mark.parametrize("name", _THEN)
def test_the_views_still_hold_what_is_replaced(name):
    assert ":as_of" in rows_then(name)
