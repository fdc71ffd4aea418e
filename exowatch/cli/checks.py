"""What ``exowatch doctor`` looks at."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import click

from exowatch.cli.here import config_of
from exowatch.config import Config
from exowatch.errors import ExoWatchError


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    level: Literal["ok", "note", "wrong"]
    what: str
    remedy: str = ""


def examine(ctx: click.Context) -> Iterator[Finding]:
    """Every check, in an order that lets the first wrong one explain those after it."""
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
    yield _database(config)
    yield from _disk(config)
    yield _pdf()
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
    for words in reservations(found.active):
        yield Finding("note", f"watchlist: {words}", "leave `render` out until a later version")


def _knowledge(config: Config) -> Finding:
    from exowatch.knowledge.load import load_knowledge

    try:
        knowledge = load_knowledge(config.knowledge.dir)
    except ExoWatchError as error:
        return Finding("wrong", f"knowledge: {error}")
    return Finding("ok", f"knowledge: reading {knowledge.reading_digest[:12]}, judging {knowledge.judging_digest[:12]}")


def _database(config: Config) -> Finding:
    from exowatch.store.migrate import HEAD, revision_of
    from exowatch.store.session import Store

    url = config.database.url
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        return Finding("ok", "database: none yet; the first crawl makes it")  # to open it would make an empty file
    store = Store(url)
    try:
        revision = revision_of(store)
    except ExoWatchError as error:
        return Finding("wrong", str(error))
    finally:
        store.close()
    if revision is None:
        return Finding("ok", "database: empty; the first crawl makes its tables")
    if revision != HEAD:
        return Finding("wrong", f"database: version {revision}, this program needs {HEAD}", "run `exowatch db upgrade`")
    return Finding("ok", f"database: version {revision}")


def _disk(config: Config) -> Iterator[Finding]:
    folder = config.archive.dir
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free / 1e9
    if not os.access(folder, os.W_OK):
        yield Finding("wrong", f"archive: {folder} cannot be written", "choose another [archive] dir")
    level: Literal["ok", "wrong"] = "ok" if free > config.limits.min_free_gb else "wrong"
    yield Finding(level, f"disk: {free:.1f} GB free for the archive{_forecast(config.archive.dir, free)}")


def _forecast(archive: Path, free_gb: float) -> str:
    """How long the disk lasts at the pace of the archive so far; nothing is said from less than two days."""
    files = [path.stat() for path in archive.rglob("*.warc.gz")] if archive.is_dir() else []
    if not files:
        return ""
    days = (max(f.st_mtime for f in files) - min(f.st_mtime for f in files)) / 86400
    total = sum(f.st_size for f in files) / 1e9
    return f"; at the present pace for {free_gb / (total / days):.0f} days" if days >= 2 and total > 0 else ""


def _pdf() -> Finding:
    from exowatch.digest.pdf import available

    if available():
        return Finding("ok", "PDF: WeasyPrint is there")
    return Finding("note", "PDF: not available", "pip install exowatch[pdf], and the system's pango library")


def _tls() -> Finding:
    found = importlib.util.find_spec("certifi") is not None
    return Finding("ok" if found else "wrong", "TLS: certificates are checked")
