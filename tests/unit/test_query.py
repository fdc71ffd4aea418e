import json
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from exowatch.cli.output import as_json
from exowatch.errors import SetupError
from exowatch.model.findings import Study
from exowatch.model.keys import wording_key
from exowatch.model.sources import Trader
from exowatch.query import Filter, listing
from exowatch.query.filters import TIMES, refuse_ahead, refuse_unknown, sortable
from exowatch.sections import Schedule
from exowatch.store.migrate import ready_store
from exowatch.store.session import Store
from exowatch.store.tables import appearances, cases, flags, lineages, reviews
from exowatch.visiting import QUIET
from tests.postgres import fresh_database
from tests.unit.intake.sites import DAY, make_site, statement


@pytest.fixture
def store(database_url):
    made = make_site(database_url)
    made.visit({"https://quay.example/": ["Exosomes stop hair-loss in most of our patients."]})
    yield made.desk.store
    made.desk.store.close()


@pytest.mark.parametrize(
    ("asked", "remedy"),
    [
        ({"severity": ("hgih",)}, "one of critical, high, medium, low"),
        ({"stance": ("foo",)}, "one of asserted"),
        ({"source": ("nope",)}, "one of quay"),
        ({"kind": ("x",)}, "one of efficacy"),
        ({"case": ("99",)}, "exowatch case open"),
        ({"tag": ("chains",)}, "no source has one"),
        ({"frame": ("streets",)}, "no source has one"),
    ],
)
def test_a_filter_that_no_row_can_have_is_an_error_and_not_an_empty_answer(store, asked, remedy):
    with pytest.raises(SetupError, match="there is no such") as told:
        listing(store, "flags", Filter(**asked), None)
    assert remedy in told.value.remedy


def test_what_may_move_is_told_where_a_change_is_asked_for_that_is_none(store):
    with pytest.raises(SetupError) as told:
        listing(store, "changes", Filter(kind=("foo",)), DAY)
    assert told.value.remedy == "one of claim, statement, study, page"


def test_of_many_values_those_spelt_most_alike_are_named():
    known = {"condition": [f"condition-{n}" for n in range(40)] + ["hair-loss"]}
    with pytest.raises(SetupError) as told:
        refuse_unknown(Filter(condition=("hairloss",)), known)
    assert told.value.remedy == "near it: hair-loss (41 in all)"
    refuse_unknown(Filter(condition=("Hair-Loss",)), known)


def test_a_day_that_lies_ahead_is_refused():
    refuse_ahead(Filter(since="2026-11-01"), DAY)
    with pytest.raises(SetupError, match="lies ahead"):
        refuse_ahead(Filter(since="2026-11-02"), DAY)


@pytest.mark.parametrize(
    ("own", "configured", "days", "told"),
    [
        (None, "0 3 * * *", 3, "yes"),
        (None, "0 3 * * *", 4, "unknown"),
        (None, "0 3 * * 1", 20, "yes"),
        ("0 3 * * 1", "0 3 * * *", 20, "yes"),
        ("0 3 * * 1", "0 3 * * *", 22, "unknown"),
    ],
)
def test_a_claim_is_live_until_three_cadences_of_its_source_went_by_without_a_look(
    database_url, own, configured, days, told
):
    site = make_site(database_url, cadence=own)
    site.visit({"https://quay.example/": ["Exosomes stop hair-loss in most of our patients."]})
    for name in ("claims", "flags"):
        (row,) = listing(site.desk.store, name, Filter(), DAY + timedelta(days=days), Schedule(cadence=configured))
        assert row["live"] == told
    site.desk.store.close()


@pytest.mark.parametrize(("days", "told"), [(8, "yes"), (10, "unknown")])
def test_a_quiet_site_that_is_visited_less_often_is_live_for_three_of_its_longer_pauses(database_url, days, told):
    site = make_site(database_url)
    for _ in range(QUIET + 3):
        site.visit({"https://quay.example/": ["Exosomes stop hair-loss in most of our patients."]})
    last = DAY + timedelta(days=QUIET + 2)
    (row,) = listing(site.desk.store, "claims", Filter(), last + timedelta(days=days))
    assert row["live"] == told
    site.desk.store.close()


@pytest.mark.parametrize("asked", ["Экзосомы", "экзосомы", "ЭКЗОСОМЫ ОСТАНАВЛИВАЮТ", "łukasz", "ÉLAN"])
def test_parts_of_texts_are_found_in_large_and_small_letters_of_any_script(database_url, asked):
    site = make_site(database_url, trader=Trader("Élan Łukasz"))
    site.visit({"https://quay.example/": ["Экзосомы останавливают hair-loss."]})
    filters = {"trader": asked} if asked in ("łukasz", "ÉLAN") else {"text": asked}
    assert [len(site.rows(name, **filters)) for name in ("claims", "flags")] == [1, 1]
    site.desk.store.close()


