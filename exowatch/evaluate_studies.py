"""How well studies are read: each labelled field, with a 95 % interval (Wilson), since studies do not share a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from exowatch import intervals
from exowatch.extract.study import study_from_text
from exowatch.extract.study.given import tissues_in
from exowatch.knowledge.load import Knowledge
from exowatch.labelled import Row, StudyRow, rows_of
from exowatch.model.findings import Study


@dataclass(frozen=True, slots=True)
class Score:
    """One measure: ``n`` labelled positives (or units compared), and its value with a 95 % interval."""

    n: int
    value: float
    low: float
    high: float
    precision: float | None = None
    recall: float | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """Scores by part and measure, and what was read, one row a line of the labelled file."""

    scores: dict[str, dict[str, Score]] = field(default_factory=dict)
    predictions: list[Row] = field(default_factory=list)


def study_labels(study: Study) -> Row:
    """A study in the words of ``studies.jsonl`` (interface.md)."""
    return {
        "design": study.design,
        "subjects": study.subjects,
        "participants": study.participants,
        "groups": list(study.groups),
        "material": study.material,
        "source": study.source,
        "cells": ", ".join(study.cells) or None,
        "route": study.route,
        "conditions": list(study.conditions),
        "direction": study.direction,
        "registered": study.registered is not None,
        "conflict": study.conflict is not None,
        "retracted": study.retracted,
    }


def studies_scored(folder: Path, knowledge: Knowledge) -> Measured:
    """Read every study of the folder's ``studies.jsonl`` and score each field; nothing where there is no such file.

    Cells are right where they are of the same tissue: it has many names. Conditions count as a set, and singly (F1).
    """
    path, measured = folder / "studies.jsonl", Measured()
    if not path.exists():
        return measured
    right: dict[str, list[int]] = {}
    pairs: list[tuple[set[str], set[str]]] = []
    for row in rows_of(path, StudyRow):
        told = study_labels(study_from_text(row["text"], row["title"], row["language"], knowledge.studies))
        measured.predictions.append({"study": row["slug"], **told})
        pairs.append((set(told["conditions"]), set(row["labels"].get("conditions") or ())))
        for name in told.keys() & row["labels"].keys():
            counts = right.setdefault(name, [0, 0])
            counts[0] += _same(name, told, row)
            counts[1] += 1
    measured.scores["studies"] = {name: wilson(hit, n) for name, (hit, n) in sorted(right.items())}
    measured.scores["studies"]["conditions (F1)"] = _one_by_one(pairs)
    return measured


def _one_by_one(pairs: list[tuple[set[str], set[str]]]) -> Score:
    """Conditions counted singly over all studies. The interval is that of the share of right ones among all named."""
    hit = sum(len(told & label) for told, label in pairs)
    said, true = sum(len(told) for told, _ in pairs), sum(len(label) for _, label in pairs)
    bounds = wilson(hit, (said + true - hit) or 1)
    value = 2 * hit / (said + true) if said + true else 1.0
    return Score(true, value, bounds.low, bounds.high, hit / said if said else 0.0, hit / true if true else 0.0)


def _same(name: str, told: Mapping[str, object], row: Row) -> bool:
    value, label = told[name], row["labels"][name]
    if name == "participants":
        also = row.get("participants_also") or row["labels"].get("participants_also") or ()
        return value == label or value in also
    if name == "conditions":
        return isinstance(value, list) and set(value) == set(label)
    if name == "cells":
        return tissues_in(str(value or "")) == tissues_in(str(label or ""))
    return bool(value == label)


def wilson(hit: int, n: int) -> Score:
    """A share of ``n`` with its 95 % interval after Wilson."""
    return Score(n, hit / n, *intervals.wilson(hit, n))
