"""Files that people asked for, written whole or not at all."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path

from exowatch.errors import OutputError

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_ALLOW = "let this user write there"
_ELSEWHERE = "look whether files can be made there"


def need_folder(file: Path) -> None:
    """OutputError where the folder of ``file`` is missing: a slip in a path, or a disk that is not there."""
    folder = file.resolve().parent
    if not folder.is_dir():
        what = "is no folder" if folder.exists() else "does not exist"
        raise OutputError(f"folder {folder} {what}", file=str(file), remedy="make it, or write elsewhere")


def write_whole(file: Path, body: bytes, *, folder_too: bool = False) -> None:
    """Write ``body`` to ``file``; its folder must be there, or is made with ``folder_too``.

    It is written beside and then renamed, so that a full disk leaves what was there before. OutputError where it
    cannot be written.
    """
    target = file.resolve()  # a link keeps its name: what it points to is replaced
    if not folder_too:
        need_folder(file)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists() and not target.is_file():
            target.write_bytes(body)  # a terminal or a pipe is written to, never replaced; a folder says what it is
        else:
            _replace(target, body)
    except OSError as error:
        how = (
            "make room there" if error.errno in _FULL else _ALLOW if isinstance(error, PermissionError) else _ELSEWHERE
        )
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
