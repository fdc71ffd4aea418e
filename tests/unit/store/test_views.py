"""What the views tell of presence and absence: never more than fit captures prove."""

import pytest

from exowatch.model.findings import Study
from tests.unit.intake.sites import make_site

HOME, HAIR, FAQ = "https://quay.example/", "https://quay.example/hair", "https://quay.example/faq"
MAY = "Exosomes may help with hair-loss in most of our patients."
STOPS = "Exosomes stop hair-loss in most of our patients."
GLOW = "Your skin glows after one session with our exosome serum."
SOFT = "The serum leaves the face soft and calm for weeks."


@pytest.fixture
def site(database_url):
    made = make_site(database_url)
    yield made
    made.desk.store.close()


def live(site, quote, name="claims"):
    return [row["live"] for row in site.rows(name) if row["quote"] == quote]


def test_a_visit_cut_short_makes_no_claim_absent(site):
    site.visit({HOME: [SOFT], HAIR: [GLOW]})
    site.visit({HOME: [SOFT], HAIR: []}, finish="max-run-time")
    assert live(site, GLOW) == ["unknown"]
    assert live(site, GLOW, "flags") == ["unknown"]


def test_a_claim_is_absent_once_two_whole_visits_lack_it(site):
    site.visit({HOME: [SOFT], HAIR: [GLOW]})
    site.visit({HOME: [SOFT], HAIR: []})
    assert live(site, GLOW) == ["unknown"]
    site.visit({HOME: [SOFT], HAIR: []})
    assert live(site, GLOW) == ["no"]


def test_a_claim_that_stands_elsewhere_is_absent_where_it_stood(site):
    site.visit({HOME: [SOFT], HAIR: [GLOW]})
    site.visit({HOME: [SOFT, GLOW], HAIR: []})
    assert {row["url"]: row["live"] for row in site.rows("claims") if row["quote"] == GLOW} == {
        HOME: "yes",
        HAIR: "no",
    }


def test_a_flag_on_words_that_were_replaced_ends_with_their_last_day(site):
    site.visit({HOME: [SOFT], HAIR: [STOPS]})
    site.visit({HOME: [SOFT], HAIR: [STOPS]})
    site.visit({HOME: [SOFT], HAIR: [MAY]})
    site.visit({HOME: [SOFT], HAIR: [MAY]})
    (flag,) = [row for row in site.rows("flags") if row["quote"] == STOPS]
    assert (flag["live"], flag["last_seen"]) == ("no", "2026-11-02T06:00:00Z")
    assert live(site, MAY) == ["yes"]


def test_a_flag_whose_words_came_back_is_live_again(site):
    for words in (STOPS, MAY, STOPS):
        site.visit({HOME: [SOFT], HAIR: [words]})
    flags = [row for row in site.rows("flags") if row["quote"] == STOPS]
    assert {row["live"] for row in flags} <= {"yes", "unknown"}


def test_a_study_says_since_when_it_is_held_and_whether_it_still_is(site):
    trial = Study("doi:10.1/a", "Exosomes in hair loss", doi="10.1/a", level="2")
    later = Study("doi:10.1/b", "Exosomes in acne", doi="10.1/b")
    site.visit({HOME: [SOFT], HAIR: [trial]})
    site.visit({HOME: [SOFT], HAIR: [trial], FAQ: [later]})
    first, second = site.rows("studies")
    assert (first["left_censored"], first["live"], first["fit_captures"]) == (True, "yes", 2)
    assert (first["evidence_level"], first["absent_since"]) == ("2", None)
    assert first["last_seen"] == first["last_fit_at"] == "2026-11-02T06:00:00Z"
    assert (second["left_censored"], second["live"]) == (False, "yes")


def test_a_study_is_absent_once_two_visits_read_its_page_without_it(site):
    trial = Study("doi:10.1/a", "Exosomes in hair loss", doi="10.1/a")
    site.visit({HOME: [SOFT], HAIR: [trial]})
    seen = []
    for _ in range(2):
        site.visit({HOME: [SOFT], HAIR: [GLOW]})
        (row,) = site.rows("studies")
        seen.append((row["live"], row["absent_since"], row["last_seen"]))
    since, last = "2026-11-02T06:00:00Z", "2026-11-01T06:00:00Z"
    assert seen == [("unknown", since, last), ("no", since, last)]
