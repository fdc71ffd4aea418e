"""``SHA256SUMS``: the digest of every archive file as it was closed, one line each, as ``sha256sum -c`` reads it.

A record that is cut off whole at the end of a file leaves a file in which nothing looks wrong; this list shows it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
from pathlib import Path

NAME = "SHA256SUMS"
_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")


def add_sum(folder: Path, file: str, digest: str) -> None:
    """Say how ``file`` was closed (``digest``: SHA-256, hexadecimal). Saying the same again adds nothing. OSError."""
    with (folder / NAME).open("a+b") as sums:
        fcntl.flock(sums, fcntl.LOCK_EX)
        sums.seek(0)
        held = sums.read()
        line = f"{digest}  {file}\n".encode()
        if line in held:
            return
        # a process that died within its line leaves half of one: it must not swallow ours
        sums.write(b"\n" + line if held and not held.endswith(b"\n") else line)
        sums.flush()
        os.fsync(sums.fileno())


def sums_of(folder: Path) -> dict[str, set[str]]:
    """File → every digest that the list has for it; more than one is damage. Lines that are none are passed over."""
    try:
        text = (folder / NAME).read_text("utf-8", "replace")
    except FileNotFoundError:
        return {}
    found: dict[str, set[str]] = {}
    for line in text.splitlines():
        if told := _LINE.fullmatch(line):
            found.setdefault(told[2], set()).add(told[1])
    return found


def sum_of(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
