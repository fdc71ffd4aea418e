"""How long it takes to find what a claim may engage, with 500 provisions. Run: python -m bench.law"""

from __future__ import annotations

import statistics
import time
from dataclasses import replace
from datetime import date

from exowatch.knowledge.engaging import engaged_by, facts_of_example
from exowatch.knowledge.load import load_knowledge
from exowatch.knowledge.regulation import law_of

RULES = 500
DAY = date(2026, 11, 26)


def main() -> None:
    """Print the median and the worst of many looks, each rule's own example in its own jurisdiction."""
    law = load_knowledge().law
    copies = [
        replace(rule, id=f"{rule.id}-{copy}") for copy in range(-(-RULES // len(law.rules))) for rule in law.rules
    ]
    many = law_of(copies[:RULES], law.places)
    cases = [(facts_of_example(example, rule), rule.jurisdiction) for rule in law.rules for example in rule.match]
    took = []
    for _ in range(20):
        for facts, place in cases:
            begin = time.perf_counter()
            engaged_by(facts, place, DAY, many)
            took.append((time.perf_counter() - begin) * 1000)
    print(f"{len(many.rules)} provisions, {len(took)} looks: median {statistics.median(took):.3f} ms, p99 "
          f"{statistics.quantiles(took, n=100)[98]:.3f} ms, worst {max(took):.3f} ms")  # fmt: skip


if __name__ == "__main__":
    main()
