"""Every run of text becomes one block, whole, in order, and found again by its selector."""

from __future__ import annotations

import pytest
from lxml import etree

from exowatch.model.pages import Page
from tests.unit.pages.conftest import Read, block_with, body_blocks, texts
from tests.unit.pages.pages_for_tests import ACCORDION, ELEMENTOR, JAPANESE, TABS


def test_headings_give_their_level_and_the_path_of_what_follows(read: Read) -> None:
    page = read("<h1>Skin</h1><p>a</p><h2>Serum</h2><p>b</p><h3>Steps</h3><p>third</p><h2>Price</h2><p>fourth</p>")
    assert [(b.text, b.level) for b in page.blocks if b.kind == "heading"] == [
        ("Skin", 1), ("Serum", 2), ("Steps", 3), ("Price", 2),
    ]  # fmt: skip
    assert block_with(page, "third").heading_path == ("Skin", "Serum", "Steps")
    assert block_with(page, "fourth").heading_path == ("Skin", "Price")


def test_text_straight_in_a_div_is_read_before_between_and_after_its_children(read: Read) -> None:
    page = read("<div>Before<p>within</p>between<ul><li>point</li></ul>after</div>")
    assert [(b.text, b.kind) for b in page.blocks] == [
        ("Before", "paragraph"), ("within", "paragraph"), ("between", "paragraph"),
        ("point", "list-item"), ("after", "paragraph"),
    ]  # fmt: skip


def test_inline_elements_do_not_break_words_and_one_line_break_is_a_space(read: Read) -> None:
    page = read("<p>An exo<b>some</b> <i>serum</i>,<br>twice&nbsp;a\n year<span>ly</span>.<wbr>x<!-- note -->y</p>")
    assert texts(page) == ["An exosome serum, twice a yearly.xy"]


def test_two_line_breaks_end_a_block(read: Read) -> None:
    assert texts(read("<div>One line<br> <br/>another line<br>and its end</div>")) == [
        "One line", "another line and its end",
    ]  # fmt: skip


def test_characters_are_kept_but_for_whitespace(read: Read) -> None:
    page = read("<p>Haut&shy;pflege \u200bmit\u3000“Ruhe” ® \u202bשלום\u202c &amp; 5&lt;6</p>")
    assert texts(page) == ["Haut\u00adpflege \u200bmit “Ruhe” ® \u202bשלום\u202c & 5<6"]


def test_table_cells_captions_buttons_and_alt_texts_have_their_kinds_and_zones(read: Read) -> None:
    page = read(
        "<table><caption>Plan</caption><tr><th>Visit</th><td>One</td></tr></table>"
        "<figure><img src=a alt='A nurse at work'><figcaption>Our nurse</figcaption></figure>"
        "<button aria-label='not this'>Book now</button><input type=submit value='Send it'>"
    )
    assert [(b.kind, b.zone, b.text, b.locator.attr) for b in page.blocks] == [
        ("caption", "caption", "Plan", None),
        ("cell", "body", "Visit", None),
        ("cell", "body", "One", None),
        ("caption", "alt", "A nurse at work", "alt"),
        ("caption", "caption", "Our nurse", None),
        ("button", "body", "Book now", None),
        ("button", "body", "Send it", "value"),
    ]


def test_an_image_within_a_sentence_does_not_cut_it(read: Read) -> None:
    assert texts(read("<p>Our serum <img alt='drop'> calms.</p>")) == ["Our serum calms.", "drop"]


def test_scripts_styles_templates_and_frames_are_no_text(read: Read) -> None:
    page = read(
        "<p>Seen by all who come here</p><script>var a='no'</script><style>p{}</style>"
        "<template><p>no</p></template><svg><title>no</title>"
        "<text>no</text></svg><iframe>no</iframe><textarea>no</textarea><noscript>no</noscript>tail"
    )
    assert texts(page) == ["Seen by all who come here", "tail"]


def test_noscript_is_read_where_there_is_nothing_else(read: Read) -> None:
    assert texts(read("<div></div><noscript><p>The clinic is in Elm Street.</p></noscript>")) == [
        "The clinic is in Elm Street."
    ]


def test_the_same_words_twice_stay_two_blocks(read: Read) -> None:
    assert texts(read("<h1>Exosome care</h1><p>Exosome care</p>")) == ["Exosome care", "Exosome care"]


def test_details_are_question_and_hidden_answer(read: Read) -> None:
    page = read("<details><summary>Is it <b>safe</b>?</summary><p>Mostly.</p><ul><li>Ask us</li></ul></details>")
    question, answer, point = page.blocks
    assert (question.kind, question.zone, question.hidden, question.text) == ("question", "faq", False, "Is it safe?")
    assert (answer.kind, answer.zone, answer.hidden, answer.question_index) == ("answer", "faq", True, question.index)
    assert (point.kind, point.question_index) == ("list-item", question.index)
    assert not block_with(read("<details open><summary>Why?</summary>So.</details>"), "So.").hidden


def test_an_accordion_ties_each_answer_to_its_question(read: Read) -> None:
    page = read(ACCORDION)
    for word in ("first", "second", "third"):
        answer = block_with(page, f"answer {word}")
        assert answer.question_index is not None
        question = page.blocks[answer.question_index]
        assert question.text == f"Question {word}"
        assert (question.kind, question.zone, answer.kind, answer.zone) == ("question", "faq", "answer", "faq")
        assert not question.hidden
    assert [block_with(page, f"answer {word}").hidden for word in ("first", "second", "third")] == [True, True, False]


