import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.extract.reading import claim_of, read


@pytest.mark.parametrize(
    ("sentence", "stance"),
    [
        ("Exosomes smooth deep wrinkles.", "asserted"),
        ("Exosomes may smooth deep wrinkles.", "hedged"),
        ("Exosomes do not smooth deep wrinkles.", "negated"),
        ("Do exosomes smooth deep wrinkles?", "question"),
        ("Exosomes are marketed as a way to smooth deep wrinkles.", "attributed"),
        ("Not only do exosomes smooth deep wrinkles, they firm the skin.", "asserted"),
        ("Our exosomes are FDA approved.", "asserted"),
        ("Our exosomes are not FDA approved.", "negated"),
        ("There are no FDA-approved exosome products.", "negated"),
        ("Exosome therapy has no side effects.", "asserted"),
        ("Exosome therapy is a safe and non-toxic treatment.", "asserted"),
        ("Los exosomas reducen las arrugas.", "asserted"),
        ("Экзосомы не одобрены FDA.", "negated"),
    ],
)
def test_a_claim_has_the_stance_of_its_sentence(sentence, stance):
    claim = claim_of(sentence)
    assert claim is not None
    assert claim.stance == stance


@pytest.mark.parametrize(
    "sentence",
    [
        "Our rooms are open from nine to five.",
        "Exosomes are vesicles of 30 to 150 nanometres.",
        "PRP improves the texture of the skin.",
        "Parking is free for patients.",
    ],
)
def test_what_promises_nothing_about_exosomes_is_no_claim(sentence):
    assert claim_of(sentence) is None


def test_a_sentence_that_does_not_name_exosomes_belongs_to_the_page_that_is_about_them():
    assert claim_of("It smooths deep wrinkles within a week.") is not None
    assert claim_of("It smooths deep wrinkles within a week.", title="Our garden") is None


def test_a_short_answer_takes_the_meaning_of_its_question():
    _, found = read("<details><summary>Do exosomes cure eczema?</summary><p>Yes, absolutely.</p></details>")
    (answer,) = [claim for claim in found.claims if claim.quote.text.startswith("Yes")]
    assert answer.stance == "asserted"
    assert [c.id for c in answer.conditions] == ["atopic-dermatitis"]


def quotes(*parts, **more):
    return [claim.quote.text for claim in read(*parts, **more)[1].claims if claim.zone != "title"]


def test_a_short_answer_that_goes_on_to_say_it_in_full_is_told_once():
    asked = "<details><summary>Do exosomes cure eczema?</summary><p>{}</p></details>"
    full = "Exosomes cure eczema within a week."
    assert "Yes." in quotes(asked.format("Yes. We open at nine."))
    assert quotes(asked.format(f"Yes. {full}"))[1:] == [full]
    assert "No, never." in quotes(asked.format(f"No, never. {full}")), "a denial stands by itself"


def test_a_bare_answer_takes_its_meaning_from_a_question_that_alone_weighs_nothing():
    page = "<p>Exosomes smooth deep wrinkles.</p>" * 3
    asked = "<details><summary>Is it safe?</summary><p>Yes.</p></details>"
    (claim,) = [one for one in read(page, asked)[1].claims if one.quote.text == "Yes."]
    assert claim.kinds == ("safety",)
    assert claim.context == "Is it safe? Yes."


def test_an_answer_is_not_dropped_for_a_sentence_about_something_else():
    asked = "<details><summary>Are exosomes approved by the FDA?</summary><p>Yes. They smooth wrinkles.</p></details>"
    told = quotes(asked)
    assert {"Yes.", "They smooth wrinkles."} <= set(told)


CALMS = "<p>Exosomes calm the pain of osteoarthritis within a week.</p>"


@pytest.mark.parametrize("title", ["Knees", "Rosacea", "Brain health", "Alopecia areata"])
def test_a_heading_that_names_what_its_text_is_about_is_no_claim(title):
    page = f"<h2>Exosome therapy</h2><p>We are here for you.</p><h2>{title}</h2>{CALMS}"
    told = quotes(page)
    assert title not in told
    assert any("osteoarthritis" in one for one in told)


@pytest.mark.parametrize(
    "page",
    [
        "<h2>Exosomes treat</h2><ul><li>Rosacea</li><li>Melasma</li></ul>",
        "<h2>Exosomes treat</h2><h3>Rosacea</h3><h3>Melasma</h3><p>Ask us for a date.</p>",
    ],
)
def test_one_of_several_names_in_a_row_may_be_a_claim(page):
    assert {"Rosacea", "Melasma"} <= set(quotes(page))


