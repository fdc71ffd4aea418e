import json
from datetime import timedelta

import pytest

from exowatch.cli.output import as_json
from exowatch.errors import SetupError
from exowatch.model.keys import wording_key
from exowatch.model.sources import Trader
from exowatch.query import Filter, listing
from tests.unit.intake.sites import DAY, make_site


@pytest.fixture
def store(database_url):
    made = make_site(database_url)
    made.visit({"https://quay.example/": ["Exosomes stop hair-loss in most of our patients."]})
    yield made.desk.store
    made.desk.store.close()


@pytest.mark.parametrize(
    "asked", [{"severity": ("hgih",)}, {"stance": ("foo",)}, {"source": ("nope",)}, {"kind": ("x",)}]
)
def test_a_filter_that_no_row_can_have_is_an_error_and_not_an_empty_answer(store, asked):
    with pytest.raises(SetupError, match="there is no such"):
        listing(store, "flags", Filter(**asked), None)


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
        (row,) = listing(site.desk.store, name, Filter(), DAY + timedelta(days=days), configured)
        assert row["live"] == told
    site.desk.store.close()


@pytest.mark.parametrize("asked", ["Экзосомы", "экзосомы", "ЭКЗОСОМЫ ОСТАНАВЛИВАЮТ", "łukasz", "ÉLAN"])
def test_parts_of_texts_are_found_in_large_and_small_letters_of_any_script(database_url, asked):
    site = make_site(database_url, trader=Trader("Élan Łukasz"))
    site.visit({"https://quay.example/": ["Экзосомы останавливают hair-loss."]})
    filters = {"trader": asked} if asked in ("łukasz", "ÉLAN") else {"text": asked}
    assert [len(site.rows(name, **filters)) for name in ("claims", "flags")] == [1, 1]
    site.desk.store.close()


def test_json_is_valid_whatever_a_row_holds():
    told = json.loads(as_json([{"a": float("inf"), "b": b"\x01\xff", "c": float("nan")}]))
    assert told == [{"a": None, "b": "01ff", "c": None}]


def test_letters_that_nobody_sees_do_not_make_another_wording():
    assert wording_key("Exosomes cure\u00ad blind\u200bness.") == wording_key("Exosomes cure blindness.")
