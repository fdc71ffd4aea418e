"""A folder with configuration and watchlist, and the command line run in it as a user would."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, ClassVar
from unittest.mock import patch

from click.testing import CliRunner

from exowatch.cli import _run as exit_code_of
from exowatch.cli import command
from exowatch.store.migrate import ready_store
from exowatch.store.session import shared_store
from tests.e2e.web import Web

TOML = """
[database]
url = "{database}"
[crawl]
contact = "tests@exowatch.example"
delay = 0
second_look = {second_look}
timeout = {timeout}
max_bytes = {max_bytes}
allow_addresses = [{allowed}]
[reading]
processes = {readers}
[limits]
min_free_gb = 0
"""


@dataclass
class Watch:
    """One installation in a folder."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)
    inside: ClassVar[bool] = False
    """True: commands run in this process, and only the children that they start are others. A third of the time of a
    small crawl is spent on starting the command itself, which whole runs (tests/e2e) prove."""

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "exowatch", *words]

    def environment(self, **env: str) -> dict[str, str]:
        return os.environ | {"NO_COLOR": "1"} | self.env | env

    def run(self, *words: str, expect: int | tuple[int, ...] = 0, **env: str) -> subprocess.CompletedProcess[str]:
        done = self._ran_inside(words, env) if self.inside and "PYTHONPATH" not in env else self._ran(words, env)
        wanted = (expect,) if isinstance(expect, int) else expect
        assert done.returncode in wanted, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def here(self, *words: str) -> str:
        """What a command prints that starts no child, run in this process: another takes a second each time."""
        with contextlib.chdir(self.folder):
            try:
                done = CliRunner(env=self.env).invoke(command, list(words), catch_exceptions=False)
            finally:
                shared_store.cache_clear()  # the next installation may name its database by the same relative path
                ready_store.cache_clear()
        assert done.exit_code == 0, done.output
        return done.stdout

    def _ran(self, words: tuple[str, ...], env: dict[str, str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*words),
            cwd=self.folder,
            env=self.environment(**env),
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )

    def _ran_inside(self, words: tuple[str, ...], env: dict[str, str]) -> subprocess.CompletedProcess[str]:
        """As ``main`` runs a command: exit code and what it and its children say."""
        out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
        with (
            contextlib.chdir(self.folder),
            patch.dict(os.environ, self.environment(**env)),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            _children_to(err.buffer),
        ):
            try:
                code = exit_code_of(lambda: command.main([*words], prog_name="exowatch", standalone_mode=False))
            finally:
                shared_store.cache_clear()
                ready_store.cache_clear()
        told = (stream.buffer.getvalue().decode() for stream in (out, err))  # type: ignore[attr-defined]
        return subprocess.CompletedProcess([*words], code, *told)

    def rows(self, *words: str) -> list[dict[str, Any]]:
        """What a listing shows."""
        found = json.loads(self.here(*words, "--format", "json"))
        assert isinstance(found, list)
        return found

    def sql(self, statement: str) -> list[dict[str, Any]]:
        return self.rows("sql", statement)


@contextlib.contextmanager
def _children_to(told: BinaryIO) -> Iterator[None]:
    """What child processes say on standard error goes to ``told``, after what this one says."""
    kept = os.dup(2)
    with tempfile.TemporaryFile() as file:
        os.dup2(file.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            file.seek(0)
            told.write(file.read())


def make_watch(
    folder: Path,
    web: Web,
    sources: dict[str, dict[str, Any]],
    *,
    database: str = "sqlite:///exowatch.db",
    timeout: float = 5,
    max_bytes: int = 4_000_000,
    readers: int = 0,
    second_look: bool = False,
) -> Watch:
    """Write configuration and watchlist: a source a site, clinics unless said otherwise.

    ``second_look``: a new source's pages with claims are fetched twice; tests that count requests do without.
    ``readers``: reader processes; starting one takes longer than most tests, so that only whole runs have one.
    """
    allowed = ", ".join(f'"{address}"' for address in web.addresses.values())
    text = TOML.format(
        database=database,
        timeout=timeout,
        max_bytes=max_bytes,
        allowed=allowed,
        readers=readers,
        second_look=str(second_look).lower(),
    )
    (folder / "exowatch.toml").write_text(text)
    (folder / "watchlist").mkdir()
    for name, facts in sources.items():
        plain = {"id": name, "name": name, "kind": "clinic", "jurisdiction": "IE", "reason": "test"}
        plain |= {"start_urls": [web.url(name)]} if name in web.addresses else {}
        (folder / "watchlist" / f"{name}.yml").write_text(json.dumps(plain | facts))
    return Watch(folder)
