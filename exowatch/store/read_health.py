"""What the database knows of how the watch itself is: visits, letters, deliveries, jobs, issues. Each one question."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from exowatch.model.sources import MADE
from exowatch.store.tables import (
    digests,
    flags,
    issues,
    job_runs,
    lineages,
    outbox,
    outcomes,
    pages,
    reviews,
    run_sources,
    runs,
    sources,
    studies,
)

Row = dict[str, Any]


def last_crawl(db: Connection) -> Row | None:
    """The newest crawl that was closed: ``id``, ``started_at``, ``finished_at``, and its sources by verdict."""
    asked = select(runs.c.id, runs.c.started_at, runs.c.finished_at)
    row = db.execute(
        asked.where(runs.c.kind == "crawl", runs.c.finished_at.is_not(None)).order_by(runs.c.fence.desc()).limit(1)
    ).first()
    if row is None:
        return None
    counted = select(run_sources.c.verdict, func.count()).where(run_sources.c.run_id == row.id)
    verdicts = {
        verdict or "not closed": count for verdict, count in db.execute(counted.group_by(run_sources.c.verdict))
    }
    seen = select(outcomes.c.result, func.count()).where(outcomes.c.run_id == row.id).group_by(outcomes.c.result)
    return dict(row._mapping) | {
        "verdicts": verdicts,
        "outcomes": {result: count for result, count in db.execute(seen)},
    }


def source_visits(db: Connection) -> list[Row]:
    """One row an active source of the watchlist: ``id``, ``name``, ``kind``, and of its newest closed visits (newest
    first, at most ten): ``verdicts``, ``finishes``, ``times``. Pages secured by hand are nobody's to visit again."""
    newest = func.row_number().over(partition_by=run_sources.c.source_id, order_by=runs.c.fence.desc())
    numbered = (
        select(
            run_sources.c.source_id,
            run_sources.c.verdict,
            run_sources.c.finish_reason,
            runs.c.started_at,
            newest.label("back"),
        )
        .join(runs, runs.c.id == run_sources.c.run_id)
        .where(runs.c.kind == "crawl", run_sources.c.verdict.is_not(None))
        .subquery()
    )
    found: dict[str, Row] = {
        row.id: dict(row._mapping) | {"verdicts": [], "finishes": [], "times": []}
        for row in db.execute(
            select(sources.c.id, sources.c.name, sources.c.kind)
            .where(sources.c.retired_on.is_(None), ~sources.c.id.startswith(MADE, autoescape=True))
            .order_by(sources.c.id)
        )
    }
    for row in db.execute(select(numbered).where(numbered.c.back <= 10).order_by(numbered.c.back)):
        if row.source_id in found:
            one = found[row.source_id]
            one["verdicts"].append(row.verdict)
            one["finishes"].append(row.finish_reason)
            one["times"].append(row.started_at)
    return list(found.values())


def first_crawl_at(db: Connection) -> datetime | None:
    """When the oldest crawl that was closed began."""
    asked = select(func.min(runs.c.started_at)).where(runs.c.kind == "crawl", runs.c.finished_at.is_not(None))
    found: datetime | None = db.execute(asked).scalar()
    return found


def last_letter_at(db: Connection, until: datetime) -> datetime | None:
    """When a letter was last composed, or a job that composes one ended well with nothing new to tell; what a wrong
    clock wrote after ``until`` is left out."""
    composed = db.execute(select(func.max(digests.c.composed_at)).where(digests.c.composed_at <= until)).scalar()
    ended = (job_runs.c.job == "digest", job_runs.c.state == "done", job_runs.c.finished_at <= until)
    done = db.execute(select(func.max(job_runs.c.finished_at)).where(*ended)).scalar()
    return max((one for one in (composed, done) if one is not None), default=None)


def last_letters(db: Connection, until: datetime) -> dict[str, datetime]:
    """Recipient → when their newest letter was queued, not after ``until``."""
    asked = select(outbox.c.recipient, func.max(outbox.c.queued_at).label("newest"))
    asked = asked.where(outbox.c.digest_id.is_not(None), outbox.c.queued_at <= until)
    return {row.recipient: row.newest for row in db.execute(asked.group_by(outbox.c.recipient))}


def newest_time(db: Connection) -> datetime | None:
    """The latest time that was written of a run, a letter or a job."""
    asked = (runs.c.started_at, digests.c.composed_at, job_runs.c.started_at)
    found = [db.execute(select(func.max(column))).scalar() for column in asked]
    return max((one for one in found if one is not None), default=None)


