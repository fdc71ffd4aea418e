from dataclasses import replace

import numpy as np
import pytest

from exowatch.extract.again import READ
from exowatch.extract.choosing import chosen_of
from exowatch.extract.looked import looked_at
from exowatch.knowledge.load import load_knowledge
from exowatch.knowledge.trees import Trees
from tests.unit.extract.reading import read


def chosen(*lines, weights=None):
    page, _ = read(*lines)
    knowledge = load_knowledge()
    return chosen_of(looked_at(page, "clinic", knowledge), weights or knowledge.weights)


LINES = ("Exosome facial", "Exosomes cure arthritis.", "Your skin drinks them in.")


def always(chance):
    """Trees that say the same of everything."""
    none = np.zeros((1, 1), np.uint8)
    return Trees(none, none * 1.0, none, none, none * 1.0, start=float(np.log(chance / (1 - chance))), depth=1)


def test_what_is_unlikely_with_its_page_is_no_claim_unless_it_is_said_plainly():
    weights = replace(load_knowledge().weights, claim_trees=always(READ - 0.1))
    found = chosen(*LINES, weights=weights)
    assert len(found.candidates) > 1
    assert [one.claim < READ for one in found.candidates] == [True] * len(found.candidates)
    page, _ = read(*LINES)
    told = [looked_at(page, "clinic", load_knowledge()).senses[one.place].text for one in found.claims]
    assert told == ["Exosomes cure arthritis."]


def test_what_is_likely_with_its_page_is_a_claim():
    weights = replace(load_knowledge().weights, claim_trees=always(READ + 0.1))
    found = chosen(*LINES, weights=weights)
    assert [one.place for one in found.claims] == [one.place for one in found.candidates]


def test_first_weights_alone_read_what_weighs_enough_and_nothing_again():
    weights = replace(load_knowledge().weights, claim_trees=None, own_trees=None)
    found = chosen("Exosomes cure arthritis.", weights=weights)
    assert [one.place for one in found.claims] == [one.place for one in found.candidates]
    assert [one.claim for one in found.claims] == [one.chance for one in found.claims]


@pytest.mark.parametrize("sentence", ["Exosomes cure Alzheimer's disease.", "Our exosomes are FDA approved."])
def test_what_is_plainly_said_is_never_lost_by_what_stands_around_it(sentence):
    around = ["We open at nine.", "The car park is behind the house.", "Bring your insurance card."] * 12
    _, found = read(*around, sentence, *around)
    assert sentence in [claim.quote.text for claim in found.claims]


@pytest.mark.parametrize("sentence", ["!" * 300, "— — —", "12 345 6789", "More"])
def test_what_holds_no_letter_or_is_a_button_is_no_claim(sentence):
    _, found = read("Exosomes cure arthritis.", sentence)
    assert sentence not in [claim.quote.text for claim in found.claims]


def test_a_claim_says_how_likely_it_was_read_rightly():
    _, found = read("Exosomes smooth fine lines.", "Is it safe?")
    assert all(0 <= claim.certainty <= 1 for claim in found.claims)
