"""Weights from labelled pages: ``python -m exowatch.training FOLDER…`` writes ``exowatch/knowledge/weights.npz``.

Logistic regressions over marks and letters, and trees over what these said (``exowatch.training_again``); the
same pages give the same weights. Needs scikit-learn
(``pip install exowatch[train]``), which the program itself does not.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from exowatch.errors import SetupError
from exowatch.evaluate import Report, evaluate
from exowatch.extract.grams import COARSER, SIZE, grams
from exowatch.extract.looked import looked_at
from exowatch.extract.marks import LAYOUT, ROLES, claim_key, marks_in
from exowatch.extract.sense import Sense
from exowatch.extract.weigh import FEW
from exowatch.knowledge.load import HERE, Knowledge, load_knowledge
from exowatch.knowledge.weights import CLAIM_HEADS, PAGE_HEADS, Weights
from exowatch.labelled import LabelledPage, labelled_pages
from exowatch.model.readings import PageKind
from exowatch.training_again import Laid, learn_again, parts_of

#: How much marks, letters, neighbours' letters and the page's letters weigh before learning, and how freely weights
#: may grow: by cross-validation over pages (docs/evaluating.md).
MARKS, LETTERS, NEIGHBOURS, PAGE = 0.3, 6.0, 2.0, 6.0
FREEDOM, FREEDOM_OF_CLAIMS, FREEDOM_OF_PAGES = 0.7, 0.7, 1.0
#: The second weighing: heaps of its pages, and how many pages are too few for it.
HEAPS, FEWEST = 5, 100
FILE = HERE / "weights.npz"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a labelled page, its marks (with those of stance), and its label; None: not learned from."""

    sense: Sense
    marks: tuple[int, ...]
    claim_marks: tuple[int, ...]
    label: Row | None


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled page as the weighing sees it."""

    slug: str
    group: str
    sentences: tuple[Sentence, ...]
    page_marks: tuple[int, ...]
    laid: tuple[Laid, ...]
    """Itself and parts of it."""


def examples_of(folders: Iterable[Path], knowledge: Knowledge) -> list[Example]:
    """Every labelled page of the folders, its sentences laid beside their labels."""
    return [_example(page, knowledge) for folder in folders for page in labelled_pages(folder)]


def train(examples: Sequence[Example], claim_cut: float | None = None, heaps: int = HEAPS) -> Weights:
    """Learn from the examples. ``claim_cut`` None: the cut is found by cross-validation over pages.

    ``heaps``: into how many the pages are dealt to learn the second weighing from pages that the first did not know;
    0: the first alone.
    """
    first = _first(examples, claim_cut)
    if not heaps or len(examples) < FEWEST:
        return first
    unseen = (
        ([laid for one in held for laid in one.laid], _first(rest, first.claim_cut))
        for held, rest in _parted(examples, heaps)
    )
    claim_trees, own_trees = learn_again(unseen)
    return replace(first, claim_trees=claim_trees, own_trees=own_trees)


def _parted(examples: Sequence[Example], heaps: int) -> Iterable[tuple[list[Example], list[Example]]]:
    """(a heap, all others) for each heap."""
    for heap in folds(examples, heaps):
        held = {example.slug for example in heap}
        yield heap, [example for example in examples if example.slug not in held]


def _first(examples: Sequence[Example], claim_cut: float | None) -> Weights:
    data = _Data.of(examples)
    cut = _cut(data) if claim_cut is None else claim_cut
    own = data.learned
    claim = _learn(data.whole[own], data.is_claim[own], FREEDOM)
    pages = data.pages
    heads = [_learn(pages, _page_labels(examples, head), FREEDOM_OF_PAGES) for head in PAGE_HEADS]
    then = [_claim_head(head, data) for head in CLAIM_HEADS]
    first_marks = np.stack([claim[0][: LAYOUT.total], *(head[0][: LAYOUT.total] for head in heads)], axis=1) * MARKS
    blocks = claim[0][LAYOUT.total :].reshape(4, SIZE)
    scales = np.array([LETTERS, NEIGHBOURS, NEIGHBOURS, PAGE])[:, None]
    letters = np.concatenate([blocks, np.stack([head[0][LAYOUT.total :] for head in heads])]) * np.concatenate(
        [scales, [[LETTERS]] * len(heads)]
    )
    claims = int(data.is_claim[own].sum())
    return Weights(
        first_marks=first_marks.astype(np.float32),
        first_grams=np.ascontiguousarray(np.concatenate([letters[:1], letters[4:], letters[1:4]]).T, np.float32),
        first_bias=np.array([claim[1], *(head[1] for head in heads)], np.float32),
        then_marks=np.stack([c[: LAYOUT.total] for c, _ in then], axis=1).astype(np.float32) * MARKS,
        then_grams=np.stack([c[LAYOUT.total :] for c, _ in then], axis=1).astype(np.float32) * LETTERS,
        then_bias=np.array([bias for _, bias in then], np.float32),
        roles=ROLES,
        claim_cut=cut,
        trained_on=f"{len(examples)} pages, {int(own.sum())} sentences, {claims} claims",
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Data:
    """Sentences of many pages as matrices; rows are sentences in page order."""

    rows: list[tuple[Example, Sentence]]
    claims: Any
    """Marks, those of claims included, and letters of each sentence."""
    whole: Any
    """Marks, letters, letters of the sentences before and after, mean letters of the page."""
    pages: Any
    """Of each page its marks and the mean of its sentences' own marks and letters."""
    page_of: Any
    learned: Any
    is_claim: Any

    @classmethod
    def of(cls, examples: Sequence[Example]) -> _Data:
        from scipy.sparse import csr_matrix, hstack

        rows = [(example, one) for example in examples for one in example.sentences]
        page_of = np.repeat(np.arange(len(examples)), [len(example.sentences) for example in examples])
        sizes = np.bincount(page_of, minlength=len(examples)) + FEW
        places = np.arange(len(rows))
        by_page = csr_matrix((1 / sizes[page_of], (page_of, places)), shape=(len(examples), len(rows)))
        marks = _marks([(*one.marks, *example.page_marks) for example, one in rows])
        own = _marks([one.marks for _, one in rows])
        stance = _marks([(*one.marks, *one.claim_marks, *example.page_marks) for example, one in rows])
        letters = _letters([one.sense.plain for _, one in rows])
        same = page_of[1:] == page_of[:-1]
        later, earlier = places[1:][same], places[:-1][same]
        shape, ones = (len(rows), len(rows)), np.ones(len(later))
        before = csr_matrix((ones, (later, earlier)), shape=shape) @ letters
        after = csr_matrix((ones, (earlier, later)), shape=shape) @ letters
        mean = (by_page @ letters)[page_of]
        return cls(
            rows=rows,
            claims=hstack([stance, LETTERS * _coarser(letters)]).tocsr(),
            whole=hstack([marks, LETTERS * letters, NEIGHBOURS * before, NEIGHBOURS * after, PAGE * mean]).tocsr(),
            pages=hstack(
                [_marks([e.page_marks for e in examples]) + by_page @ own, LETTERS * (by_page @ letters)]
            ).tocsr(),
            page_of=page_of,
            learned=np.array([one.label is not None for _, one in rows]),
            is_claim=np.array([bool(one.label and one.label["claim"]) for _, one in rows]),
        )


