"""Measure what is told about series of captures, against what really changed: ``python -m bench.series``."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path

from bench.series.captures import BAD
from bench.series.changes import CHANGES
from bench.series.heldout import HELD_OUT
from bench.series.mixed import LANGUAGES as MIXED_LANGUAGES
from bench.series.mixed import mixed
from bench.series.monitors import Alerts, changedetection_alerts, days_scored, urlwatch_alerts
from bench.series.noises import NOISES
from bench.series.score import LATEST, Score, score, total
from bench.series.site import LANGUAGES
from bench.series.story import Story
from bench.series.visits import Visits

_AT_ONCE = 60
#: Long series in each language that has the sentences for them.
MIXED = 4


def stories(languages: Sequence[str]) -> Iterator[Story]:
    """Every kind in every language, and long series of everything together."""
    for maker in (*CHANGES, *NOISES, *BAD, *HELD_OUT):
        for language in languages:
            yield maker(language)
    for seed in range(MIXED):
        for language in languages:
            if language in MIXED_LANGUAGES:
                yield mixed(language, seed)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--languages", nargs="*", default=list(LANGUAGES))
    options.add_argument("--kinds", nargs="*", default=["*"], help="patterns of kinds")
    options.add_argument("--notes", action="store_true", help="print what went wrong, story by story")
    options.add_argument("--urlwatch", type=Path, help="its program: run it on the same stories")
    options.add_argument("--changedetection", type=Path, help="its program: run it on the same stories")
    options.add_argument("--json", type=Path, help="write the figures by kind to this file")
    asked = options.parse_args()
    chosen = [one for one in stories(asked.languages) if any(fnmatch(one.kind, kind) for kind in asked.kinds)]
    began = time.monotonic()
    scored: dict[str, list[Score]] = {}
    families: dict[str, list[Score]] = {}
    alerts: Alerts = set()
    for start in range(0, len(chosen), _AT_ONCE):
        with tempfile.TemporaryDirectory() as folder:
            for number, (story, told) in enumerate(Visits(Path(folder), chosen[start : start + _AT_ONCE]).run(), start):
                alerts |= {(number, row["day"]) for row in (*told.flags, *told.changes) if row.get("cause") != "reader"}
                one = score(story, told)
                scored.setdefault(story.kind, []).append(one)
                families.setdefault(story.family, []).append(one)
                if asked.notes and one.notes:
                    print(f"{story.name} [{' '.join(told.verdicts)}]", *one.notes, sep="\n    ")
        print(f"{min(start + _AT_ONCE, len(chosen))} of {len(chosen)} stories", file=sys.stderr)
    rows = {kind: total(ones) for kind, ones in scored.items()}
    rows |= {f"= {family}": total(ones) for family, ones in families.items()}
    rows["= all"] = total(one for ones in scored.values() for one in ones)
    print_table(rows)
    if asked.urlwatch or asked.changedetection:
        print_monitors(chosen, alerts, asked.urlwatch, asked.changedetection)
    spent = time.monotonic() - began
    print(f"{len(chosen)} stories of {len(scored)} kinds in {len(asked.languages)} languages, {spent:.0f} s")
    if asked.json:
        asked.json.write_text(json.dumps({kind: _plain(one) for kind, one in rows.items()}, indent=1))


def print_table(rows: dict[str, Score]) -> None:
    names = (
        "stories",
        "right",
        "late",
        "false",
        "missed",
        "false_gone",
        "news_days",
        "chatter",
        "mistyped",
        "misread",
        "unread",
    )
    print(f"{'kind':34}{'prec.':>7}{'recall':>7}" + "".join(f"{name:>11}" for name in names))
    for kind, one in rows.items():
        counts = "".join(f"{getattr(one, name) or '·':>11}" for name in names)
        print(f"{kind:34}{one.precision:7.3f}{one.recall:7.3f}{counts}")


def print_monitors(
    chosen: Sequence[Story], alerts: Alerts, urlwatch: Path | None, changedetection: Path | None
) -> None:
    """Days on which something was told, of ExoWatch (flags and changes) and of other monitors on the same pages."""
    rows = {"ExoWatch": days_scored(alerts, chosen, latest=LATEST)}
    for name, program, run in (
        ("urlwatch", urlwatch, urlwatch_alerts),
        ("changedetection.io", changedetection, changedetection_alerts),
    ):
        if program is not None:
            with tempfile.TemporaryDirectory() as folder:
                rows[name] = days_scored(run(program, chosen, Path(folder)), chosen)
    print(f"\n{'by day':22}{'right':>8}{'false':>8}{'missed':>8}{'prec.':>8}{'recall':>8}")
    for name, (right, false, missed) in rows.items():
        precision, recall = right / max(right + false, 1), 1 - missed / max(right + missed, 1)
        print(f"{name:22}{right:8}{false:8}{missed:8}{precision:8.3f}{recall:8.3f}")


def _plain(one: Score) -> dict[str, float]:
    told = {name: getattr(one, name) for name in one.__dataclass_fields__ if name != "notes"}
    return told | {"precision": round(one.precision, 4), "recall": round(one.recall, 4)}


if __name__ == "__main__":
    main()
