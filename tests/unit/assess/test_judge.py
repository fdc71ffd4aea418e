from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from exowatch.assess import assess_alone
from exowatch.assess.judge import FLAG_FROM, PLAIN_FROM
from exowatch.model.sources import Source
from tests.unit.extract.reading import KNOWLEDGE, claim_of, judged


@pytest.mark.parametrize(
    ("sentence", "severity"),
    [
        ("Exosomes cure Alzheimer's disease.", "critical"),
        ("Our exosomes are FDA approved.", "critical"),
        ("Exosomes cure eczema.", "high"),
        ("Exosome therapy has no side effects.", "high"),
        ("Exosomes smooth deep wrinkles.", "medium"),
        ("Exosomes may smooth deep wrinkles.", "low"),
    ],
)
def test_severity_follows_the_gravest_thing_said(sentence, severity):
    told = judged(sentence)
    assert told.flag
    assert told.severity == severity
    assert all(reason.words for reason in told.reasons)


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        ("Exosomes do not cure eczema.", {}),
        ("Do exosomes cure eczema?", {}),
        ("Exosomes are marketed as a cure for eczema.", {}),
        ("Exosomes cure eczema.", {"attitude": "criticises"}),
        ("Exosomes cure eczema.", {"kind": "journal"}),
        ("Exosomes cure eczema.", {"kind": "regulator"}),
    ],
)
def test_only_a_promoting_pages_own_promise_is_flagged(sentence, facts):
    told = judged(sentence, **facts)
    assert not told.flag
    assert told.severity is None


@pytest.mark.parametrize(
    ("sentence", "certainty", "flagged"),
    [
        ("Exosomes wake up your cells.", FLAG_FROM, True),
        ("Exosomes wake up your cells.", FLAG_FROM - 0.01, False),
        ("Exosomes cure eczema.", FLAG_FROM - 0.01, True),
        ("Exosomes cure eczema.", PLAIN_FROM - 0.01, False),
        ("Exosomes wake up your cells.", None, True),
    ],
)
def test_what_is_read_with_too_much_doubt_is_held_against_nobody(sentence, certainty, flagged):
    claim, source = replace(claim_of(sentence), certainty=certainty), Source("a", "a", "clinic", "IE", ())
    reading = SimpleNamespace(kind="clinic", attitude="promotes")
    told = assess_alone(claim, source, reading, KNOWLEDGE, datetime(2026, 11, 27, tzinfo=UTC))
    assert told.flag is flagged
    assert ("flag.certainty" in [reason.rule for reason in told.reasons]) is not flagged


def test_an_approval_that_the_agency_denies_is_contradicted_and_cites_its_page():
    told = judged("Our exosomes are FDA approved.")
    assert told.verdict == "contradicted"
    assert any("fda.gov" in cite for reason in told.reasons for cite in reason.cites)


def test_without_a_search_nothing_is_called_unsupported():
    told = judged("Exosomes smooth deep wrinkles.")
    assert told.verdict == "unassessed"
    assert any("no evidence search yet" in reason.words for reason in told.reasons)
    assert not any("illegal" in reason.words for reason in told.reasons)
