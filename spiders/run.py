"""The child process of a crawl: one JSON line in, JSON lines out, one Scrapy crawler a source.

It holds the run lock, mends the archive, settles what a killed run left, and ends itself when its parent is gone.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from exowatch.archive.mend import mend
from exowatch.clock import clock_from
from exowatch.config import Config, load_config
from exowatch.errors import ExoWatchError, NoRoomError, RecordError, SetupError
from exowatch.intake import Desk, begin_run, check_case, close_run, open_desk, settle_file, settle_leftovers
from exowatch.model.sources import MADE, Run, Source
from exowatch.room import too_little
from exowatch.seal.run import Unsealed, seal_run
from exowatch.securing import Wanted, assigned
from exowatch.store.lock import hold_lock
from exowatch.store.whose import refuse_foreign
from exowatch.watchlist import load_watchlist


def main() -> int:
    """Read the job, do it, return the exit code."""
    emit = _own_stdout()
    job = json.loads(sys.stdin.readline() or "{}")
    threading.Thread(target=_die_with_parent, daemon=True).start()
    try:
        _check_packages()
        config = load_config(Path(job["config"]) if job.get("config") else None)
        if job.get("mode") == "fetch":
            return _fetch(config, job, emit)
        if job.get("mode") == "capture":
            return _capture(config, job, emit)
        return _crawl(config, job["sources"], emit)
    except ExoWatchError as error:
        emit({"event": "error", "code": error.code, "message": str(error)})
        return error.exit_code


def _own_stdout() -> Any:
    """A way to write JSON lines to the parent; whatever else prints goes to stderr."""
    line_out = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)

    def emit(event: dict[str, Any]) -> None:
        line_out.write(json.dumps(event, ensure_ascii=True, default=str) + "\n")

    return emit


def _die_with_parent() -> None:
    """The parent keeps our standard input open as long as it lives."""
    while os.read(0, 4096):
        pass
    os._exit(1)


def _check_packages() -> None:
    """The three packages must share one parent: a foreign ``spiders`` in site-packages would be crawled with."""
    homes = {}
    for name in ("exowatch", "spiders", "pipelines"):
        spec = find_spec(name)
        if spec is None or spec.origin is None:
            raise SetupError(f"package {name} is missing", remedy="install ExoWatch again")
        homes[name] = Path(spec.origin).parents[1]
    if len(set(homes.values())) > 1:
        told = ", ".join(f"{name} in {home}" for name, home in homes.items())
        raise SetupError(
            f"packages from different places: {told}", remedy="install ExoWatch into an environment of its own"
        )


def _crawl(config: Config, names: Sequence[str], emit: Any) -> int:
    sources = load_watchlist(config.watchlist.dir).named(names)
    clock, simulated = clock_from()
    _check_disk(config)
    refuse_foreign(config.database.url)
    with hold_lock(config, names) as lock:
        from spiders.crawling import check_ways, crawl_sources  # takes a while: who finds no lock waits for nothing

        check_ways(sources)
        mend(config.archive.dir)
        desk = open_desk(config, clock, simulated)
        settle_leftovers(desk, lock)
        run = begin_run(desk, "crawl", sources)
        emit({"event": "run", "id": run.id, "sources": list(names)})
        unsealed = _recorded(
            config,
            desk,
            run,
            "the crawl crashed",
            lambda writer, reader: crawl_sources(desk, run, sources, writer, reader, emit),
        )
    if unsealed:
        sys.stderr.write(f"exowatch: {unsealed.words}\n")
        if not unsealed.signed:
            emit({"event": "unsigned"})
    emit({"event": "done"})
    return 0


def _capture(config: Config, job: dict[str, Any], emit: Any) -> int:
    """Archive and take in single pages that a person asked for, seen by crawler and browser."""
    from exowatch.browser import find_browser

    clock, simulated = clock_from()
    _check_disk(config)
    looking = find_browser(config.crawl.browser)
    pages = assigned(_watched(config), job["urls"], Wanted(**job["wanted"]), clock().date())
    # nobody crawls a site that is on no watchlist: there what a visitor sees is what counts
    pages = {replace(s, render=bool(looking.path)) if s.id.startswith(MADE) else s: urls for s, urls in pages.items()}
    names = [source.id for source in pages]
    with hold_lock(config, names) as lock:
        from spiders.crawling import secure_pages
        from spiders.visit import Securing

        mend(config.archive.dir)
        desk = open_desk(config, clock, simulated)
        check_case(desk, job["case"])
        settle_leftovers(desk, lock)
        run = begin_run(desk, "capture", tuple(pages))
        emit({"event": "run", "id": run.id, "sources": names})
        securing, browser = Securing(job["case"], looking.why), str(looking.path) if looking.path else None
        unsealed = _recorded(
            config,
            desk,
            run,
            "the capture crashed",
            lambda writer, reader: secure_pages(desk, run, pages, writer, reader, emit, securing, browser),
        )
    if unsealed:
        sys.stderr.write(f"exowatch: {unsealed.words}\n")
    emit({"event": "done"})
    return 0


def _recorded(
    config: Config, desk: Desk, run: Run, crashed: str, visit: Callable[[Any, Any], RecordError | None]
) -> Unsealed | None:
    """Visit with an archive and readers, and leave the record whole however that ends; why the run is not signed."""
    from exowatch.archive.write import WarcWriter
    from exowatch.intake.reader import Reader
    from spiders.visit import RECORD_ERROR

    writer = WarcWriter(config.archive.dir, run, desk.clock)
    reader = Reader(config) if config.reading.processes else None
    reason, files = crashed, tuple[str, ...]()
    full: RecordError | None = None
    try:
        broken = visit(writer, reader)
        reason = RECORD_ERROR
    finally:
        if reader:
            reader.close()
        with contextlib.suppress(RecordError):  # what cannot be written now, the next crawl writes
            close_run(desk, run, dict.fromkeys(run.source_ids, reason))  # those that are closed stay as they are
        try:
            files = writer.close()
        except NoRoomError as error:  # the next crawl closes the file
            full = error
    if ended_it := broken or full:
        raise ended_it
    for file in files:
        settle_file(desk, file)
    return seal_run(config, desk.store, desk.clock, desk.simulated)


def _watched(config: Config) -> tuple[Source, ...]:
    """Sources of the watchlist; none where there is no watchlist yet: a page can be secured without one."""
    return load_watchlist(config.watchlist.dir).sources if config.watchlist.dir.is_dir() else ()


def _fetch(config: Config, job: dict[str, Any], emit: Any) -> int:
    """Archive a few pages in a folder of their own; no store."""
    from exowatch.archive.write import WarcWriter
    from exowatch.model.addresses import tidy
    from exowatch.model.sources import Run, Source
    from spiders.crawling import fetch_pages

    # captures carry the address as it was asked for, without fragment and tracking: the parent learns which is which
    emit({"event": "asked", "urls": {url: tidy(url, url) or url for url in job["urls"]}})
    clock, simulated = clock_from()
    source = Source("given", "given", "other", "US", tuple(job["urls"]), via="page", max_pages=len(job["urls"]))
    run = Run("fetch", "crawl", ("given",), clock(), 0, simulated)
    writer = WarcWriter(Path(job["archive_dir"]), run, clock)
    try:
        broken = fetch_pages(config, run, source, writer, clock, emit)
    finally:
        writer.close()
    if broken:
        raise broken
    emit({"event": "done"})
    return 0


def _check_disk(config: Config) -> None:
    if (why := too_little(config)) is not None:
        raise NoRoomError(f"no crawl was begun: {why}")


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is asked too, and ends us
    code = main()
    os._exit(code)  # the thread that watches the parent would keep us
