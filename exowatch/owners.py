"""Whose files are: what root makes in the folder of another user is given to that user, who would be shut out by it."""

from __future__ import annotations

import os
import pwd
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


def name_of(uid: int) -> str:
    """The user's name; their number where they have none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def give_back(places: Iterator[Path]) -> None:
    """Where we are root: each file or folder of root's gets the owner of the folder that it stands in.

    Folders come before what is in them. A link, or a file with a second name, is left alone: it may stand elsewhere.
    """
    if os.geteuid() != 0:
        return
    for place in places:
        with suppress(OSError):
            _give(place)


def below(folder: Path) -> Iterator[Path]:
    """``folder`` and all in it, from the top; links are not followed."""
    yield folder
    for here, folders, files in os.walk(folder):
        yield from (Path(here) / name for name in (*folders, *files))


def _give(place: Path) -> None:
    owner = place.parent.stat()
    if owner.st_uid == 0:
        return
    opened = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        found = os.fstat(opened)
        single = stat.S_ISREG(found.st_mode) and found.st_nlink == 1
        if found.st_uid == 0 and (single or stat.S_ISDIR(found.st_mode)):
            os.fchown(opened, owner.st_uid, owner.st_gid)
    finally:
        os.close(opened)
