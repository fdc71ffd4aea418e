"""A page that takes back its promise no more promises more."""

from dataclasses import replace

import pytest

from exowatch.intake import close_run
from exowatch.store.read_rows import rows
from tests.unit.intake.sites import claim, make_site, statement

HOME, HAIR = "https://quay.example/", "https://quay.example/hair"
GLOW = "Your skin glows after one session with our exosome serum."
SOFT = "The serum leaves the face soft and calm for weeks."
VARY = "Results vary from person to person."
NOT_APPROVED = "Our exosomes are not approved by any agency."


@pytest.fixture
def site(database_url):
    made = make_site(database_url)
    yield made
    made.desk.store.close()


def visit(site, pages, disclaimers=(VARY,)):
    before = f"{GLOW}\n{VARY}\n{SOFT}".casefold() if site.number else ""
    run = site.begin()
    for url, sentences in pages.items():
        site.show(run, url, sentences, length=1000 + site.number, before=before, disclaimers=disclaimers)
    close_run(site.desk, run, {"quay": "finished"})


def test_the_claim_beside_a_lost_disclaimer_is_stronger_and_flagged(site):
    visit(site, {HOME: [GLOW, SOFT]})
    visit(site, {HOME: [GLOW, SOFT]}, disclaimers=())
    assert site.changes() == [("stronger", VARY, GLOW)]
    assert site.news() == [("stronger", GLOW)]
    (flag,) = site.rows("flags", change=("stronger",))
    assert flag["before"] == VARY


def test_a_disclaimer_in_other_words_is_still_one(site):
    visit(site, {HOME: [GLOW, SOFT]})
    visit(site, {HOME: [GLOW, SOFT]}, disclaimers=("Individual results may vary.",))
    assert site.changes() == []


def test_a_disclaimer_taken_from_the_foot_of_every_page_is_told_once(site):
    visit(site, {HOME: [GLOW], HAIR: [SOFT]})
    visit(site, {HOME: [GLOW], HAIR: [SOFT]}, disclaimers=())
    assert site.news() == [("stronger", GLOW)]


def test_a_disclaimer_that_comes_and_goes_is_told_once(site):
    for day in range(5):
        visit(site, {HOME: [GLOW]}, disclaimers=() if day % 2 else (VARY,))
    assert site.news() == [("stronger", GLOW)]


def test_words_that_a_product_is_not_approved_are_a_disclaimer_too(site):
    visit(site, {HOME: [GLOW, statement(NOT_APPROVED)]}, disclaimers=())
    visit(site, {HOME: [GLOW]}, disclaimers=())
    assert ("stronger", NOT_APPROVED, GLOW) in site.changes()
    assert site.news() == [("stronger", GLOW)]


def test_a_claim_that_nobody_is_to_look_at_is_not_flagged_for_a_lost_disclaimer(site):
    told = replace(claim(GLOW), stance="attributed")
    visit(site, {HOME: [told]})
    visit(site, {HOME: [told]}, disclaimers=())
    assert site.changes() == []


def test_a_feature_is_stored_with_its_place(site):
    visit(site, {HOME: [GLOW]})
    with site.desk.store.reading() as db:
        (row,) = rows(db, "v_page_features")
    assert (row["feature"], row["text"], row["zone"], row["css"]) == ("disclaimers", VARY, "body", "p:nth-of-type(0)")
    assert (row["block"], row["start_at"], row["end_at"]) == (0, 0, len(VARY))
