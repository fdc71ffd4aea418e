"""The demo's own folder: its configuration and watchlist, written afresh. Nobody else's folder is touched."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml

from exowatch.demo.pages import site_facts
from exowatch.errors import SetupError

MARKER = ".exowatch-demo"
CONFIG = "exowatch.toml"
#: Everything that a demo leaves in its folder, and nothing else, is cleared for a new one.
_DATABASE = "exowatch.db"
_OURS = (CONFIG, _DATABASE, "exowatch.db-wal", "exowatch.db-shm", "archive", "watchlist", "digests")
_ADDED_ON = "2026-11-22"


def make_folder(folder: Path, origins: Mapping[str, str], allow_addresses: tuple[str, ...]) -> Path:
    """Write configuration and watchlist into ``folder`` and return the configuration's path.

    A folder of an earlier demo is cleared of what that demo left. SetupError where the folder holds other things.
    """
    _take(folder)
    config = folder / CONFIG
    config.write_text(_config(allow_addresses), encoding="utf-8")
    watchlist = folder / "watchlist"
    watchlist.mkdir()
    for fact in site_facts():
        described = _source(fact, origins[str(fact["site"])])
        text = yaml.safe_dump(described, sort_keys=False, allow_unicode=True)
        (watchlist / f"{fact['site']}.yml").write_text(text, encoding="utf-8")
    return config


def _take(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise SetupError("is a file", file=str(folder), remedy="name a new folder: exowatch demo DIR")
    if folder.is_dir() and any(folder.iterdir()):
        if not (folder / MARKER).is_file():
            raise SetupError(
                "holds files that no demo wrote",
                file=str(folder),
                remedy="name a new or empty folder: exowatch demo DIR",
            )
        _refuse_decided(folder)
        _clear(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MARKER).write_text("Made by `exowatch demo`, which may clear this folder.\n", encoding="utf-8")
    except OSError as error:
        raise SetupError(
            f"cannot be written: {error.strerror}", file=str(folder), remedy="name another folder: exowatch demo DIR"
        ) from None


def _refuse_decided(folder: Path) -> None:
    """SetupError where somebody has decided about flags or opened a case: that is a person's work."""
    written = 0
    try:
        with contextlib.closing(sqlite3.connect(f"file:{quote(str(folder / _DATABASE))}?mode=ro", uri=True)) as db:
            for table in ("reviews", "cases"):
                written += int(db.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])  # noqa: S608 - our own names
    except sqlite3.Error:
        return  # no database, or one of another version: nothing of a person's is known in it
    if written:
        raise SetupError(
            f"holds {written} decisions or cases that somebody made",
            file=str(folder),
            remedy="name a new folder: exowatch demo DIR; or remove this one first",
        )


def _clear(folder: Path) -> None:
    for name in _OURS:
        left = folder / name
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left)
        else:
            left.unlink(missing_ok=True)


def _config(allow_addresses: tuple[str, ...]) -> str:
    pairs = "".join(f'  "{pair}",\n' for pair in allow_addresses)
    return f"""\
# Configuration of the demo: a made-up web on this machine's own loopback addresses.

[crawl]
contact = "demo@exowatch.example"
delay = 0            # seconds between two requests to one site; a real site is asked far more gently
concurrency = 1      # one site after another: every demo numbers its flags alike
timeout = 10
allow_addresses = [  # the only addresses of this machine that a crawl may visit
{pairs}]

[digest]
threshold = "medium"
baseline_per_day = 5
dir = "digests"
"""


def _source(fact: Mapping[str, Any], origin: str) -> dict[str, Any]:
    described = {key: value for key, value in fact.items() if key != "site"}
    return {"id": fact["site"], **described, "start_urls": [f"{origin}/"], "max_pages": 50, "added_on": _ADDED_ON}
