import pytest

from exowatch.errors import FenceError
from exowatch.intake import close_run
from tests.unit.intake.sites import claim, make_site, statement, visit_home

HOME, HAIR, FAQ = "https://quay.example/", "https://quay.example/hair", "https://quay.example/faq"
MAY = "Exosomes may help with hair-loss in most of our patients."
STOPS = "Exosomes stop hair-loss in most of our patients."
GLOW = "Your skin glows after one session with our exosome serum."
GLOW_AGAIN = "After only one session with our exosome serum your skin glows."
SOFT = "The serum leaves the face soft and calm for weeks."
DEMENTIA = "Our drip brings relief for alzheimer patients and their families."


@pytest.fixture
def site(database_url):
    made = make_site(database_url)
    yield made
    made.desk.store.close()


def test_what_a_first_complete_visit_holds_is_inventory_and_not_news(site):
    closed = site.visit({HOME: [GLOW], HAIR: [MAY]})
    assert (closed.verdict, closed.baseline) == ("complete", True)
    assert sorted(site.flags()) == sorted([("baseline", GLOW), ("baseline", MAY)])
    assert site.changes() == []
    assert all(row["left_censored"] for row in site.rows("claims"))


def test_the_same_site_again_writes_no_claim_no_flag_no_change(site):
    site.visit({HOME: [GLOW], HAIR: [MAY]})
    claims = site.rows("claims")
    site.visit({HOME: [GLOW], HAIR: [MAY]})
    again = site.rows("claims")
    assert [(c["id"], c["first_seen"]) for c in again] == [(c["id"], c["first_seen"]) for c in claims]
    assert all(c["last_seen"] == "2026-11-02T06:00:00Z" for c in again)
    assert site.news() == []
    assert site.changes() == []


def test_a_claim_added_to_a_known_page_is_news(site):
    site.visit({HOME: [GLOW]})
    site.visit({HOME: [GLOW, DEMENTIA]})
    assert site.news() == [("new", DEMENTIA)]
    assert site.changes() == [("new", None, DEMENTIA)]


def test_a_page_first_met_later_is_news(site):
    site.visit({HOME: [GLOW]})
    site.visit({HOME: [GLOW], HAIR: [MAY]})
    assert site.news() == [("new", MAY)]


def test_a_dropped_hedge_is_stronger_and_flagged_with_its_words_before(site):
    site.visit({HAIR: [MAY, GLOW]})
    site.visit({HAIR: [STOPS, GLOW]})
    assert site.changes() == [("stronger", MAY, STOPS)]
    assert site.news() == [("stronger", STOPS)]
    (flag,) = site.rows("flags", change=("stronger",))
    assert flag["before"] == MAY


def test_an_added_hedge_is_weaker_and_raises_no_flag(site):
    site.visit({HAIR: [STOPS, GLOW]})
    site.visit({HAIR: [MAY, GLOW]})
    assert site.changes() == [("weaker", STOPS, MAY)]
    assert site.news() == []


def test_other_words_for_the_same_claim_are_reworded_and_raise_no_flag(site):
    site.visit({HOME: [GLOW, SOFT]})
    site.visit({HOME: [GLOW_AGAIN, SOFT]})
    assert site.changes() == [("reworded", GLOW, GLOW_AGAIN)]
    assert site.news() == []


def test_a_claim_reworded_on_every_page_of_a_site_is_told_once_as_reworded(site):
    site.visit({HOME: [GLOW, SOFT], HAIR: [GLOW], FAQ: [MAY, GLOW]})
    for _ in range(3):
        site.visit({HOME: [GLOW_AGAIN, SOFT], HAIR: [GLOW_AGAIN], FAQ: [MAY, GLOW_AGAIN]})
    assert site.changes() == [("reworded", GLOW, GLOW_AGAIN)]
    assert site.news() == []


def test_a_claim_made_stronger_on_every_page_of_a_site_is_flagged_once(site):
    site.visit({HOME: [MAY, SOFT], HAIR: [MAY]})
    for _ in range(3):
        site.visit({HOME: [STOPS, SOFT], HAIR: [STOPS]})
    assert site.news() == [("stronger", STOPS)]
    assert [kind for kind, _, _ in site.changes()] == ["stronger"]


def test_a_claim_reworded_on_one_of_its_pages_raises_no_flag(site):
    site.visit({HOME: [GLOW, SOFT], HAIR: [GLOW]})
    for _ in range(3):
        site.visit({HOME: [GLOW_AGAIN, SOFT], HAIR: [GLOW]})
    assert site.news() == []
    assert site.changes() == []


