"""Memory of the crawling process with 50,000 queued URLs. Run: ``python bench/backlog.py``."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from pipeline import SOURCE, TOML
from web import served


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--urls", type=int, default=50_000)
    options.add_argument("--seconds", type=float, default=25)
    asked = options.parse_args()
    for urls in (10, asked.urls):
        with served(200, 4_000) as address, tempfile.TemporaryDirectory() as name:
            home = Path(name)
            (home / "exowatch.toml").write_text(TOML.format(address=address).replace("delay = 0", "delay = 5"))
            (home / "watchlist").mkdir()
            text = SOURCE.format(address=address, pages=1_000_000).replace(f"{address}/]", f"{address}/many/{urls}]")
            (home / "watchlist" / "bench.yml").write_text(text)
            with subprocess.Popen([sys.executable, "-m", "exowatch", "crawl", "--all"], cwd=home) as crawl:
                time.sleep(asked.seconds)
                print(f"{urls:6} URLs queued: {_family_memory(crawl.pid):.0f} MB (crawler, reader and parent together)")
                crawl.terminate()


def _family_memory(pid: int) -> float:
    """Resident memory in MB of a process and all below it."""
    total, seen = 0.0, [pid]
    while seen:
        one = seen.pop()
        status = Path(f"/proc/{one}/status").read_text()
        total += next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024
        for task in Path(f"/proc/{one}/task").iterdir():
            seen += [int(child) for child in (task / "children").read_text().split()]
    return total


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    main()
