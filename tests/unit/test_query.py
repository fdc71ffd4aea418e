import json

import pytest

from exowatch.cli.output import as_json
from exowatch.errors import SetupError
from exowatch.model.keys import wording_key
from exowatch.query import Filter, listing
from tests.unit.intake.sites import make_site


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


def test_json_is_valid_whatever_a_row_holds():
    told = json.loads(as_json([{"a": float("inf"), "b": b"\x01\xff", "c": float("nan")}]))
    assert told == [{"a": None, "b": "01ff", "c": None}]


def test_letters_that_nobody_sees_do_not_make_another_wording():
    assert wording_key("Exosomes cure\u00ad blind\u200bness.") == wording_key("Exosomes cure blindness.")
