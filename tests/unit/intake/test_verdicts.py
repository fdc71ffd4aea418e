"""Which visits are believed: feeds, pages that are withdrawn, and single pages that were imported."""

from datetime import UTC, datetime

import pytest

from exowatch.digest.wording import outcome_words
from exowatch.intake import close_run
from exowatch.model.captures import Outcome
from exowatch.store import write_pages
from tests.unit.intake.sites import make_site

HOME, OLD = "https://quay.example/", "https://quay.example/old"
GLOW = "Your skin glows after one session with our exosome serum."
CURES = "Exosomes cure psoriasis in all of our patients."
PAGES = {f"https://quay.example/{n}": [f"Reason {n} to love what exosomes do."] for n in range(7)}


@pytest.fixture
def site(database_url):
    made = make_site(database_url)
    yield made
    made.desk.store.close()


@pytest.fixture
def feed(database_url):
    made = make_site(database_url, via="feed")
    yield made
    made.desk.store.close()


def failed_visit(site, code):
    run = site.begin()
    with site.desk.store.writing() as db:
        outcome = Outcome(run.id, "quay", HOME, "FAILED", code, "", None, None, run.started_at)
        write_pages.write_outcome(db, outcome)
    return close_run(site.desk, run, {"quay": "finished"})[0]


def imported(site, url, sentences, **facts):
    run = site.begin("import")
    site.show(run, url, sentences, **facts)
    return close_run(site.desk, run, {"quay": "imported"})[0]


def entries(first):
    return {f"https://news.example/{n}": [f"Story {n} praises the exosome serum."] for n in range(first, first + 4)}


def test_a_feed_whose_older_entries_are_never_asked_for_again_is_never_held(feed):
    assert [feed.visit(entries(2 * day)).verdict for day in range(8)] == ["complete"] * 8
    assert len(feed.news()) == 14


def test_a_feed_most_of_whose_known_entries_cannot_be_read_is_held(feed):
    feed.visit(entries(0))
    broken = dict(zip(entries(0), ["error", "error", "error", ["Story 3 praises the exosome serum."]], strict=True))
    assert feed.visit(broken).verdict == "held"


@pytest.mark.parametrize("pages", [1, 7])
def test_a_site_that_is_withdrawn_is_told_by_the_second_visit_or_the_fourth_where_much_is_lost(site, pages):
    whole = {HOME: [GLOW]} if pages == 1 else PAGES
    site.visit(whole)
    verdicts = [site.visit(dict.fromkeys(whole, "gone")).verdict for _ in range(4)]
    assert verdicts == (["complete"] * 4 if pages == 1 else ["held", "held", "held", "complete"])
    kinds = [kind for kind, _, _ in site.changes()]
    assert (kinds.count("gone"), kinds.count("vanished")) == (pages, pages)
    assert site.news() == []


@pytest.mark.parametrize("code", ["dns", "timeout", "refused"])
def test_a_source_that_cannot_be_reached_proves_nothing(site, code):
    site.visit({HOME: [GLOW]})
    assert [failed_visit(site, code).verdict for _ in range(3)] == ["partial"] * 3
    assert site.visit({HOME: "error"}).verdict == "partial"
    assert site.changes() == []


def test_a_start_page_that_was_never_there_is_no_inventory(site):
    assert site.visit({HOME: "gone"}).verdict == "partial"
    site.visit({HOME: [GLOW]})
    assert site.news() == []


def test_an_old_capture_of_an_unknown_page_is_inventory_whenever_it_is_imported(site):
    site.visit({HOME: [GLOW]})
    site.visit({HOME: [GLOW]})
    closed = imported(site, OLD, [CURES], fetched_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert closed.verdict == "complete"
    assert site.news() == []
    assert ("baseline", CURES) in site.flags()
    assert site.changes() == []


def test_one_imported_page_is_not_held_against_the_pages_of_the_whole_site_and_is_news(site):
    site.visit(PAGES)
    assert imported(site, OLD, [CURES]).verdict == "complete"
    assert site.news() == [("new", CURES)]
    site.visit(PAGES | {OLD: [CURES]})
    assert site.news() == [("new", CURES)]


def test_an_import_settles_nothing_that_waits_for_a_whole_visit(site):
    site.visit(PAGES)
    first, *rest = PAGES
    few = {first: [*PAGES[first], GLOW]} | dict.fromkeys(rest, "error")
    assert site.visit(few).verdict == "held"
    imported(site, OLD, [CURES])
    assert site.news() == [("new", CURES)]
    site.visit(PAGES | {first: [*PAGES[first], GLOW], OLD: [CURES]})
    assert site.news() == [("new", CURES), ("new", GLOW)]


def test_a_site_that_puts_every_visit_off_keeps_no_news_from_being_told(site):
    waits = "asked to wait 86400 seconds"
    site.visit({HOME: [GLOW], OLD: [CURES]})
    for _ in range(2):
        closed = site.visit({HOME: [GLOW, "Exosomes always heal psoriasis."]}, waits)
        assert closed.verdict == "partial"
        assert site.news() == []
    for visits in (3, 4, 5):
        closed = site.visit({HOME: [GLOW, "Exosomes always heal psoriasis."], OLD: []}, waits)
        assert closed.verdict == "partial"
        assert closed.why.startswith(f"{visits} visits running the site asked us to wait: out of reach, or hiding")
        assert site.news() == [("new", "Exosomes always heal psoriasis.")]
    assert ("gone", CURES, None) not in site.changes()
    closed = site.visit({HOME: [GLOW, "Exosomes always heal psoriasis."], OLD: []})
    assert closed.verdict == "complete"
    assert ("gone", CURES, None) in site.changes()
    assert len(site.news()) == 1


def test_a_link_that_never_led_to_a_page_is_not_told_as_a_page_that_is_no_longer_there(site):
    for _ in range(3):
        run = site.begin()
        site.show(run, HOME, [GLOW])
        outcome = site.show(run, OLD, "gone")
        assert outcome.code == "no-page"
        assert outcome_words({"result": "UNFIT", "code": outcome.code})[1].endswith("none was ever read there")
        closed = close_run(site.desk, run, {"quay": "finished"})[0]
        assert closed.why == "1 of 2 pages could be read"
    site.visit({HOME: [GLOW], OLD: [CURES]})
    run = site.begin()
    assert site.show(run, OLD, "gone").code == "gone"
    assert not [row for row in site.rows("changes") if row["subject"] == "page"]
