"""Letters of regulators, made up after the layout of real ones: what they quote, and where it stood."""

import pytest

from exowatch.extract.letters import letter_in
from exowatch.pages.page import read_page
from tests.unit.extract.reading import KNOWLEDGE

HEAD = "<title>Harbour Cells LLC - 700001 - 05/05/2025 | FDA</title>"
TOP = """<h1>WARNING LETTER</h1><h2>Harbour Cells LLC</h2><h3>MARCS-CMS 700001 — May 05, 2025</h3>
<dl><dt>Delivery Method:</dt><dd>Via Email</dd><dt>Reference #:</dt><dd>CBER 25-700001</dd><dt>Product:</dt>
<dd>Biologics</dd><dt>Issuing Office:</dt><dd>Center for Biologics Evaluation and Research (CBER)</dd></dl>"""
QUOTES = """<p>Dear Ms. Roe:</p><p>FDA reviewed your website (last visited April 2025).</p>
<p>For example, on your webpage titled “Exosome Therapy”, you state:</p>
<ul><li>“Exosomes repair damaged joints and end the need for surgery.”</li>
<li>"Our exosomes treat Lyme disease."</li></ul>
<p>On your Instagram page: “HarbourExo heals COVID lungs in two weeks.”</p>
<p>A drug is “intended for use in the diagnosis, cure or mitigation of disease”, section 201(g).</p>"""


def letter(body, head=HEAD, url="https://www.fda.gov/warning-letters/harbour-cells-llc-700001-05052025"):
    page = read_page(
        f"<html lang=en><head>{head}</head><body><main>{body}</main></body></html>".encode(),
        url=url,
        content_type="text/html; charset=utf-8",
        status=200,
        truncated=None,
        fitness=KNOWLEDGE.fitness,
    )
    return letter_in(page)


def test_a_letter_is_read_with_firm_date_numbers_product_and_quotes():
    told = letter(TOP + QUOTES)
    assert (told.kind, told.authority, told.firm) == ("warning", "FDA", "Harbour Cells LLC")
    assert (told.issued_on, told.product) == ("2025-05-05", "Biologics")
    assert set(told.numbers) == {"CBER 25-700001", "MARCS-CMS 700001"}
    assert [one.text for one in told.quotes] == [
        "Exosomes repair damaged joints and end the need for surgery.",
        "Our exosomes treat Lyme disease.",
        "HarbourExo heals COVID lungs in two weeks.",
    ]
    assert "Exosome Therapy" in told.quotes[0].said_on
    assert "Instagram" in told.quotes[2].said_on


def test_words_of_the_statute_and_titles_of_pages_are_no_quoted_claims():
    texts = [one.text for one in letter(TOP + QUOTES).quotes]
    assert not any("intended for use" in text or text == "Exosome Therapy" for text in texts)


def test_claims_listed_without_quotation_marks_are_quoted():
    listed = "<ul><li>Exosomes cure hair loss for good</li></ul>"
    told = letter(TOP + "<p>Dear Sir:</p><p>On your website you claim the following:</p>" + listed)
    assert [one.text for one in told.quotes] == ["Exosomes cure hair loss for good"]


def test_a_letter_without_a_number_or_labels_is_still_one():
    told = letter("<h1>Untitled Letter</h1><h2>Quay Regen Inc</h2>" + QUOTES, head="<title>Quay</title>")
    assert (told.kind, told.firm, told.numbers, told.issued_on) == ("untitled", "Quay Regen Inc", (), None)


@pytest.mark.parametrize(
    "words", ["This letter has been withdrawn.", "The warning letter was removed on March 3, 2026."]
)
def test_a_withdrawn_letter_says_so(words):
    assert letter(f"<p>{words}</p>" + TOP + QUOTES).withdrawn


def test_a_close_out_letter_is_one():
    assert letter("<h1>Close Out Letter</h1><h2>Quay</h2><p>CBER 25-700001</p><p>Dear Sir:</p>").kind == "close-out"


@pytest.mark.parametrize(
    "body", ["<h1>News</h1><p>FDA warns of exosomes.</p>", "<p></p>", "<h1>Warning letters</h1><p>A list.</p>"]
)
def test_other_pages_are_no_letters(body):
    assert letter(body, head="<title>FDA</title>") is None
