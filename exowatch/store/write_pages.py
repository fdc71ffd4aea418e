"""Writing about pages: the capture, what became of it, and where the page stands now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, literal, select, update

from exowatch.changes.suspicion import agree
from exowatch.model.captures import Capture, Outcome
from exowatch.model.changes import PageState
from exowatch.model.pages import Page
from exowatch.model.readings import Reading
from exowatch.store.shown_features import write_features
from exowatch.store.tables import appearances, captures, outcomes, pages, readings
from exowatch.store.tables.base import UtcTime

# Statements of the daily path are made once: building them anew cost as much as running them (2026-11-24).
_PUT_OUTCOME, _PUT_CAPTURE = insert(outcomes), insert(captures)
_PUT_PAGE, _PUT_READING = insert(pages).returning(pages.c.id), insert(readings).returning(readings.c.id)
_CAPTURE = select(captures.c.id).where(captures.c.id == bindparam("capture_id"))
_PAGE = select(pages.c.id).where(pages.c.source_id == bindparam("source_id"), pages.c.url == bindparam("url"))
_READING = select(readings.c.id).where(
    readings.c.capture_id == bindparam("capture_id"),
    readings.c.knowledge == bindparam("knowledge"),
    readings.c.reader == bindparam("reader"),
)
_NOW_READS = (
    update(pages)
    .where(pages.c.id == bindparam("of_page"))
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in (
                "title",
                "kind",
                "language",
                "attitude",
                "attitude_why",
                "published_on",
                "last_fit_at",
                "last_fit_run_id",
                "last_fit_capture_id",
                "reading_id",
                "text_length",
            )
        }
        | {
            "first_fit_run_id": func.coalesce(pages.c.first_fit_run_id, bindparam("new_last_fit_run_id")),
            "fit_captures": pages.c.fit_captures + 1,
            "gone_runs": 0,
            "suspect_runs": 0,
            "suspect_like": None,
            "vanished": False,
        }
    )
)
_KEEP_DEPTH = (
    update(pages)
    .where(pages.c.source_id == bindparam("of_source"), pages.c.url == bindparam("at_url"), pages.c.depth.is_(None))
    .values(depth=bindparam("new_depth"))
)
_BACK = {"live": True, "misses": 0, "miss_run_id": None, "absent_since": None, "last_seen": None}
#: How a capture was made: columns with the names of its fields.
HOW_MADE = ("ip", "certificate", "user_agent", "language_sent", "rendered", "clock_offset")


def write_outcome(db: Connection, outcome: Outcome) -> None:
    """What became of one URL in one run; the first word stands."""
    db.execute(
        _PUT_OUTCOME,
        {
            "run_id": outcome.run_id,
            "source_id": outcome.source_id,
            "url": outcome.url,
            "result": outcome.result,
            "code": outcome.code,
            "detail": outcome.detail,
            "capture_id": outcome.capture_id,
            "warc_file": outcome.warc.file if outcome.warc else None,
            "warc_offset": outcome.warc.offset if outcome.warc else None,
            "at": outcome.at,
        },
    )


def write_capture(db: Connection, capture: Capture, page: Page, suspicious: str | None) -> None:
    """An archived answer, with what was judged of it. The validators go in with the reading they belong to."""
    if db.execute(_CAPTURE, {"capture_id": capture.id}).first() is not None:
        return
    db.execute(
        _PUT_CAPTURE,
        {
            "id": capture.id,
            "source_id": capture.source_id,
            "run_id": capture.run_id,
            "url": capture.url,
            "final_url": capture.final_url,
            "redirect_chain": list(capture.redirect_chain),
            "fetched_at": capture.fetched_at,
            "status": capture.status,
            "etag": capture.etag,
            "last_modified": capture.last_modified,
            "media_type": capture.media_type,
            "content_type": capture.content_type,
            "content_encoding": capture.content_encoding,
            "payload_digest": capture.payload_digest,
            "content_digest": capture.content_digest,
            "size": capture.size,
            "truncated": capture.truncated,
            "warc_file": capture.warc.file,
            "warc_offset": capture.warc.offset,
            "fitness": page.fitness.code,
            "fitness_why": page.fitness.why,
            "language": page.language,
            "text_digest": page.text_digest,
            "text_length": page.text_length,
            "suspicious": suspicious,
            **{name: getattr(capture, name) for name in HOW_MADE},
        },
    )


def meet_page(db: Connection, source_id: str, url: str, run_id: str, at: datetime) -> int:
    """The page's number; a page met for the first time gets its row."""
    name = {"source_id": source_id, "url": url}
    known = db.execute(_PAGE, name).scalar()
    if known is not None:
        return int(known)
    return int(db.execute(_PUT_PAGE, {**name, "first_seen": at, "first_run_id": run_id}).scalar_one())


