import pytest

from tests.unit.extract.reading import judged


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


def test_an_approval_that_the_agency_denies_is_contradicted_and_cites_its_page():
    told = judged("Our exosomes are FDA approved.")
    assert told.verdict == "contradicted"
    assert any("fda.gov" in cite for reason in told.reasons for cite in reason.cites)


def test_without_a_search_nothing_is_called_unsupported():
    told = judged("Exosomes smooth deep wrinkles.")
    assert told.verdict == "unassessed"
    assert any("no evidence search yet" in reason.words for reason in told.reasons)
    assert not any("illegal" in reason.words for reason in told.reasons)
