"""How far a letter tells, so that the next one starts there: numbers, and what below them was not settled yet.

A run that closes late, beside one that began after it, is so told once it closes; a clock that jumps loses nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, or_, select

from exowatch.store.read_rows import rows
from exowatch.store.tables import (
    appearances,
    changes,
    flags,
    issues,
    lineages,
    pages,
    runs,
    sources,
    studies,
)

#: Kinds of source whose statements are told as soon as they are read.
AT_ONCE = ("regulator", "register")


@dataclass(frozen=True, slots=True)
class Covers:
    """The newest number of each kind that a letter tells, and what below these is still to be told."""

    run: int = 0
    flag: int = 0
    change: int = 0
    appearance: int = 0
    study: int = 0
    issue: int = 0
    interrupted: int = 0
    """The newest run that was told as interrupted; 0: none was at that time."""
    going: tuple[int, ...] = ()
    """Runs numbered below ``run`` that were not closed."""
    unsettled: tuple[int, ...] = ()
    """Places of statements numbered up to ``appearance`` whose visit had not settled them."""


def newest(db: Connection) -> Covers:
    """How far a letter of now tells. Runs count once they are closed.

    Ask it in the transaction that reads the rows (``Store.moment``): what is numbered below must have been written.
    """
    last = _top(db, runs.c.fence, runs.c.finished_at.is_not(None))
    return Covers(
        run=last,
        flag=_top(db, flags.c.id),
        change=_top(db, changes.c.id),
        appearance=_top(db, appearances.c.id),
        study=_top(db, studies.c.id),
        issue=_top(db, issues.c.id),
        going=_runs(db, last, runs.c.finished_at.is_(None)),
        unsettled=_unsettled(db),
    )


def kept_covers(db: Connection, kept: Mapping[str, Any], until: datetime) -> Covers:
    """What a kept letter of ``until`` covers. Older ones did not note which runs were going: those that ended after."""
    told: dict[str, Any] = {one.name: kept[one.name] for one in fields(Covers) if one.name in kept}
    if "going" not in told:
        late = or_(runs.c.finished_at.is_(None), runs.c.finished_at >= until)
        told["going"] = _runs(db, told.get("run", 0), late)
    return Covers(**told | {name: tuple(told.get(name, ())) for name in ("going", "unsettled")})


def since_time(db: Connection, since: str) -> Covers:
    """How far letters would have told at ``since`` (UTC text), for a letter about days of one's own choice."""

    def before(table: str, column: str, number: str = "id") -> int:
        found = rows(db, table, [f"{column} < :since"], {"since": since}, f"{number} DESC", 1)
        return int(found[0][number]) if found else 0

    run = before("runs", "started_at", "fence")
    return Covers(
        run=run,
        flag=before("flags", "raised_at"),
        change=before("changes", "at"),
        appearance=before("appearances", "first_seen"),
        study=before("studies", "first_seen"),
        issue=before("issues", "at"),
        going=_runs(db, run, or_(runs.c.finished_at.is_(None), runs.c.finished_at >= datetime.fromisoformat(since))),
    )


def closed_between(after: Covers, upto: Covers) -> tuple[str, dict[str, Any]]:
    """A condition on the column ``run_id``, with its values: runs that were closed in the window."""
    late = {f"going_{place}": fence for place, fence in enumerate(after.going)}
    told = " OR ".join(("fence > :after_run", *(f"fence = :{name}" for name in late)))
    closed = f"SELECT id FROM runs WHERE finished_at IS NOT NULL AND fence <= :upto_run AND ({told})"  # noqa: S608
    return f"run_id IN ({closed})", {"after_run": after.run, "upto_run": upto.run} | late


def _top(db: Connection, column: Any, *where: Any) -> int:
    return int(db.execute(select(func.coalesce(func.max(column), 0)).where(*where)).scalar_one())


def _runs(db: Connection, below: int, which: Any) -> tuple[int, ...]:
    return tuple(db.scalars(select(runs.c.fence).where(runs.c.fence <= below, which).order_by(runs.c.fence)))


def _unsettled(db: Connection) -> tuple[int, ...]:
    """Places of statements that may yet turn out to be inventory."""
    asked = (
        select(appearances.c.id)
        .join(lineages, lineages.c.id == appearances.c.lineage_id)
        .join(pages, pages.c.id == appearances.c.page_id)
        .join(sources, sources.c.id == pages.c.source_id)
        .where(appearances.c.statement_id.is_not(None), lineages.c.state == "candidate", sources.c.kind.not_in(AT_ONCE))
        .order_by(appearances.c.id)
    )
    return tuple(db.scalars(asked))
