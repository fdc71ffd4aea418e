"""A reason names the words that a flag, or none, rests on, and leaves the law to others."""

import pytest

from tests.unit.extract.reading import judged


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Our exosomes cure eczema.", "“eczema”"),
        ("Our exosomes cure Alzheimer's disease.", "“Alzheimer's"),
        ("Our exosomes are approved by the FDA.", "“FDA”"),
        ("Exosome therapy has no side effects.", "“no side effects”"),
        ("Exosomes may smooth fine lines.", "“may”"),
        ("Exosomes smooth deep wrinkles.", "“smooth”"),
        ("Some clinics say that exosomes cure eczema.", "“Some clinics”"),
        ("Exosomes do not cure eczema.", "“not”"),
    ],
)
def test_the_words_that_a_judgement_rests_on_are_named(sentence, words):
    told = " ".join(reason.words for reason in judged(sentence).reasons)
    assert words in told
    assert "illegal" not in told
    assert "unlawful" not in told
