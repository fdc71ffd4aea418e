"""CPU time a page of the whole pipeline against a bare Scrapy spider, on one loopback web in one run.

Both are measured as processor time of our processes (the server's is left out), once for a few pages and once for many;
the difference is divided by the difference in pages, so that start-up does not count. Run: ``make bench``.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from web import served

BARE = """
import sys, scrapy
from scrapy.crawler import AsyncCrawlerProcess
class Bare(scrapy.Spider):
    name = "bare"
    async def start(self):
        for i in range(int(sys.argv[2])):
            yield scrapy.Request(f"http://{sys.argv[1]}/p/{i}", callback=self.parse)
    def parse(self, response):
        pass
p = AsyncCrawlerProcess({"LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False, "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
                         "DOWNLOAD_DELAY": 0, "ROBOTSTXT_OBEY": False, "COOKIES_ENABLED": False})
p.crawl(Bare)
p.start()
"""
TOML = """
[crawl]
contact = "bench"
delay = 0
allow_addresses = ["{address}"]
[limits]
min_free_gb = 0
"""
SOURCE = """
id: bench
name: Bench
kind: clinic
jurisdiction: IE
start_urls: [http://{address}/]
max_pages: {pages}
max_depth: 60
reason: measuring
"""


def cpu_of(command: list[str], cwd: Path) -> tuple[float, float]:
    """Processor seconds and wall seconds of ``command`` and its children."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, cwd=cwd, check=False, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent, time.monotonic() - start


def bare(address: str, pages: int, folder: Path) -> tuple[float, float]:
    return cpu_of([sys.executable, "-c", BARE, address, str(pages)], folder)


def whole(address: str, pages: int, folder: Path) -> tuple[float, float]:
    home = Path(tempfile.mkdtemp(dir=folder))
    (home / "exowatch.toml").write_text(TOML.format(address=address))
    (home / "watchlist").mkdir()
    (home / "watchlist" / "bench.yml").write_text(SOURCE.format(address=address, pages=pages))
    spent = cpu_of([sys.executable, "-m", "exowatch", "crawl", "--all"], home)
    told = subprocess.run(
        [
            sys.executable,
            "-m",
            "exowatch",
            "sql",
            "SELECT COUNT(*) n FROM outcomes WHERE result='READ'",
            "--format",
            "json",
        ],
        cwd=home,
        capture_output=True,
        text=True,
        check=True,
    )
    read = json.loads(told.stdout)[0]["n"]
    if read < pages * 0.98:
        sys.exit(f"only {read} of {pages} pages were read; the figure would mean nothing")
    return spent


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pages", type=int, default=500)
    options.add_argument("--size", type=int, default=39_000)
    options.add_argument("--repeats", type=int, default=3)
    asked = options.parse_args()
    few = 20
    with served(asked.pages, asked.size) as address, tempfile.TemporaryDirectory() as name:
        folder, ratios = Path(name), []
        for _ in range(asked.repeats):
            per_page = {}
            for label, run in (("bare", bare), ("whole", whole)):
                base, many = run(address, few, folder), run(address, asked.pages, folder)
                pages = asked.pages - few
                per_page[label] = (many[0] - base[0]) / pages
                speed = pages / (many[1] - base[1])
                print(f"{label:5}: {per_page[label] * 1000:6.2f} ms CPU a page, {speed:6.1f} pages/s")
            ratios.append(per_page["bare"] / per_page["whole"])
            print(f"ratio: {ratios[-1]:.3f}")
    middle = statistics.median(ratios)
    print(f"median ratio of {asked.repeats}: {middle:.3f} on {os.cpu_count()} cores (aim: at least 0.25)")


if __name__ == "__main__":
    main()
