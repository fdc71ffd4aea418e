import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from exowatch.cases import handling
from exowatch.cases.docx import as_docx
from exowatch.cases.draft import Draft, PageOf, Passage
from exowatch.cases.letter import write_letter
from exowatch.cases.words import asked_for
from exowatch.digest.safe import brief, plain
from exowatch.digest.wording import NOTICE
from exowatch.errors import OutputError, SetupError
from exowatch.knowledge.load import load_knowledge
from exowatch.knowledge.regulation import law_of
from exowatch.model.decisions import Step
from exowatch.model.law import Verification
from exowatch.store.tables import runs
from tests.unit.cases.conftest import CURES, HAIR, HOME, MAY, STOPS, decide, right, wrong
from tests.unit.intake.sites import DAY

LAW = load_knowledge().law
BY = "Ann Byrne"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HOSTILE = (
    "<script>alert(1)</script> </w:t><w:hyperlink/>",
    '=HYPERLINK("http://evil.example","x")',
    "javascript:alert(1)",
    "\x1b[2J\x1b]0;title\x07 red",
    "pay \u202egro.live\u202c now \u2066x",
    "{{ 7 * 7 }} ${x} %s DDEAUTO c:\\windows\\cmd.exe",
    "A" * 10_000,
    "\ud800 half \ufffe \uffff \x00 end",
    "\U000e0041\U000e0042 tags",
)


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


@pytest.fixture
def opened(store):
    decide(store, right(), 1, 2)
    handling.open_case(store, (1, 2), None, Step(deadline=date(2026, 12, 10)), BY, DAY)
    return store


def written(store, tmp_path, law=LAW, **more):
    file = tmp_path / "letter.docx"
    return write_letter(store, law, 1, file, DAY, simulated=False, **more), file


def words_of(body):
    letter = Document(io.BytesIO(body) if isinstance(body, bytes) else str(body))
    told = [one.text for one in letter.paragraphs]
    return told + [cell.text for table in letter.tables for row in table.rows for cell in row.cells]


def test_a_letter_quotes_each_statement_with_its_page_and_days(opened, tmp_path):
    made, file = written(opened, tmp_path)
    assert made.count == 2
    told = words_of(file)
    for wanted in (f"1. “{STOPS}”", f"2. “{CURES}”", HOME, HAIR, "flag 1", "flag 2"):
        assert wanted in told
    assert told.count("2026-11-01 06:00 UTC, when the page was first read") == 2
    whole = "\n".join(told)
    for wanted in ("Quay Ltd", "case 1", "by 10 December 2026", "substantiation that you hold", "If we are wrong"):
        assert wanted in whole
    assert "illegal" not in whole
    assert "sha256:" in whole


def test_every_page_says_that_it_is_a_draft_and_no_finding(opened, tmp_path):
    _, file = written(opened, tmp_path)
    (section,) = Document(str(file)).sections
    assert section.footer.paragraphs[0].text.startswith(NOTICE)
    assert section.header.paragraphs[0].text.startswith("DRAFT · case 1")
    assert "PAGE" in section.footer._element.xml
    assert not section.different_first_page_header_footer


def test_a_draft_about_simulated_pages_says_so_on_every_page_and_over_its_words(opened, tmp_path):
    made, file = written(opened, tmp_path)
    assert not made.simulated
    assert "SIMULATED" not in "".join(words_of(file))
    with opened.writing() as db:
        db.execute(update(runs).values(simulated=True))
    made, file = written(opened, tmp_path, again=True)
    assert made.simulated
    letter = Document(str(file))
    assert "SIMULATED" in letter.sections[0].header.paragraphs[0].text
    assert letter.paragraphs[0].text.startswith("SIMULATED")
    assert "is for nobody" in made.notes[0]


def test_a_draft_for_a_closed_case_warns_the_reviewer_and_says_so(opened, tmp_path):
    made, file = written(opened, tmp_path)
    assert made.notes == ()
    handling.bring_to(opened, 1, Step(status="closed"), BY, DAY)
    made, file = written(opened, tmp_path, again=True)
    assert made.notes == ("the case is closed: exowatch case status 1 open, before a letter goes out",)
    letter = Document(str(file))
    assert letter.sections[0].header.paragraphs[0].text.startswith("DRAFT · case 1 · the case is closed")
    assert "The case is closed" in letter.paragraphs[0].text


def test_one_statement_and_one_page_are_spoken_of_as_one():
    one = draft_of("words")
    many = replace(one, pages=(replace(one.pages[0], passages=one.pages[0].passages * 2),))
    pages = replace(one, pages=one.pages * 2)
    singular, plural = "The statement below stood", "The 2 statements below stood"
    for made, told, page in ((one, singular, 1), (many, plural, 1), (pages, plural, 2)):
        whole = "\n".join(words_of(as_docx(made)))
        assert told in whole
        assert ("take it to be yours" in whole, "take them to be yours" in whole) == (made is one, made is not one)
        assert ("for each number" in whole, "and the number" in whole) == (made is not one,) * 2
        assert ("on a page that is" in whole, "on 2 pages that are" in whole) == (page == 1, page == 2)


def test_the_same_case_gives_the_same_bytes(opened, tmp_path):
    _, file = written(opened, tmp_path)
    before = file.read_bytes()
    written(opened, tmp_path, again=True)
    assert file.read_bytes() == before


