"""Room on the disk, and the right to it: when an error means that there is none, and what to say of it."""

from __future__ import annotations

import errno
import resource
import shutil
from pathlib import Path

from exowatch.config import Config
from exowatch.errors import NoRoomError

#: No room on the disk, in the quota, or for a file of this size.
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
#: Bytes that a database or an archive file wants at least for its next step.
_LEAST = 1_000_000
#: No right to write there, a disk that may only be read, or no folder at all.
_BARRED = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EISDIR)
KEPT = (
    "kept: what was archived and stored before is whole and can be read, and nothing stands there half; a crawl that "
    "was under way settles nothing, and the next `exowatch crawl` completes it"
)


def is_full(error: BaseException | None) -> bool:
    """True where the system said that there is no room."""
    return isinstance(error, OSError) and error.errno in _FULL


def is_barred(error: BaseException | None) -> bool:
    """True where the system said that we may not write there."""
    return isinstance(error, OSError) and error.errno in _BARRED


def free_bytes(place: Path) -> int:
    """Bytes free on the disk that ``place`` stands on, or will stand on."""
    while not place.exists():
        place = place.parent
    return shutil.disk_usage(place).free


def hardly_any(place: Path) -> bool:
    """True where next to nothing is free beside ``place``, or the system bounds the size of our files: then it is no
    wonder that something could not be written."""
    return free_bytes(place) < _LEAST or resource.getrlimit(resource.RLIMIT_FSIZE)[0] != resource.RLIM_INFINITY


def too_little(config: Config) -> str | None:
    """Why nothing may be added to the archive, in words; None where [limits] min_free_gb are free."""
    free, asked = free_bytes(config.archive.dir) / 1e9, config.limits.min_free_gb
    if free >= asked:
        return None
    return (
        f"only {free:.2f} GB are free for the archive in {config.archive.dir}, and [limits] min_free_gb asks for "
        f"{asked:g}\n"
        f"  remedy: make room there, or name another [archive] dir; then crawl again"
    )


def no_room(problem: str, place: Path) -> NoRoomError:
    """The error for whoever must make room on the disk of ``place``."""
    return NoRoomError(in_words(problem, place))


def in_words(problem: str, place: Path) -> str:
    """What happened, what was kept, what to do."""
    return (
        f"{problem}\n  {KEPT}\n"
        f"  remedy: free 1 GB or more on the disk of {place}, then run again; with `[limits] min_free_gb` a crawl ends "
        "while there is still room"
    )