def test_a_server_that_knows_a_to_z_alone_is_told_the_letters_of_all_scripts(postgres_server):
    with fresh_database(postgres_server, template="template0", locale="C") as url:
        site = make_site(url, trader=Trader("Élan"))
        site.visit({"https://quay.example/": ["Экзосомы останавливают hair-loss."]})
        assert len(site.rows("claims", text="ЭКЗОСОМЫ")) == 1
        assert len(site.rows("flags", trader="éLAN")) == 1
        site.desk.store.close()
    ready_store.cache_clear()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"language": ("EN",)}, 1),
        ({"language": ("en-GB",)}, 1),
        ({"language": ("fr",)}, 0),
        ({"jurisdiction": ("ie",)}, 1),
        ({"jurisdiction": ("uk",)}, 0),
        ({"condition": ("Hair-Loss",)}, 1),
    ],
)
def test_codes_may_be_written_in_large_and_small_letters(store, asked, found):
    assert len(listing(store, "claims", Filter(**asked), DAY)) == found


@pytest.mark.parametrize("asked", [{"language": ("klingon",)}, {"jurisdiction": ("ZZ",)}])
def test_a_code_that_is_none_is_told(store, asked):
    with pytest.raises(SetupError, match="is no"):
        listing(store, "claims", Filter(**asked), DAY)


def review(store, **facts):
    with store.writing() as db:
        (flag,) = db.execute(select(flags.c.id, flags.c.claim_key))
        db.execute(insert(reviews).values(flag_id=flag.id, claim_key=flag.claim_key, by="us", at=DAY, **facts))


def reviewed(store):
    names = ("undecided", "right", "wrong", "acted", "stale")
    return [name for name in names if listing(store, "flags", Filter(review=name), DAY)]


def test_flags_are_found_by_what_people_decided_last(store):
    assert reviewed(store) == ["undecided"]
    review(store, reading="right", action="act")
    assert reviewed(store) == ["right", "acted"]
    review(store, reading="wrong", action="no-action")
    assert reviewed(store) == ["wrong"]
    with store.writing() as db:
        db.execute(update(lineages).values(current_key="other words"))
        db.execute(update(appearances).values(live=False))
    assert reviewed(store) == ["wrong", "stale"]


def test_claims_and_flags_are_found_by_their_case(store):
    with store.writing() as db:
        for number in (7, 8):
            db.execute(insert(cases).values(id=number, trader="Quay Ltd", status="open", opened_at=DAY))
        db.execute(update(flags).values(case_id=7))
    for name in ("claims", "flags"):
        assert [len(listing(store, name, Filter(case=(one,)), DAY)) for one in ("7", "8")] == [1, 0]


def test_studies_are_found_by_product_condition_and_trader(database_url):
    site = make_site(database_url, trader=Trader("Quay Ltd"))
    about = Study("doi:10.1/a", "A trial", doi="10.1/a", product="ÉXO-One", conditions=("hair-loss",))
    site.visit({"https://quay.example/": [about, "Exosomes stop hair-loss in most of our patients."]})
    for asked, found in (("product", "éxo"), ("condition", ("hair-loss",)), ("trader", "QUAY")):
        assert len(site.rows("studies", **{asked: found})) == 1
        assert site.rows("studies", **{asked: ("acne",) if asked == "condition" else "acne"}) == []
    site.desk.store.close()


def test_changes_are_found_by_what_moved(database_url):
    always, warned = "Exosomes always stop hair-loss.", "The FDA did warn of exosomes."
    site = make_site(database_url)
    site.visit({"https://quay.example/": ["Exosomes stop hair-loss."]})
    site.visit({"https://quay.example/": [always, statement(warned, "warning")]})
    with site.desk.store.writing() as db:
        db.execute(update(appearances).where(appearances.c.statement_id.is_not(None)).values(zone="faq"))
    for asked, found in (
        ({"condition": ("Hair-Loss",)}, [always]),
        ({"language": ("EN-gb",)}, [always]),
        ({"language": ("fr",)}, []),
        ({"zone": ("faq",)}, [warned]),
        ({"zone": ("faq", "body")}, [always, warned]),
        ({"agency": ("fda",)}, [warned]),
        ({"status": ("warning",), "agency": ("FDA",)}, [warned]),
        ({"stance": ("hedged",)}, []),
        ({"route": ("injection",)}, []),
    ):
        assert sorted(row["after"] for row in site.rows("changes", **asked)) == found, asked
        assert site.rows("changes", as_of="2026-11-01T12:00Z", **asked) == []
    site.desk.store.close()


def test_json_is_valid_whatever_a_row_holds():
    told = json.loads(as_json([{"a": float("inf"), "b": b"\x01\xff", "c": float("nan")}]))
    assert told == [{"a": None, "b": "01ff", "c": None}]


def test_letters_that_nobody_sees_do_not_make_another_wording():
    assert wording_key("Exosomes cure\u00ad blind\u200bness.") == wording_key("Exosomes cure blindness.")


@pytest.mark.parametrize(
    "asked",
    [
        {"text": "\udcff"},
        {"trader": "x" * 2000},
        {"since": "0001-01-01T00:00+14:00"},
        {"as_of": "9999-12-31T23:59:59-14:00"},
    ],
)
def test_what_no_database_can_look_for_is_told(sqlite_template, asked):
    with pytest.raises(SetupError):
        listing(Store(f"sqlite:///{sqlite_template}"), "claims", Filter(**asked), DAY)


@pytest.mark.parametrize("name", TIMES)
def test_a_listing_can_be_sorted_by_everything_that_its_help_names(sqlite_template, name):
    store = Store(f"sqlite:///{sqlite_template}")
    for column in sortable(name):
        assert listing(store, name, Filter(sort=f"{column}:desc"), DAY) == []
    store.close()
