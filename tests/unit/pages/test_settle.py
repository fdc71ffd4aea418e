"""Menus, consent notices and footers are told from what the page says."""

from __future__ import annotations

import pytest

from tests.unit.pages.conftest import Read, block_with, texts
from tests.unit.pages.pages_for_tests import ELEMENTOR, JAPANESE

TEXT = "<main><h1>Serum</h1><p>The nurse puts it on after needling, and the skin calms within a few days.</p></main>"


def test_a_page_of_a_builder_is_cut_into_its_zones(read: Read) -> None:
    page = read(ELEMENTOR)
    assert texts(page, "nav") == ["Skip to content", "Home", "Team"]
    assert texts(page, "footer") == ["Not a medicine."]
    assert texts(page, "faq") == ["How many visits", "Three, as a rule."]
    assert "A second thought." in texts(page, "body")


@pytest.mark.parametrize(
    "menu",
    [
        "<nav>Team Prices</nav>",
        "<div role=navigation>Team Prices</div>",
        "<div class='breadcrumbs'>Team › Prices</div>",
        "<header><ul><li><a href=/t>Team</a></li><li><a href=/p>Prices</a></li></ul></header>",
        "<ul><li><a href=/1>Team</a><li><a href=/2>Prices</a><li><a href=/3>Find us</a><li><a href=/4>News</a></ul>",
        "<select><option>Team</option><option>Prices</option></select>",
    ],
)
def test_menus_are_nav(read: Read, menu: str) -> None:
    page = read(menu + TEXT)
    assert {b.zone for b in page.blocks if "Team" in b.text or "Prices" in b.text} == {"nav"}
    assert block_with(page, "needling").zone == "body"


def test_a_list_of_sentences_with_a_link_in_each_is_no_menu(read: Read) -> None:
    points = "".join(f"<li>Point {n} is told <a href=/{n}>at length</a> elsewhere</li>" for n in range(6))
    assert texts(read(f"<ul>{points}</ul>"), "nav") == []


@pytest.mark.parametrize(
    "notice",
    [
        "<div id='cookie-banner'><p>We use cookies.</p><button>Accept</button></div>",
        "<div role=dialog><h2>Your choice</h2><p>We use cookies.</p><button>Accept</button></div>",
        "<p>We use cookies.</p><button>Accept</button>",
        "<section class='gdpr'>Cookies help us. <a href=/c>Preferences</a></section>",
        "<div>Мы используем куки.</div>",
        "<div>当サイトはクッキーを使用しています。</div>",
    ],
)
def test_consent_notices_are_told_by_name_role_or_words(read: Read, notice: str) -> None:
    page = read(notice + TEXT)
    assert texts(page, "notice")
    assert texts(page, "body") == ["Serum", block_with(page, "needling").text]


def test_a_dialog_about_something_else_is_read(read: Read) -> None:
    page = read(TEXT + "<div role=dialog><p>Exosome week: ten per cent off.</p></div>")
    assert block_with(page, "Exosome week").zone == "body"


def test_a_wrapper_named_after_cookies_does_not_swallow_the_page(read: Read) -> None:
    page = read(f"<div class='cookie-notice-shown'>{TEXT}<p>We use cookies.</p></div>")
    assert block_with(page, "needling").zone == "body"
    assert texts(page, "notice") == ["We use cookies."]


def test_a_consent_form_for_a_treatment_is_no_notice(read: Read) -> None:
    page = read("<div class='treatment consent'><p>Before the visit you sign that you were told the risks.</p></div>")
    assert texts(page, "body")


def test_the_foot_of_a_quotation_or_a_card_is_no_page_footer(read: Read) -> None:
    page = read(
        TEXT + "<blockquote>It helped.<footer>Anna</footer></blockquote><div class='card-footer'>Half price</div>"
    )
    assert texts(page, "footer") == []


def test_a_footer_keeps_its_words_without_the_headings_of_the_page(read: Read) -> None:
    page = read(JAPANESE)
    assert [(b.text, b.heading_path) for b in page.blocks if b.zone == "footer"] == [("個人差があります", ())]
    assert texts(page, "nav") == ["ホーム", "料金"]


def test_a_list_of_links_in_the_main_part_is_what_the_page_says(read: Read) -> None:
    links = "".join(f"<li><a href=/{name}>Care for {name}</a></li>" for name in ("face", "hair", "hands", "neck"))
    page = read(f"<main><ul>{links}</ul></main>")
    assert texts(page, "body")[0] == "Care for face"
    assert page.fitness.fit
    assert read(f"<div><ul>{links}</ul></div>").fitness.fit
