"""The three readable forms of a letter, on calm days and under hostile text."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest
from lxml import html as lxml_html

from exowatch.delivery.words import subject_of
from exowatch.digest.compose import Rows, compose
from exowatch.digest.render import as_html, as_json, as_markdown, as_summary, as_text, commands, render
from exowatch.digest.wording import NOTICE
from tests.unit.digest.letters import busy, change, coverage, flag, letter, quiet

TITLES = (
    "New and stronger claims",
    "New and stronger claims that a visitor does not see",
    "Already there when we began",
    "Judged anew",
)

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>\x1b[31m\x1b]0;t\x07\u202egnp.exe\u2066 "
    '"><style>*{display:none}</style> {{ 7*7 }} ' + "W" * 10_000
)
LINK = "javascript:alert(document.cookie)"


def hostile():
    """A letter in which every text of strangers is hostile."""
    bad = flag(
        id=HOSTILE,
        trader=HOSTILE,
        source=HOSTILE,
        url=LINK,
        page_title=HOSTILE,
        quote=HOSTILE,
        context="x " + HOSTILE + " y",
        heading_path=[HOSTILE, HOSTILE],
        conditions=[{"name": HOSTILE, "tier": "serious"}],
        agencies=[HOSTILE],
        language='en" onmouseover="alert(1)',
        zone=HOSTILE,
        reasons=[{"rule": "r", "words": HOSTILE, "cites": [HOSTILE]}],
        body_digest=HOSTILE,
        severity="high",
        change="stronger",
        lineage_id=1,
    )
    return compose(
        Rows(
            flags=[bad],
            changes=[
                change(kind="stronger", lineage_id=1, before="calm words", why=HOSTILE),
                change(source=HOSTILE, url=LINK, before=HOSTILE, after=HOSTILE + " more", why=HOSTILE),
            ],
            statements=[{"quote": HOSTILE, "agencies": [HOSTILE], "status": HOSTILE, "url": LINK, "scope": HOSTILE}],
            studies=[{"title": HOSTILE, "doi": HOSTILE, "url": LINK}],
            coverage=[coverage(name=HOSTILE, source=HOSTILE, verdict=HOSTILE)],
            outcomes=[{"source": HOSTILE, "url": LINK, "result": "UNFIT", "code": HOSTILE, "detail": HOSTILE}],
            issues=[{"code": HOSTILE, "message": HOSTILE, "source": HOSTILE}],
        ),
        letter(knowledge=HOSTILE),
    )


def columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line)


@pytest.mark.parametrize("make", [as_html, as_text, as_json])
@pytest.mark.parametrize("digest", [busy(), quiet()])
def test_every_form_says_that_a_machine_read_it_and_accuses_nobody(make, digest):
    said = make(digest)
    assert NOTICE in said
    assert "illegal" not in said.lower()


def test_a_day_without_news_says_what_was_watched():
    line = "No new claims; 1 source watched, 6 pages visited: 6 unchanged."
    barred = compose(Rows(coverage=[coverage(read=0, unchanged=6, seen=8, disallowed=2)]), letter())
    assert f"{line[:-1]}; 2 not allowed." in " ".join(as_text(barred).split())
    assert line in as_text(quiet())
    assert line in as_html(quiet())


def test_a_simulated_run_is_marked_and_a_real_one_is_not():
    assert "SIMULATED" in as_text(busy())
    assert "Simulated run" in as_html(busy())
    assert json.loads(as_json(busy()))["simulated"] is True
    assert "SIMULATED" not in as_text(quiet())


def test_the_text_form_marks_the_claim_and_the_words_that_moved():
    text = as_text(busy())
    assert ">>Exosome infusions stop the" in text
    assert "[-may help with knee pain-]" in text
    assert "{+stop knee pain within a month+}" in text
    assert "+2 more on this page" in text


@pytest.mark.parametrize("digest", [busy(), quiet(), hostile()])
def test_no_line_of_the_text_form_is_wider_than_eighty_columns(digest):
    assert max(map(columns, as_text(digest).splitlines())) <= 80


def test_the_html_form_marks_the_claim_and_the_words_that_moved():
    page = lxml_html.fromstring(as_html(busy()))
    assert page.xpath("//mark[contains(., 'progression of Parkinson')]")
    assert page.xpath("//del[.='may help with knee pain']")
    assert page.xpath("//ins[.='stop knee pain within a month']")


def test_the_html_form_asks_for_nothing_from_outside():
    said = as_html(busy())
    page = lxml_html.fromstring(said)
    assert not page.xpath("//script | //img | //link | //iframe | //object | //form | //@src | //@background")
    assert "url(" not in said
    assert "@import" not in said


def test_the_html_form_is_built_for_every_reader():
    page = lxml_html.fromstring(as_html(busy()))
    assert page.get("lang") == "en"
    assert [heading.tag for heading in page.xpath("//h1 | //h2 | //h3")][:3] == ["h1", "h2", "h3"]
    assert not page.xpath("//th[not(@scope)]")
    assert page.xpath("//table[@class='coverage']/caption")
    assert {element.get("dir") for element in page.xpath("//blockquote")} == {"auto"}


def test_hostile_text_stays_text_in_html():
    said = as_html(hostile())
    page = lxml_html.fromstring(said)
    assert not page.xpath("//script | //img | //body//style | //a[not(starts-with(@href, 'http'))]")
    assert not [name for name in page.xpath("//@*/..") for name in name.attrib if name.startswith("on")]
    assert page.xpath("//mark[contains(., '<script>alert(1)</script>')]")
    assert len(said) < 200_000


@pytest.mark.parametrize("make", [as_html, as_text, as_json])
def test_nothing_steers_a_terminal_or_turns_a_line_round(make):
    said = make(hostile())
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", said)


def test_the_json_form_keeps_every_letter_and_its_order_of_keys():
    said = json.loads(as_json(hostile()))
    assert said["flags"][0]["quote"] == HOSTILE
    assert list(said)[:4] == ["notice", "jurisdiction", "since", "until"]
    assert said["until"] == "2026-11-24T18:30:00Z"
    assert as_json(busy()) == as_json(busy())
    assert render(busy(), "json") == as_json(busy()).encode()


def test_half_letters_do_not_break_the_encoding():
    digest = compose(Rows(flags=[flag(quote="half \ud83d", context=None)]), letter())
    for form in ("html", "text", "json"):
        assert render(digest, form)


def test_a_form_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="no form"):
        render(quiet(), "docx")


def test_a_letter_of_fifty_entries_stays_under_a_hundred_kilobytes():
    rows = Rows(flags=[flag(id=n, lineage_id=n, url=f"https://a.example/{n}") for n in range(50)])
    assert len(render(compose(rows, letter()), "html")) < 100_000


def test_the_markdown_form_marks_the_claim_and_the_words_that_moved():
    text = as_markdown(busy())
    assert render(busy(), "md").decode() == text
    assert "**Exosome infusions stop the" in text
    assert "~~may help with knee pain~~" in text
    assert "**stop knee pain within a month**" in text
    assert NOTICE in text
    assert "| Harbour Skin | 6 |" in text


def test_the_markdown_form_shows_hostile_text_and_does_not_obey_it():
    text = re.sub(r"\\[^\w\s]", "", as_markdown(hostile()))
    assert not re.search(r"[<\[\]`]|!\[|https?:", text)
    assert not re.search("[\x00-\x09\x0b-\x1f\u202a-\u202e]", text)


def test_every_form_has_the_same_sections_in_the_same_order_under_the_same_words():
    flags = [
        flag(id=1, change="new"),
        flag(id=2, change="new", visible="no", lineage_id=2),
        flag(id=3, change="baseline", severity="high", lineage_id=3),
        flag(id=4, change="reassessed", lineage_id=4),
    ]
    digest = compose(Rows(flags=flags, coverage=[coverage()]), letter())
    for told in (as_text(digest), as_markdown(digest), lxml_html.fromstring(as_html(digest)).text_content()):
        words = " ".join(told.replace("\\", "").split()).lower()
        places = [words.find(title.lower()) for title in TITLES]
        assert -1 not in places
        assert places == sorted(places)
        assert "they stand in the page's data, not on its face." in words


def test_a_command_is_code_in_html_and_nothing_else_is():
    assert "<code>exowatch review FLAG …</code>" in as_html(busy())
    assert commands("`rm <b>`, `exowatch flags`") == "`rm &lt;b&gt;`, <code>exowatch flags</code>"


def test_a_watch_that_stood_still_is_no_quiet_day():
    still = compose(Rows(coverage=[coverage(seen=0, read=0, unchanged=0)]), letter(simulated=False))
    told = as_text(still)
    assert "No page was visited: nothing can be said of the 1 source watched." in told
    assert "No new claims" not in told
    assert subject_of(still).endswith("no page was visited")
    assert "no page was visited" not in subject_of(quiet())


def test_a_command_stands_in_markdown_without_the_signs_of_code():
    assert "exowatch review FLAG … keeps a decision." in as_markdown(busy())


def test_the_summary_of_one_screen_stays_one_whatever_a_page_says():
    long = flag(quote="Exosomes cure the gout " + "and we are glad to see you " * 60)
    said = as_summary(compose(Rows(flags=[long], coverage=[coverage()]), letter()))
    assert "Exosomes cure the gout" in said
    assert len(said.splitlines()) < 12


def test_where_a_claim_moved_to_is_told_once():
    here, there = "https://quay.example/old", "https://quay.example/new"
    moved = change(kind="moved", url=there, why=f"from {here} to {there}")
    told = as_text(compose(Rows(changes=[moved], coverage=[coverage()]), letter()))
    assert f"from {here}" in told
    assert told.count(there) == 1
