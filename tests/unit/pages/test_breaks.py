"""Lines parted by breaks: listed ones stand for themselves, wrapped ones are one text."""

from __future__ import annotations

import pytest

from exowatch.pages.breaks import own_lines


@pytest.mark.parametrize(
    "lines",
    [
        ["Smooths wrinkles", "Brings back volume", "Safe for all skin types"],
        ["• lifts the cheeks", "• calms redness"],
        ["1. cleansing", "2. the serum"],
        ["Was ist das?", "Ein Serum."],
        ["これは美容液です。", "肌を整えます。"],
        ["・しわを減らす", "・肌を明るくする"],
        ["Результат виден сразу", "Эффект держится год"],
    ],
)
def test_listed_lines_stand_for_themselves(lines):
    assert own_lines(lines)


@pytest.mark.parametrize(
    "lines",
    [
        ["Our exosomes are applied", "after the laser"],
        ["Behandlung mit", "Exosomen"],
        ["Safe, gentle,", "And quick"],
        ["エクソソームは", "細胞から出る小さな袋です。"],
        ["علاج", "البشرة"],
        ["Only one line"],
        [],
    ],
)
def test_lines_wrapped_by_hand_are_one_text(lines):
    assert not own_lines(lines)
