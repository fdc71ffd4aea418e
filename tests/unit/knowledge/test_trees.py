import numpy as np
import pytest

from exowatch.knowledge.trees import trees_from, trees_of


@pytest.fixture(scope="module")
def grown():
    """A model of two classes in which one number counts only beside another, and rows that it did not learn from."""
    ensemble = pytest.importorskip("sklearn.ensemble")
    chance = np.random.default_rng(7)
    rows = chance.normal(size=(3000, 5))
    truth = (rows[:, 0] > 0) ^ (rows[:, 3] > 0.5)
    model = ensemble.HistGradientBoostingClassifier(max_iter=30, random_state=0, early_stopping=False)
    return model.fit(rows[:2000], truth[:2000]), rows[2000:], truth[2000:]


def test_shipped_trees_say_what_the_learned_ones_say(grown):
    model, rows, truth = grown
    said = trees_of(model).chances(rows)
    assert np.allclose(said, model.predict_proba(rows)[:, 1], atol=1e-5)
    assert ((said > 0.5) == truth).mean() > 0.95


def test_trees_are_kept_and_found_again(grown):
    model, rows, _ = grown
    trees = trees_of(model)
    again = trees_from(trees.tables("these"), "these")
    assert (again.chances(rows) == trees.chances(rows)).all()
    with pytest.raises(KeyError):
        trees_from(trees.tables("these"), "others")
