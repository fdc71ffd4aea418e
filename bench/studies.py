"""What reading a study costs: abstracts of ``tests/gold/studies.jsonl``, and a full text of 40,000 characters.

Processor milliseconds, the least of five readings, each with nothing remembered. Run: ``python -m bench.studies``.
"""

from __future__ import annotations

import json
import statistics
from pathlib import Path

from bench.extract import least, reference
from exowatch.extract.study import study_from_text
from exowatch.knowledge.studies import load_studies

GOLD = Path(__file__).parents[1] / "tests" / "gold" / "studies.jsonl"
LONG = 40_000


def main() -> None:
    rules = load_studies()
    rows = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
    print(f"reference loop: {reference():.1f} ms")

    def cost(title: str, text: str, language: str) -> float:
        def read() -> None:
            rules.terms.find.cache_clear()
            rules.numerals.find.cache_clear()
            study_from_text(text, title, language, rules)

        read()  # patterns are compiled when first met
        return least(read)

    short = [cost(row["title"], row["text"], row["language"]) for row in rows]
    print(f"{len(rows)} abstracts: {statistics.median(short):.2f} ms (median; asked: 2), at most {max(short):.2f} ms")
    whole = "\n".join(row["text"] for row in rows * 3 if row["language"] == "en")[:LONG]
    print(f"full text of {len(whole)} characters: {cost(rows[0]['title'], whole, 'en'):.1f} ms (asked: 30)")


if __name__ == "__main__":
    main()
