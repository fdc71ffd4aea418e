"""A folder with configuration and watchlist, and the command line run in it as a user would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.e2e.web import Web

TOML = """
[database]
url = "{database}"
[crawl]
contact = "tests@exowatch.example"
delay = 0
timeout = {timeout}
max_bytes = {max_bytes}
allow_addresses = [{allowed}]
[limits]
min_free_gb = 0
"""


@dataclass
class Watch:
    """One installation in a folder."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "exowatch", *words]

    def environment(self, **env: str) -> dict[str, str]:
        return os.environ | {"XDG_CACHE_HOME": str(self.folder / "cache"), "NO_COLOR": "1"} | self.env | env

    def run(self, *words: str, expect: int | tuple[int, ...] = 0, **env: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            self.command(*words),
            cwd=self.folder,
            env=self.environment(**env),
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )
        wanted = (expect,) if isinstance(expect, int) else expect
        assert done.returncode in wanted, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def rows(self, *words: str) -> list[dict[str, Any]]:
        found = json.loads(self.run(*words, "--format", "json").stdout)
        assert isinstance(found, list)
        return found

    def sql(self, statement: str) -> list[dict[str, Any]]:
        return self.rows("sql", statement)


def make_watch(
    folder: Path,
    web: Web,
    sources: dict[str, dict[str, Any]],
    *,
    database: str = "sqlite:///exowatch.db",
    timeout: float = 5,
    max_bytes: int = 4_000_000,
) -> Watch:
    """Write configuration and watchlist: a source a site, clinics unless said otherwise."""
    allowed = ", ".join(f'"{address}"' for address in web.addresses.values())
    text = TOML.format(database=database, timeout=timeout, max_bytes=max_bytes, allowed=allowed)
    (folder / "exowatch.toml").write_text(text)
    (folder / "watchlist").mkdir()
    for name, facts in sources.items():
        plain = {"id": name, "name": name, "kind": "clinic", "jurisdiction": "IE", "reason": "test"}
        plain |= {"start_urls": [web.url(name)]} if name in web.addresses else {}
        (folder / "watchlist" / f"{name}.yml").write_text(json.dumps(plain | facts))
    return Watch(folder)
