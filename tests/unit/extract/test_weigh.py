from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exowatch.errors import KnowledgeError
from exowatch.extract.attitude import warns
from exowatch.extract.grams import ORDERS, SIZE, Letters, grams, segment_sums
from exowatch.extract.looked import looked_at
from exowatch.extract.marks import LAYOUT, ROLES, name_of
from exowatch.extract.weigh import Weighed, weigh
from exowatch.knowledge.load import load_knowledge
from tests.unit.extract.reading import read

TABLE = np.random.default_rng(1).normal(size=(SIZE, 3)).astype(np.float32)
texts = st.lists(st.text(st.characters(codec="utf-8"), max_size=30), min_size=1, max_size=8)


def alone(text):
    numbers = np.concatenate(grams(text))
    return TABLE[numbers].sum(axis=0) / np.sqrt(len(numbers) + 1)


@settings(max_examples=80, deadline=None)
@given(texts)
def test_letters_of_a_page_at_once_weigh_what_each_sentence_weighs_alone(sentences):
    together = Letters(sentences).sums(TABLE)
    assert together == pytest.approx(np.stack([alone(text) for text in sentences]), abs=1e-3)


@settings(max_examples=80, deadline=None)
@given(texts, st.data())
def test_chosen_sentences_weigh_what_they_weigh_among_all(sentences, data):
    chosen = data.draw(st.lists(st.sampled_from(range(len(sentences))), unique=True).map(sorted))
    letters = Letters(sentences)
    assert letters.sums(TABLE, chosen) == pytest.approx(letters.sums(TABLE)[chosen], abs=1e-3)


def test_an_empty_stretch_sums_to_nothing():
    rows = np.ones((4, 2), np.float32)
    assert segment_sums(rows, np.array([0, 2, 2]), np.array([2, 2, 4])).tolist() == [[2, 2], [0, 0], [2, 2]]


def test_numbers_of_letters_stay_below_their_power_of_two():
    found = grams(" экзосомы \U0001f9ec エクソソーム ")
    assert len(found) == len(ORDERS)
    assert all(((numbers >= 0) & (numbers < SIZE)).all() for numbers in found)


def test_every_mark_has_a_name():
    assert all(name_of(mark) for mark in range(LAYOUT.total))


def test_the_shipped_weights_were_learned_under_the_roles_of_the_rules():
    assert len(load_knowledge().weights.first_marks) == LAYOUT.total
    assert load_knowledge().weights.roles == ROLES


def test_a_promise_weighs_more_than_opening_hours_beside_it():
    page, found = read(
        "Exosomes smooth deep wrinkles.", "We are open from nine to five.", "Parking is in front of the house."
    )
    knowledge = load_knowledge()
    looked = looked_at(page, "clinic", knowledge)
    chances = weigh(looked.senses, looked.keys, looked.page_marks, knowledge.weights).claims
    by_text = dict(zip([sense.text for sense in looked.senses], chances, strict=True))
    assert by_text["Exosomes smooth deep wrinkles."] > 0.9
    assert by_text["Exosomes smooth deep wrinkles."] > 2 * by_text["We are open from nine to five."]
    assert [claim.quote.text for claim in found.claims] == ["Exosomes smooth deep wrinkles."]


@pytest.mark.parametrize(
    "sentence",
    [
        "No exosome product is approved by the FDA.",
        "Selling exosomes for injection requires FDA approval.",
        "Exosome sind nicht zugelassen.",
        "Ни один препарат с экзосомами не зарегистрирован Росздравнадзором.",
        "엑소좀 주사는 식약처 허가를 받지 않았습니다.",
        "外泌体产品未获国家药监局批准。",
        "エクソソームは国内で承認されていません。",
        "Los exosomas no están aprobados por la AEMPS.",
        "Aucun produit à base d'exosomes n'est autorisé par l'ANSM.",
        "Eksozom ürünleri TİTCK tarafından onaylanmamıştır.",
        "لم توافق هيئة الغذاء والدواء على اي منتج اكسوسوم.",
    ],
)
def test_a_denial_is_never_read_as_an_approval(sentence):
    _, found = read(sentence, language=None)
    favourable = {"approved", "cleared", "registered", "compliant"}
    assert not [claim for claim in found.claims if claim.status in favourable]
    assert not [told for told in found.statements if told.status in favourable]