def test_a_heading_that_promises_is_a_claim_wherever_it_stands():
    assert "Cures rosacea for good" in quotes(f"<h2>Exosomes</h2><p>Hello.</p><h2>Cures rosacea for good</h2>{CALMS}")


def test_the_name_of_another_treatment_in_a_list_of_prices_is_no_claim():
    prices = "<table><tr><td>Peeling</td><td>120 €</td></tr><tr><td>Exosomas</td><td>300 €</td></tr></table>"
    page = f"<h1>Exosomas para el rostro</h1><p>Los exosomas reducen las arrugas.</p>{prices}"
    assert "Peeling" not in quotes(page, language="es")


def test_conditions_carry_their_tier():
    claim = claim_of("Exosomes may ease Parkinson's disease.")
    assert [(c.id, c.tier) for c in claim.conditions] == [("parkinson", "serious")]
    assert claim.strength == 1


def test_confusable_letters_and_hidden_spaces_do_not_hide_a_claim():
    assert claim_of("\u0435xosomes smooth deep wrinkles.", title="Skin") is not None


def test_menus_notices_and_references_are_not_read():
    _, found = read("<nav><a href='/'>Exosomes cure eczema</a></nav>", "<h2>References</h2>", "Exosomes cure eczema.")
    assert [claim for claim in found.claims if "eczema" in claim.quote.text] == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=60), min_size=1, max_size=5))
def test_every_quote_stands_at_its_offsets(parts):
    text = " exosomes cure eczema. ".join(parts).replace("<", " ").replace("&", " ")
    page, found = read(text)
    for finding in (*found.claims, *found.statements):
        quote = finding.quote
        assert page.blocks[quote.block_index].text[quote.start : quote.end] == quote.text


def test_half_a_megabyte_without_a_full_stop_is_read_and_ends():
    page, found = read("exosomes cure eczema " * 25_000)
    assert page.fitness.fit
    assert found.claims


def test_a_claim_far_behind_in_a_text_without_a_full_stop_is_read():
    page, found = read("we meet you at the door and show you the house " * 60 + "where exosomes cure eczema " * 4)
    (claim,) = [claim for claim in found.claims if claim.zone != "title"]
    assert claim.quote.start > 1000
    assert [condition.id for condition in claim.conditions] == ["atopic-dermatitis"]
    assert page.blocks[claim.quote.block_index].text[claim.quote.start : claim.quote.end] == claim.quote.text


def test_what_is_denied_by_a_bare_not_in_the_next_clause_is_denied():
    assert claim_of("Botox smooths wrinkles; exosomes do not.").stance == "negated"


QUAY = ("Our exosome serum reverses hair loss.", "Exosomes firm the skin.")


def test_the_way_to_the_house_is_no_claim_because_a_tram_stops():
    _, found = read(*QUAY, "Parking is free in the yard, and the bus stops at our door.")
    assert not [claim for claim in found.claims if "Parking" in claim.quote.text]


def test_what_others_promise_in_words_of_effect_is_not_about_the_law():
    claim = claim_of("Some clinics in the region tell guests that it prevents or treats almost everything.")
    assert claim is not None
    assert "regulatory" not in claim.kinds
    assert claim.status is None


DENIED = {
    "en": "Exosomes never regrow hair.",
    "fr": "Les exosomes ne guérissent pas l'arthrose.",
    "pl": "Egzosomy nie leczą artrozy.",
    "uk": "Екзосоми не лікують артроз.",
    "ar": "الإكسوسومات لا تعالج التهاب المفاصل.",
    "ja": "エクソソームで関節炎は治りません。",
}


@pytest.mark.parametrize("language", DENIED)
def test_an_effect_that_is_plainly_denied_is_never_a_promise(language):
    _, found = read(DENIED[language], language=language)
    assert {claim.stance for claim in found.claims if claim.zone != "title"} <= {"negated"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Exosomes smooth wrinkles without surgery.",
        "Exosomes not only smooth wrinkles, they firm the skin.",
    ],
)
def test_a_not_beside_something_else_denies_no_effect(sentence):
    assert claim_of(sentence).stance == "asserted"


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("el", "Θεραπεύουν τα εξωσώματα την αρθρίτιδα;"),
        ("ja", "エクソソームで関節炎は治りますか。"),
        ("es", "¿Curan los exosomas la artrosis?"),
        ("ar", "هل تعالج الإكسوسومات التهاب المفاصل؟"),
    ],
)
def test_a_question_is_a_question_in_the_signs_of_its_language(language, sentence):
    _, found = read(sentence, language=language)
    assert {claim.stance for claim in found.claims if claim.zone != "title"} <= {"question"}
