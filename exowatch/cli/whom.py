"""Who decides: the name that stands beside each decision."""

from __future__ import annotations

import getpass
import os
import subprocess
from collections.abc import Callable
from typing import Any

import click

from exowatch.cases.deciding import name_of
from exowatch.errors import SetupError

VARIABLE = "EXOWATCH_BY"
Command = Callable[..., Any]


def by_option(command: Command) -> Command:
    """``--by``: who decides."""
    told = f"Your name (default: {VARIABLE}, else the name that Git knows, else the user of this machine)."
    return click.option("--by", metavar="NAME", help=told)(command)


def who(by: str | None) -> str:
    """The name given, else the environment's, Git's or the system's. SetupError where none of them is a name."""
    if by is None and not os.environ.get(VARIABLE):
        by = _git_name() or _user()
    return name_of(os.environ.get(VARIABLE) if by is None else by)


def _git_name() -> str:
    try:
        told = subprocess.run(
            ["git", "config", "--get", "user.name"],  # noqa: S607 - wherever Git stands on this machine
            capture_output=True,
            timeout=5,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    name = told.stdout.decode("utf-8", "replace").strip()
    try:
        return name_of(name)
    except SetupError:
        return ""


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""
