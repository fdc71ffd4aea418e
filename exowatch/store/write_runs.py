"""Writing about visits: the run, its sources, its fence, and the rules and watchlist it used, kept whole."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, func, insert, select, text, update

from exowatch.errors import FenceError
from exowatch.model.readings import Issue
from exowatch.model.sources import Run, RunSource, Source
from exowatch.store.tables import (
    frames,
    frontier,
    issues,
    knowledge_sets,
    pages,
    run_sources,
    runs,
    sources,
    warc_files,
    watchlists,
)

_ONE_BEGINS = text("SELECT pg_advisory_xact_lock(hashtext('exowatch: a run begins'))")
_FENCE = select(sources.c.fence).where(sources.c.id == bindparam("of_source")).with_for_update()


def keep_set(db: Connection, table: Table, digest: str, texts: Mapping[str, str], at: datetime, **more: str) -> None:
    """Keep a set of texts whole under its digest, once."""
    if db.execute(select(table.c.digest).where(table.c.digest == digest)).first() is None:
        db.execute(insert(table).values(digest=digest, texts=dict(texts), first_used_at=at, **more))


def keep_knowledge(db: Connection, digest: str, kind: str, texts: Mapping[str, str], at: datetime) -> None:
    """Keep a reading or judging set of rules."""
    keep_set(db, knowledge_sets, digest, texts, at, kind=kind)


def keep_watchlist(db: Connection, digest: str, texts: Mapping[str, str], at: datetime) -> None:
    """Keep a watchlist."""
    keep_set(db, watchlists, digest, texts, at)


def keep_frames(db: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep the sampling frames as last described."""
    for row in rows:
        _upsert(db, frames, {"id": str(row["id"])}, {"body": json.loads(json.dumps(row, default=str))})


def next_fence(db: Connection) -> int:
    """One more than any fence given out before. Until the transaction ends, no other run can begin.

    SQLite's writing transactions are alone anyway; elsewhere, runs that begin together would get the same fence, and
    write the same rules and watchlist.
    """
    if db.dialect.name == "postgresql":
        db.execute(_ONE_BEGINS)
    newest = db.execute(select(func.max(runs.c.fence))).scalar()
    return int(newest or 0) + 1


def write_run(db: Connection, run: Run, wanted: Sequence[Source], digests: Mapping[str, str | None]) -> None:
    """The run, its sources as the watchlist describes them now, and their fence. ``digests``: column → digest."""
    db.execute(
        insert(runs).values(
            id=run.id, kind=run.kind, started_at=run.started_at, fence=run.fence, simulated=run.simulated, **digests
        )
    )
    for source in wanted:
        write_source(db, source, run.fence)
        db.execute(
            insert(run_sources).values(
                run_id=run.id,
                source_id=source.id,
                baseline=False,
                pages_expected=None if run.single_pages else _pages_expected(db, source),
                scope=scope_of(source),
            )
        )


def _pages_expected(db: Connection, source: Source) -> int | None:
    """Live pages of the source, as far as one visit's budget goes; None: none yet."""
    live = (pages.c.source_id == source.id, pages.c.last_fit_capture_id.is_not(None), ~pages.c.vanished)
    known = db.execute(select(func.count()).where(*live)).scalar() or 0
    return min(known, source.max_pages) or None


def write_source(db: Connection, source: Source, fence: int | None = None) -> None:
    """The source as the watchlist describes it. ``fence``: of a run on it, so that older ones may no longer write."""
    trader = source.trader
    _upsert(
        db,
        sources,
        {"id": source.id},
        {
            "name": source.name,
            "kind": source.kind,
            "jurisdiction": source.jurisdiction,
            "audience": source.audience,
            "language": source.language,
            "via": source.via,
            "start_urls": list(source.start_urls),
            "trader": trader.name if trader else None,
            "trader_registration_no": trader.registration_no if trader else None,
            "trader_group": trader.group if trader else None,
            "frame": source.frame,
            "found_by": source.found_by,
            "tags": source.tags,
            "cadence": source.cadence,
            "max_pages": source.max_pages,
            "render": source.render,
            "added_on": source.added_on,
            "reason": source.reason,
            "retired_on": source.retired_on,
        }
        | ({} if fence is None else {"fence": fence}),
    )


def scope_of(source: Source) -> str:
    """Digest of what the watchlist lets in: when it moves, pages first met may have been there all along."""
    told = json.dumps([source.start_urls, source.allow, source.deny, source.max_pages, source.max_depth])
    return hashlib.sha256(told.encode()).hexdigest()


def check_fence(db: Connection, source_id: str, fence: int) -> None:
    """Raise FenceError when a newer run has taken the source over. Locks the source's row where rows can be locked."""
    newest = db.execute(_FENCE, {"of_source": source_id}).scalar()
    if newest is not None and newest > fence:
        raise FenceError(f"source {source_id!r} has been taken over by a newer run; this one writes no more")


def close_run_source(db: Connection, closed: RunSource, at: datetime, scope: str | None) -> None:
    """Write the verdict of one source of a run; the first complete one becomes the source's baseline."""
    db.execute(
        update(run_sources)
        .where(run_sources.c.run_id == closed.run_id, run_sources.c.source_id == closed.source_id)
        .values(
            verdict=closed.verdict,
            baseline=closed.baseline,
            finish_reason=closed.finish_reason,
            why=closed.why,
            closed_at=at,
        )
    )
    if closed.baseline:
        db.execute(
            update(sources)
            .where(sources.c.id == closed.source_id)
            .values(baseline_run_id=closed.run_id, baseline_scope=scope)
        )


def finish_run(db: Connection, run_id: str, at: datetime) -> None:
    """The run is over."""
    db.execute(update(runs).where(runs.c.id == run_id, runs.c.finished_at.is_(None)).values(finished_at=at))


def write_issues(db: Connection, found: Sequence[Issue], run_id: str | None, at: datetime) -> None:
    """Things for an operator to look at."""
    if found:
        db.execute(
            insert(issues),
            [
                {
                    "code": i.code,
                    "room": i.room,
                    "source_id": i.source_id,
                    "url": i.url,
                    "message": i.message,
                    "run_id": run_id,
                    "at": at,
                }
                for i in found
            ],
        )


def write_frontier(db: Connection, run_id: str, source_id: str, urls: Sequence[str], why: str) -> None:
    """URLs that were seen but left out; known ones stay as they are."""
    known = set(db.execute(select(frontier.c.url).where(frontier.c.source_id == source_id)).scalars())
    rows = [
        {"source_id": source_id, "url": url, "run_id": run_id, "why": why}
        for url in dict.fromkeys(urls)
        if url not in known
    ]
    if rows:
        db.execute(insert(frontier), rows)


def settle_warc_file(db: Connection, file: str, at: datetime) -> None:
    """Every response in this archive file is known to the database."""
    _upsert(db, warc_files, {"file": file}, {"settled_at": at})


def _upsert(db: Connection, table: Table, key: Mapping[str, str], values: Mapping[str, Any]) -> None:
    same = [table.c[name] == value for name, value in key.items()]
    if db.execute(update(table).where(*same).values(**values)).rowcount == 0:
        db.execute(insert(table).values(**key, **values))
