"""How much of a site the time of a letter saw: each page once, whatever visit met it."""

import pytest

from exowatch.intake import close_run
from exowatch.intake.capture import record_outcome
from exowatch.model.captures import Outcome
from exowatch.store.covers import Covers, newest
from exowatch.store.read_coverage import coverage, unread_pages
from tests.unit.intake.sites import DAY, make_site

HOME, MORE, PRICES = (f"https://quay.example/{page}" for page in ("", "more", "prices"))
START = Covers()
GLOW, CURES = "Exosomes smooth wrinkles.", "Exosomes always cure psoriasis."


@pytest.fixture
def site(database_url):
    made = make_site(database_url)
    yield made
    made.desk.store.close()


def seen(site, after=START):
    with site.desk.store.reading() as db:
        (row,) = coverage(db, after, newest(db))
        return {name: row[name] for name in ("seen", "read", "unchanged", "unfit", "failed") if row[name]}


def unread(site):
    with site.desk.store.reading() as db:
        return [(row["url"], row["code"], row["read_too"]) for row in unread_pages(db, Covers(), newest(db))]


def test_pages_read_on_a_visit_before_the_newest_are_counted_as_read(site):
    site.visit({HOME: [GLOW], MORE: [GLOW]})
    with site.desk.store.reading() as db:
        told = newest(db)
    assert seen(site) == {"seen": 2, "read": 2}
    site.visit({HOME: [GLOW], MORE: [GLOW, CURES], PRICES: "challenge"})
    site.visit({HOME: [GLOW], MORE: [GLOW, CURES], PRICES: "challenge"})
    assert seen(site, told) == {"seen": 3, "read": 1, "unchanged": 1, "unfit": 1}


def test_what_kept_a_page_from_being_read_last_counts_where_no_visit_read_it(site):
    site.visit({HOME: [GLOW], PRICES: "challenge"})
    run = site.begin()
    site.show(run, HOME, [GLOW])
    record_outcome(site.desk, Outcome(run.id, "quay", PRICES, "FAILED", "timeout", at=run.started_at))
    close_run(site.desk, run, {"quay": "finished"})
    assert seen(site) == {"seen": 2, "read": 1, "failed": 1}
    assert unread(site) == [(PRICES, "timeout", False)]


def test_a_page_that_another_visit_could_read_is_counted_as_read_and_told_with_its_failure(site):
    site.visit({HOME: [GLOW], PRICES: [CURES]})
    site.visit({HOME: [GLOW], PRICES: "challenge"})
    assert seen(site) == {"seen": 2, "read": 2}
    assert unread(site) == [(PRICES, "challenge", True)]


def test_captures_read_again_are_no_visit(site):
    site.visit({HOME: [GLOW]})
    run = site.begin("reread")
    close_run(site.desk, run, {"quay": "reread"})
    with site.desk.store.reading() as db:
        (row,) = coverage(db, Covers(), newest(db))
    assert (row["run_id"], row["seen"], row["started_at"][:10]) == ("run-1", 1, DAY.date().isoformat())


def test_a_time_without_a_visit_has_nothing_seen_and_no_verdict(site):
    site.visit({HOME: [GLOW]})
    with site.desk.store.reading() as db:
        (row,) = coverage(db, newest(db), newest(db))
    assert (row["seen"], row["verdict"], row["name"]) == (0, None, "Quay Skin")
