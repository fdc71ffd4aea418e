import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from exowatch.changes.similarity import similarities
from exowatch.model.keys import normalised


@given(st.text(max_size=80), st.text(max_size=80))
def test_similarity_is_between_nought_and_one_and_symmetric(one, other):
    forth, back = similarities([one], [other])[0, 0], similarities([other], [one])[0, 0]
    assert 0 <= forth <= 1
    assert abs(forth - back) < 1e-5


@given(st.text(min_size=1, max_size=80).filter(normalised))
def test_a_text_is_wholly_like_itself(text):
    assert abs(similarities([text], [text])[0, 0] - 1) < 1e-5


def test_a_reordered_sentence_is_more_alike_than_another_one():
    one = "Exosomes refresh dull skin in a week."
    same, other = similarities([one], ["In a week exosomes refresh dull skin.", "Parking is free for guests."])[0]
    assert same > 0.8 > 0.2 > other


def test_words_that_the_whole_page_says_tell_nothing_apart():
    one, other = "Exosome therapy smooths fine lines.", "Exosome therapy wakes sleeping follicles."
    page = [f"Exosome therapy {word}." for word in ("calms redness", "fades scars", "firms the neck", "eases pain")]
    assert similarities([one], [other], page)[0, 0] < 0.7 * similarities([one], [other])[0, 0]


def test_a_reordered_sentence_is_alike_where_no_spaces_are_written():
    one = "エクソソームは首を引き締め、たるんだ輪郭を引き上げます。"
    same, other = similarities([one], ["首が引き締まり、輪郭もエクソソームで引き上がります。", "駐車場は無料です。"])[0]
    assert same > 0.4 > 0.1 > other


def test_nothing_to_compare_gives_nothing():
    assert similarities([], ["a word"]).shape == (0, 1)
    assert np.all(similarities(["", "!"], ["a word"]) == 0)
