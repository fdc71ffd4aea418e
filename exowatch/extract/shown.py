"""What the words of ``knowledge/features.yml`` show, sentence by sentence."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass

from exowatch.extract.sense import Sense
from exowatch.knowledge.features import load_features
from exowatch.knowledge.terms import Span


@dataclass(frozen=True, slots=True)
class Shown:
    """One sentence with the words that law asks for."""

    sense: Sense
    words: dict[str, list[Span]]
    """``feature.list`` → where its words stand in the sentence."""
    features: frozenset[str]
    """Features that the words show."""


_NONE = frozenset[str]()


def shown_in(senses: Sequence[Sense]) -> list[Shown]:
    """Every sentence; the words are looked for in one pass over the page."""
    known = load_features()
    found: list[dict[str, list[Span]]] = [{} for _ in senses]
    starts, place = list[int](), 0
    for sense in senses:
        starts.append(place)
        place += len(sense.text) + 1
    for name, spans in known.find("\n".join([sense.text for sense in senses])).items():
        for start, end in spans:
            which = bisect.bisect_right(starts, start) - 1
            begin = starts[which]
            found[which].setdefault(name, []).append(Span(start - begin, min(end - begin, len(senses[which].text))))
    return [
        Shown(sense, words, frozenset(known.shown(sense.text, set(words))) if words else _NONE)
        for sense, words in zip(senses, found, strict=True)
    ]


def shows(feature: str, text: str) -> bool:
    """One sentence alone shows this feature by its words."""
    known = load_features()
    return feature in known.shown(text, set(known.find(text)))
