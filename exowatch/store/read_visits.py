"""How visits went: for the summary of a crawl and for what is due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exists, func, select

from exowatch.store.flagging import parts
from exowatch.store.read_rows import rows
from exowatch.store.tables import changes, flags, issues, lineages, run_sources, runs
from exowatch.visiting import Visits

#: Visits looked back at: a pause no longer grows after as many quiet ones.
_BACK = 40


@dataclass(frozen=True, slots=True)
class VisitSummary:
    """One run in numbers."""

    sources: list[dict[str, Any]]
    """Rows of v_coverage."""
    flags: dict[str, int]
    """By change (baseline, new, …)."""
    changes: dict[str, int]
    """By kind; those that the page caused."""
    issues: int


def last_visits(db: Connection) -> dict[str, datetime]:
    """Source id → when its last crawl began."""
    found = db.execute(
        select(run_sources.c.source_id, func.max(runs.c.started_at))
        .join(runs, runs.c.id == run_sources.c.run_id)
        .where(runs.c.kind == "crawl", run_sources.c.verdict.is_not(None), run_sources.c.finish_reason != "killed")
        .group_by(run_sources.c.source_id)
    )
    return {source: _moment(when) for source, when in found}


def recent_visits(db: Connection) -> dict[str, Visits]:
    """Source id → its recent crawls, as far as the next one depends on them."""
    begun = last_visits(db)
    moved: dict[str, list[bool]] = {}
    whole: dict[str, bool] = {}
    for source, verdict, baseline, finish, changed in db.execute(_recent()):
        if finish != "killed":
            whole[source] = verdict == "complete"
        if verdict == "complete" and not baseline:
            moved.setdefault(source, []).append(bool(changed))
    waits = select(lineages.c.source_id).where(lineages.c.state == "unconfirmed").distinct()
    waiting = set(db.execute(waits).scalars())
    return {
        source: Visits(last, tuple(moved.get(source, ())), whole.get(source, False) and source not in waiting)
        for source, last in begun.items()
    }


def _recent() -> Any:
    """The newest closed crawls of each source, oldest first, and whether claims or statements moved on its pages."""
    newest_first = func.row_number().over(partition_by=run_sources.c.source_id, order_by=runs.c.fence.desc())
    numbered = (
        select(run_sources, runs.c.fence, newest_first.label("back"))
        .join(runs, runs.c.id == run_sources.c.run_id)
        .where(runs.c.kind == "crawl", run_sources.c.verdict.is_not(None))
        .subquery()
    )
    mine = (changes.c.run_id == numbered.c.run_id) & (changes.c.source_id == numbered.c.source_id)
    moved = exists().where(mine, changes.c.cause == "page", changes.c.subject.in_(("claim", "statement")))
    told = (
        numbered.c.source_id,
        numbered.c.verdict,
        numbered.c.baseline,
        numbered.c.finish_reason,
        moved.correlate(numbered),
    )
    return select(*told).where(numbered.c.back <= _BACK).order_by(numbered.c.fence)


def last_whole_visit(db: Connection, source_id: str) -> datetime | None:
    """When the newest crawl of the source began that saw all it was to see; None: none yet."""
    found = db.execute(
        select(func.max(runs.c.started_at))
        .join(run_sources, run_sources.c.run_id == runs.c.id)
        .where(runs.c.kind == "crawl", run_sources.c.source_id == source_id, run_sources.c.verdict == "complete")
    ).scalar()
    return None if found is None else _moment(found)


def visit_summary(db: Connection, run_id: str) -> VisitSummary:
    """One run in numbers."""
    raised = db.execute(select(flags.c.change, func.count()).where(flags.c.run_id == run_id).group_by(flags.c.change))
    moved = db.execute(
        select(changes.c.kind, func.count())
        .where(changes.c.run_id == run_id, changes.c.cause == "page")
        .group_by(changes.c.kind)
    )
    told = db.execute(select(func.count()).where(issues.c.run_id == run_id)).scalar_one()
    return VisitSummary(
        sources=rows(db, "v_coverage", ["run_id = :run"], {"run": run_id}, "source"),
        flags={str(name): int(n) for name, n in raised},
        changes={str(name): int(n) for name, n in moved},
        issues=int(told),
    )


def bad_visits_running(db: Connection, source_id: str) -> int:
    """How many of the newest visits in a row were not complete."""
    verdicts = db.execute(
        select(run_sources.c.verdict)
        .join(runs, runs.c.id == run_sources.c.run_id)
        .where(run_sources.c.source_id == source_id, runs.c.kind == "crawl")
        .order_by(runs.c.fence.desc())
        .limit(50)
    ).scalars()
    count = 0
    for verdict in verdicts:
        if verdict == "complete":
            break
        count += 1
    return count


def simulated_of(db: Connection, run_ids: Iterable[str]) -> frozenset[str]:
    """Those of these runs whose clock was set by hand."""
    found = frozenset[str]()
    for part in parts(sorted(set(run_ids))):
        found |= set(db.scalars(select(runs.c.id).where(runs.c.id.in_(part), runs.c.simulated)))
    return found


def _moment(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)
