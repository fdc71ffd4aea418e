"""The door takes any bytes under any header and gives a page, never an error."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exowatch.knowledge.fitness import load_fitness
from exowatch.model.pages import Page
from exowatch.pages.page import read_page, unfit_page
from tests.unit.pages.conftest import Read, texts

RULES = load_fitness()
TYPES = [
    None,
    "",
    "text/html",
    "text/html; charset=utf-8",
    "text/html; charset=shift_jis",
    "text/plain",
    "application/pdf",
]
TAGS = ["div", "p", "b", "a href='/x'", "ul", "li", "table", "td", "details", "summary", "h2", "br", "script", "title"]
TAGS += [
    "select",
    "option",
    "nav",
    "svg",
    "template",
    "o:p",
    "dl",
    "dt",
    "dd",
    "img alt='é\u202e'",
    "!--",
    "![CDATA[",
    "/p",
]
TAGS += [
    "button aria-expanded=false aria-controls=a",
    "div id=a hidden",
    "div class='accordion faq cookie'",
    "head",
    "body",
]
soup = st.lists(st.sampled_from([f"<{tag}>" for tag in TAGS]) | st.text(max_size=12), max_size=60).map("".join)


def reading(body: bytes, content_type: str | None = "text/html", status: int = 200) -> Page:
    return read_page(
        body, url="https://alder.example/a", content_type=content_type, status=status, truncated=None, fitness=RULES
    )


def assert_whole(page: Page) -> None:
    """What every page promises its readers."""
    for place, block in enumerate(page.blocks):
        assert block.index == place
        assert block.text == " ".join(block.text.split())
        assert block.text
        block.text.encode("utf-8")
        if block.question_index is not None:
            assert 0 <= block.question_index < len(page.blocks)
    assert len(page.text_digest) == 64
    assert all(link.url.startswith(("http://", "https://")) and "#" not in link.url for link in page.links)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(TYPES), st.sampled_from([200, 403, 404, 503]))
def test_any_bytes_give_a_page(body: bytes, content_type: str | None, status: int) -> None:
    assert_whole(reading(body, content_type, status))


@settings(max_examples=150, deadline=None)
@given(soup)
def test_any_tag_soup_gives_a_page(markup: str) -> None:
    assert_whole(reading(markup.encode("utf-8", "surrogatepass")))


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=80))
def test_the_text_of_a_paragraph_is_kept(text: str) -> None:
    said = "".join(char for char in text if char.isprintable() and char not in "<>&\ufeff")
    page = reading(f"<html><head><title>t</title></head><body><p>x {said} y</p></body></html>".encode())
    assert " ".join(f"x {said} y".split()) in texts(page)


HUGE = {
    "line": b"<p>" + b"exosome therapy " * 131_072,
    "cjk-line": b"<p>" + "外泌体".encode() * 230_000,
    "breaks": b"<br>" * 500_000,
    "brackets": b"<" * 2_000_000,
    "scripts": b"<script " * 250_000,
    "comments": b"<!--" * 500_000,
    "links": b"<a href=/x>" * 180_000,
    "attributes": b"<div " + b" ".join(b"a%d=1" % number for number in range(100_000)) + b"><p>x",
    "nul": b"<p>a\x00b" * 1000,
    "json-blanks": b"<script type=application/ld+json>{} -->" + b" " * 900_000 + b"x</script>",
    "json-values": b"<script type=application/ld+json>[" + b'{"text": "< "},' * 120_000 + b"]</script>",
    "json-scripts": b"<script type=application/ld+json>{}</script>" * 40_000,
    "buttons": b"<button>Accept cookies" * 90_000,
    "deep-name": b"<div>" * 3000 + b"<" + b"a" * 1_900_000,
    "name": b"<" + b"b" * 2_000_000,
}


@pytest.mark.parametrize("body", HUGE.values(), ids=HUGE.keys())
def test_two_megabytes_of_anything_are_read(body: bytes) -> None:
    assert_whole(reading(body))


def test_lone_surrogates_marks_of_direction_and_controls_do_no_harm() -> None:
    page = reading("<p>a\ud800b \u202eturned\u202c \x07bell, жизнь как она есть</p>".encode("utf-8", "surrogatepass"))
    assert_whole(page)
    assert "\u202eturned\u202c" in page.blocks[0].text


def test_an_empty_body_is_an_empty_page() -> None:
    page = reading(b"", None)
    assert (page.blocks, page.fitness.code, page.language) == ((), "empty", None)
    assert page.text_digest == hashlib.sha256(b"").hexdigest()


@pytest.mark.parametrize(
    ("body", "content_type", "code"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "image/png", "not-text"),
        (b"PK\x03\x04" + bytes(50), "text/html", "not-text"),
        (b'{"a": 1}', "application/json", "not-text"),
        (b"<?xml version='1.0'?><rss/>", "application/rss+xml", "not-text"),
        (bytes(range(256)) * 20, "text/html", "not-text"),
        (b"<html><p>Alder calms skin</p></html>", None, "ok"),
        (b"<p>Alder calms skin</p>", "application/octet-stream", "ok"),
        (b"<html xmlns='http://www.w3.org/1999/xhtml'><p>Alder calms</p></html>", "application/xml", "ok"),
        ("<p>Alder calms skin</p>".encode("utf-16"), "text/html", "ok"),
    ],
)
def test_what_is_no_page_is_told_by_type_or_first_bytes(body: bytes, content_type: str | None, code: str) -> None:
    assert reading(body, content_type).fitness.code == code


def test_plain_text_is_cut_at_blank_lines(read: Read) -> None:
    page = read("One\nline\r\n\r\nSecond &amp; <b>last</b>", content_type="text/plain")
    assert texts(page) == ["One line", "Second &amp; <b>last</b>"]
    assert page.media_type == "text/plain"


def test_the_digest_is_of_what_the_page_says_and_not_of_menus_and_notices(read: Read) -> None:
    base = read("<p>The serum calms.</p>")
    assert read("<nav>Home</nav><p>The  serum\ncalms.</p><p>We use cookies.</p>").text_digest == base.text_digest
    assert read("<p>The serum cures.</p>").text_digest != base.text_digest


def test_reading_twice_gives_equal_pages(read: Read) -> None:
    assert read("<h1>A?</h1><p>b</p>") == read("<h1>A?</h1><p>b</p>")


def test_an_unfit_page_can_be_made_for_a_body_that_could_not_be_decoded() -> None:
    page = unfit_page("https://alder.example/", None, "too-large", "gzip: more than 10 bytes")
    assert not page.fitness.fit
    assert page.blocks == ()


def test_what_stands_after_the_end_of_the_document_is_read(read: Read) -> None:
    late = "<p>Exosomes <b>cure</b> cancer.</p><img alt='Exosomes heal arthritis'>and more"
    page = read(f"<html><body><main><p>Before.</p></main></body></html>{late}")
    assert [block.text for block in page.blocks] == [
        "Before.",
        "Exosomes cure cancer.",
        "Exosomes heal arthritis",
        "and more",
    ]
    assert page.blocks[1].locator.css == "html > body > p:nth-of-type(1)"


def test_a_second_document_in_one_answer_is_read(read: Read) -> None:
    page = read(
        "<html><body><p>Frame.</p></body></html>\n<html><head><meta name='x'></head><body>One <p>Two.</p></body></html>"
    )
    assert [block.text for block in page.blocks] == ["Frame.", "One", "Two."]
