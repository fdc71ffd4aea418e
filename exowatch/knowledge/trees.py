"""Boosted trees as they are shipped: tables of nodes, and what they say of rows of numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.floating[Any]]]
Ints = np.ndarray[Any, np.dtype[np.integer[Any]]]


@dataclass(frozen=True, slots=True, eq=False)
class Trees:
    """Trees of at most a few dozen nodes; row: a tree, column: a node, the first one its root.

    A leaf leads to itself, so that every tree is walked in the same number of steps.
    """

    number: Ints
    """Which number of the row a node looks at."""
    most: Floats
    """Up to this it goes to the left."""
    left: Ints
    right: Ints
    value: Floats
    """What a leaf adds, to log odds."""
    start: float
    """Log odds before any tree."""
    depth: int

    def chances(self, rows: Floats) -> Floats:
        """Probability of each row."""
        trees = np.arange(self.left.shape[0])
        at = np.zeros((len(rows), len(trees)), np.intp)
        own = np.arange(len(rows))[:, None]
        for _ in range(self.depth):
            goes_left = rows[own, self.number[trees, at]] <= self.most[trees, at]
            at = np.where(goes_left, self.left[trees, at], self.right[trees, at])
        chances: Floats = 1 / (1 + np.exp(-(self.start + self.value[trees, at].sum(axis=1))))
        return chances

    def tables(self, name: str) -> dict[str, Any]:
        """Arrays by name, to be kept beside others."""
        kept = {part: getattr(self, part) for part in _PARTS}
        return {f"{name}.{part}": table for part, table in kept.items()} | {
            f"{name}.facts": np.array([self.start, self.depth])
        }


_PARTS = ("number", "most", "left", "right", "value")


def trees_from(kept: Mapping[str, Any], name: str) -> Trees:
    """What ``tables`` gave. KeyError where it is not there."""
    start, depth = kept[f"{name}.facts"].tolist()
    return Trees(**{part: kept[f"{name}.{part}"] for part in _PARTS}, start=start, depth=int(depth))


def trees_of(model: Any) -> Trees:
    """The trees of scikit-learn's ``HistGradientBoostingClassifier`` of two classes, learned from complete numbers."""
    grown = [one[0].nodes for one in model._predictors]
    shape = (len(grown), max(map(len, grown)))
    number, most, value = np.zeros(shape, np.uint8), np.zeros(shape), np.zeros(shape, np.float32)
    left = np.tile(np.arange(shape[1], dtype=np.uint8), (shape[0], 1))
    right = left.copy()
    for tree, nodes in enumerate(grown):
        inner = ~nodes["is_leaf"].astype(bool)
        own = np.flatnonzero(inner)
        number[tree, own] = nodes["feature_idx"][inner]
        most[tree, own] = nodes["num_threshold"][inner]
        left[tree, own], right[tree, own] = nodes["left"][inner], nodes["right"][inner]
        value[tree, : len(nodes)] = np.where(inner, 0, nodes["value"])
    depth = max(int(nodes["depth"].max()) for nodes in grown)
    return Trees(number, most, left, right, value, float(model._baseline_prediction.ravel()[0]), depth)
