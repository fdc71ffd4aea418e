"""Design, subjects and direction weighed: what the rules answer, what they saw, and the words of the whole abstract.

Of 330 abstracts not seen before the rules alone told the direction of 55 in a hundred and the design of 71; weighed
with words, by what the others taught, 67 and 81 (2026-11-27). Of a few sentences, and in other languages, rules decide.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from exowatch.extract.study.numbered import Candidate
from exowatch.knowledge.study_weights import StudyWeights, Table

_WORD = re.compile(r"\w+|[<>=%]")
#: Weights were learned from abstracts: shorter texts tell too little to be weighed.
ENOUGH = 45

#: How much likelier than what the rules answer another answer must be: designs and subjects are mostly said in so many
#: words, which rules read well; a direction seldom is. On 330 abstracts (2026-11-27) 2 and 3 cost 0.01 and gained 0.01.
MARGINS = {"design": 2.0, "subjects": 3.0, "direction": 1.0}

#: A number that is less likely than this is not given.
LIKELY = 0.03


def weighable(text: str, language: str | None) -> bool:
    """Long enough, and in the language that was learned from."""
    return language == "en" and len(text.split()) >= ENOUGH


def words_of(text: str) -> Counter[str]:
    """Words and pairs of neighbours, each behind a blank (traits have none), with how often."""
    words = _WORD.findall(text.lower())
    return Counter(f" {word}" for word in words) + Counter(f" {one} {two}" for one, two in itertools.pairwise(words))


def chances(traits: Mapping[str, float], text: str, weights: StudyWeights) -> dict[str, dict[str, float]]:
    """Question → answer → its probability (of each question they sum up to one)."""
    places, values = known(traits, text, weights.rows, weights.rarity)
    sums = values @ weights.table[places] + weights.bias
    told: dict[str, dict[str, float]] = {}
    begin = 0
    for head, answers in weights.heads.items():
        mine = np.exp(sums[begin : begin + len(answers)] - sums[begin : begin + len(answers)].max())
        told[head] = dict(zip(answers, (mine / mine.sum()).tolist(), strict=True))
        begin += len(answers)
    return told


def answered(head: str, told: Mapping[str, Mapping[str, float]], by_rules: str | None) -> str:
    """The likeliest answer to a question, if it is so much likelier than that of the rules (``MARGINS``)."""
    answers = told[head]
    best = max(answers, key=answers.__getitem__)
    return best if by_rules is None or answers[best] >= MARGINS[head] * answers.get(by_rules, 0.0) else by_rules


def people_weighed(candidates: Sequence[Candidate], weights: StudyWeights) -> int | None:
    """The number that is likeliest that of the people; None where none is likely at all."""
    unlikely: dict[int, float] = {}
    for one in candidates:
        rows = [weights.number_rows[trait] for trait in one.traits if trait in weights.number_rows]
        chance = 1 / (1 + math.exp(-float(weights.numbers[rows].sum() + weights.numbers[-1])))
        unlikely[one.number] = unlikely.get(one.number, 1.0) * (1 - chance)
    best = min(unlikely, key=unlikely.__getitem__, default=None)
    return best if best is not None and 1 - unlikely[best] >= LIKELY else None


def known(
    traits: Mapping[str, float], text: str, rows: Mapping[str, int], rarity: Table
) -> tuple[np.ndarray[Any, np.dtype[np.int64]], Table]:
    """Rows and values of what is known: traits as they are, words by number and rarity, these of length one."""
    found = [(rows[name], float(value)) for name, value in traits.items() if value and name in rows]
    words = [(rows[name], 1 + math.log(count)) for name, count in words_of(text).items() if name in rows]
    places = np.array([place for place, _ in words], np.int64)
    values = np.array([value for _, value in words], np.float32) * rarity[places]
    length = float(np.sqrt((values**2).sum())) or 1.0
    return (
        np.concatenate([np.array([place for place, _ in found], np.int64), places]),
        np.concatenate([np.array([value for _, value in found], np.float32), values / length]),
    )
