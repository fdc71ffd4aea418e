"""How alike wordings are: cosine over character grams inside words, weighed by how rare each gram is.

Measured 2026-11-22 on 48 pairs: lineage AUC .97–.99, better than token ratios (.88–.91) and than embeddings (.89–.93).
No similarity sees a negation, so ``exowatch.changes.direction`` gates every match by rule fields.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from exowatch.model.keys import normalised

Matrix = np.ndarray[Any, np.dtype[Any]]
#: Letters in a row; scripts that write no spaces say as much with one or two as others with a word's stem.
_ORDERS, _DENSE_ORDERS = (3, 4, 5), (1, 2)
_SPACE, _DENSE = 0x20, 0x2E80
_BITS = 17
_BASE, _SPREAD = np.uint64(1_000_003), np.uint64(0x9E3779B97F4A7C15)


def similarities(ones: Sequence[str], others: Sequence[str], among: Sequence[str] = ()) -> Matrix:
    """How alike each of ``ones`` (rows) is to each of ``others`` (columns), 0 to 1.

    ``among``: further texts of the place that all of them come from. They are compared with nothing, but what they
    say as well tells nothing apart: on a clinic's page every sentence names its product.
    """
    texts = [*ones, *others, *among]
    owners, grams, counts = _counted(texts)
    spread = np.bincount(grams, minlength=1 << _BITS)
    values = (1.0 + np.log(counts)) * (1.0 + np.log((1 + len(texts)) / (1 + spread[grams])))
    lengths = np.sqrt(np.bincount(owners, weights=values * values, minlength=len(texts)))
    values = values / np.maximum(lengths[owners], 1e-12)
    first, last = owners < len(ones), (owners >= len(ones)) & (owners < len(ones) + len(others))
    shared = np.intersect1d(grams[first], grams[last])
    left = _dense(owners[first], grams[first], values[first], shared, len(ones))
    right = _dense(owners[last] - len(ones), grams[last], values[last], shared, len(others))
    alike: Matrix = np.clip(left @ right.T, 0.0, 1.0)
    return alike


def _counted(texts: Sequence[str]) -> tuple[Matrix, Matrix, Matrix]:
    """For each text and gram in it: the text's place, the gram's number, how often it stands there."""
    padded = [f" {normalised(text)} " for text in texts]
    codes = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    owner = np.repeat(np.arange(len(texts)), [len(text) for text in padded])
    spaces, dense = codes == _SPACE, codes >= _DENSE
    before = np.concatenate([[0], np.cumsum(spaces)])
    found = []
    for order in sorted({*_ORDERS, *_DENSE_ORDERS}):
        size = len(codes) - order + 1
        if size <= 0:
            continue
        kept = owner[:size] == owner[order - 1 :]
        if order >= 3:  # inside a word and its edges
            kept &= before[order - 1 : order - 1 + size] == before[1 : 1 + size]
        spaceless = dense[:size] & dense[order - 1 :]
        kept &= spaceless if order in _DENSE_ORDERS else ~spaceless
        starts = np.flatnonzero(kept)
        hashed = np.full(len(starts), order, np.uint64)
        for step in range(order):
            hashed = hashed * _BASE + codes[starts + step]
        found.append((owner[starts] << _BITS) + ((hashed * _SPREAD) >> np.uint64(64 - _BITS)).astype(np.int64))
    names, counts = np.unique(np.concatenate(found), return_counts=True)
    return names >> _BITS, names & ((1 << _BITS) - 1), counts


def _dense(owners: Matrix, grams: Matrix, values: Matrix, columns: Matrix, rows: int) -> Matrix:
    made = np.zeros((rows, len(columns)), np.float32)
    if len(columns):
        places = np.searchsorted(columns, grams)
        places[places == len(columns)] = 0
        kept = columns[places] == grams
        made[owners[kept], places[kept]] = values[kept]
    return made
