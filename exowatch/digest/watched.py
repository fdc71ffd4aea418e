"""What was watched in the time of a letter: how many pages of each source, and which could not be read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from exowatch.digest import wording
from exowatch.digest.ranking import Row
from exowatch.digest.safe import Address, address, brief

HOW_COUNTED = (
    "Each page once for the whole time of this letter. Read: new, or changed on a visit; same: unchanged on all; "
    "unfit, failed: no visit could read it; barred: robots.txt asks not to read it."
)
_COUNTED = ("read", "unchanged", "unfit", "failed", "disallowed")


@dataclass(frozen=True, slots=True)
class Watched:
    """Coverage of one source, or of all."""

    name: str
    id: str
    verdict: str
    seen: int
    read: int
    unchanged: int
    unfit: int
    failed: int
    disallowed: int
    last_fit: str = ""
    why: str = ""
    """Why a visit was not complete."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A page that could not be read, and why."""

    source: str
    address: Address
    result: str
    cause: str
    at: str


def shortfall(row: Watched) -> str:
    """What there is to say of a visit that was not complete; empty for a complete one."""
    if row.verdict == "complete":
        return ""
    why = f" ({row.why})" if row.why else ""
    return f"{row.verdict}{why}; last fit visit {row.last_fit or 'never'}"


def how_seen(total: Watched) -> str:
    """What came of the pages that were visited, in words: ``16 read, 17 unchanged``."""
    counted = [(getattr(total, name), name) for name in _COUNTED if name != "disallowed"]
    return ", ".join(f"{count} {name}" for count, name in counted if count) or "none read"


def watched_of(row: Row) -> Watched:
    """A row of coverage, made safe to print."""
    counts = {name: int(row.get(name) or 0) for name in ("seen", *_COUNTED)}
    return Watched(
        name=brief(row.get("name") or row.get("source"), 80),
        id=brief(row.get("source"), 80),
        verdict=brief(row.get("verdict"), 40) or "not visited",
        last_fit=wording.moment(row.get("last_fit_at")),
        why=brief(row.get("why"), 160),
        **counts,
    )


def total_of(coverage: Iterable[Watched]) -> Watched:
    """All sources together."""
    rows = tuple(coverage)
    counts = {name: sum(getattr(row, name) for row in rows) for name in ("seen", *_COUNTED)}
    return Watched(name="All sources", id="", verdict="", **counts)


def unread_of(row: Row) -> Unread:
    """A page that could not be read, from its outcome."""
    result, cause = wording.outcome_words(row)
    return Unread(
        brief(row.get("source"), 80), address(row.get("url")), result, brief(cause, 240), wording.moment(row.get("at"))
    )
