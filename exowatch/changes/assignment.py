"""Who belongs to whom: the pairing of two sides whose scores add up to the most (the assignment problem)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from exowatch.changes.similarity import Matrix

Pair = tuple[int, int]


def assign(scores: Mapping[Pair, float]) -> list[Pair]:
    """The best pairing of rows and columns, each at most once, by positive scores of the pairs that are allowed.

    Pairs that share no row or column, directly or over others, are solved apart: a page's claims fall into many
    small groups. Equal sums are settled by the order of rows and columns.
    """
    found: list[Pair] = []
    for group in _groups(scores):
        rows, columns = sorted({a for a, _ in group}), sorted({b for _, b in group})
        if len(group) == 1:
            found += group
            continue
        chosen = [(rows[a], columns[b]) for a, b in _solved(_costs(rows, columns, group, scores)) if b < len(columns)]
        found += [pair for pair in chosen if pair in scores]
    return sorted(found)


def _groups(scores: Mapping[Pair, float]) -> list[list[Pair]]:
    """Pairs that hang together."""
    head: dict[tuple[str, int], tuple[str, int]] = {}

    def top(one: tuple[str, int]) -> tuple[str, int]:
        while head.setdefault(one, one) != one:
            head[one] = head[head[one]]
            one = head[one]
        return one

    for a, b in scores:
        head[top(("column", b))] = top(("row", a))
    groups: dict[tuple[str, int], list[Pair]] = {}
    for a, b in sorted(scores):
        groups.setdefault(top(("row", a)), []).append((a, b))
    return list(groups.values())


def _costs(rows: list[int], columns: list[int], group: list[Pair], scores: Mapping[Pair, float]) -> Matrix:
    """What each pair costs; one that is not allowed costs as much as to leave both alone."""
    row, column = {a: i for i, a in enumerate(rows)}, {b: i for i, b in enumerate(columns)}
    costs = np.zeros((len(rows), max(len(rows), len(columns))))
    for a, b in group:
        costs[row[a], column[b]] = -scores[a, b]
    return costs


def _solved(costs: Matrix) -> list[Pair]:
    """Shortest augmenting paths (Jonker and Volgenant's way), for no more rows than columns."""
    rows, columns = costs.shape
    u, v = np.zeros(rows + 1), np.zeros(columns + 1)
    owner = np.zeros(columns + 1, np.int64)
    """Row of each column, counted from 1; 0: none. Column 0 stands for the row that looks for its place."""
    for row in range(1, rows + 1):
        owner[0], here = row, 0
        least, way = np.full(columns + 1, np.inf), np.zeros(columns + 1, np.int64)
        used = np.zeros(columns + 1, bool)
        while owner[here]:
            used[here] = True
            now = owner[here]
            offered = costs[now - 1] - u[now] - v[1:]
            better = ~used[1:] & (offered < least[1:])
            least[1:][better], way[1:][better] = offered[better], here
            there = int(np.argmin(np.where(used[1:], np.inf, least[1:]))) + 1
            step = least[there]
            u[owner[used]] += step
            v[used] -= step
            least[~used] -= step
            here = there
        while here:
            owner[here], here = owner[way[here]], int(way[here])
    return [(int(owner[column]) - 1, column - 1) for column in range(1, columns + 1) if owner[column]]
