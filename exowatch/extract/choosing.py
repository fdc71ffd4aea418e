"""Which sentences of a page are claims: weighed by themselves, then with their page; an answer with its question."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from exowatch.extract.again import PART, READ, Candidate, weighed_again
from exowatch.extract.looked import PLAINEST, PROMISED_OR_NAMED, Looked, needed, plainly_said
from exowatch.extract.sense import BIT, Sense
from exowatch.extract.weigh import Weighed, weigh, weigh_claims
from exowatch.knowledge.weights import Weights
from exowatch.model.keys import ANSWER

NO = re.compile(r"^(no|nein|non|нет)\b", re.I)
_SAFE = BIT["safety"] | BIT["absolute-safety"]


class Chosen(NamedTuple):
    """A page whose sentences were weighed."""

    weighed: Weighed
    candidates: list[Candidate]
    """All that were weighed twice, by place."""
    claims: list[Candidate]
    """Those that are read as claims."""


def chosen_of(looked: Looked, weights: Weights, part: float | None = None) -> Chosen:
    """Weigh every sentence, and those that may be claims again.

    ``part``: of the weight that a sentence needs by itself, how much suffices to be weighed again; None: what is usual.
    """
    weighed = weigh(looked.senses, looked.keys, looked.page_marks, weights)
    twice = weights.claim_trees is not None
    part = part or (PART if twice else 1.0)
    meant = _may_mean(looked, weighed, weights.claim_cut, part)
    candidates = weighed_again(looked, weighed, meant, _heads_of(looked, weighed, meant, weights), weights)
    read = [one for one in candidates if not twice or one.claim >= READ or _plain(looked, weighed, one, weights)]
    means = {one.place: one.whose for one in read}
    return Chosen(weighed, candidates, [one for one in read if not _said_in_full(looked.senses, means, one.place)])


def _plain(looked: Looked, weighed: Weighed, one: Candidate, weights: Weights) -> bool:
    """It says plainly what it weighs enough for by itself, whatever stands around it: nothing hides that."""
    sense = looked.senses[one.whose]
    return plainly_said(sense) and one.chance >= needed(looked, one.whose, weights.claim_cut, weighed.elsewhere)


def _heads_of(
    looked: Looked, weighed: Weighed, meant: Mapping[int, int], weights: Weights
) -> dict[int, dict[str, float]]:
    """Of each sentence that says what a candidate claims: probability of each kind, stance, status and manner."""
    asked = sorted(set(meant.values()))
    read = weigh_claims(asked, looked.senses, looked.keys, looked.page_marks, weighed.letters, weights)
    return dict(zip(asked, read, strict=True))


def _may_mean(looked: Looked, weighed: Weighed, cut: float, part: float) -> dict[int, int]:
    """Sentences that may be claims → the sentence that says what is claimed: itself, or the question that it answers.

    ``part``: of the weight that a sentence needs by itself, how much suffices.
    """
    chances = weighed.claims
    questions: dict[int, int] = {}
    meant: dict[int, int] = {}
    for place, sense in enumerate(looked.senses):
        block = sense.block
        if block.kind == "question":
            questions.setdefault(block.index, place)
        asked = questions.get(block.question_index) if block.question_index is not None else None
        if (
            asked is not None
            and ANSWER.match(sense.text.strip())
            and _says_what_is_asked(looked, chances, place, asked, cut)
        ):
            meant[place] = asked
        elif chances[place] >= PLAINEST * part and chances[place] >= part * needed(
            looked, place, cut, weighed.elsewhere
        ):
            meant[place] = place
    return meant


def _says_what_is_asked(looked: Looked, chances: Sequence[float], place: int, asked: int, cut: float) -> bool:
    """The question weighs as a claim, or the bare answer does and the question names a promise: "Is it safe? Yes." """
    named = looked.senses[asked].mask & PROMISED_OR_NAMED
    return chances[asked] >= cut / 2 or (chances[place] >= cut and bool(named))


def _said_in_full(senses: Sequence[Sense], meant: Mapping[int, int], place: int) -> bool:
    """ "Yes." before a sentence of the same answer that claims what was asked: the sentence is the claim."""
    asked, own = senses[meant[place]], senses[place]
    if meant[place] == place or NO.match(own.text.strip()):
        return False
    wanted = _SAFE if asked.mask & _SAFE else asked.mask & PROMISED_OR_NAMED
    for later in range(place + 1, len(senses)):
        if senses[later].block.question_index != own.block.question_index:
            return False
        if meant.get(later) == later and senses[later].mask & wanted:
            return True
    return False
