"""Sentences that may be claims, weighed a second time: with all that the first weighing said of them and their page.

The first weighing adds up marks and letters. What a sum cannot say, that a word counts where another stands beside it,
or on a page of this kind alone, boosted trees learned from readings of pages that the first weights did not know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from exowatch.extract.looked import Looked, needed
from exowatch.extract.sense import BIT
from exowatch.extract.weigh import LONG, Weighed
from exowatch.knowledge.weights import CLAIM_HEADS, Weights

#: From which probability a sentence is read as a claim, once it was weighed with its page (docs/evaluating.md).
READ = 0.4
#: Part of what a sentence needs by itself (``needed``) that suffices to be weighed again.
PART = 0.5
#: Sentences of a page that weigh this much by themselves are counted as claims around one.
_LIKELY = 0.3
_LEAST = 0.0005
#: Longer ones are as long as this: nobody hides a claim behind more words.
_LONG_BLOCK = 1000
_ROLES = np.array(list(BIT.values()), dtype=object)
#: Those of which labelled pages hold many: of the others nothing could be learned.
_KINDS = ("heading", "paragraph", "list-item", "cell", "question", "answer")
_ZONES = ("body", "faq", "title")


class Candidate(NamedTuple):
    """A sentence that may be a claim."""

    place: int
    whose: int
    """Place of the sentence that says what is claimed: its own, or that of the question which it answers."""
    heads: Mapping[str, float]
    """Probability of each kind, stance, status and manner (CLAIM_HEADS)."""
    chance: float
    """That it is a claim by itself: the first weighing."""
    claim: float
    """That it is a claim, weighed with its page."""
    numbers: Any
    """What it was weighed by (``numbers_of``)."""


def weighed_again(
    looked: Looked,
    weighed: Weighed,
    meant: Mapping[int, int],
    heads: Mapping[int, Mapping[str, float]],
    weights: Weights,
) -> list[Candidate]:
    """Candidates in the order of ``meant`` (place → whose). ``heads``: of each of the whose."""
    pairs = list(meant.items())
    by_itself = [max(weighed.claims[place], weighed.claims[whose]) for place, whose in pairs]
    if not pairs:
        return []
    numbers = numbers_of(looked, weighed, meant, heads, weights.claim_cut)
    # the first weights alone, from which the others learn, have no trees
    claim = weights.claim_trees.chances(numbers).tolist() if weights.claim_trees else by_itself
    return [
        Candidate(place, whose, heads[whose], *told)
        for (place, whose), *told in zip(pairs, by_itself, claim, numbers, strict=True)
    ]


def numbers_of(
    looked: Looked,
    weighed: Weighed,
    meant: Mapping[int, int],
    heads: Mapping[int, Mapping[str, float]],
    cut: float,
) -> Any:
    """What the trees look at: a row a candidate. Probabilities as log odds; roles and places as nought or one."""
    page = _of_page(looked, weighed)
    rows = [[*_of_sentence(looked, weighed, place, whose, heads[whose], cut), *page] for place, whose in meant.items()]
    numbers = np.array(rows)
    numbers[:, :_ODDS] = _log_odds(numbers[:, :_ODDS])
    return np.concatenate([numbers, _roles([looked.senses[whose].mask for whose in meant.values()])], axis=1)


def _of_sentence(
    looked: Looked, weighed: Weighed, place: int, whose: int, heads: Mapping[str, float], cut: float
) -> list[float]:
    """Probabilities first (``_ODDS`` of them)."""
    sense, claims = looked.senses[whose], weighed.claims
    block, last = sense.block, len(claims) - 1
    letters = min(len(sense.text), LONG)
    near = [claims[at] if 0 <= (at := whose + step) <= last else 0.0 for step in (-2, -1, 1, 2)]
    return [
        min(needed(looked, whose, cut, weighed.elsewhere), 0.99),
        max(claims[place], claims[whose]),
        claims[whose],
        *[heads[name] for name in CLAIM_HEADS],
        *near,
        float(looked.is_about(whose)),
        float(sense.question),
        float(whose != place),
        np.log(letters),
        np.log(max(letters, min(len(block.text), _LONG_BLOCK))),
        len(sense.text) / (len(block.text) + 1),
        whose / (last + 1),
        sense.mask.bit_count(),
        sense.twice.bit_count(),
        *[float(block.kind == kind) for kind in _KINDS],
        *[float(block.zone == zone) for zone in _ZONES],
    ]


_ODDS = 3 + len(CLAIM_HEADS) + 4


def _of_page(looked: Looked, weighed: Weighed) -> list[float]:
    claims = np.array(weighed.claims)
    over, named = int((claims > _LIKELY).sum()), sum(1 for sense in looked.senses if sense.mask & BIT["subject"])
    chances = np.array([claims.mean(), claims.max(), weighed.promotes, weighed.criticises, weighed.elsewhere])
    return [
        *_log_odds(chances).tolist(),
        np.log1p(over),
        np.log1p(len(claims)),
        over / len(claims),
        np.log1p(named),
        named / len(claims),
        float(looked.named),
        float(looked.kin),
        float(looked.accused),
    ]


def _log_odds(chances: Any) -> Any:
    kept = np.clip(chances, _LEAST, 1 - _LEAST)
    return np.log(kept / (1 - kept))


def _roles(masks: Sequence[int]) -> Any:
    return (np.array(masks, dtype=object)[:, None] & _ROLES > 0).astype(float)
