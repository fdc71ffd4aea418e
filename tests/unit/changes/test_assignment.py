from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from exowatch.changes.assignment import assign

PAIRS = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(0, 4)), st.floats(0.1, 1.0, allow_nan=False), max_size=12
)


def test_the_best_whole_beats_the_best_pair():
    scores = {(0, 0): 0.9, (0, 1): 0.8, (1, 0): 0.8}
    assert assign(scores) == [(0, 1), (1, 0)]


def test_a_side_without_a_partner_stays_alone():
    assert assign({(0, 3): 0.5, (7, 3): 0.6}) == [(7, 3)]
    assert assign({}) == []


@settings(deadline=None)
@given(PAIRS)
def test_no_other_pairing_scores_more(scores):
    found = assign(scores)
    assert set(found) <= set(scores)
    assert len({a for a, _ in found}) == len({b for _, b in found}) == len(found)
    best = max(sum(scores.get((a, b), 0.0) for a, b in enumerate(order)) for order in permutations(range(5)))
    assert abs(sum(scores[pair] for pair in found) - best) < 1e-9
