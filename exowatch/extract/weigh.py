"""Sentences weighed: how likely each is a claim, what the page as a whole does, and what kind of claim one is."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from itertools import accumulate, chain
from typing import NamedTuple

import numpy as np

from exowatch.errors import KnowledgeError
from exowatch.extract.fold import fold
from exowatch.extract.grams import COARSER, ORDERS, Letters, Numbers, grams, segment_sums
from exowatch.extract.marks import ROLES, claim_key, marks_in, name_of
from exowatch.extract.sense import Sense
from exowatch.knowledge.schema import PROMISING
from exowatch.knowledge.weights import CLAIM_HEADS, CONTEXT_HEADS, FIRST, Weights

#: A page of one sentence is no page: means are taken as if this many sentences more said nothing.
FEW = 8
_HEADS = len(FIRST)
#: Letters of a sentence that is weighed by its parts, and of such a part. Of 41,000 labelled sentences one is as long.
LONG, WINDOW = 300, 150


class Weighed(NamedTuple):
    """A page weighed."""

    claims: list[float]
    """Probability of each sentence to be a claim."""
    promotes: float
    criticises: float
    letters: Letters
    elsewhere: float = 0.0
    """Probability that the page is about other things than exosomes, whether it names them or not."""


def weigh(senses: Sequence[Sense], keys: Sequence[Sequence[int]], page: Sequence[int], weights: Weights) -> Weighed:
    """Weigh every sentence of a page: one pass over all letters, whatever the number of sentences.

    ``keys``: of each sentence; ``page``: marks of the page.
    """
    texts = [sense.plain for sense in senses]
    parts = _claiming_parts(senses, weights)
    letters = Letters([parts.get(place, text) for place, text in enumerate(texts)])
    if not senses:
        return Weighed([], 0.0, 0.0, letters)
    scores = weights.first_bias + weights.first_marks[list(page)].sum(axis=0) + _kept(weights).first(keys)
    told = letters.sums(weights.first_grams)
    if parts:  # what the page does is told by all that it says
        told[:, 1:_HEADS] = Letters(texts).sums(weights.first_grams[:, 1:_HEADS])
    scores = scores + told[:, :_HEADS]
    whole = len(senses) + FEW
    claims = scores[:, 0] + told[:, _HEADS + 2].sum() / whole
    claims[1:] += told[:-1, _HEADS]
    claims[:-1] += told[1:, _HEADS + 1]
    # the page's bias and marks stand once, its sentences as far as there are enough of them
    page_scores = weights.first_bias[1:] + weights.first_marks[list(page)].sum(axis=0)[1:]
    means = page_scores + (scores[:, 1:] - page_scores).sum(axis=0) / whole
    chances = _sigmoid(np.concatenate([claims, means]))
    promotes, criticises, elsewhere = chances[len(senses) :].tolist()
    return Weighed(chances[: len(senses)].tolist(), promotes, criticises, letters, elsewhere)


def _claiming_parts(senses: Sequence[Sense], weights: Weights) -> dict[int, str]:
    """Place → of a long sentence the part where most of what makes a claim stands together, and that weighs most.

    A sum over the root of its number falls with every letter that says something else, so that a claim before hundreds
    of words of another matter weighed as none (2026-11-27). What rules find they find in the whole sentence.
    """
    parts = {place: _parts(sense.plain) for place, sense in enumerate(senses) if len(sense.plain) > LONG}
    if not parts:
        return {}
    sums = iter(Letters(list(chain.from_iterable(parts.values()))).sums(weights.first_grams[:, :1])[:, 0].tolist())
    found = {}
    for place, mine in parts.items():
        told = _told_in(senses[place])
        weighed = [(len({role for role, words in told if words in part}), next(sums), part) for part in mine]
        found[place] = max(weighed)[2]
    return found


def _told_in(sense: Sense) -> set[tuple[str, str]]:
    """Roles of a claim and the folded words that have them."""
    hits = sense.of("subject", "agency", *PROMISING)
    return {(hit.rule.role, fold(sense.text[hit.start : hit.end]).text.strip()) for hit in hits}


def _parts(text: str) -> list[str]:
    """Windows that begin and end with a word, each half in the next: what is said in a breath lies in one."""
    found, start = list[str](), 0
    while start < len(text) - 1:
        end = text.find(" ", start + WINDOW)
        end = end if 0 <= end <= start + 2 * WINDOW else start + WINDOW
        found.append(text[start : end + 1])
        next_word = text.find(" ", start + WINDOW // 2)
        start = next_word if start < next_word <= start + WINDOW else start + WINDOW // 2
    return found


def weigh_claims(
    chosen: Sequence[int],
    senses: Sequence[Sense],
    keys: Sequence[Sequence[int]],
    page: Sequence[int],
    letters: Letters,
    weights: Weights,
) -> list[dict[str, float]]:
    """Probability of each kind, stance, status and manner for the chosen sentences, taken as claims."""
    if not chosen:
        return []
    own = [[*keys[place], claim_key(senses[place])] for place in chosen]
    scores = weights.then_bias + weights.then_marks[list(page)].sum(axis=0) + _kept(weights).then(own)
    scores = scores + letters.sums(weights.then_grams, chosen, shift=COARSER)
    return [dict(zip(CLAIM_HEADS, row, strict=True)) for row in _sigmoid(scores).tolist()]


def told(
    sense: Sense, keys: Sequence[int], weights: Weights, sign: int = 1, most: int = 4
) -> tuple[list[str], list[str]]:
    """The marks and the words that spoke most for a claim (``sign`` -1: against one), in words; for explanations."""
    by_mark = {mark: sign * float(weights.first_marks[mark, 0]) for mark in marks_in(keys)}
    best = sorted(by_mark, key=lambda mark: -by_mark[mark])[:most]
    return [name_of(mark) for mark in best if by_mark[mark] > 0], _words(sense.plain, weights, sign, most)


def _words(plain: str, weights: Weights, sign: int, most: int) -> list[str]:
    credit = np.zeros(len(plain), np.float32)
    for order, numbers in zip(ORDERS, grams(plain), strict=True):
        for place, value in enumerate(weights.first_grams[numbers, 0].tolist()):
            credit[place : place + order] += sign * value / order
    words, start = list[tuple[float, str]](), 0
    for word in plain.split(" "):
        words.append((float(credit[start : start + len(word)].sum()), word))
        start += len(word) + 1
    return [word for value, word in sorted(words, key=lambda one: -one[0])[:most] if value > 0 and word]


class _Kept:
    """What keys weigh: the sum of their marks' rows, kept for the next page that holds them."""

    #: Keys kept at most (about 5 MB); then it begins anew.
    MOST = 40_000

    def __init__(self, weights: Weights) -> None:
        if weights.roles != ROLES:
            raise KnowledgeError(
                "the weights were learned with other roles",
                file="weights.npz",
                remedy="run `python -m exowatch.training`",
            )
        self._weights = weights
        self._empty()

    def _empty(self) -> None:
        self._rows: dict[int, int] = {}
        self._first = np.zeros((1024, self._weights.first_marks.shape[1]), np.float32)
        self._then = np.zeros((1024, self._weights.then_marks.shape[1]), np.float32)

    def first(self, lists: Sequence[Sequence[int]]) -> Numbers:
        """For each list of keys, what it says of every sentence."""
        rows, ends = self._found(lists)
        return segment_sums(self._first.take(rows, axis=0), np.concatenate([[0], ends[:-1]]), ends)

    def then(self, lists: Sequence[Sequence[int]]) -> Numbers:
        """For each list of keys, what it says of a claim."""
        rows, ends = self._found(lists)
        return segment_sums(self._then.take(rows, axis=0), np.concatenate([[0], ends[:-1]]), ends)

    def _found(self, lists: Sequence[Sequence[int]]) -> tuple[Numbers, Numbers]:
        if len(self._rows) > self.MOST:
            self._empty()
        known, keys = self._rows, list(chain.from_iterable(lists))
        try:
            rows = [known[key] for key in keys]
        except KeyError:
            rows = [known[key] if key in known else self._learned(key) for key in keys]
        return np.array(rows, np.int64), np.fromiter(accumulate(map(len, lists)), np.int64, len(lists))

    def _learned(self, key: int) -> int:
        row = self._rows[key] = len(self._rows)
        if row == len(self._first):
            self._first = np.concatenate([self._first, np.zeros_like(self._first)])
            self._then = np.concatenate([self._then, np.zeros_like(self._then)])
        marks = marks_in([key])
        self._first[row] = self._weights.first_marks[marks].sum(axis=0)
        self._then[row] = self._weights.then_marks[marks].sum(axis=0)
        return row


@functools.lru_cache(maxsize=8)
def _kept(weights: Weights) -> _Kept:
    return _Kept(weights)


def _sigmoid(scores: Numbers) -> Numbers:
    chances: Numbers = 1.0 / (1.0 + np.exp(-np.clip(scores, -30, 30)))
    return chances


# the columns that ``weigh`` counts on
assert FIRST == ("claim", "promotes", "criticises", "other things")
assert CONTEXT_HEADS == ("claim after", "claim before", "claim on page")
