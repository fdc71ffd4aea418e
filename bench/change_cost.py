"""What a second visit costs: changed, unchanged and 304 pages, growth of the database, rereading, matching.

Everything after the last byte, as processor time of this process: archive and doors, no network.
Run: ``python bench/change_cost.py [--pages 10000]``.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from web import page as made_page

from exowatch.archive.write import Exchange, WarcWriter
from exowatch.changes.attach import Found, lay
from exowatch.config import load_config
from exowatch.intake import begin_run, close_run, known_page, open_desk, settle_file, take_in
from exowatch.labelled import labelled_pages
from exowatch.model.changes import Standing, Wording
from exowatch.model.keys import wording_key
from exowatch.model.sources import Run
from exowatch.query import Filter, listing
from exowatch.rereading import reread_pages
from exowatch.watchlist import load_watchlist

_TOML = '[crawl]\ncontact = "bench"\n[limits]\nmin_free_gb = 0\n'
_SOURCE = (
    "{id: bench, name: Bench, kind: clinic, jurisdiction: IE, start_urls: [https://bench.example/], reason: measuring}"
)
_FIRST = datetime(2026, 11, 1, 6, tzinfo=UTC)
GOLD = Path(__file__).parents[1] / "tests" / "gold"
Bodies = Callable[[int], bytes | None]


class Installation:
    """One source in a folder, visited day by day."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.day = folder, 0
        (folder / "watchlist").mkdir()
        (folder / "watchlist" / "bench.yml").write_text(_SOURCE)
        (folder / "exowatch.toml").write_text(_TOML)
        config = load_config(folder / "exowatch.toml")
        self.now = _FIRST
        self.desk = open_desk(config, lambda: self.now, True)
        (self.source,) = load_watchlist(config.watchlist.dir).sources

    def visit(self, pages: int, body: Bodies, each: Callable[[int], None] = lambda number: None) -> list[float]:
        """Milliseconds of each page. ``body`` None: the server says 304."""
        self.now = _FIRST + timedelta(days=self.day)
        self.day += 1
        run = begin_run(self.desk, "crawl", [self.source])
        self.desk.archive_dir.mkdir(parents=True, exist_ok=True)
        writer, taken = WarcWriter(self.desk.archive_dir, run, lambda: self.now), []
        for number in range(pages):
            told = body(number)
            start = time.process_time()
            self._page(writer, run, number, told)
            taken.append((time.process_time() - start) * 1000)
            each(number)
        close_run(self.desk, run, {self.source.id: "finished"})
        for file in writer.close():
            settle_file(self.desk, file)
        return taken

    def _page(self, writer: WarcWriter, run: Run, number: int, body: bytes | None) -> None:
        url = f"https://bench.example/p/{number}"
        exchange = Exchange(
            source_id=self.source.id,
            url=url,
            request_url=url,
            method="GET",
            request_headers=(),
            status=200 if body is not None else 304,
            reason="",
            response_headers=(("Content-Type", "text/html; charset=utf-8"), ("ETag", f'"{number}"')),
            body=body or b"",
            fetched_at=self.now,
            known=known_page(self.desk, self.source.id, url),
        )
        take_in(self.desk, writer.put_exchange(exchange), self.source, run)

    def rows(self, table: str) -> int:
        """How many rows a table of claims or changes has."""
        return len(listing(self.desk.store, table, Filter(), self.now))

    def size(self) -> int:
        """Bytes of the database, its log written back."""
        self.desk.store.close()
        return sum(path.stat().st_size for path in self.folder.glob("exowatch.db*"))


def middle(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def kinds_of_pages(pages: int, size: int) -> None:
    """A changed page against an unchanged one and a 304."""
    with tempfile.TemporaryDirectory() as folder:
        here = Installation(Path(folder))
        here.visit(pages, lambda n: made_page(n, pages, size))
        changed = middle(here.visit(pages, lambda n: made_page(n, pages, size).replace(b"exosome", b"our exosome", 1)))
        body = lambda n: made_page(n, pages, size).replace(b"exosome", b"our exosome", 1)  # noqa: E731
        same = middle(here.visit(pages, body))
        not_modified = middle(here.visit(pages, lambda n: None))
    print(f"changed {changed:.2f} ms a page; unchanged {same:.2f} ms = {same / changed:.0%} (aim: 15 %); ", end="")
    print(f"304 {not_modified:.2f} ms = {not_modified / changed:.0%} (aim: 10 %)")


def growth(pages: int) -> None:
    """Rows and bytes of a second visit to pages that stand still; rereading them; memory on the way."""
    with tempfile.TemporaryDirectory() as folder:
        here, memory = Installation(Path(folder)), dict[int, float]()

        def note(number: int) -> None:
            if number + 1 in (1_000, pages):
                memory[number + 1] = _resident()

        here.visit(pages, lambda n: made_page(n, pages, 4_000), note)
        claims, changes, before = here.rows("claims"), here.rows("changes"), here.size()
        here.visit(pages, lambda n: made_page(n, pages, 4_000))
        more, grown = here.rows("claims") - claims, here.size() - before
        print(f"{pages} unchanged pages: {more} more claims, {here.rows('changes') - changes} changes, ", end="")
        print(f"{grown / pages:.0f} bytes a page (aim: below 1024)")
        told = ", ".join(f"{value:.0f} MB after {number}" for number, value in memory.items())
        print(f"memory of the first visit: {told}")
        # as after a change of rules that moves nothing: every page is read again
        moved = replace(here.desk, stamp=replace(here.desk.stamp, knowledge="0" * 64))
        start = time.process_time()
        done = reread_pages(moved)
        spent = time.process_time() - start
        print(f"reread: {done}; {here.rows('changes') - changes} changes, {spent:.0f} s")


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1024 / 1024


def matching(count: int = 200) -> None:
    """So many old claims against so many new ones, none of them the same: sentences of the labelled pages."""
    quotes: list[str] = []
    for page in labelled_pages(GOLD):
        quotes += [label["text"] for label in page.labels if label["claim"] and page.row["language"] == "en"]
    random.Random(7).shuffle(quotes)

    def wording(text: str) -> Wording:
        return Wording("claim", wording_key(text), text, "asserted", 2, ("efficacy",))

    chosen = list(dict.fromkeys(quotes))[: 2 * count]
    old = [
        Standing(n, n, "body", wording(text), "live", live=True, alone=True) for n, text in enumerate(chosen[:count])
    ]
    new = [Found(n, "body", wording(text)) for n, text in enumerate(chosen[count:])]
    taken = []
    for _ in range(5):
        start = time.process_time()
        lay(new, old, {})
        taken.append((time.process_time() - start) * 1000)
    print(f"matching {count} against {count}: {min(taken):.0f} ms (aim: 50)")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pages", type=int, default=10_000)
    options.add_argument("--size", type=int, default=39_000)
    asked = options.parse_args()
    matching()
    kinds_of_pages(100, asked.size)
    growth(asked.pages)


if __name__ == "__main__":
    main()