def _marks(lists: Sequence[Sequence[int]]) -> Any:
    from scipy.sparse import csr_matrix

    numbers = np.fromiter((mark for one in lists for mark in one), np.int64)
    ends = np.concatenate([[0], np.cumsum([len(one) for one in lists])])
    made = csr_matrix((np.ones(len(numbers)), numbers, ends), shape=(len(lists), LAYOUT.total))
    made.sum_duplicates()
    return MARKS * made


def _letters(texts: Sequence[str]) -> Any:
    """Rows as ``weigh`` sums them: how often each number, over the root of all."""
    from scipy.sparse import csr_matrix

    numbers, values, ends = [], [], [0]
    for text in texts:
        found = np.concatenate(grams(text))
        kinds, counts = np.unique(found, return_counts=True)
        numbers.append(kinds)
        values.append(counts / np.sqrt(len(found) + 1))
        ends.append(ends[-1] + len(kinds))
    return csr_matrix((np.concatenate(values), np.concatenate(numbers), ends), shape=(len(texts), SIZE))


def _coarser(letters: Any) -> Any:
    from scipy.sparse import csr_matrix

    numbers = np.arange(SIZE)
    return letters @ csr_matrix((np.ones(SIZE), (numbers, numbers >> COARSER)), shape=(SIZE, SIZE >> COARSER))


def _claim_head(head: str, data: _Data) -> Any:
    mine = data.is_claim & data.learned
    if head == "marketing":
        mine = mine & np.array([_is_promise(example, one) for example, one in data.rows])
    elif head == "low":
        mine = mine & np.array([(one.label or {}).get("severity") in ("low", "medium") for _, one in data.rows])
    truth = np.array([one.label is not None and one.label["claim"] and _says(one.label, head) for _, one in data.rows])
    return _learn(data.claims[mine], truth[mine], FREEDOM_OF_CLAIMS)


def _is_promise(example: Example, one: Sentence) -> bool:
    return example.group == "clinic" and (one.label or {}).get("stance") in ("asserted", "hedged")


def _says(label: Row, head: str) -> bool:
    family, _, value = head.partition(":")
    if family == "kind":
        return value in label["kinds"]
    if family in ("stance", "status"):
        return bool(label[family] == value)
    return bool(label.get("flag")) if head == "marketing" else label.get("severity") == "low"


