"""Trees for the second weighing of sentences, learned from readings of pages that the first weights did not know."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from exowatch.extract.again import PART
from exowatch.extract.attitude import warns
from exowatch.extract.certain import signs_of
from exowatch.extract.choosing import chosen_of
from exowatch.extract.claims import claims_in
from exowatch.extract.looked import Looked
from exowatch.knowledge.trees import Trees, trees_of
from exowatch.knowledge.weights import Weights
from exowatch.model.pages import Page

Row = dict[str, Any]
#: Blocks of the parts that are read as pages of their own.
_PARTS = (1, 1, 1, 2, 3, 5)
#: Trees, their leaves, how fast they learn and from how many sentences a leaf must. Of flags on pages that were not
#: learned from, 8 or 31 leaves and 100 or 300 trees moved average precision by 0.002 at most (2026-11-27).
_TREES = {
    "max_iter": 200,
    "max_leaf_nodes": 16,
    "learning_rate": 0.05,
    "min_samples_leaf": 25,
    "l2_regularization": 5.0,
}


class Laid(NamedTuple):
    """A labelled page or a part of one, of each of its sentences the label of the unit that it belongs to."""

    looked: Looked
    language: str | None
    labels: tuple[Row | None, ...]


def parts_of(page: Page, name: str) -> Iterator[Page]:
    """Some blocks of a page, as if they were all of it: a page may be a line long, and a claim stand there alone.

    ``name`` decides which: the same page has the same parts.
    """
    chance = random.Random(name)  # noqa: S311 - no secret
    for size in _PARTS:
        start = chance.randrange(max(1, len(page.blocks) - size + 1))
        yield replace(page, blocks=page.blocks[start : start + size])


def learn_again(unseen: Iterable[tuple[Sequence[Laid], Weights]]) -> tuple[Trees, Trees]:
    """(a claim or none, the page's own promise or not). ``unseen``: pages with first weights that do not know them."""
    told = [one for pages, weights in unseen for page in pages for one in _read(page, weights)]
    numbers, signs = np.array([one[0] for one in told]), np.array([one[1] for one in told])
    claim, own = [bool(label["claim"]) for *_, label in told], [bool(label.get("flag")) for *_, label in told]
    return _grown(numbers, claim), _grown(signs, own)


def _read(page: Laid, weights: Weights) -> Iterator[tuple[Any, Any, Row]]:
    """(numbers, signs, label) of each sentence that may be a claim; titles that no label knows are left out."""
    looked = page.looked
    chosen = chosen_of(looked, weights, PART)
    promoting = looked.accused and not warns(looked.senses, chosen.weighed, accused=True)
    claims = claims_in(looked, chosen.candidates, page.language, promoting)
    if claims:
        signs = signs_of(claims, chosen.candidates, promoting)
        for one, row in zip(chosen.candidates, signs, strict=True):
            if label := page.labels[one.place]:
                yield one.numbers, row, label


def _grown(table: Any, truth: Sequence[bool]) -> Trees:
    from sklearn.ensemble import HistGradientBoostingClassifier

    return trees_of(HistGradientBoostingClassifier(**_TREES, early_stopping=False, random_state=0).fit(table, truth))
