"""Signs that nobody sees: none of them reaches a reader, a table or a terminal, and no letter is lost."""

import csv
import io
import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exowatch.unseen import blanked, cell, in_lines, one_line, spelt

STEERING = ["\x00", "\x1b", "\x7f", "\x9b", "\u061c", "\u200e", "\u2028", "\u202e", "\u2066", "\ud800", "\U000e0041"]
WIDTHLESS = ["\u00ad", "\u034f", "\u180e", "\u200b", "\u200c", "\u200d", "\u2060", "\u2063", "\ufeff", "\ufff9"]
FORMS = [one_line, in_lines, blanked, cell, spelt]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("sign", STEERING + WIDTHLESS)
def test_no_form_lets_a_sign_through_that_nobody_sees(form, sign):
    told = form(json.dumps(f"Quay{sign}Clinic", ensure_ascii=False) if form is spelt else f"Quay{sign}Clinic")
    assert sign not in told
    assert "Quay" in told
    assert "Clinic" in told


@pytest.mark.parametrize("sign", WIDTHLESS)
def test_what_has_no_width_leaves_no_trace(sign):
    assert {form(f"exo{sign}some") for form in (one_line, in_lines, blanked, cell)} == {"exosome"}


@pytest.mark.parametrize(
    "text",
    [
        "می‌خواهم",  # Persian: the joiner parts two letters of a word
        "क्‍ष",
        "👩‍⚕️ 👨‍👩‍👧",
        "Müller, naïve, экзосома, エクソソーム, 엑소좀, آسان",
    ],
)
def test_writing_and_pictures_that_need_a_joiner_keep_it(text):
    assert [form(text) for form in FORMS] == [text] * len(FORMS)


def test_what_steers_is_shown_to_a_reader_and_a_blank_in_a_table():
    assert one_line("\x1b[31mred\u202e\x07\nand") == "␛[31mred⟨U+202E⟩␇ and"
    assert in_lines("one\n\ttwo\x1b") == "one\n\ttwo␛"
    assert blanked("a\x1bb\u202ec") == "a b c"


@pytest.mark.parametrize("text", ["=1+1", " @x", "\t=1", "－1", "\u200b=1", "\x1b=1", "\ufeff+1", "\rx"])
def test_no_sign_before_a_formula_makes_a_spreadsheet_run_it(text):
    assert cell(text).startswith("'")


@given(st.text() | st.text(alphabet="".join(STEERING + WIDTHLESS) + 'a"\\é'))
def test_json_keeps_every_letter(text):
    told = spelt(json.dumps([text], ensure_ascii=False))
    assert json.loads(told) == json.loads(json.dumps([text]))


@given(st.text())
def test_a_line_is_one_line_and_holds_no_control(text):
    told = one_line(text)
    assert len(told.splitlines()) <= 1
    assert not [letter for letter in told if unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp")]
    assert len(list(csv.reader(io.StringIO(told)))) <= 1
