"""Crawl, import, reread and digest killed (SIGKILL) at random moments, then run to their ends: what is lost?

Pages change between two kills; half of them come from a loopback web, half from WARC files of another program's making.
Run: ``python bench/kills.py [--kills 50] [--seed 1]``. Exit 1 where something was lost, damaged or told twice.
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from fastwarc.warc import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

sys.path.insert(0, str(Path(__file__).parent))
from web import served

#: A local rule that is another one before each reread, so that every page has to be read again.
_RULE = """- id: bench
  role: puffery
  reason: measuring
  source: bench
  reviewer: bench
  date: 2026-11-26
  terms: {{en: [wordnumber{day}]}}
  examples: {{match: [a wordnumber{day} here], not: [nothing]}}
"""
_TOML = """
[knowledge]
dir = "rules"
[crawl]
contact = "bench"
delay = 0
allow_addresses = ["{address}"]
[limits]
min_free_gb = 0
"""
_SOURCE = (
    "{{id: {name}, name: {name}, kind: clinic, jurisdiction: IE, start_urls: ['{url}'], max_pages: 60, reason: bench}}"
)
_PAGES = 30


class Installation:
    """An installation in a folder, and the programs that are run and killed in it."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder, self.day = folder, 0
        (folder / "watchlist").mkdir()
        for name, url in (("web", f"http://{address}/"), ("given", "https://given.example/")):
            (folder / "watchlist" / f"{name}.yml").write_text(_SOURCE.format(name=name, url=url))
        (folder / "exowatch.toml").write_text(_TOML.format(address=address))
        (folder / "given").mkdir()
        (folder / "rules").mkdir()

    def words(self, job: str) -> list[str]:
        """The command of a job; each import brings a new day's pages, each reread has other rules."""
        if job == "import":
            self.day += 1
            path = self.folder / "given" / f"day-{self.day}.warc.gz"
            path.write_bytes(warc_of(self.day))
            return ["import", str(path), "--source", "given"]
        if job == "reread":
            (self.folder / "rules" / "bench.yml").write_text(_RULE.format(day=self.day))
        return {"crawl": ["crawl", "web"], "reread": ["reread"], "digest": ["digest", "-o", "letter.txt"]}[job]

    def start(self, words: list[str]) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "exowatch", *words]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(command, cwd=self.folder, start_new_session=True, **quiet)

    def ask(self, *words: str) -> Any:
        command = [sys.executable, "-m", "exowatch", *words, "--format", "json"]
        return json.loads(subprocess.run(command, cwd=self.folder, capture_output=True, check=False).stdout)

    def sql(self, text: str) -> list[dict[str, Any]]:
        told = self.ask("sql", text)
        assert isinstance(told, list)
        return told


def warc_of(day: int) -> bytes:
    """Ten pages as another program archives them; each says something new every day."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=True)
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day)
    for number in range(10):
        body = (
            f"<html lang=en><title>Exosomes {number}</title><h1>Exosomes</h1>"
            f"<p>Our exosomes make skin {number} firm and bright."
            f"<p>On day {day} our exosome serum {number} smooths fine lines within {day + 2} weeks."
            "<p>We are open on weekdays and glad to see you; a first talk takes half an hour.</html>"
        ).encode()
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
        named = {"WARC-Date": at.strftime("%Y-%m-%dT%H:%M:%SZ")}
        url = f"https://given.example/{number}"
        writer.write_record(
            writer.create_warc_record(
                url, "response", payload=BytesIO(body), http_headers=head, warc_headers_dict=named
            )
        )
    return out.getvalue()


def kill(program: subprocess.Popen[bytes], after: float) -> bool:
    """End the program and all that it started after some seconds; True where it was still going."""
    try:
        program.wait(after)
    except subprocess.TimeoutExpired:
        for one in [program.pid, *_below(program.pid)]:
            try:
                os.kill(one, signal.SIGKILL)
            except ProcessLookupError:
                continue
        program.wait()
        return True
    return False


def _below(pid: int) -> list[int]:
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        try:
            below = [int(c) for t in Path(f"/proc/{one}/task").iterdir() for c in (t / "children").read_text().split()]
        except OSError:
            continue
        found += below
        waiting += below
    return found


def wrongs(here: Installation) -> list[str]:
    """What the kills did, after every job has run to its end."""
    found = []
    verified = here.ask("verify")
    found += [f"verify: {damage}" for damage in verified["damage"]]
    answers = 0
    for path in sorted((here.folder / "archive").rglob("*.warc.gz")):
        try:
            answers += sum(1 for record in ArchiveIterator(path.open("rb")) if record.headers.get("WARC-Type"))
        except Exception as error:  # noqa: BLE001 - whatever the reader of another house says
            found.append(f"{path.name}: {error}")
    found += [f"left open: {path.name}" for path in (here.folder / "archive").rglob("*.open")]
    flags = here.sql("SELECT source, quote, change FROM v_flags")
    for row, count in collections.Counter((f["source"], f["quote"], f["change"]) for f in flags).items():
        if count > 1:
            found.append(f"told {count} times: {row}")
    given = here.sql("SELECT COUNT(DISTINCT fetched_at) AS n FROM v_captures WHERE source = 'given'")[0]["n"]
    if given != here.day:
        found.append(f"{given} of {here.day} imported days have captures")
    pages = here.sql("SELECT COUNT(*) AS n FROM v_pages WHERE source = 'web' AND last_fit_at IS NOT NULL")[0]["n"]
    if pages < _PAGES:
        found.append(f"{pages} of {_PAGES} pages of the web were read")
    unfinished = here.sql("SELECT COUNT(*) AS n FROM runs WHERE finished_at IS NULL")[0]["n"]
    if unfinished:
        found.append(f"{unfinished} runs were never finished")
    print(f"{answers} records, {len(flags)} flags, {here.day} imported days, {pages} pages of the web")
    return found


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=50)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    rng, killed, jobs = random.Random(asked.seed), collections.Counter[str](), ("crawl", "import", "reread", "digest")
    with served(_PAGES, 4_000) as address, tempfile.TemporaryDirectory() as folder:
        here = Installation(Path(folder), address)
        imports = []
        start, number = time.monotonic(), 0
        while sum(killed.values()) < asked.kills:
            job = jobs[number % len(jobs)]
            number += 1
            words = here.words(job)
            if job == "import":
                imports.append(words)
            killed[job] += kill(here.start(words), rng.uniform(0.3, 3.0))
        for words in (*imports, ["crawl", "web"], ["reread"], ["digest", "-o", "letter.txt"]):
            program = here.start(words)
            if kill(program, 300) or program.returncode not in (0, 1):
                sys.exit(f"{' '.join(words)} ended with {program.returncode}: nothing is proven")
        print(f"killed: {dict(killed)} in {number} jobs, {time.monotonic() - start:.0f} s")
        found = wrongs(here)
    print("\n".join(found) or "nothing lost, damaged or told twice")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