def _example(page: LabelledPage, knowledge: Knowledge) -> Example:
    kind: PageKind = page.kind if page.kind in ("journal", "regulator") else "clinic"
    looked = looked_at(page.page, kind, knowledge)
    laid = page.labels_of([sense.text for sense in looked.senses])
    longest: dict[int, int] = {}
    for place, label in enumerate(laid):
        if label is not None:
            known = longest.setdefault(id(label), place)
            if len(looked.senses[place].text) > len(looked.senses[known].text):
                longest[id(label)] = place
    sentences = []
    for place, (sense, keys, label) in enumerate(zip(looked.senses, looked.keys, laid, strict=True)):
        # of a claim that was cut in several sentences ("…" – Name), the longest carries it
        told = label is not None and not (label["claim"] and longest[id(label)] != place)
        # titles and descriptions repeat the page and are not labelled
        told = told and sense.block.zone not in ("title", "description")
        stance = tuple(marks_in([claim_key(sense)])) if label and label["claim"] else ()
        sentences.append(Sentence(sense, tuple(marks_in(keys)), stance, label if told else None))
    parts = [Laid(looked, page.page.language, tuple(laid))]
    # what a critic quotes is no promise, but read alone it is one
    for part in parts_of(page.page, page.slug) if page.group in ("clinic", "offtopic") else ():
        seen = looked_at(part, kind, knowledge)
        parts.append(Laid(seen, part.language, tuple(page.labels_of([sense.text for sense in seen.senses]))))
    return Example(page.slug, page.group, tuple(sentences), tuple(looked.page_marks), tuple(parts))


def _page_labels(examples: Sequence[Example], head: str) -> Any:
    group = {"promotes": "clinic", "criticises": "critical", "other things": "offtopic"}[head]
    return np.array([example.group == group for example in examples])


def _learn(matrix: Any, truth: Any, freedom: float) -> Any:
    from sklearn.linear_model import LogisticRegression

    if len(set(truth.tolist())) < 2:  # nothing to tell apart: a weightless answer
        return np.zeros(matrix.shape[1]), 4.0 if len(truth) and truth[0] else -4.0
    # the weight of a mark that never occurs stays nought: leaving those out changes nothing and saves most of the time
    used = np.flatnonzero(matrix.getnnz(axis=0))
    model = LogisticRegression(C=freedom, max_iter=1000, tol=1e-3).fit(matrix[:, used], truth)
    coefficients = np.zeros(matrix.shape[1])
    coefficients[used] = model.coef_[0]
    return coefficients, float(model.intercept_[0])


def _cut(data: _Data) -> float:
    """The probability at which claims of pages that were not learned from are found best (F1)."""
    chance = np.zeros(len(data.rows))
    heap_of = data.page_of % 5
    for heap in range(5):
        learn = data.learned & (heap_of != heap)
        coefficients, intercept = _learn(data.whole[learn], data.is_claim[learn], FREEDOM)
        asked = heap_of == heap
        chance[asked] = 1 / (1 + np.exp(-(data.whole[asked] @ coefficients + intercept)))
    truth, chance = data.is_claim[data.learned], chance[data.learned]
    cuts = np.arange(0.15, 0.65, 0.01)
    scores = np.array([2 * ((chance > cut) & truth).sum() / max(1, (chance > cut).sum() + truth.sum()) for cut in cuts])
    # the middle of the best ones: a single best cut is mostly chance
    return round(float(np.median(cuts[scores > scores.max() - 0.005])), 3)


def folds(examples: Sequence[Example], count: int) -> list[list[Example]]:
    """Pages dealt into ``count`` heaps, each group dealt in turn so that every heap holds some of each."""
    order = sorted(examples, key=lambda e: (e.group, e.slug[-5:], e.slug))
    return [order[start::count] for start in range(count)]


def cross_validated(folder: Path, others: Sequence[Path], knowledge: Knowledge, count: int) -> Report:
    """The report on ``folder``, each page read with weights learned from the other heaps (and from ``others``)."""
    mine, more = examples_of([folder], knowledge), examples_of(others, knowledge)
    known: dict[str, Knowledge] = {}
    for heap, rest in _parted(mine, count):
        learned = replace(knowledge, weights=train(rest + more))
        known |= dict.fromkeys([example.slug for example in heap], learned)
    return evaluate(folder, knowledge, knowledge_of=known.__getitem__)


def main(words: Sequence[str], say: Callable[[str], None] = lambda line: print(line, flush=True)) -> int:  # noqa: T201
    """The command."""
    if not words:
        raise SetupError("no folder of labelled pages", remedy="python -m exowatch.training tests/gold …")
    examples = examples_of([Path(word) for word in words], load_knowledge())
    say(f"learning from {len(examples)} pages …")
    weights = train(examples)
    FILE.write_bytes(weights.as_bytes())
    say(f"{weights.trained_on}; a claim from {weights.claim_cut:.2f}; {datetime.now(UTC):%Y-%m-%d}; wrote {FILE.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