def test_a_claim_made_stronger_on_one_of_its_pages_is_flagged(site):
    site.visit({HOME: [MAY, SOFT], HAIR: [MAY]})
    for _ in range(3):
        site.visit({HOME: [MAY, SOFT], HAIR: [STOPS]})
    assert site.news() == [("stronger", STOPS)]
    assert site.changes() == [("stronger", MAY, STOPS)]


def test_a_claim_that_stands_on_another_page_now_has_moved(site):
    site.visit({HOME: [GLOW, SOFT], FAQ: [MAY]})
    site.visit({HOME: [SOFT], FAQ: [MAY, GLOW]})
    assert site.changes() == [("moved", GLOW, GLOW)]
    assert site.news() == []
    site.visit({HOME: [SOFT], FAQ: [MAY, GLOW]})
    assert len(site.changes()) == 1


def test_a_claim_moved_in_other_words_is_still_that_claim(site):
    site.visit({HOME: [GLOW, SOFT], FAQ: [MAY]})
    site.visit({HOME: [SOFT], FAQ: [MAY, GLOW_AGAIN]})
    assert site.changes() == [("moved", GLOW, GLOW_AGAIN)]
    assert site.news() == []


def test_a_claim_that_moves_and_comes_back_in_other_words_stands_on_its_first_page_again(site):
    site.visit({HOME: [GLOW, SOFT], FAQ: [MAY]})
    site.visit({HOME: [SOFT], FAQ: [MAY, GLOW]})
    closed = site.visit({HOME: [GLOW_AGAIN, SOFT], FAQ: [MAY]})
    assert closed.verdict == "complete"
    assert site.changes() == [("moved", GLOW, GLOW), ("moved", GLOW, GLOW_AGAIN)]
    (row,) = [row for row in site.rows("claims", text="glows") if row["live"] == "yes"]
    assert (row["url"], row["quote"], row["first_seen"][:10]) == (HOME, GLOW_AGAIN, "2026-11-01")
    site.visit({HOME: [GLOW_AGAIN, SOFT], FAQ: [MAY]})
    assert len(site.changes()) == 2
    assert site.news() == []


def test_one_visit_without_a_claim_only_waits_and_a_second_one_makes_it_gone(site):
    site.visit({HOME: [GLOW, SOFT]})
    site.visit({HOME: [SOFT]})
    assert site.changes() == []
    assert {row["live"] for row in site.rows("claims", text="glows")} == {"unknown"}
    site.visit({HOME: [SOFT]})
    assert site.changes() == [("gone", GLOW, None)]
    assert "in 2 fit captures" in site.rows("changes")[0]["why"]
    (row,) = site.rows("claims", text="glows")
    assert (row["live"], row["absent_since"]) == ("no", "2026-11-02T06:00:00Z")
    site.visit({HOME: [SOFT]})
    assert len(site.changes()) == 1


def test_a_claim_that_comes_back_within_the_wait_was_never_away(site):
    site.visit({HOME: [GLOW, SOFT]})
    site.visit({HOME: [SOFT]})
    site.visit({HOME: [GLOW, SOFT]})
    assert site.changes() == []
    assert site.news() == []


def test_a_gone_claim_that_comes_back_has_returned(site):
    for sentences in ([GLOW, SOFT], [SOFT], [SOFT], [GLOW, SOFT]):
        site.visit({HOME: sentences})
    assert [kind for kind, _, _ in site.changes()] == ["gone", "returned"]
    assert site.news() == [("returned", GLOW)]


@pytest.mark.parametrize("code", ["challenge", "soft-404", "empty", "shell", "cookie-wall", "truncated", "error"])
def test_an_unfit_capture_proves_no_absence(site, code):
    site.visit({HOME: [GLOW], HAIR: [MAY]})
    for _ in range(3):
        site.visit({HOME: code, HAIR: [MAY]})
    assert site.changes() == []
    assert all(row["live"] == "yes" for row in site.rows("claims", text="hair"))


def test_a_page_that_the_server_says_is_gone_takes_its_claims_with_it_after_two_runs(site):
    site.visit({HOME: [GLOW], HAIR: [MAY]})
    site.visit({HOME: [GLOW], HAIR: "gone"})
    assert site.changes() == []
    site.visit({HOME: [GLOW], HAIR: "gone"})
    assert [kind for kind, _, _ in site.changes()] == ["gone", "vanished"]
    (gone,) = site.rows("changes", change=("gone",))
    assert "its page is no longer there" in gone["why"]
    assert "fit captures" not in gone["why"]


@pytest.mark.parametrize("after", [[MAY], [MAY, GLOW]])
def test_a_page_that_was_away_for_a_visit_and_is_back_has_lost_nothing(site, after):
    site.visit({HOME: [GLOW], HAIR: [MAY]})
    site.visit({HOME: [GLOW], HAIR: "gone"})
    for _ in range(3):
        site.visit({HOME: [GLOW], HAIR: after})
    assert site.changes() == []
    assert {row["live"] for row in site.rows("claims")} == {"yes"}


