"""The second door: a visit begins, is closed source by source, and leftovers of killed visits are settled."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace

from exowatch.archive.read import captures_in
from exowatch.errors import StoreError
from exowatch.intake.capture import take_in
from exowatch.intake.desk import Desk
from exowatch.intake.evidence import reassess
from exowatch.model.captures import Capture
from exowatch.model.readings import Issue
from exowatch.model.sources import Run, RunKind, RunSource, Source
from exowatch.store import read_sources, read_state, settle, verdicts, write_runs
from exowatch.store.lock import RunLock
from exowatch.watchlist import load_watchlist


def begin_run(desk: Desk, kind: RunKind, sources: Sequence[Source]) -> Run:
    """Write a new run with the next fence, its sources, and the rules and watchlist it uses, whole.

    It begins at a whole second, as all times are kept: what it reads within its first one is not older than itself.
    """
    at, knowledge = desk.clock().replace(microsecond=0), desk.knowledge
    run_id = f"{at:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    watchlist = load_watchlist(desk.config.watchlist.dir) if kind == "crawl" else None
    with desk.store.writing() as db:
        fence = write_runs.next_fence(db)
        write_runs.keep_knowledge(db, knowledge.reading_digest, "reading", knowledge.source_texts, at)
        write_runs.keep_knowledge(db, knowledge.judging_digest, "judging", knowledge.source_texts, at)
        if watchlist:
            write_runs.keep_watchlist(db, watchlist.digest, watchlist.texts, at)
            write_runs.keep_frames(db, watchlist.frames)
            for source in watchlist.sources:  # who was retired is in no run any more
                write_runs.write_source(db, source)
        run = Run(run_id, kind, tuple(source.id for source in sources), at, fence, desk.simulated)
        digests = {
            "watchlist": watchlist.digest if watchlist else None,
            "knowledge": knowledge.reading_digest,
            "judging": knowledge.judging_digest,
            "reader": desk.stamp.reader,
        }
        write_runs.write_run(db, run, sources, digests)
    return run


def close_run(desk: Desk, run: Run, finish: Mapping[str, str]) -> tuple[RunSource, ...]:
    """Give each source of ``finish`` (source id → how its visit ended) its verdict and settle it. Idempotent.

    The run itself is finished once every source of it is closed.
    """
    closed = tuple(_close_source(desk, run, source_id, reason) for source_id, reason in finish.items())
    with desk.store.reading() as db:
        stored = [read_state.run_source(db, run.id, source_id) for source_id in run.source_ids]
    if all(row is None or row[0].verdict is not None for row in stored):
        reassess(desk, run)  # before it counts as finished: a killed one is closed again by the next run
        with desk.store.writing() as db:
            write_runs.finish_run(db, run.id, desk.clock())
    return closed


def settle_leftovers(desk: Desk, lock: RunLock) -> int:
    """Take in archived captures that a killed run left without a row, then close such runs as partial.

    A run that still goes under another's lock is no leftover: only sources that ``lock`` makes ours are touched.
    Returns how many captures were taken in. Call it under the run lock, after ``archive.mend`` and before a run
    begins: its newer fence would shut the leftovers out.
    """
    files = sorted(path.relative_to(desk.archive_dir).as_posix() for path in desk.archive_dir.rglob("*.warc.gz"))
    with desk.store.reading() as db:
        left = read_state.unsettled(db, files)
        unfinished = read_state.unfinished_runs(db)
    watched = load_watchlist(desk.config.watchlist.dir).sources if left and desk.config.watchlist.dir.is_dir() else ()
    sources = {source.id: source for source in watched}
    count = sum(_take_in_file(desk, lock, file, sources) for file in left)
    for run_id in unfinished:
        with desk.store.reading() as db:
            run = read_state.run_of(db, run_id)
        if run is None:
            continue
        for source_id in run.source_ids:
            with lock.ours(source_id) as ours:
                if ours:
                    # single pages settle their own findings alone: those are whole once the captures are taken in
                    close_run(desk, run, {source_id: "imported" if run.single_pages else "killed"})
    return count


def settle_file(desk: Desk, file: str) -> None:
    """Say that every response in this archive file (name below the archive folder) has its row."""
    with desk.store.writing() as db:
        write_runs.settle_warc_file(db, file, desk.clock())


def _take_in_file(desk: Desk, lock: RunLock, file: str, sources: Mapping[str, Source]) -> int:
    count, whole = 0, True
    for capture in captures_in(desk.archive_dir, file):
        with lock.ours(capture.source_id) as ours:
            if ours:
                count += _take_in_capture(desk, capture, sources)
            whole = whole and ours
    if whole:
        settle_file(desk, file)
    return count


def _take_in_capture(desk: Desk, capture: Capture, sources: Mapping[str, Source]) -> bool:
    with desk.store.reading() as db:
        source = sources.get(capture.source_id) or read_sources.source_of(db, capture.source_id)
        run = read_state.run_of(db, capture.run_id)
        known = run is None or read_state.has_outcome(db, run.id, capture.source_id, capture.final_url)
    if source is None or run is None or known:
        return False
    take_in(desk, capture, source, run)
    return True


def _close_source(desk: Desk, run: Run, source_id: str, reason: str) -> RunSource:
    at = desk.clock()
    with desk.store.writing() as db:
        stored = read_state.run_source(db, run.id, source_id)
        if stored is None:
            raise StoreError(f"run {run.id} has no source {source_id!r}")
        closing, scope = stored
        if closing.verdict is not None:
            return closing
        write_runs.check_fence(db, source_id, run.fence)
        seen = verdicts.seen(db, closing)
        said, why = verdicts.verdict(seen, reason)
        put_off = verdicts.puts_us_off(seen, reason)
        reason = verdicts.PUTS_US_OFF if put_off else reason
        first = said == "complete" and run.kind == "crawl" and not read_state.has_baseline(db, source_id)
        closed = replace(closing, verdict=said, why=why, finish_reason=reason, baseline=first)
        if said == "complete":
            settle.settle_source(db, run, closed, at)
        elif put_off:
            settle.settle_source(db, run, closed, at, absent=False)
            write_runs.write_issues(db, [Issue("puts-us-off", "intake", why, source_id)], run.id, at)
        elif said == "held":
            write_runs.write_issues(db, [Issue("run-held", "intake", why, source_id)], run.id, at)
        write_runs.close_run_source(db, closed, at, scope)
    return closed
