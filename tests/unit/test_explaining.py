import pytest

from exowatch.cli.explaining import explained
from exowatch.config import Config
from tests.unit.pages.test_pdf import made_pdf


def lines(sentence, page=None):
    return list(explained(Config(), sentence, page, "IE"))


def test_a_hedge_is_shown_with_what_the_sentence_would_be_without_it():
    told = lines("Exosomes may help to reduce fine lines.")
    assert any("with its page" in line and line.endswith("is needed: a claim") for line in told)
    assert any("stance hedged" in line for line in told)
    assert any("without “may help” (hedge)" in line and "asserted" in line for line in told)


def test_a_sentence_about_another_treatment_is_told_why_it_is_no_claim():
    told = lines("PRP improves the skin.")
    assert any("never names exosomes" in line for line in told)
    assert "no claim was read out of it" in told


def test_a_sentence_is_explained_on_its_page(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(
        "<html lang=en><title>Exosomes</title><body><h1>Exosome facial</h1><p>It smooths deep wrinkles.</p>"
        "<p>Exosomes firm the skin.</p></body></html>"
    )
    told = lines("It smooths deep wrinkles.", page)
    assert any(line.startswith("claim: It smooths") for line in told)


def test_a_sentence_that_is_not_on_the_page_is_told_so(tmp_path):
    page = tmp_path / "page.txt"
    page.write_text("Exosomes firm the skin.")
    assert any("does not stand on this page" in line for line in lines("It smooths wrinkles.", page))


def test_quotation_marks_and_case_do_not_hide_the_sentence(tmp_path):
    page = tmp_path / "page.txt"
    page.write_text("Exosomes don’t cure eczema.\n\nExosomes firm the skin.")
    told = lines("exosomes don't cure eczema.", page)
    assert [line for line in told if line.startswith("sentence:")] == ["sentence: Exosomes don’t cure eczema."]


def test_only_the_sentence_itself_is_explained_where_it_stands(tmp_path):
    page = tmp_path / "page.html"
    page.write_text("<html lang=en><title>Exosomes</title><body><h1>Exosomes</h1><p>Exosomes firm the skin.</p></body>")
    assert sum(line.startswith("sentence:") for line in lines("Exosomes firm the skin.", page)) == 1


def test_several_sentences_are_explained_each_and_a_page_of_them_only_in_part(tmp_path):
    told = lines("Exosomes firm the skin. Exosomes are not approved by the FDA.")
    assert sum(line.startswith("sentence:") for line in told) == 2
    page = tmp_path / "page.html"
    page.write_text("<html lang=en><body>" + "".join(f"<p>Exosomes firm the skin {i}.</p>" for i in range(30)))
    told = lines("Exosomes firm the skin", page)
    assert any("24 more sentences" in line for line in told)


def test_words_that_turn_only_together_are_tried_together():
    told = lines("Some clinics claim that exosomes reportedly cure eczema.")
    assert any(line.count("“") == 4 and "(attribution): disease, asserted" in line for line in told)


def test_a_short_answer_is_explained_with_its_question(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(
        "<html lang=en><title>Exosomes</title><body><details><summary>Do exosomes cure eczema?</summary>"
        "<p>Yes, absolutely.</p></details></body></html>"
    )
    assert any(
        "from the question before it: Do exosomes cure eczema?" in line for line in lines("Yes, absolutely.", page)
    )


def test_a_page_that_is_no_text_is_told_so(tmp_path):
    page = tmp_path / "page.html"
    page.write_bytes(b"\x89PNG\r\n\x1a\n")
    assert any("not fit to be read" in line for line in lines("It firms the skin.", page))


@pytest.mark.parametrize("name", ["page.pdf", "page.dat"])
def test_a_sentence_is_explained_on_a_pdf_whatever_its_file_is_called(tmp_path, name):
    page = tmp_path / name
    prose = "Every treatment begins with a talk in which a doctor looks at skin and history."
    page.write_bytes(made_pdf(["Our exosome serum smooths deep wrinkles.", prose, "Exosomes regrow", "hair."]))
    told = lines("Exosomes regrow hair.", page)
    assert "claim: Exosomes regrow hair." in told
    assert any("flagged" in line for line in told)


def test_a_heading_that_only_names_is_told_why_it_is_no_claim(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(
        "<html lang=en><title>Exosomes</title><body><h1>Exosomes</h1><p>Welcome.</p><h2>Knees</h2>"
        "<p>Exosomes calm the pain of osteoarthritis.</p></body>"
    )
    told = lines("Knees", page)
    assert any("it only names what the text beside it is about: no claim" in line for line in told)