def test_a_page_that_is_back_does_not_bring_back_what_it_had_lost_before(site):
    site.visit({HOME: [GLOW], HAIR: [MAY, SOFT]})
    for hair in ([MAY], "gone", [MAY]):
        site.visit({HOME: [GLOW], HAIR: hair})
    assert [(kind, before) for kind, before, _ in site.changes()] == [("gone", SOFT)]


def test_a_visit_cut_short_settles_nothing_and_the_next_one_does(site):
    site.visit({HOME: [GLOW, SOFT]})
    closed = site.visit({HOME: [SOFT, DEMENTIA]}, finish="killed")
    assert closed.verdict == "partial"
    assert site.flags() == [("baseline", GLOW), ("baseline", SOFT)]
    assert site.changes() == []
    site.visit({HOME: [SOFT, DEMENTIA]})
    assert site.news() == [("new", DEMENTIA)]


def test_a_first_visit_cut_short_is_no_baseline(site):
    assert not site.visit({HOME: [GLOW]}, finish="killed").baseline
    assert site.flags() == []
    assert site.visit({HOME: [GLOW], HAIR: [MAY]}).baseline
    assert {change for change, _ in site.flags()} == {"baseline"}


def test_a_visit_that_sees_far_fewer_pages_is_held(site):
    pages = {f"https://quay.example/{n}": [f"Sentence number {n} praises the exosome serum."] for n in range(6)}
    site.visit(pages)
    closed = site.visit({url: (s if i == 0 else "error") for i, (url, s) in enumerate(pages.items())})
    assert closed.verdict == "held"
    assert site.changes() == []


def test_a_site_that_really_shrank_is_believed_by_the_fourth_visit(site):
    site.visit(
        {f"https://quay.example/{n}": [f"Reason {n} to love what exosomes do."] for n in range(6)} | {HOME: [GLOW]}
    )
    small = {HOME: [GLOW, DEMENTIA]} | {f"https://quay.example/{n}": "gone" for n in range(6)}
    assert [site.visit(small).verdict for _ in range(3)] == ["held"] * 3
    assert site.visit(small).verdict == "complete"
    assert site.news() == [("new", DEMENTIA)]


def test_what_got_stronger_in_a_visit_cut_short_is_flagged_by_the_next_whole_one(site):
    site.visit({HAIR: [MAY, GLOW]})
    site.visit({HAIR: [STOPS, GLOW]}, finish="killed")
    assert site.news() == []
    site.visit({HAIR: [STOPS, GLOW]})
    assert site.news() == [("stronger", STOPS)]
    site.visit({HAIR: [STOPS, GLOW]})
    assert site.news() == [("stronger", STOPS)]


def test_a_text_that_flips_to_and_fro_is_flagged_once(site):
    for sentence in (MAY, STOPS, MAY, STOPS, MAY, STOPS):
        site.visit({HAIR: [sentence, GLOW]})
    assert site.news() == [("stronger", STOPS)]


def test_a_visit_that_loses_most_claims_at_once_is_held_until_four_runs_agree(site):
    before = {HOME: [f"Reason {n} to love what exosomes do for wrinkles: {word}." for n, word in enumerate("abcdefgh")]}
    site.visit(before)
    assert [site.visit({HOME: [SOFT]}).verdict for _ in range(3)] == ["held"] * 3
    assert site.changes() == []
    assert site.visit({HOME: [SOFT]}).verdict == "complete"
    assert [kind for kind, _, _ in site.changes()].count("gone") == 8


def test_a_page_known_but_unread_at_the_baseline_is_inventory_when_it_is_read(site):
    site.visit({HOME: [GLOW], HAIR: "challenge"})
    site.visit({HOME: [GLOW], HAIR: [MAY]})
    assert site.news() == []
    site.visit({HOME: [GLOW], HAIR: [MAY, DEMENTIA]})
    assert site.news() == [("new", DEMENTIA)]


def test_half_the_text_holds_absences_back_until_three_runs_agree(site):
    def visit(sentences, length):
        run = site.begin()
        outcome = site.show(run, HOME, sentences, length=length)
        close_run(site.desk, run, {"quay": "finished"})
        return outcome.code

    assert visit([GLOW, SOFT], 2000) == "ok"
    assert [visit([SOFT], 500 + n) for n in range(3)] == ["suspicious", "suspicious", "ok"]
    assert site.changes() == []
    assert visit([SOFT], 503) == "ok"
    assert site.changes() == [("gone", GLOW, None)]


