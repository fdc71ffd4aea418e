"""How long the disk will last: what is free, and what the archive grew by a day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from exowatch.config import Config
from exowatch.room import free_bytes

#: When a WARC file was begun, in its name.
_BEGUN = re.compile(r"-(\d{8}T\d{6}Z)-")


@dataclass(frozen=True, slots=True)
class Disk:
    """Bytes free for the archive, bytes that it grows by a day (None: not yet known), and days until none may be
    written."""

    free: int
    growth: float | None
    days: float | None


def disk_of(config: Config) -> Disk:
    """The disk that the archive stands on, or will stand on."""
    free = free_bytes(config.archive.dir)
    growth = daily_growth(config.archive.dir)
    room = free - config.limits.min_free_gb * 1e9
    return Disk(free, growth, max(0.0, room / growth) if growth else None)


def daily_growth(archive: Path) -> float | None:
    """Bytes a day that the archive grew by, between the first and the last file's day; None from less than two days.

    Files say in their names when they were begun: what a copy or a restore does to their dates does not matter.
    """
    begun, size = list[datetime](), 0
    for path in archive.rglob("*.warc.gz") if archive.is_dir() else ():
        named = _BEGUN.search(path.name)
        begun += [datetime.strptime(named[1], "%Y%m%dT%H%M%S%z")] if named else []
        size += path.stat().st_size
    days = (max(begun) - min(begun)).total_seconds() / 86400 if begun else 0
    return size / (days + 1) if days >= 1 and size else None


def how_long(days: float) -> str:
    """Days in words."""
    return f"{days:.0f} days" if days < 1000 else f"{days / 365:.0f} years" if days < 36500 else "a century and more"
