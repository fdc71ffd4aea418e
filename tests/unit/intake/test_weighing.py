"""The same sentence under other circumstances: what the page did is news, what only reading did is not."""

from dataclasses import replace

import pytest

from exowatch.intake import close_run
from tests.unit.intake.sites import claim, make_site, visit_home

HOME, FAQ = "https://quay.example/", "https://quay.example/faq"
GLOW = "Your skin glows after one session with our exosome serum."
CALM = "The serum leaves the face soft and calm for weeks."
CURES = "Exosomes cure psoriasis in all of our patients."


@pytest.fixture
def site(database_url):
    made = make_site(database_url)
    yield made
    made.desk.store.close()


def attributed(text, context=None):
    return replace(claim(text), stance="attributed", context=context or text)


def told(site):
    return [(row["kind"], row["cause"], row["after"]) for row in site.rows("changes", sort="id")]


def test_a_sentence_is_flagged_once_its_page_turns_from_warning_to_promoting(site):
    visit_home(site, [attributed(CURES)], attitude="criticises")
    assert site.flags() == []
    visit_home(site, [CURES], attitude="promotes", length=1001)
    assert told(site) == [("stronger", "page", CURES)]
    assert site.news() == [("stronger", CURES)]
    (row,) = site.rows("claims")
    assert (row["stance"], row["flag"], row["severity"]) == ("asserted", True, "high")
    (change,) = site.rows("changes")
    assert "criticises → promotes" in change["why"]


def test_a_page_that_turns_to_and_fro_is_told_once(site):
    for day, attitude in enumerate(["neutral", "promotes", "neutral", "promotes"]):
        visit_home(site, [CURES], attitude=attitude, length=1000 + day)
    assert site.news() == [("stronger", CURES)]
    assert [kind for kind, _, _ in told(site)] == ["stronger", "weaker"]


def test_a_page_that_turns_in_a_visit_cut_short_is_flagged_by_the_next_whole_one(site):
    visit_home(site, [CURES], attitude="criticises")
    visit_home(site, [CURES], attitude="promotes", finish="killed", length=1001)
    assert site.news() == []
    visit_home(site, [CURES], attitude="promotes", length=1001)
    assert site.news() == [("stronger", CURES)]


def test_a_sentence_that_was_no_claim_on_the_warning_page_is_new_once_the_page_promotes(site):
    visit_home(site, [attributed(GLOW)], attitude="criticises", also=(CURES,))
    visit_home(site, [attributed(GLOW), CURES], attitude="promotes", before=CURES.casefold())
    assert told(site) == [("new", "page", CURES)]
    assert site.news() == [("new", CURES)]


def test_a_sentence_copied_to_a_promoting_page_is_flagged_there(site):
    site.visit({HOME: [GLOW]})
    visit_home(site, [GLOW, attributed(CURES)], attitude="criticises", length=1001)
    run = site.begin()
    site.show(run, FAQ, [CURES])
    close_run(site.desk, run, {"quay": "finished"})
    assert site.news() == [("stronger", CURES)]


def test_a_stance_that_moves_while_its_paragraph_stands_makes_no_news(site):
    visit_home(site, [GLOW, attributed(CALM)])
    visit_home(site, [GLOW, CALM], length=1001)
    assert [cause for _, cause, _ in told(site)] == ["reader"]
    assert site.news() == []
    assert all(row["flag"] for row in site.rows("claims"))


def test_a_hedge_put_into_the_paragraph_before_the_sentence_is_a_change_of_the_page(site):
    softly = replace(claim(CALM), stance="hedged", context=f"It may be so. {CALM}")
    visit_home(site, [GLOW, softly])
    visit_home(site, [GLOW, CALM], length=1001)
    assert told(site) == [("stronger", "page", CALM)]
    visit_home(site, [GLOW, softly], length=1002)
    assert told(site)[1:] == [("weaker", "page", CALM)]


def test_a_sentence_made_visible_on_the_page_weighs_more(site):
    hidden = replace(claim(CURES), visible="no")
    visit_home(site, [hidden])
    assert site.rows("claims")[0]["severity"] == "medium"
    visit_home(site, [CURES], length=1001)
    assert told(site) == [("stronger", "page", CURES)]
    assert site.news() == [("stronger", CURES)]


def test_a_wording_read_the_same_way_again_has_one_row(site):
    for day, attitude in enumerate(["neutral", "promotes", "neutral", "promotes"]):
        visit_home(site, [CURES], attitude=attitude, length=1000 + day)
    assert len(site.rows("claims")) == 1
    with site.desk.store.reading() as db:
        assert db.exec_driver_sql("SELECT COUNT(*) FROM claims").scalar() == 2