def keep_depths(db: Connection, source_id: str, depths: Mapping[str, int]) -> None:
    """How deep pages (by URL) stand on their site; the first word stands."""
    db.execute(_KEEP_DEPTH, [{"of_source": source_id, "at_url": u, "new_depth": d} for u, d in depths.items()])


def write_reading(db: Connection, page_id: int, reading: Reading, run_id: str, at: datetime) -> int:
    """A reading of a capture under its stamp; its number."""
    stamp = reading.stamp
    name = {"capture_id": reading.capture_id, "knowledge": stamp.knowledge, "reader": stamp.reader}
    known = db.execute(_READING, name).scalar()
    if known is not None:
        return int(known)
    values = {
        **name,
        "page_id": page_id,
        "run_id": run_id,
        "read_at": at,
        "claims": len(reading.claims),
        "statements": len(reading.statements),
        "studies": len(reading.studies),
    }
    return int(db.execute(_PUT_READING, values).scalar_one())


def page_now_reads(
    db: Connection, page_id: int, capture: Capture, reading: Reading, reading_id: int, run_id: str
) -> None:
    """A fit capture is the page's present text."""
    page = reading.page
    db.execute(
        _NOW_READS,
        {
            "of_page": page_id,
            "new_title": page.title,
            "new_kind": reading.kind,
            "new_language": page.language,
            "new_attitude": reading.attitude,
            "new_attitude_why": reading.attitude_why,
            "new_published_on": page.published_on,
            "new_last_fit_at": capture.fetched_at,
            "new_last_fit_run_id": run_id,
            "new_last_fit_capture_id": capture.id,
            "new_reading_id": reading_id,
            "new_text_length": page.text_length,
        },
    )
    write_features(db, page_id, reading.features, capture.fetched_at)


def page_stands(db: Connection, page_id: int, at: datetime, run_id: str) -> None:
    """A fit capture with the very same content: only the dates move, and the absences that wait for proof."""
    db.execute(
        update(pages)
        .where(pages.c.id == page_id)
        .values(
            last_fit_at=at,
            last_fit_run_id=run_id,
            fit_captures=pages.c.fit_captures + 1,
            gone_runs=0,
            suspect_runs=0,
            suspect_like=None,
            vanished=False,
        )
    )
    still_missing(db, page_id, run_id)


def page_is_back(db: Connection, page_id: int, gone_runs: int) -> None:
    """The page is there again as it was: what missed the runs without it, and no others, stands there again."""
    away = (appearances.c.page_id == page_id, ~appearances.c.live, appearances.c.misses == gone_runs)
    db.execute(update(appearances).where(*away).values(**_BACK))


def stand_again(db: Connection, ids: Sequence[int]) -> None:
    """Appearances (by number) whose words stand on the page, whatever they weigh there now: they are not missing."""
    if ids:
        db.execute(update(appearances).where(appearances.c.id.in_(ids)).values(**_BACK))


def still_missing(db: Connection, page_id: int, run_id: str) -> None:
    """What the page lacked before, and this run's fit capture lacks too, misses once more (counted up to ten)."""
    absent = (appearances.c.page_id == page_id, ~appearances.c.live, appearances.c.misses.between(1, 9))
    again = update(appearances).where(*absent, appearances.c.miss_run_id != run_id)
    db.execute(again.values(misses=appearances.c.misses + 1, miss_run_id=run_id))


def page_looks_wrong(db: Connection, state: PageState, like: str) -> None:
    """A suspicious capture: the page keeps its present text; agreeing captures of separate runs are counted."""
    agreed = state.suspect_runs + 1 if agree(state.suspect_like, like) else 1
    db.execute(update(pages).where(pages.c.id == state.page_id).values(suspect_runs=agreed, suspect_like=like))


def page_is_missing(db: Connection, state: PageState, run_id: str, at: datetime) -> None:
    """The server says 404 or 410: proof of absence by itself, so everything on the page misses this run."""
    db.execute(update(pages).where(pages.c.id == state.page_id).values(gone_runs=pages.c.gone_runs + 1))
    miss(db, run_id, at, state.fetched_at, page_id=state.page_id)


def miss(
    db: Connection,
    run_id: str,
    at: datetime,
    last_seen: datetime | None,
    *,
    page_id: int | None = None,
    ids: tuple[int, ...] = (),
) -> None:
    """Appearances (by number, or all of a page) that a fit capture of this run does not hold."""
    where: list[Any] = [appearances.c.page_id == page_id] if page_id is not None else [appearances.c.id.in_(ids)]
    db.execute(
        update(appearances)
        .where(*where, (appearances.c.miss_run_id.is_(None)) | (appearances.c.miss_run_id != run_id))
        .values(
            live=False,
            misses=appearances.c.misses + 1,
            miss_run_id=run_id,
            absent_since=func.coalesce(appearances.c.absent_since, literal(at, UtcTime)),
            last_seen=func.coalesce(appearances.c.last_seen, literal(last_seen, UtcTime)),
        )
    )
