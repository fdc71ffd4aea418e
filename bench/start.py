"""How long commands take to start, as multiples of ``import sqlalchemy`` on the same machine in the same minute.

A ratio holds where seconds do not: on a slower or busier machine. Each is run in turn, and the quickest of its runs
counts: what a busy machine adds is never less than nothing.
Run: ``python -m bench.start [--runs 5]``.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

#: What everything is measured by.
MEASURE = ("-c", "import sqlalchemy")
COMMANDS = (("--version",), ("--help",), ("status",), ("flags",), ("digest",))
#: What the child of each crawl does before it asks for its first page.
CRAWL = ("-c", "import spiders.run, spiders.crawling")
_TOML = '[crawl]\ncontact = "bench"\n[limits]\nmin_free_gb = 0\n'


def main() -> None:
    """Print one line for each: its name, its seconds, its ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "exowatch.toml").write_text(_TOML)
        _seconds(folder, ("-m", "exowatch", "db", "upgrade"))
        asked = {"import sqlalchemy": MEASURE, "import of a crawl": CRAWL}
        asked |= {f"exowatch {' '.join(words)}": ("-m", "exowatch", *words) for words in COMMANDS}
        taken = {told: list[float]() for told in asked}
        for _ in range(runs):  # in turn: a minute in which the machine is busy falls on all of them
            for told, words in asked.items():
                taken[told].append(_seconds(folder, words))
    unit = min(taken["import sqlalchemy"])
    for told, seconds in taken.items():
        print(f"{told:<20} {min(seconds):6.2f} s {min(seconds) / unit:6.1f} x")


def _seconds(folder: Path, words: Sequence[str]) -> float:
    began = time.perf_counter()
    # status says by its exit code how the watch is: not whether it ran
    subprocess.run(
        [sys.executable, *words], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
    )
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
