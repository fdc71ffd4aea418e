"""A letter as a mail: never cut by who shows it, in the reader's own time, and honest about what is left out."""

from __future__ import annotations

from lxml import html as lxml_html

from exowatch.digest.compose import Rows, compose
from exowatch.digest.fitting import MOST_BYTES
from exowatch.digest.ranking import SURE
from exowatch.digest.render import as_html, as_mail, as_text
from exowatch.digest.sheet import UNSURE, lay_out
from exowatch.model.changes import Subscription
from tests.unit.digest.letters import busy, change, coverage, flag, letter, quiet

LONG = "Exosomes rebuild the skin of the face, the neck and the hands, and the effect lasts for years. " * 4


def crowded(pages: int = 50, claims: int = 3):
    flags = [
        flag(
            id=100 * page + n,
            lineage_id=100 * page + n,
            url=f"https://a.example/{page}",
            trader=f"Trader {page}",
            quote=f"{LONG}{n}",
            context=f"{LONG}{LONG}{n}",
        )
        for page in range(pages)
        for n in range(claims)
    ]
    sources = [coverage(source=f"s{n}", name=f"Source {n}", verdict="partial") for n in range(300)]
    return compose(Rows(flags=flags, coverage=sources, changes=[change(id=n) for n in range(90)]), letter())


def test_fifty_pages_of_three_claims_fit_a_mail_and_each_page_is_told():
    mail = as_mail(crowded())
    assert len(mail.html.encode()) <= MOST_BYTES
    read = lxml_html.document_fromstring(mail.html).text_content()
    assert all(f"Trader {page}" in read for page in range(50))
    assert "More is told in the letter as a file" in read
    assert "260 more sources" in " ".join(read.split()) or "more sources" in read


def test_a_mail_that_fits_is_told_whole():
    assert "More is told" not in as_mail(busy()).html


def test_the_file_holds_what_the_mail_leaves_out():
    assert as_html(crowded()).count(LONG.strip()[:60]) > as_mail(crowded()).html.count(LONG.strip()[:60])


def test_times_are_told_where_the_reader_is():
    mail = as_mail(quiet(), "Asia/Tokyo")
    assert "2026-11-25 03:30 JST" in mail.text
    assert "25 November 2026" in mail.html
    assert "2026-11-24 18:30 UTC" in as_text(quiet())


def test_what_may_be_read_wrongly_comes_last_of_the_news_under_a_heading_of_its_own():
    rows = Rows(flags=[flag(id=1, severity="critical", certainty=SURE - 0.2), flag(id=2, certainty=0.99, lineage_id=2)])
    digest = compose(rows, letter())
    assert [row["id"] for row in digest.flags] == [2, 1]
    sections = lay_out(digest).sections
    assert [(one.title == UNSURE, one.entries[0].items[0].id) for one in sections] == [(False, "2"), (True, "1")]
    assert "read with certainty 0.99" in as_text(digest)


def test_a_letter_says_what_it_holds_back_and_why():
    rows = Rows(
        flags=[flag(id=1, severity="low"), flag(id=2, jurisdiction="US"), flag(id=3, change="baseline")],
        coverage=[coverage(verdict="partial")],
    )
    told = lay_out(compose(rows, letter(wanted=Subscription(jurisdictions=("IE",))))).held_back
    assert len(told) == 4
    assert told[0] == "1 new or stronger flag less grave than medium."
    assert "outside what was asked for (IE)" in told[2]


def test_a_flag_read_rightly_on_which_nothing_was_decided_still_waits():
    rows = Rows(flags=[flag(change="baseline", severity="high", review="right", action="undecided")])
    assert compose(rows, letter()).baseline_count == 1


def test_thousands_of_lines_are_counted_and_not_printed():
    out = {"source": "harbour-skin", "result": "FAILED", "code": "timeout", "at": None}
    outcomes = [out | {"url": f"https://a.example/{n}"} for n in range(500)]
    sheet = lay_out(compose(Rows(coverage=[coverage()], outcomes=outcomes), letter()))
    assert len(sheet.unread) + sheet.unread_more == 500
    assert len(sheet.unread) < 100
