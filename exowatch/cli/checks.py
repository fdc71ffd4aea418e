"""What ``exowatch doctor`` looks at."""

from __future__ import annotations

import importlib.util
import os
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import click

from exowatch.browser import find_browser
from exowatch.cli.here import config_of
from exowatch.config import Config
from exowatch.errors import ExoWatchError
from exowatch.health.disk import disk_of, how_long
from exowatch.room import free_bytes

#: GB below which a crawl meets a full disk, whatever [limits] min_free_gb says.
_LEAST_GB = 0.05
#: A disk that lasts for fewer days is worth a word.
_SOON = 30


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    level: Literal["ok", "note", "wrong"]
    what: str
    remedy: str = ""


def examine(ctx: click.Context, mail: bool = False) -> Iterator[Finding]:
    """Every check, in an order that lets the first wrong one explain those after it. ``mail``: ask its server too."""
    from exowatch.cli.daily_checks import daily_work

    yield _python()
    try:
        config = config_of(ctx)
    except ExoWatchError as error:
        yield Finding("wrong", f"configuration: {error}")
        return
    yield Finding("ok", f"configuration: {config.file or 'defaults (no exowatch.toml here)'}")
    if "set-a-contact" in config.crawl.contact:
        yield Finding("note", "no contact is set", "set [crawl] contact: site owners should be able to reach you")
    yield from _watchlist(config)
    yield _knowledge(config)
    database = _database(config)
    yield database
    if database.level == "ok":
        yield from _interrupted(config)
    yield from _disk(config)
    yield _pdf()
    yield from daily_work(config, mail)
    yield _tls()


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    fits = (3, 11) <= sys.version_info[:2] <= (3, 13)
    return Finding("ok" if fits else "wrong", f"Python {version}, SQLite {sqlite3.sqlite_version}")


def _watchlist(config: Config) -> Iterator[Finding]:
    from exowatch.watchlist import load_watchlist, reservations

    try:
        found = load_watchlist(config.watchlist.dir)
    except ExoWatchError as error:
        yield Finding("wrong", f"watchlist: {error}")
        return
    yield Finding("ok", f"watchlist: {len(found.active)} sources in {config.watchlist.dir}")
    looking = find_browser(config.crawl.browser)
    for words in reservations(found.active, looking.why):
        yield Finding("note", f"watchlist: {words}")
    told = f"browser: {looking.path}" if looking.path else f"browser: {looking.why}"
    yield Finding("ok" if looking.path else "note", told)


def _knowledge(config: Config) -> Finding:
    from exowatch.extract.proof import load_proven

    try:
        knowledge = load_proven(config.knowledge.dir)
    except ExoWatchError as error:
        return Finding("wrong", f"knowledge: {error}")
    return Finding("ok", f"knowledge: reading {knowledge.reading_digest[:12]}, judging {knowledge.judging_digest[:12]}")


def _database(config: Config) -> Finding:
    from exowatch.store.left_behind import refuse_left_behind
    from exowatch.store.migrate import check_version, no_file_at, refuse_new_beside, revision_of
    from exowatch.store.session import Store, may_write
    from exowatch.store.whose import refuse_foreign

    url = config.database.url
    try:
        refuse_new_beside(config.archive.dir, url)
    except ExoWatchError as error:
        return Finding("wrong", f"database: {error}")
    if no_file_at(url):
        return Finding("ok", "database: none yet; the first crawl makes it")  # to open it would make an empty file
    try:
        refuse_foreign(url)
        store = Store(url, busy_seconds=config.database.busy_seconds)
        try:
            revision = revision_of(store)
        finally:
            store.close()
        if revision is None:
            refuse_left_behind(config.archive.dir, url)
            return Finding("ok", "database: empty; the first crawl makes its tables")
        check_version(revision)
        may_write(url)
    except ExoWatchError as error:
        return Finding("wrong", f"database: {error}")
    return Finding("ok", f"database: version {revision}")


def _interrupted(config: Config) -> Iterator[Finding]:
    """Runs that were killed."""
    from exowatch.store.interrupted import SETTLES, in_words, interrupted_runs
    from exowatch.store.migrate import no_file_at, revision_of
    from exowatch.store.session import Store

    if no_file_at(config.database.url):
        return
    store = Store(config.database.url, busy_seconds=config.database.busy_seconds)
    try:
        if revision_of(store) is not None:
            yield from (Finding("note", in_words(run), SETTLES) for run in interrupted_runs(config, store))
    finally:
        store.close()


def _disk(config: Config) -> Iterator[Finding]:
    free = free_bytes(config.archive.dir) / 1e9
    folder = next(place for place in (config.archive.dir, *config.archive.dir.parents) if place.exists())
    if not os.access(folder, os.W_OK):
        yield Finding("wrong", f"archive: {folder} cannot be written", "choose another [archive] dir")
    if free <= max(config.limits.min_free_gb, _LEAST_GB):
        remedy = f"make room: below [limits] min_free_gb ({config.limits.min_free_gb:g}) no crawl begins or goes on"
        yield Finding("wrong", f"disk: {free:.1f} GB free for the archive", remedy)
        return
    disk = disk_of(config)
    if disk.growth is None or disk.days is None:
        yield Finding("ok", f"disk: {free:.1f} GB free for the archive; a forecast needs crawls of two days")
        return
    lasts = how_long(disk.days)
    told = f"disk: {free:.1f} GB free; the archive grows by {disk.growth / 1e6:.1f} MB a day, so for {lasts}"
    yield (
        Finding("ok", told) if disk.days > _SOON else Finding("note", told, "make room, or name another [archive] dir")
    )


def _pdf() -> Finding:
    from exowatch.digest.pdf import available

    if available():
        return Finding("ok", "PDF: WeasyPrint is there")
    return Finding("note", "PDF: not available", "pip install exowatch[pdf], and the system's pango library")


def _tls() -> Finding:
    found = importlib.util.find_spec("certifi") is not None
    return Finding("ok" if found else "wrong", "TLS: certificates are checked")
