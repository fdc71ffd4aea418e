"""Things of a page that law names are found in its sentences, and nobody's name is kept with them."""

import pytest

from exowatch.errors import KnowledgeError
from exowatch.extract.findings import findings
from exowatch.knowledge.features import load_features
from exowatch.model.sources import Source
from exowatch.pages.page import read_page
from tests.unit.extract.reading import KNOWLEDGE

TOP = "<h1>Exosome facial</h1><p>Our exosome serum makes skin glow.</p>"


def features(body, place="IE", language="en", kind="clinic"):
    page = read_page(
        f"<html lang={language}><title>Exosomes</title><body><main>{TOP}{body}</main></body></html>".encode(),
        url="https://a.example/",
        content_type="text/html; charset=utf-8",
        status=200,
        truncated=None,
        fitness=KNOWLEDGE.fitness,
    )
    return findings(page, Source("a", "a", kind, place, ("https://a.example/",)), KNOWLEDGE).features


@pytest.mark.parametrize(
    "sentence",
    [
        "Loved by celebrities in Dubai.",
        "Von Ärzten empfohlen.",
        "Ünlüler bunu seviyor.",
        "Рекомендуют врачи.",
        "医師が推奨する美容液です。",
    ],
)
def test_endorsements_are_found_in_many_languages(sentence):
    assert features(f"<p>{sentence}</p>").endorsements == (sentence,)


@pytest.mark.parametrize("sentence", ["For healthcare professionals only.", "Nur für Fachkreise.", "医療関係者の方へ"])
def test_a_gate_for_professionals_is_found(sentence):
    assert features(f"<p>{sentence}</p>").gate == sentence


def test_staff_who_treat_are_no_endorsement_and_no_gate():
    told = features("<p>Our healthcare professionals look after you.</p><p>Ask your dermatologist first.</p>")
    assert (told.endorsements, told.gate) == ((), None)


def test_what_a_customer_says_is_kept_without_the_name_below_it():
    told = features("<blockquote>“My skin has never looked better, I love it.” – Anna Kowalska</blockquote>")
    assert told.testimonials
    assert not any("Kowalska" in text for text in told.testimonials)


def test_prices_are_amounts_with_their_currency():
    told = features("<p>From €250 a session, a course of three for 1.200 EUR. Call 01 234 5678.</p>")
    assert told.prices == ("€250", "1.200 EUR")


def test_a_sentence_that_law_requires_is_missing_or_there():
    missing = features("<p>Sonuçlar harika.</p>", place="TR", language="tr").required_missing
    assert missing
    assert all(name.startswith("tr-") for name in missing)
    assert features("<p>Sonuçlar kişiden kişiye değişir.</p>", place="TR", language="tr").required_missing == ()
    assert features("<p>Great results.</p>").required_missing == ()
    assert features("<p>Sonuçlar harika.</p>", place="TR", language="tr", kind="journal").required_missing == ()


def test_a_file_whose_example_fails_is_refused(tmp_path):
    told = "- {id: gate, reason: x, source: x, terms: [staff only], examples: {match: [Everybody], not: [x]}}\n"
    (tmp_path / "features.yml").write_text(told)
    with pytest.raises(KnowledgeError, match="an example fails"):
        load_features(tmp_path / "features.yml")


@pytest.mark.parametrize(
    ("sentence", "prices"),
    [
        ("From €250 to €400 a session.", ("€250", "€400")),
        ("A course is 1 200 €.", ("1 200 €",)),
        ("It costs EUR 1'200 in all.", ("EUR 1'200",)),
        ("Only £90.", ("£90",)),
    ],
)
def test_amounts_are_whole_whatever_parts_their_thousands(sentence, prices):
    assert features(f"<p>{sentence}</p>").prices == prices


@pytest.mark.parametrize(
    "sentence",
    [
        "I love my new skin – Anna Kowalska",
        "My name is Anna Kowalska and my hair grew back.",
        "“Great,” said Anna Kowalska, “my skin is new.”",
    ],
)
def test_no_name_is_kept_with_a_voice(sentence):
    assert not any("Kowalska" in text for text in features(f"<p>{sentence}</p>").testimonials)
