"""Are the features that law names found where a reader marked them? Precision and recall of each, and every wrong one.

Reads the pages of ``features.jsonl`` in a labelled folder (``docs/page-features.md`` says what counts). A found feature
is right where it stands on a line that is marked; a marked line is found where anything of it was. The gate and
pages as a whole are counted too: does the page show it at all? What a label calls ambiguous counts neither way.
Run: ``python -m bench.features [--folder DIR] [--half mend|held] [--wrong] [--json]`` (some seconds).
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from exowatch.knowledge.load import load_knowledge
from exowatch.labelled import labelled_pages
from exowatch.model.sources import Source
from exowatch.reading import reading_of

GOLD = Path(__file__).parents[1] / "tests" / "gold"
NAMES = ("testimonials", "before_after", "endorsements", "prices", "disclaimers", "gate")
SPACES = str.maketrans("", "", " \t\n\u00a0\u202f\u2009")


def measured(folder: Path, half: str | None = None) -> dict[str, dict[str, Any]]:
    """Feature → counts by place and by page, and what is wrong: ``(page, words)``."""
    labels = {row["page"]: row for row in _rows(folder / "features.jsonl") if half in (None, row.get("half"))}
    told: dict[str, dict[str, Any]] = {
        name: defaultdict(int, false=list[tuple[str, str]](), missed=list[tuple[str, str]]()) for name in NAMES
    }
    knowledge = load_knowledge()
    for page in labelled_pages(folder):
        if page.slug not in labels:
            continue
        source = Source(page.slug, page.slug, page.kind, page.jurisdiction, (page.row["url"],))
        features = reading_of(page.page, source, page.slug, knowledge).features
        lines = [block.text for block in page.page.blocks]
        for name in NAMES:
            shown = [place.text for place in features.places if place.feature == name]
            row = labels[page.slug]
            marked = row["features"].get(name) or ()
            open_to_doubt = [words for feature, words in row.get("ambiguous", ()) if feature == name]
            left_out = {number for words in open_to_doubt for number in _standing(words, lines)}
            shown = [words for words in shown if marked or not left_out & set(_standing(words, lines))]
            _count(told[name], page.slug, shown, marked, lines, left_out)
    return told


def _count(
    told: dict[str, Any],
    slug: str,
    shown: Sequence[str],
    marked: Sequence[str],
    lines: Sequence[str],
    left_out: set[int],
) -> None:
    here = [set(_standing(words, lines)) for words in marked]
    there = [set(_standing(words, lines)) for words in shown]
    expected = set[int]().union(*here)
    for words, where in zip(shown, there, strict=True):
        right = bool(where & expected)
        if not right and where & left_out:
            continue
        told["right" if right else "wrong"] += 1
        if not right:
            told["false"].append((slug, words))
    found = set[int]().union(*there)
    for words, where in zip(marked, here, strict=True):
        told["found" if where & found else "lacking"] += 1
        if not where & found:
            told["missed"].append((slug, words))
    told["pages both" if shown and marked else "pages shown" if shown else "pages marked" if marked else "neither"] += 1


def _standing(words: str, lines: Sequence[str]) -> Iterator[int]:
    """Lines that hold the words; of words that were shortened or had a name cut out, the pieces count."""
    pieces = [piece.translate(SPACES) for piece in words.replace("[…]", "…").split("…")]
    longest = max(pieces, key=len)
    for number, line in enumerate(lines):
        bare = line.translate(SPACES)
        whole = len(bare) > 12 or any(letter.isdigit() for letter in bare)  # a cell of a row that was marked as one
        if longest and (longest in bare or (whole and bare in longest)):
            yield number


def _rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def _share(part: int, rest: int) -> str:
    return f"{part / (part + rest):.2f} ({part}/{part + rest})" if part + rest else "–"


def main() -> None:
    """Print the table, and with ``--wrong`` what was wrongly found and what was missed."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    asked.add_argument("--folder", type=Path, default=GOLD)
    asked.add_argument("--half", choices=("mend", "held"))
    asked.add_argument("--wrong", action="store_true", help="list what was wrongly found and what was missed")
    asked.add_argument("--json", action="store_true")
    args = asked.parse_args()
    told = measured(args.folder, args.half)
    if args.json:
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return
    print(f"{'feature':14}{'precision':>18}{'recall':>18}{'pages: precision':>20}{'recall':>16}")
    for name, one in told.items():
        pages = (one["pages both"], one["pages shown"], one["pages marked"])
        row = (_share(one["right"], one["wrong"]), _share(one["found"], one["lacking"]))
        print(f"{name:14}{row[0]:>18}{row[1]:>18}{_share(pages[0], pages[1]):>20}{_share(pages[0], pages[2]):>16}")
    for name, one in told.items() if args.wrong else ():
        for word in ("false", "missed"):
            for slug, words in one[word]:
                print(f"{name} {word}: {slug}: {words[:150]}")


if __name__ == "__main__":
    main()
