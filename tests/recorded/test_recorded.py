"""Each recorded page gives what a person agreed that it says, and nothing else."""

import pytest

from tests.recorded.cases import cases, expected, found, plain

LINES = [(case, one, f"{case}-{i}") for case in cases() for i, one in enumerate(expected(case))]
RIGHT = [pytest.param(case, one, id=name) for case, one, name in LINES if not {"misread", "missed"} & set(one)]
MISSED = [
    pytest.param(case, one, id=name, marks=pytest.mark.xfail(reason=one["missed"]))
    for case, one, name in LINES
    if "missed" in one
]
MISREAD = [
    pytest.param(case, one, id=name, marks=pytest.mark.xfail(reason=one["misread"]))
    for case, one, name in LINES
    if "misread" in one
]


@pytest.mark.parametrize(("case", "finding"), RIGHT)
def test_what_the_page_says_is_found(case, finding):
    assert finding in found(case)


@pytest.mark.parametrize(("case", "finding"), MISSED)
def test_a_known_miss_is_mended(case, finding):
    assert plain(finding) in found(case)


@pytest.mark.parametrize(("case", "finding"), MISREAD)
def test_a_known_misreading_is_mended(case, finding):
    assert plain(finding) not in found(case)


@pytest.mark.parametrize("case", cases())
def test_nothing_else_is_found(case):
    agreed = [plain(finding) for finding in expected(case)]
    assert [finding for finding in found(case) if finding not in agreed] == []
