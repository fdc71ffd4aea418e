"""Are the first twenty entries of a letter the right twenty? Ten letters made from pages that were not learned from.

Each page of ``tests/gold`` is read with weights learned from the other heaps (five of them). A letter is a day on which
some hundred and fifty pages were read. Half of them stand as they stood, and the others show three sentences in a row
anew, wherever on the page: about three pages in four bring no claim that should be flagged. ``--hard``: every page
shows something new, and on four of five it is no claim, though it stands beside claims. What the program flags of all
this is composed as news.
An entry is right where its first claim should be flagged. Every wrong accusation is listed.
Run: ``python -m bench.precision [--keep FILE]`` (ten minutes; FILE keeps the readings for the next time).
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from exowatch.assess import assess_alone
from exowatch.digest.compose import Letter, Rows, compose
from exowatch.digest.ranking import by_page, parted, sure
from exowatch.intervals import wilson
from exowatch.knowledge.load import load_knowledge
from exowatch.labelled import labelled_pages
from exowatch.model.sources import Source
from exowatch.reading import reading_of
from exowatch.shape import claim_shape
from exowatch.training import examples_of, folds, train

GOLD = Path(__file__).parents[1] / "tests" / "gold"
NOW = datetime(2026, 11, 26, 6, tzinfo=UTC)
LETTERS, TOP, PASSAGE = 10, 20, 3
CHANGED, HARD = 0.5, 0.2
Row = dict[str, Any]


def read_unseen(heaps: int = 5) -> list[Row]:
    """Every labelled page with its claims, each beside the label of its unit."""
    knowledge = load_knowledge()
    examples = examples_of([GOLD], knowledge)
    known = {}
    for heap in folds(examples, heaps):
        held = {example.slug for example in heap}
        rest = [example for example in examples if example.slug not in held]
        learned = replace(knowledge, weights=train(rest, claim_cut=knowledge.weights.claim_cut))
        known |= dict.fromkeys(held, learned)
        print(f"learned from {len(rest)} pages", flush=True)
    return [_read(page, known[page.slug]) for page in labelled_pages(GOLD)]


def _read(page: Any, knowledge: Any) -> Row:
    source = Source(page.slug, page.slug, page.kind, page.jurisdiction, (page.row["url"],))
    reading = reading_of(page.page, source, page.slug, knowledge)
    units = {id(label): place for place, label in enumerate(page.labels)}
    claims = []
    for claim, label in zip(
        reading.claims, page.labels_of([claim.quote.text for claim in reading.claims]), strict=True
    ):
        judged = assess_alone(claim, source, reading, knowledge, NOW)
        told = claim_shape(claim, judged) | {"certainty": claim.certainty, "context": claim.context}
        claims.append(told | {"label": label, "unit": units.get(id(label))})
    facts = {
        "slug": page.slug,
        "url": page.row["url"],
        "title": page.row.get("title"),
        "language": page.row["language"],
    }
    return facts | {"jurisdiction": page.jurisdiction, "labels": page.labels, "claims": claims}


def days(pages: Sequence[Row], chance: random.Random, hard: bool) -> Iterable[list[Row]]:
    """Ten days' flags: of each page what it shows anew."""
    dealt = list(pages)
    chance.shuffle(dealt)
    number = 0
    for start in range(LETTERS):
        flags: list[Row] = []
        for page in dealt[start::LETTERS]:
            if not hard and chance.random() >= CHANGED:
                continue
            shown = _passage(page["labels"], chance, hard)
            for claim in page["claims"]:
                if claim["flag"] and claim["unit"] in shown:
                    number += 1
                    flags.append(_row(page, claim, number))
        yield flags


def _passage(labels: Sequence[Row], chance: random.Random, hard: bool) -> range:
    starts = range(max(1, len(labels) - PASSAGE + 1))
    telling = [at for at in starts if any(label.get("flag") for label in labels[at : at + PASSAGE])]
    silent = [at for at in starts if at not in set(telling)]
    among = telling if telling and (chance.random() < HARD or not silent) else silent
    at = chance.choice(among if hard else starts)
    return range(at, at + PASSAGE)


def _row(page: Row, claim: Row, number: int) -> Row:
    facts = {name: page[name] for name in ("url", "language", "jurisdiction")} | {"page_title": page["title"]}
    same = {"id": number, "lineage_id": number, "source": page["slug"], "change": "new", "raised_at": NOW}
    return {**claim, **facts, **same, "state": "open", "review": None}


def right(row: Row) -> bool:
    """The unit it was read from should be flagged."""
    return bool(row["label"] and row["label"].get("flag"))


def measure(pages: Sequence[Row], seed: int, say: bool, hard: bool) -> dict[str, list[bool]]:
    """What was right of ten letters' first twenty entries. ``told``: apart from those under "Perhaps read wrongly"."""
    names = ("entries told", "flags told", "critical and high told", "entries, doubtful ones too", "right ones told")
    found: dict[str, list[bool]] = {name: [] for name in names}
    for number, flags in enumerate(days(pages, random.Random(seed), hard), start=1):
        digest = compose(Rows(flags=flags), Letter(until=NOW))
        seen, unseen, unsure = parted(digest.flags)
        told = [*by_page(seen), *by_page(unseen)]
        first, all_first = told[:TOP], [*told, *by_page(unsure)][:TOP]
        printed = [row for entry in first for row in entry.shown]
        found["entries told"] += [right(entry.shown[0]) for entry in first]
        found["flags told"] += [right(row) for row in printed]
        found["critical and high told"] += [right(row) for row in printed if row["severity"] in ("critical", "high")]
        found["entries, doubtful ones too"] += [right(entry.shown[0]) for entry in all_first]
        found["right ones told"] += [sure(row) for row in digest.flags if right(row)]
        if say:
            good = sum(right(entry.shown[0]) for entry in first)
            print(f"letter {number}: {len(digest.flags)} flags, {len(unsure)} doubtful; {good} of {len(first)} right")
            for row in printed:
                if not right(row):
                    _tell(row)
    return found


def _tell(row: Row) -> None:
    label = row["label"] or {}
    said = "a claim" if label.get("claim") else "no claim"
    stance = f", {label['stance']}" if label.get("stance") else ""
    quote = " ".join(row["quote"].split())[:140]
    print(f"  wrong: {row['severity']}, {row['certainty']} ({row['language']}): {quote}  [label: {said}{stance}]")


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--keep", type=Path)
    asked.add_argument("--draws", type=int, default=20, help="ten letters each, for the spread")
    asked.add_argument("--hard", action="store_true")
    given = asked.parse_args()
    if given.keep and given.keep.exists():
        pages = [json.loads(line) for line in given.keep.read_text().splitlines()]
    else:
        pages = read_unseen()
        if given.keep:
            given.keep.write_text("\n".join(json.dumps(page, default=str) for page in pages))
    for name, marks in measure(pages, 1, say=True, hard=given.hard).items():
        low, high = wilson(sum(marks), len(marks))
        print(f"{name}: {sum(marks)} of {len(marks)} {sum(marks) / len(marks):.3f} ({low:.3f}–{high:.3f})")
    pooled: dict[str, list[bool]] = {}
    for seed in range(2, 2 + given.draws):
        for name, marks in measure(pages, seed, say=False, hard=given.hard).items():
            pooled.setdefault(name, []).extend(marks)
    for name, marks in pooled.items():
        print(f"{given.draws} other draws of ten letters: {name}: {sum(marks) / len(marks):.3f} of {len(marks)}")


if __name__ == "__main__":
    main()
