"""Letters in a row (4, 6) as numbers below a power of two: words, stems and turns of phrase of any language.

A rolling hash over a whole page at once; collisions are harmless, since weights are learned under the same hash.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

ORDERS = (4, 6)
BITS = 17
SIZE = 1 << BITS
#: Claims are far fewer than sentences: what is learned of them alone is kept by coarser numbers (shifted by this).
COARSER = 2
#: A text of so few letters holds no such run.
_SHORT = 40
_BASE, _SPREAD = np.uint32(1_000_003), np.uint32(2_654_435_761)
#: Longer runs are no words of any script with blanks, and would drown the sentence that they stand in: a claim with
#: 200 letters of nothing was read as another, with 1,000 as none (2026-11-27). German compounds seldom reach 40.
#: Signs are blanks in a folded text: so many of them in a row are one pause.
_LETTER = r"[^\W\u0e00-\u0fff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
#: So is a word said over and over: one that weighs for another kind of claim made a disease of low severity.
_RUN = re.compile(rf"({_LETTER}{{40}}){_LETTER}+|(\s\s\s)\s+|( \S{{1,40}})\3{{2,}}(?= )")
Numbers = np.ndarray[Any, np.dtype[Any]]


def grams(text: str) -> list[Numbers]:
    """For each order, the number of the letters that begin at each place of ``text`` (a folded one)."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    found = []
    hashed, done = np.zeros(len(codes), np.uint32), 0
    for order in ORDERS:
        size = len(codes) - order + 1
        if size <= 0:
            found.append(np.zeros(0, np.int64))
            continue
        hashed = hashed[:size]
        for step in range(done, order):
            hashed = hashed * _BASE + codes[step : size + step]
        done = order
        spread = (hashed + np.uint32(order * 7919)) * _SPREAD
        found.append((spread >> np.uint32(32 - BITS)).astype(np.int64))
    return found


class Letters:
    """The letters of many texts, numbered once for all tables that they are looked up in."""

    def __init__(self, texts: Sequence[str]) -> None:
        texts = [_RUN.sub(r"\1\2\3", text) if len(text) > _SHORT else text for text in texts]
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        ends = lengths.cumsum()
        starts = ends - lengths
        self._orders = []
        total = np.zeros(len(texts), np.int64)
        for order, numbers in zip(ORDERS, grams("".join(texts)), strict=True):
            sizes = np.maximum(lengths - order + 1, 0)
            total += sizes
            self._orders.append((numbers, starts, starts + sizes))
        self._weight = 1.0 / np.sqrt(total + 1.0)

    def sums(self, table: Numbers, chosen: Sequence[int] | None = None, *, shift: int = 0) -> Numbers:
        """For each text (of ``chosen``) the sum of its letters' rows, over the root of their number."""
        places = np.arange(len(self._weight)) if chosen is None else np.asarray(chosen, np.int64)
        sums = np.zeros((len(places), table.shape[1]), np.float32)
        for numbers, starts, ends in self._orders:
            first, last = starts[places], ends[places]
            if chosen is not None:
                kept = [numbers[a:b] for a, b in zip(first.tolist(), last.tolist(), strict=True)]
                numbers = np.concatenate(kept) if kept else numbers[:0]
                last = np.cumsum(last - first)
                first = np.concatenate([[0], last[:-1]])
            # take is four times as fast as an index (numpy 2.4, 2026-11-26)
            rows = table.take(numbers >> shift if shift else numbers, axis=0)
            sums += segment_sums(rows, first, last)
        weighed: Numbers = sums * self._weight[places][:, None]
        return weighed


def segment_sums(rows: Numbers, starts: Numbers, ends: Numbers) -> Numbers:
    """The sum of ``rows[start:end]`` for each pair; starts ascend and segments do not overlap."""
    sums = np.zeros((len(starts), rows.shape[1]), np.float32)
    full = np.flatnonzero(ends > starts)
    if len(full):
        bounds = np.stack([starts[full], ends[full]], axis=1).ravel()
        bounds = bounds[:-1] if bounds[-1] >= len(rows) else bounds
        sums[full] = np.add.reduceat(rows, bounds, axis=0)[::2]
    return sums
