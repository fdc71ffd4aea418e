"""However a term is written, its rule finds it, and at its true place."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exowatch.extract.fold import fold
from exowatch.extract.match import Matcher
from exowatch.extract.sense import matcher_for
from exowatch.knowledge.schema import Rule
from exowatch.knowledge.words import word_texts
from tests.unit.extract.reading import KNOWLEDGE, read

LANGUAGES = sorted(name.removeprefix("words/").removesuffix(".yml") for name in word_texts())
UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202b\u202c"
#: Letters that fold one to several, several to one, or to nothing.
ODD = (
    "ﬁﬃœßẞ™®²№㎎ﻻﷲˈʼ\u0301\u0306\u0640\u064e\u0654иаеоеExosomcureعلاجゾｿﾞヾ엑ㅇᄋ\u1166\u11a8\u3099\ud800 \t.。" + UNSEEN
)
HALF = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0xFF61, 0xFFA0)}
HALF |= {"\u3099": "ﾞ", "\u309a": "ﾟ"}


def upper(text, language):
    return text.replace("i", "İ").upper() if language in ("tr", "az") else text.upper()


def half(text, language):
    parts = [unicodedata.normalize("NFD", letter) for letter in text]
    return "".join("".join(map(HALF.get, p)) if set(p) <= set(HALF) else c for c, p in zip(text, parts, strict=True))


def full(text, language):
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def ligated(text, language):
    return text.replace("ffi", "ﬃ").replace("fi", "ﬁ").replace("fl", "ﬂ").replace("ff", "ﬀ")


def without_accents(text, language):
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    # й and ї, が, and letters with hamza are letters of their own
    return plain if language not in ("ru", "uk", "ja", "ko", "ar", "fa", "sr") else text


WAYS = {
    "in parts": lambda text, _: unicodedata.normalize("NFD", text),
    "capitals": upper,
    "half width": half,
    "full width": full,
    "ligatures": ligated,
    "without accents": without_accents,
    "zero width": lambda text, _: "\u200b".join(text),
    "soft hyphens": lambda text, _: "\u00ad".join(text),
    "no-break": lambda text, _: text.replace(" ", "\u00a0").replace("-", "\u2011"),
    "trade mark": lambda text, _: f"{text}™",
    "footnote": lambda text, _: f"{text}²",
    "apostrophes": lambda text, _: text.replace("'", "ʼ"),
    "curled": lambda text, _: text.replace("'", "’"),
}


def found_in(text, language):
    return {hit.rule.id for hit in matcher_for(KNOWLEDGE, [language]).hits(text)}


def terms_of(language):
    return [
        (rule.id, term.strip("*").strip())
        for rule in KNOWLEDGE.rules
        for term in rule.terms.get(language, ())[:6]
        if "*" not in term.strip("*") and not term.startswith("*")
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_term_is_found_however_it_is_written(language):
    lost = [
        (rule, way, written)
        for rule, term in terms_of(language)
        for way, write in WAYS.items()
        if (written := write(term, language)) != term and rule not in found_in(written, language)
    ]
    assert lost == []


@pytest.mark.parametrize(
    ("language", "text", "rule"),
    [
        ("ar", "وبالإكسوسومات نعالج", "exosome"),
        ("ar", "وللإكسوسومات دور", "exosome"),
        ("ar", "الإِكْسُـوسُومَات", "exosome"),
        ("ar", "معتمد من الـFDA", "agency.us-fda"),
        ("fa", "اگزوزوم‌ها", "exosome"),
        ("ko", "세포외 소포", "exosome"),
        ("ko", "ASCE+는 피부를", "product.asce"),
        ("zh", "使用Exosomes治疗", "exosome"),
        ("zh", "外泌 体", "exosome"),
        ("sr", "Егзозоми смањују боре", "wrinkles"),
        ("sr", "излијечи", "cure"),
        ("sr", "oslobadja", "cure"),
        ("de", "erwiesenermassen", "guarantee"),
        ("fr", "au coeur des cellules", "mechanism"),
        ("en", "EХOSОМES", "exosome"),
        ("en", "You are No. 1", "superior"),
    ],
)
def test_spellings_that_people_use_are_found(language, text, rule):
    assert rule in found_in(text, language)


@pytest.mark.parametrize(
    ("language", "text", "rule"),
    [("zh", "外泌，体", "exosome"), ("zh", "外泌\n体", "exosome"), ("ko", "천사 고급", "accident")],
)
def test_what_a_comma_or_a_line_parts_is_no_word(language, text, rule):
    assert rule not in found_in(text, language)


def test_what_is_found_in_letters_of_several_parts_is_shown_whole():
    text = unicodedata.normalize("NFD", "오늘 엑소좀 주사")
    matcher = matcher_for(KNOWLEDGE, ["ko"])
    hit = next(hit for hit in matcher.hits(text) if hit.rule.id == "exosome")
    assert unicodedata.normalize("NFC", text[hit.start : hit.end]) == "엑소좀"


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from(ODD), max_size=40))
def test_every_letter_of_a_folded_text_knows_where_it_came_from(text):
    folded = fold(text)
    places = [folded.at(place) for place in range(1, len(folded.text))]
    assert places == sorted(places)
    assert all(0 <= place <= len(text) for place in places)
    assert all(folded.at(p) < folded.until(p + 1) <= len(text) for p in range(1, len(folded.text) - 1))


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from(ODD), max_size=20), st.text(st.sampled_from(ODD), max_size=20))
def test_a_word_among_odd_letters_is_found_at_its_place(before, after):
    matcher = Matcher([Rule("gleam", "effect", {"en": ("gleaming",)})])
    text = f"{before} . gleaming . {after}"
    assert [text[hit.start : hit.end].strip(UNSEEN) for hit in matcher.hits(text)] == ["gleaming"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.sampled_from(ODD), max_size=30), min_size=1, max_size=4))
def test_quotes_stand_at_their_offsets_among_odd_letters(parts):
    text = " Our exosomes cure eczema. エクソソームはがんを治します。".join([*parts, ""])
    page, found = read(text.replace("\ud800", ""))
    assert found.claims
    for finding in (*found.claims, *found.statements):
        quote = finding.quote
        assert page.blocks[quote.block_index].text[quote.start : quote.end] == quote.text
