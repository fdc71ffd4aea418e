from datetime import timedelta

import pytest
from sqlalchemy import select, update

from exowatch.cases.deciding import Decided
from exowatch.cases.reviewing import review_all
from exowatch.errors import SetupError
from exowatch.query import Filter, listing
from exowatch.store.tables import assessments, flags, lineages, reviews
from tests.unit.cases.conftest import CURES, HAIR, HOME, MAY, STOPS, decide, right, wrong
from tests.unit.intake.sites import DAY


def flag_rows(site):
    return {row["quote"]: row for row in site.rows("flags")}


def test_a_wrong_reading_closes_the_flag_and_a_later_decision_opens_it(site, store):
    number = flag_rows(site)[STOPS]["id"]
    (first,) = decide(store, wrong(), number)
    assert (first.flag["state"], first.state) == ("open", "closed")
    row = flag_rows(site)[STOPS]
    assert (row["state"], row["review"], row["action"]) == ("closed", "wrong", "no-action")
    assert row["state_why"] == "read wrongly, not-a-claim (review 1)"
    (second,) = decide(store, right(), number)
    assert (second.before["by"], second.state) == ("Ann Byrne", "open")
    row = flag_rows(site)[STOPS]
    assert (row["state"], row["state_why"], row["review"]) == ("open", None, "right")
    assert [one["holds"] for one in site.rows("reviews")] == ["yes", "no"]


def test_decisions_are_followed_and_never_edited(site, store):
    for made in (right(), wrong(), right("no-action", "trivial")):
        decide(store, made, 1)
    with store.reading() as db:
        found = db.execute(select(reviews.c.reading, reviews.c.action).order_by(reviews.c.id)).all()
    assert [tuple(row) for row in found] == [("right", "act"), ("wrong", "no-action"), ("right", "no-action")]


def test_the_same_decision_again_writes_nothing(site, store):
    decide(store, right(), 1)
    (again,) = decide(store, right(), 1)
    assert again.review_id is None
    assert len(site.rows("reviews")) == 1
    (other,) = decide(store, right(by="Bo Li"), 1)
    assert other.review_id == 2


def test_a_withdrawn_flag_may_be_decided_on_and_stays_withdrawn(store):
    with store.writing() as db:
        db.execute(update(flags).where(flags.c.id == 1).values(state="withdrawn", state_why="supported by now"))
    (told,) = decide(store, right(), 1)
    assert (told.flag["state"], told.state, told.flag["state_why"]) == ("withdrawn", "withdrawn", "supported by now")


def test_a_closed_flag_that_evidence_supports_by_now_is_not_opened_again(store):
    decide(store, right("no-action", "trivial"), 1)
    with store.writing() as db:
        db.execute(update(assessments).values(verdict="supported", flag=False))
    (told,) = decide(store, right(), 1)
    assert told.state == "withdrawn"


def test_all_flags_are_decided_or_none(site, store):
    wanted = [Decided(1, right()), Decided(99, right(), "f.csv", 3)]
    with pytest.raises(SetupError, match="no flag 99") as told:
        review_all(store, wanted, DAY)
    assert (told.value.file, told.value.line) == ("f.csv", 3)
    assert site.rows("reviews") == []


def test_a_decision_is_stale_once_the_page_says_other_words(site, store):
    number = flag_rows(site)[STOPS]["id"]
    decide(store, right(), number)
    assert [row["wording"] for row in site.rows("reviews")] == ["current"]
    site.visit({HOME: [MAY], HAIR: [CURES]})
    assert [row["wording"] for row in site.rows("reviews", review="stale")] == ["stale"]
    assert [row["id"] for row in site.rows("flags", review="stale")] == [number]


def test_words_that_were_read_wrongly_are_not_put_before_anybody_again(site, store):
    number = flag_rows(site)[STOPS]["id"]
    decide(store, wrong(), number)
    for words in (MAY, STOPS, MAY, STOPS):
        site.visit({HOME: [words], HAIR: [CURES]})
    assert [row["id"] for row in site.rows("flags") if row["quote"] == STOPS] == [number]


def test_a_group_takes_the_same_words_elsewhere_and_leaves_what_was_decided(site, store):
    """Three flags on the same words in one group: one named, one free, one decided by somebody else."""
    site.visit({HOME: [STOPS], HAIR: [CURES], "https://quay.example/a": [MAY], "https://quay.example/b": [MAY + " "]})
    site.visit({HOME: [STOPS], HAIR: [CURES], "https://quay.example/a": [MAY], "https://quay.example/c": ["x"]})
    with store.writing() as db:
        key = db.execute(select(flags.c.claim_key).where(flags.c.id == 1)).scalar()
        ids = sorted(db.scalars(select(flags.c.id)))
        db.execute(update(flags).values(claim_key=key))
        db.execute(update(lineages).values(group_id=7))
    assert len(ids) >= 3
    decide(store, right(), ids[1])
    told = review_all(store, [Decided(ids[0], wrong())], DAY, group=True)
    assert [one.flag["id"] for one, _ in told.decided] == [ids[0], *ids[2:]]
    assert told.left == (ids[1],)


def test_a_reason_of_one_site_is_not_given_to_a_group(store):
    with pytest.raises(SetupError, match="one site"):
        review_all(store, [Decided(1, wrong("wrong-trader"))], DAY, group=True)


def test_decisions_are_listed_by_the_shared_filters_and_as_of_a_day(site, store):
    decide(store, right(), 1)
    decide(store, wrong(), 2, at=DAY + timedelta(days=2))
    later = (DAY + timedelta(days=1)).isoformat()
    assert [row["flag_id"] for row in site.rows("reviews")] == [2, 1]
    assert [row["flag_id"] for row in site.rows("reviews", as_of=later)] == [1]
    for asked, found in (
        ({"review": "right"}, [1]),
        ({"trader": "quay"}, [2, 1]),
        ({"condition": ("psoriasis",)}, [2]),
        ({"jurisdiction": ("IE",)}, [2, 1]),
        ({"since": later}, [2]),
        ({"text": "a heading"}, [2]),
        ({"severity": ("high",)}, [2]),
    ):
        assert [row["flag_id"] for row in listing(store, "reviews", Filter(**asked), DAY)] == found, asked


def test_a_flag_whose_action_is_undecided_waits_for_one(site, store):
    decide(store, right("undecided", "needs-second-reader"), 1)
    assert [row["id"] for row in site.rows("flags", review="undecided")] == [2, 1]
