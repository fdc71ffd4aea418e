"""How many flags wait for a decision: what a person said of other words, or has not made up, decides nothing."""

import pytest

from exowatch.model.decisions import Decision
from exowatch.store.read_health import open_flags
from exowatch.store.write_reviews import write_decision
from tests.unit.intake.sites import DAY, make_site

HOME = "https://quay.example/"
CURES, OFTEN = "Exosomes always cure psoriasis.", "Exosomes nearly always cure psoriasis."


@pytest.fixture
def site(database_url):
    made = make_site(database_url)
    made.visit({HOME: [CURES]})
    yield made
    made.desk.store.close()


def decide(site, reading, action):
    with site.desk.store.writing() as db:
        write_decision(db, 1, Decision(reading, action, None, "as it says", "Ann Byrne"), DAY)


def waiting(site):
    """(that wait for a decision, that are decided and open)"""
    with site.desk.store.reading() as db:
        found = open_flags(db)
    return tuple(sum(count for (*_, decided), count in found.items() if decided is which) for which in (False, True))


@pytest.mark.parametrize(
    ("reading", "action", "expected"),
    [
        ("right", "act", (0, 1)),
        ("right", "undecided", (1, 0)),
        ("right", "no-action", (0, 0)),
        ("wrong", "act", (0, 0)),
    ],
)
def test_a_flag_is_decided_once_it_is_said_what_follows(site, reading, action, expected):
    assert waiting(site) == (1, 0)
    decide(site, reading, action)
    assert waiting(site) == expected


@pytest.mark.parametrize(("reading", "action"), [("right", "act"), ("right", "no-action"), ("wrong", "no-action")])
def test_a_flag_whose_words_moved_after_its_review_waits_again_until_another_one(site, reading, action):
    decide(site, reading, action)
    site.visit({HOME: [OFTEN]})
    assert waiting(site) == (1, 0)


def test_the_newest_review_holds(site):
    decide(site, "right", "act")
    decide(site, "right", "undecided")
    assert waiting(site) == (1, 0)
