"""Claims that come and go are told once, then quiet, and gone only after a long absence."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.unit.intake import sites
from tests.unit.intake.sites import make_site

HOME = "https://quay.example/"
MAY = "Exosomes may help with hair-loss in most of our patients."
STOPS = "Exosomes stop hair-loss in most of our patients."
GLOW = "Your skin glows after one session with our exosome serum."
STAYS = "Our drip brings relief for alzheimer patients and their families."
BANNERS = (
    "Autumn offer: exosome facials smooth every line.",
    "Exosome drips give you back the energy of your youth.",
    "Ask us how vesicles thicken thin brows within a month.",
)


@pytest.fixture
def site(database_url):
    made = make_site(database_url)
    yield made
    made.desk.store.close()


def kinds(site):
    return [kind for kind, _, _ in site.changes()]


def test_banners_in_turn_are_each_told_once_and_never_gone(site):
    for day in range(12):
        site.visit({HOME: [STAYS, BANNERS[day % 3]]})
    assert site.news() == [("new", BANNERS[1]), ("new", BANNERS[2])]
    assert kinds(site) == ["new", "new"]


def test_a_banner_that_is_taken_down_for_good_is_gone_after_a_long_absence(site):
    for day in range(6):
        site.visit({HOME: [STAYS, BANNERS[day % 3]]})
    for _ in range(12):
        site.visit({HOME: [STAYS]})
    assert sorted(before for kind, before, _ in site.changes() if kind == "gone") == sorted(BANNERS)


def test_words_that_flip_to_and_fro_are_told_once_each_way(site):
    for day in range(7):
        site.visit({HOME: [GLOW, (MAY, STOPS)[day % 2]]})
    assert site.changes() == [("stronger", MAY, STOPS), ("weaker", STOPS, MAY)]
    assert site.news() == [("stronger", STOPS)]


def test_a_claim_that_keeps_leaving_and_returning_is_told_once_and_then_quiet(site):
    for _ in range(3):
        for sentences in ([GLOW, STAYS], [GLOW, STAYS], [STAYS], [STAYS]):
            site.visit({HOME: sentences})
    assert kinds(site) == ["gone", "returned"]
    assert site.news() == [("returned", GLOW)]


def test_a_claim_that_returns_again_long_after_is_told_again(site, monkeypatch):
    site.desk = replace(site.desk, clock=lambda: sites.DAY + timedelta(days=site.number))
    site.visit({HOME: [GLOW, STAYS]})
    for _ in range(2):
        for sentences in ([STAYS], [STAYS], [GLOW, STAYS]):
            site.visit({HOME: sentences})
        monkeypatch.setattr(sites, "DAY", sites.DAY + timedelta(days=60))
    assert kinds(site) == ["gone", "returned"] * 2
    assert site.news() == [("returned", GLOW)] * 2


def test_a_claim_removed_from_a_page_whose_other_claims_stay_is_gone_after_two_visits(site):
    site.visit({HOME: [GLOW, STAYS]})
    for _ in range(2):
        site.visit({HOME: [STAYS]})
    assert site.changes() == [("gone", GLOW, None)]
