from hypothesis import given
from hypothesis import strategies as st

from exowatch.changes.similarity import cosine, vectors
from exowatch.model.keys import normalised


@given(st.text(max_size=80), st.text(max_size=80))
def test_similarity_is_between_nought_and_one_and_symmetric(one, other):
    a, b = vectors([one, other])
    assert -1e-9 <= cosine(a, b) <= 1 + 1e-9
    assert abs(cosine(a, b) - cosine(b, a)) < 1e-9


@given(st.text(min_size=1, max_size=80).filter(normalised))
def test_a_text_is_wholly_like_itself(text):
    a, b = vectors([text, text])
    assert abs(cosine(a, b) - 1) < 1e-6


def test_a_reordered_sentence_is_more_alike_than_another_one():
    one, same, other = vectors(
        [
            "Exosomes refresh dull skin in a week.",
            "In a week exosomes refresh dull skin.",
            "Parking is free for guests.",
        ]
    )
    assert cosine(one, same) > 0.8 > 0.2 > cosine(one, other)
