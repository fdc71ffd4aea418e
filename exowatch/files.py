"""Files that people asked for, written whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from exowatch.errors import OutputError


def write_whole(file: Path, body: bytes) -> None:
    """Write ``body`` to ``file``, whose folder is made where it is missing.

    It is written beside and then renamed, so that a full disk leaves what was there before. OutputError where it
    cannot be written.
    """
    target = file.resolve()  # a link keeps its name: what it points to is replaced
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists() and not target.is_file():
            target.write_bytes(body)  # a terminal or a pipe is written to, never replaced; a folder says what it is
        else:
            _replace(target, body)
    except OSError as error:
        how = "let this user write there" if isinstance(error, PermissionError) else "make room there"
        raise OutputError(
            f"cannot be written: {error.strerror or error}",
            file=str(file),
            remedy=f"{how}, or name another place; what was there before is as it was",
        ) from None


def _replace(target: Path, body: bytes) -> None:
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        beside.write_bytes(body)
        beside.replace(target)
    except OSError:
        with suppress(OSError):
            beside.unlink()
        raise
