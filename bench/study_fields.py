"""What a study says beside its design: comparator, instruments, outcomes, follow-up, harms, money, interests, people.

Reads the abstracts of ``tests/gold/studies.jsonl`` that ``study-fields.jsonl`` labels (``docs/evaluating.md`` says what
counts). A field that is one phrase is right where it holds a labelled one (``a|b``: either), a span of time where it is
as long, and of a list each name counts. Run: ``python -m bench.study_fields [--draw 1|2|3] [--wrong]`` (some seconds).
"""

from __future__ import annotations

import argparse
import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

from exowatch.extract.study import study_from_text
from exowatch.knowledge.studies import load_studies
from exowatch.model.findings import Study

GOLD = Path(__file__).parents[1] / "tests" / "gold"
PHRASES = ("comparator", "follow_up", "adverse_events", "funding", "conflict")
LISTS = ("instruments", "measured", "population")
_DAYS = {"h": 1 / 24, "hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.4, "year": 365.0}
#: Two spans this near are the same: twelve months and a year.
_NEAR = 0.05


def measured(folder: Path = GOLD, draw: int | None = None) -> dict[str, dict[str, Any]]:
    """Field → ``right``, ``wrong``, ``found``, ``lacking`` and what is wrong: ``(study, told, label)``."""
    rules = load_studies()
    rows = {row["slug"]: row for row in _rows(folder / "studies.jsonl")}
    told: dict[str, dict[str, Any]] = {
        name: defaultdict(int, errors=list[tuple[str, Any, Any]]()) for name in PHRASES + LISTS
    }
    for label in _rows(folder / "study-fields.jsonl"):
        if draw not in (None, label["draw"]):
            continue
        row = rows[label["slug"]]
        study = study_from_text(row["text"], row["title"], row["language"], rules)
        for name in PHRASES:
            _phrase(told[name], row["slug"], getattr(study, name), label["labels"][name], name)
        for name in LISTS:
            _list(told[name], row["slug"], _named(study, name, rules), label["labels"][name])
    return told


def _named(study: Study, name: str, rules: Any) -> list[str]:
    if name == "population":
        return list(study.population)
    outcomes = {told.value for _, told in rules.names["outcome"]}
    return [one for one in study.outcomes if (one in outcomes) == (name == "measured")]


def _phrase(counts: dict[str, Any], slug: str, said: str | None, label: Any, name: str) -> None:
    wanted = label if isinstance(label, list) else label.split("|") if label else []
    right = bool(said and any(_same(said, one, name) for one in wanted))
    if said:
        counts["right" if right else "wrong"] += 1
    if wanted:
        counts["found" if right else "lacking"] += 1
    if bool(said) != bool(wanted) or (said and not right):
        counts["errors"].append((slug, said, wanted))


def _same(said: str, wanted: str, name: str) -> bool:
    if name != "follow_up":
        return wanted.casefold() in said.casefold()
    one, other = _days(said), _days(wanted)
    return bool(one and other and abs(one - other) <= _NEAR * other)


def _days(span: str) -> float | None:
    if "half a year" in span:
        return 182.5
    found = re.search(r"(\d+(?:\.\d+)?)\s*(h|hour|day|week|month|year)", _figures(span))
    return float(found[1]) * _DAYS[found[2]] if found else None


def _figures(span: str) -> str:
    numerals = load_studies().numerals
    words = re.split(r"[\s-]+", span.lower())
    known = {"acht": 8, "zwölf": 12}
    found = [str(value) if (value := numerals.value(word) or known.get(word)) is not None else word for word in words]
    text = " ".join("1" if word in ("a", "an") else word for word in found)
    text = re.sub("semanas?|wochen", "week", re.sub("mes(?:es)?|monaten?", "month", text))
    return re.sub(r"(hour|day|week|month|year)s? (\d+)", r"\2 \1", text)


def _list(counts: dict[str, Any], slug: str, said: list[str], label: list[str]) -> None:
    for one in said:
        counts["right" if one in label else "wrong"] += 1
    for one in label:
        counts["found" if one in said else "lacking"] += 1
    if set(said) != set(label):
        counts["errors"].append((slug, sorted(set(said) - set(label)), sorted(set(label) - set(said))))


def _rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def _share(part: int, rest: int) -> str:
    return f"{part / (part + rest):.2f} ({part}/{part + rest})" if part + rest else "–"


def main() -> None:
    """Print the table, and with ``--wrong`` each error."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    asked.add_argument("--wrong", action="store_true", help="list what was wrong: what was told, what is labelled")
    asked.add_argument("--folder", type=Path, default=GOLD)
    asked.add_argument("--draw", type=int, choices=(1, 2, 3), help="those labelled first, second or third")
    args = asked.parse_args()
    told = measured(args.folder, args.draw)
    print(f"{'field':16}{'precision':>18}{'recall':>18}")
    for name, one in told.items():
        print(f"{name:16}{_share(one['right'], one['wrong']):>18}{_share(one['found'], one['lacking']):>18}")
    for name, one in told.items() if args.wrong else ():
        for slug, said, wanted in one["errors"]:
            print(f"{name}: {slug}: {said} | {wanted}")


if __name__ == "__main__":
    main()