def deliveries(db: Connection) -> list[Row]:
    """Recipient and state of the outbox: how many, the oldest queued, the newest sent."""
    asked = select(
        outbox.c.recipient,
        outbox.c.state,
        func.count().label("count"),
        func.min(outbox.c.queued_at).label("oldest"),
        func.max(outbox.c.sent_at).label("newest"),
    )
    found = db.execute(asked.group_by(outbox.c.recipient, outbox.c.state).order_by(outbox.c.recipient))
    return [dict(row._mapping) for row in found]


def open_flags(db: Connection) -> dict[tuple[str, str, bool], int]:
    """(severity, jurisdiction of the source, decided) → open flags.

    Decided: the newest review says how the flag was read and what follows, and the words it judged still stand. What
    moved after its review waits for another one, also where that had closed the flag, until its claim is gone.
    """
    newest = select(func.max(reviews.c.id)).group_by(reviews.c.flag_id)
    follows = or_(reviews.c.reading == "wrong", func.coalesce(reviews.c.action, "undecided") != "undecided")
    stale = and_(reviews.c.id.is_not(None), reviews.c.claim_key != lineages.c.current_key)
    decided = and_(reviews.c.reading.is_not(None), follows, reviews.c.claim_key == lineages.c.current_key)
    told = func.coalesce(decided, False).label("decided")
    back = and_(flags.c.state == "closed", stale, lineages.c.state != "gone")
    asked = (
        select(flags.c.severity, sources.c.jurisdiction, told, func.count())
        .join(sources, sources.c.id == flags.c.source_id)
        .join(lineages, lineages.c.id == flags.c.lineage_id)
        .outerjoin(reviews, and_(reviews.c.flag_id == flags.c.id, reviews.c.id.in_(newest)))
        .where(or_(flags.c.state == "open", back))
        .group_by(flags.c.severity, sources.c.jurisdiction, told)
    )
    return {(severity, place, bool(done)): count for severity, place, done, count in db.execute(asked)}


def issues_since(db: Connection, since: datetime) -> dict[str, int]:
    """Code → issues since then."""
    asked = select(issues.c.code, func.count()).where(issues.c.at >= since).group_by(issues.c.code)
    return {code: count for code, count in db.execute(asked)}


def misread(db: Connection, since: datetime) -> dict[str, tuple[int, int]]:
    """Source → flags that were found wrongly read, and all that were judged, since then: each flag once, by its newest
    decision."""
    newest = select(func.max(reviews.c.id)).group_by(reviews.c.flag_id)
    asked = (
        select(flags.c.source_id, reviews.c.reading, func.count())
        .join(flags, flags.c.id == reviews.c.flag_id)
        .where(reviews.c.id.in_(newest), reviews.c.at >= since, reviews.c.reading.is_not(None))
        .group_by(flags.c.source_id, reviews.c.reading)
    )
    found: dict[str, tuple[int, int]] = {}
    for source, reading, count in db.execute(asked):
        wrong, every = found.get(source, (0, 0))
        found[source] = (wrong + (count if reading == "wrong" else 0), every + count)
    return found


def moved_since(db: Connection, since: datetime) -> dict[str, int]:
    """Source → flags raised as news since then."""
    asked = select(flags.c.source_id, func.count()).where(flags.c.raised_at >= since, flags.c.change != "baseline")
    return {source: count for source, count in db.execute(asked.group_by(flags.c.source_id))}


def unread_share(db: Connection, since: datetime) -> dict[str, tuple[int, int, str]]:
    """Source → pages that could not be read since then, all outcomes, and the commonest cause."""
    asked = (
        select(outcomes.c.source_id, outcomes.c.result, outcomes.c.code, func.count())
        .where(outcomes.c.at >= since)
        .group_by(outcomes.c.source_id, outcomes.c.result, outcomes.c.code)
    )
    counts: dict[str, tuple[int, int]] = {}
    causes: dict[str, dict[str, int]] = {}
    for source, result, code, count in db.execute(asked):
        bad, every = counts.get(source, (0, 0))
        unread = result not in ("READ", "UNCHANGED")
        counts[source] = (bad + (count if unread else 0), every + count)
        if unread:
            causes.setdefault(source, {})[code] = causes.get(source, {}).get(code, 0) + count
    return {
        source: (bad, every, max(causes.get(source, {"": 0}).items(), key=lambda one: one[1])[0])
        for source, (bad, every) in counts.items()
    }


def pages_held(db: Connection) -> dict[str, tuple[int, int]]:
    """Source → pages that were ever read, and claims, statements and studies ever found there."""
    held = select(pages.c.source_id, func.count()).where(pages.c.last_fit_at.is_not(None)).group_by(pages.c.source_id)
    found = {source: (count, 0) for source, count in db.execute(held)}
    for table in (lineages, studies):
        for source, count in db.execute(select(table.c.source_id, func.count()).group_by(table.c.source_id)):
            read, before = found.get(source, (0, 0))
            found[source] = (read, before + count)
    return found
