"""Pages that lead to other pages: their claims go along, and nothing of it is news."""

import pytest

from exowatch.intake import close_run, record_moved_pages
from exowatch.store import read_digest, read_state
from exowatch.store.read_digest import Covers
from tests.unit.intake.sites import make_site, statement

HOME, OLD, NEW = (f"https://quay.example/{path}" for path in ("", "hair", "en/hair"))
GLOW = "Your skin glows after one session with our exosome serum."
CURES = "Exosomes cure psoriasis in all of our patients."
CURED = "Exosomes cure psoriasis in all of our patients here."


@pytest.fixture
def site(database_url):
    made = make_site(database_url)
    made.visit({HOME: [GLOW], OLD: [CURES]})
    yield made
    made.desk.store.close()


def led(site, pages, led_to):
    run = site.begin()
    for url, sentences in pages.items():
        site.show(run, url, sentences)
    record_moved_pages(site.desk, run, "quay", led_to)
    return close_run(site.desk, run, {"quay": "finished"})[0]


def live(site):
    return sorted((row["url"], row["quote"]) for row in site.rows("claims") if row["live"] == "yes")


def test_the_claims_of_a_page_that_leads_elsewhere_move_there_and_are_no_news(site):
    closed = led(site, {HOME: [GLOW], NEW: [CURES]}, {OLD: NEW})
    assert closed.verdict == "complete"
    assert "1 known before are no longer there" in closed.why
    assert site.news() == []
    assert site.changes() == [("moved", CURES, CURES)]
    assert live(site) == [(HOME, GLOW), (NEW, CURES)]
    for _ in range(2):
        closed = led(site, {HOME: [GLOW], NEW: [CURES]}, {OLD: NEW})
    assert "no longer there" not in closed.why
    pages = [(row["kind"], row["url"], row["why"]) for row in site.rows("changes") if row["subject"] == "page"]
    assert pages == [("moved", OLD, f"leads to {NEW}")]
    with site.desk.store.reading() as db:
        assert {page.url for page in read_state.known_urls(db, "quay")} == {HOME, NEW}


def test_claims_that_take_other_words_on_their_way_are_the_same_claims(site):
    led(site, {HOME: [GLOW], NEW: [CURED]}, {OLD: NEW})
    assert site.news() == []
    assert site.changes() == [("moved", CURES, CURED)]
    assert live(site) == [(HOME, GLOW), (NEW, CURED)]


def test_a_claim_whose_page_leads_to_one_without_it_is_gone_after_two_visits(site):
    led(site, {HOME: [GLOW]}, {OLD: HOME})
    assert site.changes() == []
    led(site, {HOME: [GLOW]}, {OLD: HOME})
    assert ("gone", CURES, None) in site.changes()
    assert live(site) == [(HOME, GLOW)]


def test_a_page_that_leads_to_one_that_could_not_be_read_or_in_a_circle_proves_nothing(site):
    led(site, {HOME: [GLOW], NEW: "error"}, {OLD: NEW})
    led(site, {HOME: [GLOW]}, {OLD: NEW, NEW: OLD})
    assert site.changes() == []
    assert live(site) == [(HOME, GLOW), (OLD, CURES)]


def test_a_whole_site_that_moves_is_neither_held_nor_news(site):
    moved = {f"{HOME}new/{n}": [f"Reason {n} to love what exosomes do."] for n in range(6)}
    site.visit({HOME: [GLOW]} | {url.replace("new/", ""): told for url, told in moved.items()} | {OLD: [CURES]})
    before = len(site.news())
    closed = led(site, {HOME: [GLOW], NEW: [CURES]} | moved, {OLD: NEW} | {u.replace("new/", ""): u for u in moved})
    assert closed.verdict == "complete"
    assert len(site.news()) == before
    assert len(live(site)) == 8


def test_statements_move_along_with_their_page_and_are_not_told_as_new(site):
    warned, more = (statement(f"The FDA has not approved exosomes for {what}.") for what in ("skin", "joints"))
    again = statement("The FDA has not approved exosomes for skin at all.")
    site.visit({HOME: [GLOW], OLD: [CURES, warned, statement("The FDA warns of exosomes.")]})
    with site.desk.store.reading() as db:
        told = read_digest.newest(db)
    led(site, {HOME: [GLOW], NEW: [CURES, again, statement("The FDA warns of exosomes."), more]}, {OLD: NEW})
    with site.desk.store.reading() as db:
        assert [row["quote"] for row in read_digest.letter_rows(db, told)["statements"]] == [more.quote.text]
        assert len(read_digest.letter_rows(db, Covers())["statements"]) == 3
