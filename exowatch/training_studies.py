"""Weights from labelled abstracts: ``python -m exowatch.training_studies FILE…`` writes ``study_weights.npz``.

Logistic regressions over traits and words; the same abstracts give the same weights. Needs scikit-learn, as
``exowatch.training`` does. ``--asked FILE`` says how well the abstracts of FILE are read that were not learned from.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from exowatch.extract.study.direction import direction_of
from exowatch.extract.study.given import given_of
from exowatch.extract.study.groups import groups_of
from exowatch.extract.study.numbered import Candidate, candidates_of
from exowatch.extract.study.parts import parts_of
from exowatch.extract.study.read import UNSTATED, answers_of, kind_of
from exowatch.extract.study.traits import traits_of
from exowatch.extract.study.weighed import MARGINS, answered, chances, known, people_weighed, weighable, words_of
from exowatch.knowledge.studies import StudyRules, load_studies
from exowatch.knowledge.study_weights import FILE, StudyWeights

HEADS = ("design", "subjects", "direction", "source", "route")
#: How much answers and signs, cues and words weigh before learning, how freely weights may grow, and in how many
#: abstracts a word stands before it is known: by cross-validation over abstracts that the rules were not made on.
ANSWERS, CUES, WORDS, FREEDOM, SELDOM = 0.5, 0.3, 6.0, 2.0, 3
FREEDOM_OF_NUMBERS = 1.0
HEAPS = 5


@dataclass(frozen=True, slots=True)
class Abstract:
    """A labelled abstract as the weighing sees it."""

    slug: str
    text: str
    traits: dict[str, float]
    labels: dict[str, str]
    numbers: tuple[Candidate, ...]
    """Numbers that may be that of the people; none where there are none to count."""
    people: frozenset[int]
    """Those that are."""
    people_by_rules: int | None


def abstracts_of(files: Sequence[Path], rules: StudyRules) -> list[Abstract]:
    """Every labelled abstract of the files that is weighed at all."""
    rows = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return [_abstract(row, rules) for row in rows if weighable(f"{row['title']} {row['text']}", row["language"])]


def _abstract(row: dict[str, Any], rules: StudyRules) -> Abstract:
    parts = parts_of(" ".join(row["title"].split()), row["text"], rules)
    kind = kind_of(parts, rules)
    given = given_of(parts, rules, kind.subjects, kind.design)
    direction = direction_of(parts, rules, kind.design, given.material)
    traits = traits_of(parts, rules, answers_of(kind, given, direction))
    labels = row["labels"]
    people = frozenset(one for one in (labels["participants"], *labels.get("participants_also", ())) if one is not None)
    counted = labels["subjects"] == "human" and labels["design"] not in ("case-report", "review") and people
    groups = groups_of(parts, rules)
    numbers = candidates_of(parts, rules, kind.design, groups, kind.people) if counted else []
    answers = {head: str(labels[head]) for head in HEADS}
    return Abstract(row["slug"], parts.everything, traits, answers, tuple(numbers), people, kind.people)


def learn(abstracts: Sequence[Abstract]) -> StudyWeights:
    """Weights from these abstracts."""
    from scipy.sparse import csr_matrix

    rows, rarity, scale = _rows(abstracts)
    numbers, values, ends = [np.zeros(0, np.int64)], [np.zeros(0, np.float32)], [0]
    for one in abstracts:
        places, here = known(one.traits, one.text, rows, rarity)
        numbers.append(places)
        values.append(here * scale[places])
        ends.append(ends[-1] + len(places))
    matrix = csr_matrix((np.concatenate(values), np.concatenate(numbers), ends), shape=(len(abstracts), len(rows)))
    heads, tables, biases = {}, [], []
    for head in HEADS:
        truth = np.array([one.labels[head] for one in abstracts])
        answers, table, bias = _learned(matrix, truth)
        heads[head] = answers
        tables.append(table * scale[:, None])
        biases.append(bias)
    number_rows, numbers = _numbers(abstracts)
    return StudyWeights(
        heads=heads,
        rows=rows,
        rarity=rarity,
        table=np.concatenate(tables, axis=1).astype(np.float32),
        bias=np.concatenate(biases).astype(np.float32),
        number_rows=number_rows,
        numbers=numbers,
        trained_on=f"{len(abstracts)} abstracts",
    )


def _rows(abstracts: Sequence[Abstract]) -> tuple[dict[str, int], Any, Any]:
    """Rows of what occurs often enough, how rare each is, and how much it weighs before learning."""
    traits = Counter(name for one in abstracts for name in one.traits)
    words = Counter(name for one in abstracts for name in words_of(one.text))
    kept = sorted(name for name, count in traits.items() if count >= SELDOM)
    often = {name: count for name, count in sorted(words.items()) if count >= SELDOM}
    rarity = [1.0] * len(kept) + [float(np.log((1 + len(abstracts)) / (1 + count)) + 1) for count in often.values()]
    scale = [CUES if ":" in name else ANSWERS for name in kept] + [WORDS] * len(often)
    rows = {name: place for place, name in enumerate((*kept, *often))}
    return rows, np.array(rarity, np.float32), np.array(scale, np.float32)


def _numbers(abstracts: Sequence[Abstract]) -> tuple[dict[str, int], Any]:
    """How much each trait of a number speaks for its being that of the people."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    told = [(number, one.people) for one in abstracts for number in one.numbers]
    counts = Counter(trait for number, _ in told for trait in number.traits)
    rows = {trait: place for place, trait in enumerate(sorted(t for t, count in counts.items() if count >= SELDOM))}
    lists = [sorted(rows[trait] for trait in number.traits if trait in rows) for number, _ in told]
    ends = np.concatenate([[0], np.cumsum([len(one) for one in lists])])
    values = np.ones(int(ends[-1]), np.float32)
    matrix = csr_matrix((values, np.array([r for one in lists for r in one]), ends), shape=(len(told), len(rows)))
    truth = np.array([number.number in people for number, people in told])
    model = LogisticRegression(C=FREEDOM_OF_NUMBERS, max_iter=1000).fit(matrix, truth)
    return rows, np.concatenate([model.coef_[0], model.intercept_]).astype(np.float32)