PROMISES = (
    "Our exosomes cure cancer.",
    "Our exosomes are FDA approved.",
    "Exosome injections cure arthritis.",
    "Exosome infusion number 11 cures arthritis in 11 days.",
    "Exosome infusion number 12 cures arthritis in 12 days.",
    "Exosomes are safe, with no side effects or adverse reactions.",
    "Exosomes may be used to treat chronic pain, neuropathy and lupus.",
)


@pytest.mark.parametrize("title", ["Exosome therapy", "Private"])
@pytest.mark.parametrize("sentence", PROMISES)
def test_a_plain_promise_is_flagged_even_where_nothing_else_stands(sentence, title):
    page, found = read(sentence, title=title)
    assert page.fitness.fit
    (claim,) = [claim for claim in found.claims if claim.quote.text == sentence]
    assert claim.stance in ("asserted", "hedged")
    assert found.attitude == "promotes"


def test_weights_of_other_roles_are_refused_with_what_to_do():
    page, _ = read("Exosomes smooth deep wrinkles.")
    looked = looked_at(page, "clinic", load_knowledge())
    strange = replace(load_knowledge().weights, roles=("subject",))
    with pytest.raises(KnowledgeError, match="other roles"):
        weigh(looked.senses, looked.keys, looked.page_marks, strange)


@pytest.mark.parametrize(
    ("criticises", "accused", "said"), [(0.5, True, True), (0.5, False, False), (0.2, True, False)]
)
def test_what_may_well_be_a_warning_is_taken_for_one_where_it_could_be_accused(criticises, accused, said):
    page, _ = read("There is no proof that exosomes work.", "Nobody should inject exosomes.")
    looked = looked_at(page, "clinic", load_knowledge())
    weighed = Weighed([], promotes=0.9, criticises=criticises, letters=Letters([]))
    assert warns(looked.senses, weighed, accused=accused) is said


@pytest.mark.parametrize("noise", ["exo" + "x" * 5000, "!" * 3000, "ж" * 2000])
def test_a_run_of_letters_that_is_no_word_does_not_drown_its_sentence(noise):
    plain, drowned = read("Exosomes cure multiple sclerosis."), read(f"Exosomes cure multiple sclerosis {noise}.")
    assert [one.kinds for one in drowned[1].claims] == [one.kinds for one in plain[1].claims] != []


WELCOME = " and we are glad to welcome you in our rooms"
GARDEN = " and the garden of the house is open to all guests in summer with its roses and its old trees"
PARKING = " with parking tram bus train bicycle"


@pytest.mark.parametrize("filler", [WELCOME, GARDEN, PARKING, " really"])
@pytest.mark.parametrize("times", [8, 30, 120])
@pytest.mark.parametrize(
    "claim",
    ["Exosomes cure Alzheimer's disease", "Our exosomes are FDA approved", "Exosome therapy has no side effects"],
)
def test_hundreds_of_words_beside_a_claim_hide_nothing_of_it(claim, filler, times):
    (alone,) = read(f"{claim}.")[1].claims[-1:]
    found = [one for one in read(f"{claim}{filler * times}.")[1].claims if one.quote.text.startswith(claim)]
    assert [(one.kinds, one.stance, one.status, one.conditions) for one in found] == [
        (alone.kinds, alone.stance, alone.status, alone.conditions)
    ]


def test_a_claim_is_found_wherever_it_stands_in_a_long_sentence():
    before = GARDEN.strip() * 3
    (found,) = [c for c in read(f"{before} exosomes cure psoriasis{WELCOME * 8}.")[1].claims if c.zone != "title"]
    assert found.kinds == ("disease",)
    assert found.certainty > 0.5


def test_a_long_sentence_that_claims_nothing_is_no_claim():
    assert [c for c in read(f"We open at nine{WELCOME * 10}.")[1].claims if c.zone != "title"] == []
