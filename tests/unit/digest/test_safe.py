"""Strangers' text and addresses, before they are printed."""

from __future__ import annotations

import pytest

from exowatch.digest.safe import address, plain, shortened


def test_blanks_collapse_and_letters_of_every_script_stay():
    assert plain("  a\n\tb c  ") == "a b c"
    assert plain("エクソソーム экзосомы اكسوسوم") == "エクソソーム экзосомы اكسوسوم"


def test_controls_and_direction_marks_become_visible_signs():
    assert plain("\x1b[31mred\x07") == "␛[31mred␇"
    assert plain("a\u202eb\u2066c\x9b") == "a⟨U+202E⟩b⟨U+2066⟩c⟨U+009B⟩"
    assert plain("half \ud800 letter").encode("utf-8")


def test_a_long_text_is_cut_with_a_note_of_its_length():
    assert shortened("x" * 10_000, 20) == "x" * 20 + " … (10,000 characters)"
    assert shortened("short", 20) == "short"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)//https://a.example",
        "data:text/html,<script>alert(1)</script>",
        "java\nscript:alert(1)",
        "file:///etc/hosts",
        "https://",
        "http://[broken",
        "https://a.example/\x1b[2J",
        "",
    ],
)
def test_only_a_clean_web_address_becomes_a_link(url):
    assert address(url).href is None


def test_a_web_address_links_and_names_its_host():
    found = address("https://user@clinic.example/a?b=c")
    assert found.href == "https://user@clinic.example/a?b=c"
    assert found.host == "clinic.example"


def test_a_look_alike_host_is_named_as_the_network_reads_it():
    assert address("https://clinіc.example/").host.startswith("xn--")


def test_a_long_address_is_printed_with_its_middle_left_out_and_linked_whole():
    url = "https://a.example/" + "p" * 500
    assert len(address(url).text) == 160
    assert address(url).href == url