def test_a_page_that_shows_none_of_its_claims_is_believed_once_four_runs_agree(site):
    others = {HAIR: [STOPS]}
    site.visit({HOME: [GLOW, SOFT, MAY], **others})
    for _ in range(3):
        site.visit({HOME: [], **others})
        assert site.changes() == []
    site.visit({HOME: [], **others})
    assert [kind for kind, _, _ in site.changes()] == ["gone"] * 3


def test_a_page_that_shows_what_another_page_shows_has_lost_nothing_yet(site):
    site.visit({HOME: [GLOW, SOFT], HAIR: [MAY, DEMENTIA]})
    for _ in range(3):
        site.visit({HOME: [GLOW, SOFT], HAIR: [GLOW, SOFT]})
        assert site.changes() == []
    site.visit({HOME: [GLOW, SOFT], HAIR: [GLOW, SOFT]})
    assert sorted(kind for kind, _, _ in site.changes()) == ["gone", "gone"]


def test_a_page_whose_claims_gave_way_to_others_is_believed_at_once(site):
    site.visit({HOME: [GLOW, SOFT, MAY]})
    site.visit({HOME: [DEMENTIA]})
    assert site.news() == [("new", DEMENTIA)]


def test_another_language_makes_no_news(site):
    site.visit({HOME: [GLOW]})
    run = site.begin()
    outcome = site.show(run, HOME, ["Exosomen verjüngen die Haut in wenigen Tagen."], language="de")
    assert outcome.code == "suspicious"
    assert site.news() == []


def test_one_sentence_in_title_and_body_is_one_claim_in_two_places(site):
    site.visit({HOME: [claim(GLOW, "title"), claim(GLOW, "body")]})
    assert [row["zone"] for row in site.rows("claims")] == ["title", "body"]
    assert len({row["lineage_id"] for row in site.rows("claims")}) == 1
    assert site.flags() == [("baseline", GLOW)]


def test_losing_one_of_two_places_is_no_absence(site):
    site.visit({HOME: [claim(GLOW, "title"), claim(GLOW, "body")]})
    for _ in range(3):
        site.visit({HOME: [claim(GLOW, "body")]})
    assert site.changes() == []


def test_two_statements_of_one_sentence_are_two_and_neither_is_flagged(site):
    text = "Exosomes must not be injected and have no certificate."
    site.visit({HOME: [GLOW, statement(text, "banned", "injection"), statement(text, "not_approved", "all")]})
    assert {(row["status"], row["scope"]) for row in site.rows("statements")} == {
        ("banned", "injection"),
        ("not_approved", "all"),
    }
    assert [quote for _, quote in site.flags()] == [GLOW]
    site.visit({HOME: [GLOW, statement(text, "banned", "injection"), statement(text, "not_approved", "all")]})
    assert site.changes() == []


def test_closing_a_run_twice_raises_no_flag_twice(site):
    run = site.begin()
    site.show(run, HOME, [GLOW])
    first = close_run(site.desk, run, {"quay": "finished"})
    assert close_run(site.desk, run, {"quay": "finished"}) == first
    assert site.flags() == [("baseline", GLOW)]


def test_a_run_taken_over_by_a_newer_one_may_write_no_more(site):
    old = site.begin()
    site.begin()
    with pytest.raises(FenceError):
        site.show(old, HOME, [GLOW])


def test_a_sentence_that_stands_on_the_page_word_for_word_is_not_gone_whatever_it_weighs_now(site):
    site.visit({HOME: [GLOW, SOFT]})
    for length in (1001, 1002, 1003):
        visit_home(site, [GLOW], length=length, also=(f"Opened in spring. {SOFT}",))
    assert site.changes() == []
    assert {row["live"] for row in site.rows("claims")} == {"yes"}


def test_a_sentence_that_is_back_after_an_absence_but_weighs_otherwise_is_not_gone(site):
    site.visit({HOME: [GLOW], HAIR: [MAY, SOFT]})
    site.visit({HOME: [GLOW], HAIR: "gone"})
    for length in (1001, 1002, 1003):
        run = site.begin()
        site.show(run, HOME, [GLOW])
        site.show(run, HAIR, [MAY], length=length, also=(SOFT,))
        close_run(site.desk, run, {"quay": "finished"})
    assert site.changes() == []


def test_a_sentence_that_stood_there_before_is_told_as_a_matter_of_reading_and_makes_no_news(site):
    site.visit({HOME: [GLOW]})
    visit_home(site, [GLOW, SOFT, MAY], before=f"{GLOW}\n{SOFT}".casefold())
    assert [(row["kind"], row["cause"], row["after"]) for row in site.rows("changes", sort="id")] == [
        ("new", "reader", SOFT),
        ("new", "page", MAY),
    ]
    assert site.news() == [("new", MAY)]