def _learned(matrix: Any, truth: Any) -> tuple[tuple[str, ...], Any, Any]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=FREEDOM, max_iter=500).fit(matrix, truth)
    table, bias = model.coef_, model.intercept_
    if len(model.classes_) == 2:  # one row tells both apart
        table, bias = np.concatenate([-table, table]) / 2, np.concatenate([-bias, bias]) / 2
    return tuple(map(str, model.classes_)), table.T, bias


def asked(abstracts: Sequence[Abstract], others: Sequence[Abstract]) -> dict[str, tuple[float, float]]:
    """Question → share answered rightly by the rules alone and weighed; each read by what the rest taught.

    Participants: of the studies of people that are labelled with a number.
    """
    right = {head: [0, 0] for head in (*HEADS, "participants")}
    counted = [one for one in abstracts if one.numbers]
    for heap in range(HEAPS):
        mine = abstracts[heap::HEAPS]
        weights = learn([*others, *(one for place, one in enumerate(abstracts) if place % HEAPS != heap)])
        for one in mine:
            told = chances(one.traits, one.text, weights)
            for head in HEADS:
                by_rules = next(name for name in one.traits if name.startswith(f"{head}=")).partition("=")[2]
                right[head][0] += by_rules == one.labels[head]
                asked_for = None if by_rules == UNSTATED else by_rules
                stands = head not in MARGINS and asked_for is not None
                right[head][1] += (by_rules if stands else answered(head, told, asked_for)) == one.labels[head]
            if one.numbers:
                right["participants"][0] += one.people_by_rules in one.people
                right["participants"][1] += people_weighed(one.numbers, weights) in one.people
    of = {head: len(counted if head == "participants" else abstracts) or 1 for head in right}
    return {head: (first / of[head], then / of[head]) for head, (first, then) in right.items()}


def main(arguments: Sequence[str]) -> None:
    """Learn from the files, or tell how well those behind ``--asked`` are read."""
    rules = load_studies()
    files = [Path(one) for one in arguments if one != "--asked"]
    cut = arguments.index("--asked") if "--asked" in arguments else len(arguments)
    learned_from = abstracts_of(files[:cut], rules)
    if files[cut:]:
        fresh = abstracts_of(files[cut:], rules)
        for head, (by_rules, weighed) in asked(fresh, learned_from).items():
            sys.stdout.write(f"{head}: {weighed:.3f} of {len(fresh)} (by the rules alone {by_rules:.3f})\n")
        return
    weights = learn(learned_from)
    FILE.write_bytes(weights.as_bytes())
    size = FILE.stat().st_size // 1024
    sys.stdout.write(f"{FILE.name}: {weights.trained_on}, {len(weights.rows)} rows, {size} KB\n")


if __name__ == "__main__":
    main(sys.argv[1:])
