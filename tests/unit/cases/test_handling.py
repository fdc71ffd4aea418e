from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, update

from exowatch.cases import handling
from exowatch.cases.showing import shown
from exowatch.digest.write import compose_letter
from exowatch.errors import SetupError
from exowatch.model.changes import Subscription
from exowatch.model.decisions import Step
from exowatch.model.sources import Trader
from exowatch.store.read_cases import case_rows, case_steps, your_cases
from exowatch.store.read_digest import Covers
from exowatch.store.tables import flags, sources
from tests.unit.cases.conftest import CURES, HAIR, HOME, MAY, STOPS, decide, right, wrong
from tests.unit.intake.sites import DAY

BY = "Ann Byrne"


def opened(store, *ids, **step):
    return handling.open_case(store, ids or (1, 2), None, Step(**step), BY, DAY)


def steps(store, case_id=1):
    with store.reading() as db:
        return [(row["kind"], row["flag_id"], row["status"], row["words"]) for row in case_steps(db, case_id)]


def cases_then(store, days=0, after=0):
    with store.reading() as db:
        return your_cases(db, DAY + timedelta(days=days), after)


def test_a_case_is_opened_with_its_flags_and_the_traders_name(store):
    done = opened(store, deadline=date(2026, 11, 20), words="three pages")
    assert (done.case_id, done.trader, done.added) == (1, "Quay Ltd", (1, 2))
    assert steps(store) == [
        ("opened", None, "open", "Quay Ltd"),
        ("note", None, None, "three pages"),
        ("flag", 1, None, None),
        ("flag", 2, None, None),
    ]
    with store.reading() as db:
        (row,) = case_rows(db)
    assert (row["flags"], row["status"], str(row["deadline_on"]), row["opened_by"]) == (2, "open", "2026-11-20", BY)


def test_a_flag_belongs_to_one_case(store):
    opened(store, 1)
    with pytest.raises(SetupError, match="flag 1 belongs to case 1"):
        opened(store, 1, 2)
    assert handling.add_flags(store, 1, (1, 2), BY, DAY).added == (2,)
    assert handling.add_flags(store, 1, (1, 2), BY, DAY).notes == ("all of them belong to it already",)


def test_of_two_people_at_once_one_gets_the_flag(store):
    """Both look, then both write: on PostgreSQL the second waits for the first to be done."""

    def attempt(_):
        try:
            return opened(store, 1, 2).added
        except SetupError as error:
            return error.problem

    with ThreadPoolExecutor(2) as people:
        told = sorted(map(str, people.map(attempt, range(2))))
    assert told == ["(1, 2)", "flag 1 belongs to case 1, flag 2 belongs to case 1"]


def test_a_case_is_about_one_trader(site, store):
    _other_trader(store, "Pier Ltd", None)
    with pytest.raises(SetupError, match="flag 1: Quay Ltd; flag 2: Pier Ltd"):
        opened(store)
    opened(store, 1)
    with pytest.raises(SetupError, match="one trader"):
        handling.add_flags(store, 1, (2,), BY, DAY)


@pytest.mark.parametrize(("name", "number", "stated"), [("quay  LTD", None, None), (None, None, "Quay Ltd")])
def test_two_sites_of_one_trader_make_one_case(store, name, number, stated):
    _other_trader(store, name, number)
    done = handling.open_case(store, (1, 2), stated, Step(), BY, DAY)
    assert done.added == (1, 2)


def test_flags_without_a_trader_are_not_taken_for_one_firm(store):
    _other_trader(store, None, None)
    with pytest.raises(SetupError, match="no trader is stated for pier"):
        opened(store)


def test_what_was_read_wrongly_is_no_case(store):
    decide(store, wrong(), 2)
    with pytest.raises(SetupError, match=r"flag 2 was read wrongly \(not-a-claim, Ann Byrne\)"):
        opened(store)


@pytest.mark.parametrize("wanted", [(99,), (1, 99)])
def test_a_flag_that_there_is_none_of_opens_nothing(store, wanted):
    with pytest.raises(SetupError, match="no flag 99"):
        handling.open_case(store, wanted, None, Step(), BY, DAY)
    with store.reading() as db:
        assert case_rows(db) == []


def test_a_closed_case_is_opened_before_it_goes_on(store):
    opened(store, 1)
    handling.bring_to(store, 1, Step("closed"), BY, DAY)
    with pytest.raises(SetupError, match="is closed"):
        handling.add_flags(store, 1, (2,), BY, DAY)
    with pytest.raises(SetupError, match="is closed"):
        handling.bring_to(store, 1, Step("contacted"), BY, DAY)
    handling.note(store, 1, "filed", (), BY, DAY, reply=False)
    assert cases_then(store) == []
    handling.bring_to(store, 1, Step("open"), BY, DAY)
    assert [one["status"] for one in cases_then(store)] == ["open"]


def test_a_deadline_lies_ahead(store):
    with pytest.raises(SetupError, match="is past"):
        opened(store, deadline=date(2026, 10, 31))


@pytest.mark.parametrize(
    ("days", "left", "due"), [(0, 9, False), (3, 6, False), (4, 5, True), (9, 0, True), (11, -2, True)]
)
def test_deadlines_are_told_five_days_before_and_after(store, days, left, due):
    opened(store, deadline=date(2026, 11, 10))
    (one,) = cases_then(store, days)
    assert (one["days_left"], one["due"], one["news"]) == (left, due, due)


