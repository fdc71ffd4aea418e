"""Precision, recall and F1 against a labelled folder, per language and group, with 95 % intervals by page."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from exowatch.assess import assess_alone
from exowatch.evaluate_pairs import pairs_scored
from exowatch.evaluate_studies import Score, studies_scored
from exowatch.knowledge.load import Knowledge
from exowatch.labelled import LabelledPage, Row, bag, labelled_pages
from exowatch.model.sources import Source
from exowatch.reading import reading_of
from exowatch.shape import reading_shape

#: Resamples of pages for the interval of an F1; a fixed seed makes a report repeatable.
RESAMPLES = 300


@dataclass(frozen=True, slots=True)
class Unit:
    """One labelled unit and what was predicted for it."""

    slug: str
    language: str
    group: str
    label: Row
    found: Row | None


@dataclass
class Report:
    """Everything measured."""

    scores: dict[str, dict[str, Score]] = field(default_factory=dict)
    """Part (all, language:en, group:clinic …) → measure → score."""
    predictions: list[Row] = field(default_factory=list)

    def as_dict(self) -> Row:
        """For JSON."""
        return {
            part: {
                name: {
                    "n": s.n,
                    "value": round(s.value, 4),
                    "interval": [round(s.low, 4), round(s.high, 4)],
                    "precision": s.precision and round(s.precision, 4),
                    "recall": s.recall and round(s.recall, 4),
                }
                for name, s in scores.items()
            }
            for part, scores in self.scores.items()
        }


#: What a labelled folder may hold beside pages, or without them.
BESIDE_PAGES = ("studies.jsonl", "pairs.jsonl")


def evaluate(
    folder: Path,
    knowledge: Knowledge,
    *,
    as_of: datetime | None = None,
    knowledge_of: Callable[[str], Knowledge] | None = None,
) -> Report:
    """Read every page of a labelled folder (interface.md) and score it. SetupError where the folder is none.

    A folder of studies or pairs alone has no pages to read.

    ``knowledge_of``: slug → what the page is read with, for cross-validation; ``knowledge`` for all where None.
    """
    knowledge_for = knowledge_of or (lambda slug: knowledge)
    moment = as_of or datetime.now(UTC)
    report, units = Report(), list[Unit]()
    alone = not (folder / "pages.jsonl").exists() and any((folder / name).exists() for name in BESIDE_PAGES)
    for page in () if alone else labelled_pages(folder):
        shape = _extracted(page, knowledge_for(page.slug), moment)
        report.predictions.append({"slug": page.slug, **shape})
        units += _paired(page.row, page.labels, shape["claims"])
    for part, mine in () if alone else _parts(units):
        report.scores[part] = _scores(mine)
    for measured in (studies_scored(folder, knowledge), pairs_scored(folder, knowledge)):
        report.scores |= measured.scores
        report.predictions += measured.predictions
    return report


def report_lines(report: Report) -> list[str]:
    """The report as lines for a terminal."""
    lines = [f"{'part':<22}{'measure':<22}{'n':>6}{'value':>8}   95 %          P     R"]
    for part, scores in report.scores.items():
        for name, s in scores.items():
            both = f"{s.precision:6.2f}{s.recall:6.2f}" if s.precision is not None and s.recall is not None else ""
            lines.append(f"{part:<22}{name:<22}{s.n:>6}{s.value:>8.3f}   {s.low:.2f}–{s.high:.2f} {both}")
    return lines


def _extracted(page: LabelledPage, knowledge: Knowledge, as_of: datetime) -> Row:
    place = page.jurisdiction
    source = Source(page.slug, page.slug, page.kind, place, (page.row["url"],))
    reading = reading_of(page.page, source, page.slug, knowledge)
    judged = [assess_alone(claim, source, reading, knowledge, as_of) for claim in reading.claims]
    return reading_shape(reading, source, judged)


def _paired(page: Row, labels: Sequence[Row], claims: Sequence[Row]) -> list[Unit]:
    """Each predicted quote counts for the unit it shares most words with."""
    bags = [bag(label["text"]) for label in labels]
    found: dict[int, Row] = {}
    for claim in claims:
        words = bag(claim["quote"])
        shared = [len(words & bag) / (len(words | bag) or 1) for bag in bags]
        best = max(range(len(bags)), key=shared.__getitem__, default=None)
        if (
            best is not None
            and shared[best] > 0.2
            and (best not in found or (claim["flag"] and not found[best]["flag"]))
        ):
            found[best] = claim
    group, language = page.get("group", ""), page["language"]
    return [Unit(page["slug"], language, group, label, found.get(i)) for i, label in enumerate(labels)]


def _parts(units: Sequence[Unit]) -> Iterable[tuple[str, list[Unit]]]:
    yield "all", list(units)
    for name in sorted({unit.language for unit in units}):
        yield f"language:{name}", [unit for unit in units if unit.language == name]
    for name in sorted({unit.group for unit in units}):
        yield f"group:{name}", [unit for unit in units if unit.group == name]


def _scores(units: list[Unit]) -> dict[str, Score]:
    both = [unit for unit in units if unit.label["claim"] and unit.found]
    flagged = [u for u in both if u.label.get("flag") and u.found and u.found["flag"]]
    regulatory = [u for u in both if u.label.get("agencies") or u.label.get("status")]
    return {
        "claims": _f1(units, lambda u: bool(u.label["claim"]), lambda u: u.found is not None),
        "flags": _f1(units, lambda u: bool(u.label.get("flag")), lambda u: bool(u.found and u.found["flag"])),
        "stance": _share(both, lambda u: u.found is not None and u.label["stance"] == u.found["stance"]),
        "kinds (first)": _share(
            both, lambda u: u.found is not None and bool(set(u.label["kinds"]) & set(u.found["kinds"]))
        ),
        "agencies+status": _share(regulatory, _same_standing),
        "severity": _share(flagged, lambda u: u.found is not None and u.label["severity"] == u.found["severity"]),
    }


def _same_standing(unit: Unit) -> bool:
    found = unit.found
    return (
        found is not None
        and unit.label.get("status") == found["status"]
        and set(unit.label.get("agencies") or ()) == set(found["agencies"])
    )


def _f1(units: list[Unit], truth: Callable[[Unit], bool], said: Callable[[Unit], bool]) -> Score:
    by_page: dict[str, list[int]] = {}
    for unit in units:
        counts = by_page.setdefault(unit.slug, [0, 0, 0])
        counts[0] += truth(unit) and said(unit)
        counts[1] += said(unit)
        counts[2] += truth(unit)
    pages = list(by_page.values())
    precision, recall, value = _harmonic(pages)
    low, high = _interval(pages, lambda sample: _harmonic(sample)[2])
    return Score(sum(page[2] for page in pages), value, low, high, precision, recall)


def _harmonic(pages: Sequence[list[int]]) -> tuple[float, float, float]:
    right, said, true = (sum(page[i] for page in pages) for i in range(3))
    precision, recall = right / said if said else 0.0, right / true if true else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _share(units: list[Unit], right: Callable[[Unit], bool]) -> Score:
    by_page: dict[str, list[int]] = {}
    for unit in units:
        counts = by_page.setdefault(unit.slug, [0, 0])
        counts[0] += right(unit)
        counts[1] += 1
    pages = list(by_page.values())

    def share(sample: Sequence[list[int]]) -> float:
        total = sum(page[1] for page in sample)
        return sum(page[0] for page in sample) / total if total else 0.0

    low, high = _interval(pages, share)
    return Score(len(units), share(pages), low, high)


def _interval(pages: list[Any], measure: Callable[[list[Any]], float]) -> tuple[float, float]:
    """Bootstrap over pages: sentences of one page are not independent."""
    if not pages:
        return 0.0, 0.0
    rng = random.Random(20261124)  # noqa: S311 - resampling, not secrecy
    values = sorted(measure(rng.choices(pages, k=len(pages))) for _ in range(RESAMPLES))
    return values[int(RESAMPLES * 0.025)], values[int(RESAMPLES * 0.975) - 1]