def test_a_draft_that_a_person_may_have_changed_is_not_written_over(opened, tmp_path):
    _, file = written(opened, tmp_path)
    file.write_text("mine")
    with pytest.raises(OutputError, match="your changes"):
        written(opened, tmp_path)
    assert file.read_text() == "mine"


def test_a_letter_is_refused_while_a_flag_waits_for_a_decision(store, tmp_path):
    decide(store, right(), 1)
    handling.open_case(store, (1, 2), None, Step(), BY, DAY)
    with pytest.raises(SetupError, match="nobody has decided yet on flag 2"):
        written(store, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_was_read_wrongly_or_needs_no_action_is_left_out_and_named(opened, tmp_path):
    decide(opened, wrong(), 2)
    made, file = written(opened, tmp_path)
    assert made.notes == ("flag 2 is left out: it was read wrongly",)
    assert CURES not in "\n".join(words_of(file))
    decide(opened, right("no-action", "trivial"), 1)
    with pytest.raises(SetupError, match="no flag that was read rightly") as told:
        written(opened, tmp_path, again=True)
    assert "no action was decided (trivial)" in told.value.remedy


def test_words_that_are_gone_are_told_to_the_reviewer(site, opened, tmp_path):
    site.visit({HOME: [MAY], HAIR: [CURES]})
    made, file = written(opened, tmp_path)
    assert made.notes == ("flag 1: the words no longer stand there (last seen 2026-11-01 06:00 UTC)",)
    assert "2026-11-01 06:00 UTC; no longer there since" in words_of(file)


def test_words_that_took_the_place_of_others_are_first_seen_when_they_came(site, store, tmp_path):
    site.visit({HOME: [MAY], HAIR: [CURES]})
    site.visit({HOME: [STOPS], HAIR: [CURES]})
    always = "Exosomes always stop hair-loss in most of our patients."
    site.visit({HOME: [always], HAIR: [CURES]})
    (told,) = [row for row in site.rows("flags") if row["quote"] == always]
    assert told["first_seen"] == "2026-11-04T06:00:00Z"
    assert told["lineage_first_seen"] < told["first_seen"]
    flag = told["id"]
    decide(store, right(), flag)
    handling.open_case(store, (flag,), None, Step(), BY, DAY)
    assert "2026-11-04 06:00 UTC, in these words" in words_of(written(store, tmp_path)[1])


def test_only_provisions_whose_text_was_read_are_named(opened, tmp_path):
    _, file = written(opened, tmp_path)
    assert "Provision" not in words_of(file)
    read = Verification("text_read", "machine", DAY.date(), "https://law.example/", "capture", "digest")
    law = law_of([replace(rule, verification=read) for rule in LAW.rules], LAW.places)
    _, file = written(opened, tmp_path, law, again=True)
    named = [one for one in words_of(file) if "law.example" in one]
    assert named
    assert all("may engage" in one and "verify" in one for one in named)


def draft_of(text, language="en"):
    passage = Passage(1, 7, plain(text), language, (("First seen", plain(text)),), (plain(text),))
    page = PageOf(brief(text), plain(text), (passage,))
    return Draft(3, brief(text), datetime(2026, 11, 26, tzinfo=UTC).date(), None, (page,), False)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_stays_text(text):
    body = as_docx(draft_of(text))
    assert f"1. “{plain(text)}”".replace("\ufffe", "⟨U+FFFE⟩").replace("\uffff", "⟨U+FFFF⟩") in words_of(body)
    with zipfile.ZipFile(io.BytesIO(body)) as made:
        parts = {name: made.read(name) for name in made.namelist()}
    tree = ElementTree.fromstring(parts["word/document.xml"])
    tags = {element.tag.removeprefix(W) for element in tree.iter()}
    assert not tags & {"hyperlink", "fldSimple", "instrText", "object", "altChunk"}
    links = "".join(part.decode() for name, part in parts.items() if name.endswith(".rels"))
    assert 'TargetMode="External"' not in links
    assert not any(name.endswith((".bin", ".vml")) for name in parts)
    shown = "".join(tree.itertext())
    assert not any(mark in shown for mark in "\x1b\x00\u202e\u2066\ud800\U000e0041")


@pytest.mark.parametrize(
    ("language", "attributes"),
    [("ar", {"val": "ar", "bidi": "ar"}), ("ja", {"val": "ja", "eastAsia": "ja-JP"}), ("es", {"val": "es"})],
)
def test_a_quote_is_marked_with_its_language(language, attributes):
    letter = Document(io.BytesIO(as_docx(draft_of("words", language))))
    (quote,) = [one for one in letter.paragraphs if one.style.name == "Quote"]
    found = {key.removeprefix(W): value for key, value in quote.runs[1]._r.rPr.find(f"{W}lang").attrib.items()}
    assert found == attributes
    assert (quote._p.pPr.find(f"{W}bidi") is not None) == (language == "ar")


@given(st.text(st.characters(codec=None)), st.text(max_size=12))
def test_any_text_makes_a_document_that_can_be_read(text, language):
    assert len(words_of(as_docx(draft_of(text, language)))) > 10


def test_a_deadline_that_has_passed_is_not_asked_for():
    def asked(deadline):
        made = Draft(1, "Quay Ltd", date(2026, 12, 2), deadline, (), simulated=False)
        return " ".join(words for _, words in asked_for(made))

    assert "by 10 December 2026" in asked("2026-12-10")
    assert "by [day]" in asked("2026-11-28")
    assert "by [day]" in asked(None)