def test_no_answer_is_due_of_who_complied(store):
    opened(store, deadline=date(2026, 11, 10))
    handling.bring_to(store, 1, Step("complied"), BY, DAY)
    assert [(one["days_left"], one["due"]) for one in cases_then(store, 20)] == [(None, False)]


def test_a_reply_stands_beside_each_flag_that_it_answers(store):
    opened(store)
    handling.note(store, 1, "we have two studies", (2,), BY, DAY, reply=True)
    handling.note(store, 1, "we disagree", (), BY, DAY, reply=True)
    handling.note(store, 1, "our own", (1,), BY, DAY, reply=False)
    (one,) = cases_then(store)
    assert [words["words"] for words in one["replies"]] == ["we disagree"]
    assert {claim["flag"]: [r["words"] for r in claim["replies"]] for claim in one["claims"]} == {
        1: [],
        2: ["we have two studies"],
    }
    with pytest.raises(SetupError, match="flag 9 does not belong"):
        handling.note(store, 1, "x", (9,), BY, DAY, reply=True)


def test_what_became_of_each_claim_since_the_letter(site, store):
    site.visit({HOME: [STOPS], HAIR: [CURES]})  # day 2
    opened(store)
    handling.bring_to(store, 1, Step("contacted"), BY, DAY + timedelta(days=1))
    assert [claim["moved"] for claim in cases_then(store)[0]["claims"]] == [None, None]
    site.visit({HOME: [MAY], HAIR: []})
    site.visit({HOME: [MAY], HAIR: []})
    (one,) = cases_then(store)
    assert one["letter_at"] == one["since"] == "2026-11-02T06:00:00Z"
    told = {claim["quote"]: claim for claim in one["claims"]}
    assert (told[STOPS]["moved"], told[STOPS]["words_now"], told[STOPS]["live"]) == ("weaker", MAY, "no")
    assert (told[CURES]["moved"], told[CURES]["words_now"], told[CURES]["live"]) == ("gone", None, "no")
    newest = max(claim["change_id"] for claim in one["claims"])
    assert (one["news"], cases_then(store, after=newest)[0]["news"]) == (True, False)
    site.visit({HOME: [MAY], HAIR: [CURES]})
    (one,) = cases_then(store, after=newest)
    assert [claim["moved"] for claim in one["claims"] if claim["quote"] == CURES] == ["returned"]
    assert one["news"]


def test_what_moved_before_the_letter_is_no_answer_to_it(site, store):
    opened(store)
    site.visit({HOME: [MAY], HAIR: [CURES]})
    handling.bring_to(store, 1, Step("contacted"), BY, DAY + timedelta(days=5))
    assert [claim["moved"] for claim in cases_then(store, 6)[0]["claims"]] == [None, None]


def test_a_case_is_shown_with_everything(store):
    opened(store)
    decide(store, right(), 1)
    decide(store, wrong(), 2)
    told = shown(store, 1, DAY)
    assert [(one["flag"], one["review"], one["live"]) for one in told["claims"]] == [
        (1, "right", "yes"),
        (2, "wrong", "yes"),
    ]
    assert len(told["steps"]) == 3
    with pytest.raises(SetupError, match="no case 5"):
        shown(store, 5, DAY)
    assert [claim["flag"] for claim in cases_then(store)[0]["claims"]] == [1]


def _other_trader(store, name, number):
    """The second flag is of another source."""
    with store.writing() as db:
        row = dict(db.execute(sources.select()).one()._mapping)
        row |= {"id": "pier", "name": "Pier", "trader": name, "trader_registration_no": number, "baseline_run_id": None}
        db.execute(insert(sources).values(**row))
        db.execute(update(flags).where(flags.c.id == 2).values(source_id="pier"))


def test_traders_are_equal_by_number_in_a_register(database_url):
    from tests.unit.intake.sites import make_site

    site = make_site(database_url, trader=Trader("Quay Ltd", "IE123"))
    site.visit({HOME: [STOPS], HAIR: [CURES]})
    _other_trader(site.desk.store, "Quay Holding", "IE123")
    assert opened(site.desk.store).added == (1, 2)
    site.desk.store.close()


def test_a_case_of_misread_flags_is_still_told_where_its_trader_sits(site, store):
    opened(store, 1, deadline=date(2026, 11, 3))
    decide(store, wrong(), 1)
    (told,) = cases_then(store)
    assert (told["claims"], told["due"], told["jurisdictions"]) == ([], True, ["IE"])
    wanted = [Subscription(jurisdictions=(place,)) for place in ("IE", "US")]
    letters = [compose_letter(site.desk, one, Covers()).digest for one in wanted]
    assert [len(letter.cases) for letter in letters] == [1, 0]


def test_a_case_without_flags_is_told_where_its_trader_sits_and_else_nowhere_in_particular(store):
    opened(store, 1)
    with store.writing() as db:
        db.execute(update(flags).values(case_id=None))
    assert cases_then(store)[0]["jurisdictions"] == ["IE"]
    with store.writing() as db:
        db.execute(update(sources).values(trader="Another Ltd"))
    assert cases_then(store)[0]["jurisdictions"] == []


def test_a_firm_given_by_hand_does_not_stand_against_the_watchlist(store):
    with pytest.raises(SetupError, match="states another trader: Quay Ltd"):
        handling.open_case(store, (1,), "Foreign GmbH", Step(), BY, DAY)
