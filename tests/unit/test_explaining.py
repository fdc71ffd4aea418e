from exowatch.cli.explaining import explained
from exowatch.config import Config


def lines(sentence, page=None):
    return list(explained(Config(), sentence, page, "IE"))


def test_a_hedge_is_shown_with_what_the_sentence_would_be_without_it():
    told = lines("Exosomes may help to reduce fine lines.")
    assert any("weighs" in line and "a claim" in line for line in told)
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
