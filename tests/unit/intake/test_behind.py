"""Sites larger than what a visit may ask for: what was there all along is no news when it is read one day."""

import pytest

from exowatch.intake import close_run, remember_behind, remember_urls
from tests.unit.intake.sites import make_site

HOME, OLD, BEHIND, DEEP = (f"https://quay.example/{path}" for path in ("", "old", "old/behind", "old/behind/deep"))
LATER, MAP, MAP_2 = (f"https://quay.example/{path}" for path in ("later", "sitemap.xml", "sitemap-2.xml"))


def words(url):
    return [f"Exosomes cure psoriasis, says {url}."]


@pytest.fixture
def site(database_url):
    """Its baseline holds the home page; OLD was seen there, and the budget left it out."""
    made = make_site(database_url)
    visit(made, HOME, left=[OLD])
    yield made
    made.desk.store.close()


def visit(site, *pages, found=None, sitemaps=(), left=(), why="budget"):
    run = site.begin()
    for url in pages:
        site.show(run, url, words(url))
    remember_behind(site.desk, run, "quay", found or {}, sitemaps)
    remember_urls(site.desk, run, "quay", left, why)
    close_run(site.desk, run, {"quay": "finished"})


def news(site):
    return {quote.rpartition(" says ")[2].rstrip(".") for _, quote in site.news()}


def test_what_stands_behind_a_page_that_was_left_out_is_no_news_whenever_it_is_read(site):
    visit(site, HOME, OLD, found={BEHIND: OLD, DEEP: BEHIND}, left=[BEHIND])
    visit(site, HOME, OLD, BEHIND, found={DEEP: BEHIND})
    visit(site, HOME, OLD, BEHIND, DEEP)
    assert news(site) == set()
    visit(site, HOME, OLD, BEHIND, DEEP, LATER, found={LATER: None})
    assert news(site) == {LATER}


def test_all_that_one_visit_reads_behind_a_left_out_page_and_its_redirect_is_no_news(site):
    visit(site, HOME, BEHIND, DEEP, found={BEHIND: OLD, DEEP: BEHIND})
    assert news(site) == set()


def test_a_link_that_a_page_read_before_has_now_is_news_wherever_else_it_stands(site):
    visit(site, HOME, OLD, LATER, found={BEHIND: OLD, LATER: None}, left=[BEHIND])
    assert news(site) == {LATER}


def test_links_that_stand_in_a_circle_or_on_a_new_page_are_news(site):
    visit(site, HOME, LATER, BEHIND, DEEP, found={LATER: None, BEHIND: DEEP, DEEP: BEHIND})
    assert news(site) == {LATER, BEHIND, DEEP}


def test_a_sitemap_that_is_read_for_the_first_time_tells_what_was_there_and_later_what_is_new(site):
    visit(site, HOME, OLD, found={OLD: MAP, BEHIND: MAP}, sitemaps=[MAP], left=[BEHIND])
    visit(site, HOME, BEHIND, LATER, found={LATER: MAP, MAP_2: MAP}, sitemaps=[MAP, MAP_2])
    assert news(site) == {LATER}
    visit(site, HOME, DEEP, found={DEEP: MAP_2}, sitemaps=[MAP, MAP_2])
    assert news(site) == {LATER, DEEP}


def test_pages_that_a_wider_watchlist_showed_and_the_budget_left_are_no_news_later(site):
    site.source = type(site.source)("quay", "Quay Skin", "clinic", "IE", (HOME,), max_depth=9)
    visit(site, HOME, found={DEEP: None}, left=[DEEP])
    visit(site, HOME, DEEP)
    assert news(site) == set()