def test_question_headings_and_bold_questions_are_tied_to_what_follows(read: Read) -> None:
    page = read(
        "<h2>Does it hurt?</h2><p>Hardly.</p><p>A little.</p><h2>Prices</h2><p>On request.</p>"
        "<p><strong>How long does it take?</strong></p><p>An hour.</p>"
    )
    heading, question = block_with(page, "hurt"), block_with(page, "How long")
    assert [block_with(page, words).question_index for words in ("Hardly", "A little")] == [heading.index] * 2
    assert heading.kind == "heading"
    assert block_with(page, "On request").question_index is None
    assert question.kind == "question"
    assert block_with(page, "An hour").question_index == question.index


@pytest.mark.parametrize("asked", ["安全ですか？", "هل هو آمن؟", "Είναι ασφαλές;", "Is it safe? +", "Ist es sicher?»"])
def test_questions_are_known_by_the_mark_of_their_language(read: Read, asked: str) -> None:
    page = read(f"<h3>{asked}</h3><p>…</p>")
    assert page.blocks[1].question_index == 0


@pytest.mark.parametrize(
    "markup",
    [
        "<div class='schema-faq-section'><strong class='schema-faq-question'>Is it ok</strong>"
        "<p class='schema-faq-answer'>It is.</p></div>",
        "<div class='et_pb_toggle'><h5 class='et_pb_toggle_title'>Is it ok</h5>"
        "<div class='et_pb_toggle_content'><p>It is.</p></div></div>",
        "<p class='question'>Is it ok</p><div class='answer'>It is.</div>",
    ],
)
def test_class_names_of_page_builders_tell_questions_from_answers(read: Read, markup: str) -> None:
    question, answer = read(markup).blocks
    assert (question.kind, question.zone, answer.zone) == ("question", "faq", "faq")
    assert answer.question_index == question.index


def test_definition_lists_tie_only_terms_that_ask(read: Read) -> None:
    page = read("<dl><dt>Is it sore?</dt><dd>No.</dd><dt>Duration</dt><dd>One hour</dd></dl>")
    assert [(b.kind, b.question_index) for b in page.blocks] == [
        ("question", None), ("answer", 0), ("list-item", None), ("paragraph", None),
    ]  # fmt: skip


def test_microdata_questions_are_tied_to_their_answers(read: Read) -> None:
    page = read(
        '<div itemscope itemtype="https://schema.org/Question"><h3 itemprop="name">What is it made of</h3>'
        '<div itemprop="acceptedAnswer"><p itemprop="text">Mostly water.</p></div></div>'
    )
    assert page.blocks[1].question_index == 0
    assert page.blocks[0].zone == page.blocks[1].zone == "faq"


def test_hidden_text_is_kept_and_marked(read: Read) -> None:
    page = read(
        "<p>Shown</p><div style='display: none'><p>Unseen one</p></div><p hidden>Unseen two</p>"
        "<span class='sr-only'>Unseen three</span><div aria-hidden='true'>Ornament</div>"
    )
    assert [(b.text, b.hidden, b.zone) for b in page.blocks] == [
        ("Shown", False, "body"), ("Unseen one", True, "hidden"), ("Unseen two", True, "hidden"),
        ("Unseen three", True, "hidden"), ("Ornament", True, "body"),
    ]  # fmt: skip


def test_closed_tabs_are_body_text_that_is_not_shown_yet(read: Read) -> None:
    page = read(TABS)
    assert [(b.text, b.hidden, b.zone) for b in body_blocks(page) if b.kind != "button"] == [
        ("Open panel", False, "body"), ("Closed panel", True, "body"),
    ]  # fmt: skip


@pytest.mark.parametrize("source", [ELEMENTOR, ACCORDION, TABS, JAPANESE], ids=["elementor", "accordion", "tabs", "ja"])
def test_every_selector_finds_exactly_the_element_that_holds_the_text(read: Read, source: str) -> None:
    page = read(source)
    assert len(page.blocks) > 3
    _assert_found_again(page, source)


def test_selectors_hold_where_names_are_odd_and_tables_are_broken(read: Read) -> None:
    source = "<o:p>odd</o:p><my-card>custom<p>in</p></my-card><table><td>x<tr><td>y</table><p>a<p>b<div>c"
    page = read(source)
    assert texts(page) == ["odd", "custom", "in", "x", "y", "a", "b", "c"]
    _assert_found_again(page, source)


def test_nested_a_hundred_thousand_deep_is_read_as_text(read: Read) -> None:
    page = read("<div>" * 100_000 + "At the bottom" + "</div>" * 100_000)
    assert texts(page) == ["At the bottom"]


def test_a_page_of_endless_blocks_is_cut_and_said_to_be_too_large(read: Read) -> None:
    page = read("<p>a" * 30_000)
    assert len(page.blocks) == 20_000
    assert page.fitness.code == "too-large"


def _assert_found_again(page: Page, source: str) -> None:
    root = etree.fromstring(source.encode(), etree.HTMLParser(encoding="utf-8", remove_comments=True))
    for block in page.blocks:
        assert block.locator.css
        (element,) = root.cssselect(block.locator.css)
        held = element.get(block.locator.attr) if block.locator.attr else "".join(element.itertext())
        if block.locator.json_path is None:
            assert "".join(block.text.split()) in "".join(held.split())


def test_lines_of_a_paragraph_that_stand_for_themselves_are_blocks(read: Read) -> None:
    page = read("<p><b>Does it hurt?</b><br>Hardly.<br>Exosomes calm the skin.</p><h2>Exosomes<br>For Hair</h2>")
    assert texts(page) == ["Does it hurt?", "Hardly.", "Exosomes calm the skin.", "Exosomes For Hair"]
    assert [block.question_index for block in page.blocks] == [None, 0, 0, None]
