"""Files that a killed process left open: cut back to the last whole record, the stump kept aside."""

from __future__ import annotations

import fcntl
import os
import zlib
from dataclasses import dataclass
from pathlib import Path

from exowatch.archive.sums import add_sum, sum_of
from exowatch.errors import ArchiveError, WrongArchiveError
from exowatch.room import is_barred, is_full, no_room

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Mended:
    """One file that was closed in its dead writer's place."""

    file: str
    kept: int
    """Bytes of whole records."""
    cut: int
    """Bytes put aside as ``<file>.stump``."""


def mend(folder: Path) -> list[Mended]:
    """Close every orphaned ``*.open`` below ``folder``; one that a living process holds is left alone."""
    return [done for path in sorted(folder.rglob("*.warc.gz.open")) if (done := _mend(folder, path)) is not None]


def _mend(folder: Path, path: Path) -> Mended | None:
    try:
        with path.open("r+b") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return None
            if not path.exists():  # another process mended it, or its writer closed it, while we came to hold it
                return None
            whole, size = whole_members(path), path.stat().st_size
            if whole < size:
                file.seek(whole)
                path.with_suffix(".stump").write_bytes(file.read())
                file.truncate(whole)
                os.fsync(file.fileno())
            final = path.with_suffix("")
            if whole == 0:
                path.unlink()
            else:
                add_sum(folder, final.relative_to(folder).as_posix(), sum_of(path))
                path.rename(final)
            return Mended(final.name, whole, size - whole)
    except FileNotFoundError:
        return None
    except OSError as error:
        if is_full(error):
            raise no_room(f"disk full: cannot mend {path.name}", folder) from error
        if is_barred(error):
            told = f"cannot mend: {error.strerror}\n  remedy: let this user write to {folder} ([archive] dir)"
            raise WrongArchiveError(told, file=str(path)) from error
        raise ArchiveError(f"cannot mend: {error}", file=str(path)) from error


def whole_members(path: Path) -> int:
    """Where the last whole gzip member of a file ends, in bytes from its start."""
    end = position = 0
    with path.open("rb") as file:
        member = zlib.decompressobj(wbits=31)
        while chunk := file.read(_CHUNK):
            while chunk:
                try:
                    member.decompress(chunk)
                except zlib.error:
                    return end
                if not member.eof:
                    position += len(chunk)
                    break
                rest = member.unused_data
                position += len(chunk) - len(rest)
                end, chunk, member = position, rest, zlib.decompressobj(wbits=31)
    return end
