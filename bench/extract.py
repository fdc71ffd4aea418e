"""What reading a page costs: extraction of about 100 sentences, whole reading, and how it grows with the page.

A reference loop in the same run makes figures of different machines comparable. Run: ``python bench/extract.py``.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from web import page as made_page

from exowatch.extract.findings import findings
from exowatch.knowledge.load import load_knowledge
from exowatch.labelled import labelled_pages
from exowatch.model.sources import Source
from exowatch.pages.page import read_page

GOLD = Path(__file__).parents[1] / "tests" / "gold"


def least(run: Callable[[], Any], repeats: int = 5) -> float:
    """Processor milliseconds of the quickest of some runs: the others had company."""
    taken = []
    for _ in range(repeats):
        start = time.process_time()
        run()
        taken.append((time.process_time() - start) * 1000)
    return min(taken)


def reference() -> float:
    """Milliseconds for a million additions, for comparing machines."""

    def loop() -> int:
        total = 0
        for number in range(1_000_000):
            total += number
        return total

    return least(loop)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pages", type=int, default=60)
    asked = options.parse_args()
    knowledge, source = load_knowledge(), Source("b", "b", "clinic", "IE", ("https://a.example/",))
    print(f"reference loop: {reference():.1f} ms")

    def parsed(body: bytes) -> Any:
        return read_page(
            body,
            url="https://a.example/",
            content_type="text/html; charset=utf-8",
            status=200,
            truncated=None,
            fitness=knowledge.fitness,
        )

    bodies = [made_page(number, 300, 30_000) for number in range(asked.pages)]
    pages = [parsed(body) for body in bodies]
    sentences = statistics.median(len(page.blocks) for page in pages)
    extract = [least(lambda page=page: findings(page, source, knowledge)) for page in pages]  # type: ignore[misc]
    parse = [least(lambda body=body: parsed(body)) for body in bodies]  # type: ignore[misc]
    print(
        f"made pages of {sentences:.0f} blocks: extract {statistics.median(extract):.2f} ms (median; asked: 5, aim 2.5)"
    )
    print(f"the same, bytes to blocks: {statistics.median(parse):.2f} ms")

    labelled = [one for one in labelled_pages(GOLD) if one.group == "clinic" and len(one.labels) >= 40]
    per_hundred = [
        least(lambda one=one: findings(one.page, source, knowledge), 3) / len(one.labels) * 100  # type: ignore[misc]
        for one in labelled
    ]
    middle = statistics.median(per_hundred)
    print(f"labelled clinic pages of 40 units and more ({len(labelled)}): {middle:.2f} ms a hundred")

    for size in (50_000, 200_000, 800_000, 2_000_000):
        body = made_page(1, 300, size)
        page = parsed(body)
        reading = least(lambda body=body: parsed(body), 1)  # type: ignore[misc]
        cost = least(lambda page=page: findings(page, source, knowledge), 3)  # type: ignore[misc]
        print(f"{size / 1000:6.0f} KB: bytes to blocks {reading:7.0f} ms, extract {cost:7.0f} ms")


if __name__ == "__main__":
    main()
