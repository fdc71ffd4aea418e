"""Precision, recall and F1 against a labelled folder, per language and group, with 95 % intervals by page."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

from exowatch.assess import assess
from exowatch.errors import SetupError
from exowatch.extract.studies import study_from_text
from exowatch.knowledge.load import Knowledge, load_knowledge
from exowatch.model.pages import Page
from exowatch.model.sources import Source, SourceKind
from exowatch.pages.page import read_page
from exowatch.reading import reading_of
from exowatch.shape import reading_shape

#: Resamples of pages for the interval of an F1; a fixed seed makes a report repeatable.
RESAMPLES = 300
_KINDS: dict[str, SourceKind] = {"journal": "journal", "regulator": "regulator"}
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Unit:
    """One labelled unit and what was predicted for it."""

    slug: str
    language: str
    group: str
    label: Row
    found: Row | None


@dataclass(frozen=True, slots=True)
class Score:
    """One measure: ``n`` labelled positives (or units compared), and its value with a 95 % interval."""

    n: int
    value: float
    low: float
    high: float
    precision: float | None = None
    recall: float | None = None


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


def evaluate(
    folder: Path,
    knowledge: Knowledge,
    *,
    as_of: datetime | None = None,
    knowledge_of: Callable[[str], Knowledge] | None = None,
) -> Report:
    """Read every page of a labelled folder (interface.md) and score it. SetupError where the folder is none.

    ``knowledge_of``: slug → what the page is read with, for cross-validation; ``knowledge`` for all where None.
    """
    knowledge_for = knowledge_of or (lambda slug: knowledge)
    moment = as_of or datetime.now(UTC)
    report, units = Report(), list[Unit]()
    for page in labelled_pages(folder):
        shape = _extracted(page, knowledge_for(page.slug), moment)
        report.predictions.append({"slug": page.slug, **shape})
        units += _paired(page.row, page.labels, shape["claims"])
    for part, mine in _parts(units):
        report.scores[part] = _scores(mine)
    _studies(folder, knowledge, report)
    for pair in _lines(folder / "pairs.jsonl") if (folder / "pairs.jsonl").exists() else ():
        report.predictions.append({"pair": pair["id"], "verdict": "unassessed", "mismatch": []})
    return report


def report_lines(report: Report) -> list[str]:
    """The report as lines for a terminal."""
    lines = [f"{'part':<22}{'measure':<22}{'n':>6}{'value':>8}   95 %          P     R"]
    for part, scores in report.scores.items():
        for name, s in scores.items():
            both = f"{s.precision:6.2f}{s.recall:6.2f}" if s.precision is not None and s.recall is not None else ""
            lines.append(f"{part:<22}{name:<22}{s.n:>6}{s.value:>8.3f}   {s.low:.2f}–{s.high:.2f} {both}")
    return lines


def _lines(path: Path) -> list[Row]:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise SetupError(f"cannot be read: {error}", file=str(path), remedy="see docs/evaluating.md") from None
    rows = []
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            rows.append(json.loads(line))
        except ValueError as error:
            raise SetupError(f"not JSON: {error}", file=str(path), line=number, remedy="one object a line") from None
    return rows


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """One page of a labelled folder, as the program sees it."""

    row: Row
    page: Page
    labels: list[Row]

    @property
    def slug(self) -> str:
        return str(self.row["slug"])

    @property
    def group(self) -> str:
        return str(self.row.get("group", ""))

    @property
    def kind(self) -> SourceKind:
        """Journals and regulators are what the watchlist says; all others are given as plain clinics."""
        return _KINDS.get(self.group, "clinic")

    @property
    def jurisdiction(self) -> str:
        return (self.row.get("jurisdiction") or "US")[:2].upper()

    def labels_of(self, sentences: Sequence[str]) -> list[Row | None]:
        """For each sentence the label of the unit it belongs to; None where it belongs to none.

        That is the unit it is most alike: a heading of two words lies in many sentences and is none of them.
        """
        bags = [_bag(label["text"]) for label in self.labels]
        found: list[Row | None] = []
        for sentence in sentences:
            words = _bag(sentence)
            alike = [len(words & bag) / (len(words | bag) or 1) for bag in bags]
            best = max(range(len(bags)), key=alike.__getitem__, default=None)
            # a sentence may be a part of its unit, or hold it, where the reader cuts otherwise than the labels do
            held = 0.0 if best is None else len(words & bags[best]) / (min(len(words), len(bags[best])) or 1)
            found.append(self.labels[best] if best is not None and held > 0.6 else None)
        return found


def labelled_pages(folder: Path) -> Iterator[LabelledPage]:
    """Every page of a labelled folder (interface.md). SetupError where the folder is none."""
    knowledge = load_knowledge()
    for row in _lines(folder / "pages.jsonl"):
        html = folder / "pages" / f"{row['slug']}.html"
        path = html if html.exists() else html.with_suffix(".txt")
        try:
            body = path.read_bytes()
        except OSError as error:
            raise SetupError(
                f"cannot be read: {error}", file=str(path), remedy="put every page of pages.jsonl there"
            ) from None
        body = body if path == html else _as_html(body.decode("utf-8", "replace"), row)
        page = read_page(
            body,
            url=row["url"],
            content_type="text/html; charset=utf-8",
            status=200,
            truncated=None,
            fitness=knowledge.fitness,
        )
        yield LabelledPage(row, page, _lines(folder / "labels" / f"{row['slug']}.jsonl"))


def _extracted(page: LabelledPage, knowledge: Knowledge, as_of: datetime) -> Row:
    place = page.jurisdiction
    source = Source(page.slug, page.slug, page.kind, place, (page.row["url"],))
    reading = reading_of(page.page, source, page.slug, knowledge)
    judged = [
        assess(
            claim,
            source=source,
            kind=reading.kind,
            attitude=reading.attitude,
            jurisdiction=place,
            evidence=(),
            knowledge=knowledge,
            as_of=as_of,
        )
        for claim in reading.claims
    ]
    return reading_shape(reading, source, judged)


def _as_html(text: str, page: Row) -> bytes:
    """A labelled text holds one unit a line: short lines that end in no full stop are its headings."""
    told = []
    for line in filter(None, map(str.strip, text.splitlines())):
        heading = len(line) <= 90 and (
            line.endswith(("?", "？", "؟", ":")) or not line.endswith((".", "!", "。", "！", "…"))
        )
        tag = "h2" if heading else "p"
        told.append(f"<{tag}>{escape(line)}</{tag}>")
    head = f'<html lang="{page["language"]}"><head><title>{escape(page.get("title") or "")}</title></head>'
    return f"{head}<body><main>{''.join(told)}</main></body></html>".encode()


def _paired(page: Row, labels: Sequence[Row], claims: Sequence[Row]) -> list[Unit]:
    """Each predicted quote counts for the unit it shares most words with."""
    bags = [_bag(label["text"]) for label in labels]
    found: dict[int, Row] = {}
    for claim in claims:
        words = _bag(claim["quote"])
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


def _bag(text: str) -> set[str]:
    words = re.findall(r"\w+", text.lower())
    joined = "".join(words)
    if re.search(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]", joined):
        return {joined[i : i + 2] for i in range(len(joined) - 1)} or {joined}
    return set(words)


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


def _studies(folder: Path, knowledge: Knowledge, report: Report) -> None:
    path = folder / "studies.jsonl"
    if not path.exists():
        return
    right: dict[str, list[int]] = {}
    for row in _lines(path):
        study = study_from_text(row["text"], row["title"], row["language"], knowledge.studies)
        told: Row = {"design": study.design, "subjects": study.subjects, "participants": study.participants}
        told |= {"groups": list(study.groups), "retracted": study.retracted, "registered": study.registered}
        report.predictions.append({"study": row["slug"], **told})
        for name, value in told.items():
            if name in row["labels"]:
                counts = right.setdefault(name, [0, 0])
                counts[0] += row["labels"][name] == value
                counts[1] += 1
    scores = {name: Score(n, hit / n, 0.0, 1.0) for name, (hit, n) in right.items()}
    report.scores["studies"] = {name: _wilson(score) for name, score in scores.items()}


def _wilson(score: Score) -> Score:
    n, p, z = score.n, score.value, 1.96
    middle, width = p + z * z / (2 * n), z * ((p * (1 - p) + z * z / (4 * n)) / n) ** 0.5
    return Score(n, p, (middle - width) / (1 + z * z / n), (middle + width) / (1 + z * z / n))
