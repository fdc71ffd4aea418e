"""How well a claim is held against a study: verdicts, mismatches, and whether a mismatch was ever called support."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from exowatch.assess.bearing import bearing_of
from exowatch.assess.evidence import evidence_of
from exowatch.assess.slots import slots_of
from exowatch.evaluate_studies import Measured, Score, wilson
from exowatch.extract.study import study_from_text
from exowatch.knowledge.load import Knowledge
from exowatch.labelled import PairRow, Row, StudyRow, rows_of
from exowatch.model.findings import Study

SLOTS = ("source", "material", "route", "condition", "species")


def pairs_scored(folder: Path, knowledge: Knowledge, *, labelled_studies: bool = False) -> Measured:
    """Hold every claim of ``pairs.jsonl`` against its study as read; nothing where there is no such file.

    ``labelled_studies``: take the studies' labels for what was read, so that the two parts are measured apart.
    """
    measured, path = Measured(), folder / "pairs.jsonl"
    if not path.exists():
        return measured
    rows = rows_of(path, PairRow)
    studies = {row["slug"]: row for row in rows_of(folder / "studies.jsonl", StudyRow)}
    read = {slug: _study(row, knowledge, labelled=labelled_studies) for slug, row in studies.items()}
    told = [_judged(row, read[row["study"]], knowledge) for row in rows if row["study"] in read]
    measured.predictions.extend(told)
    labels = [row for row in rows if row["study"] in read]
    if labels:
        measured.scores["pairs"] = _scores(labels, told)
    return measured


def _study(row: Row, knowledge: Knowledge, *, labelled: bool) -> Study:
    study = study_from_text(row["text"], row["title"], row["language"], knowledge.studies)
    if not labelled:
        return replace(study, key=row["slug"])
    given = {
        name: row["labels"][name] for name in ("design", "subjects", "participants", "material", "source", "route")
    }
    given |= {"direction": row["labels"]["direction"], "retracted": row["labels"]["retracted"]}
    cells = tuple(one for one in (row["labels"]["cells"],) if one)
    return replace(study, key=row["slug"], conditions=tuple(row["labels"]["conditions"]), cells=cells, **given)


def _judged(row: Row, study: Study, knowledge: Knowledge) -> Row:
    claim: Mapping[str, str] = row["claim"]
    around = [claim.get("heading") or "", claim.get("page_subject") or ""]
    slots = slots_of(claim["text"], around, knowledge)
    bears = bearing_of(slots, evidence_of(study), knowledge, claim.get("jurisdiction") or "*")
    return {"pair": row["id"], "verdict": bears.verdict, "mismatch": list(bears.mismatches) or ["none"]}


def _scores(labels: Sequence[Row], told: Sequence[Row]) -> dict[str, Score]:
    n = len(labels)
    pairs = list(zip(labels, told, strict=True))
    same = sum(label["verdict"] == one["verdict"] for label, one in pairs)
    three = sum(_of_three(label["verdict"]) == _of_three(one["verdict"]) for label, one in pairs)
    called = [one for label, one in pairs if label["mismatch"] != ["none"]]
    scores = {
        "verdict (of three)": wilson(three, n),
        "verdict (of four)": wilson(same, n),
        "mismatch": _f1([(label["mismatch"] != ["none"], one["mismatch"] != ["none"]) for label, one in pairs]),
    }
    if called:
        scores["mismatch called supported"] = wilson(sum(one["verdict"] == "supported" for one in called), len(called))
    for slot in SLOTS:
        marks = [(slot in label["mismatch"], slot in one["mismatch"]) for label, one in pairs]
        if any(true for true, _ in marks):
            scores[f"mismatch in {slot}"] = _f1(marks)
    return scores


def _of_three(verdict: str) -> str:
    """Unsupported and contradicted are one: the claim does not stand."""
    return "not" if verdict in ("unsupported", "contradicted", "unassessed") else verdict


def _f1(marks: Sequence[tuple[bool, bool]]) -> Score:
    right = sum(true and said for true, said in marks)
    said, true = sum(said for _, said in marks), sum(true for true, _ in marks)
    precision, recall = right / said if said else 0.0, right / true if true else 0.0
    value = 2 * precision * recall / (precision + recall) if right else 0.0
    reach = wilson(right, true)
    return Score(true, value, reach.low, reach.high, precision, recall)
