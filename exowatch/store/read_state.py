"""What the doors must know before they write: runs, pages, standing wordings. Records out, never rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Connection, Row, bindparam, exists, func, or_, select

from exowatch.model.captures import Capture, KnownPage, KnownUrl, WarcPlace
from exowatch.model.changes import STRENGTH_MARKS, PageState, Standing, Wording
from exowatch.model.sources import Run, RunSource
from exowatch.store.tables import (
    appearances,
    captures,
    claims,
    lineages,
    outcomes,
    pages,
    readings,
    run_sources,
    runs,
    sources,
    statements,
    warc_files,
)

_PAGE_NAME = (pages.c.source_id == bindparam("source_id"), pages.c.url == bindparam("url"))
_KNOWN = (
    select(pages.c.url.label("page_url"), captures)
    .join(captures, captures.c.id == pages.c.last_fit_capture_id)
    .where(*_PAGE_NAME)
)
_OUTCOME = select(outcomes.c.url).where(
    outcomes.c.run_id == bindparam("run_id"),
    outcomes.c.source_id == bindparam("source_id"),
    outcomes.c.url == bindparam("url"),
)
_STATE = (
    select(
        pages.c.id,
        pages.c.url,
        pages.c.last_fit_capture_id,
        pages.c.language,
        pages.c.text_length,
        pages.c.suspect_runs,
        pages.c.suspect_like,
        pages.c.gone_runs,
        captures.c.content_digest,
        captures.c.fetched_at,
        readings.c.knowledge,
        readings.c.reader,
    )
    .outerjoin(captures, captures.c.id == pages.c.last_fit_capture_id)
    .outerjoin(readings, readings.c.id == pages.c.reading_id)
    .where(*_PAGE_NAME)
)
_BY_KEY = (
    select(lineages.c.current_key, lineages.c.id)
    .where(
        lineages.c.source_id == bindparam("source_id"), lineages.c.current_key.in_(bindparam("keys", expanding=True))
    )
    .order_by(lineages.c.state == "gone", lineages.c.id)
)
_BY_PAST_KEY = (
    select(claims.c.key, lineages.c.id)
    .join(lineages, lineages.c.id == claims.c.lineage_id)
    .where(claims.c.key.in_(bindparam("keys", expanding=True)), lineages.c.source_id == bindparam("source_id"))
    .order_by(lineages.c.state == "gone", lineages.c.id, claims.c.id)
)


def known_page(db: Connection, source_id: str, url: str) -> KnownPage | None:
    """The capture that holds this page's present text, for conditional requests; None when never read fit."""
    row = db.execute(_KNOWN, {"source_id": source_id, "url": url}).first()
    if row is None:
        return None
    return KnownPage(
        url=row.page_url,
        capture_id=row.id,
        fetched_at=row.fetched_at,
        etag=row.etag,
        last_modified=row.last_modified,
        payload_digest=row.payload_digest,
        content_digest=row.content_digest,
        content_type=row.content_type,
        content_encoding=row.content_encoding,
        warc=WarcPlace(row.warc_file, row.warc_offset),
        status=row.status,
    )


def known_text(db: Connection, source_id: str, url: str) -> str | None:
    """Digest of the page's present text; None when never read fit."""
    row = db.execute(_KNOWN, {"source_id": source_id, "url": url}).first()
    return None if row is None else row.text_digest


def known_urls(db: Connection, source_id: str) -> tuple[KnownUrl, ...]:
    """The source's pages that were ever read fit and have not vanished, least recently asked for first."""
    mine = (outcomes.c.source_id == pages.c.source_id, outcomes.c.url == pages.c.url)
    asked = select(func.max(outcomes.c.at)).where(*mine).correlate(pages).scalar_subquery()
    rows = db.execute(
        select(pages.c.url, pages.c.depth)
        .where(pages.c.source_id == source_id, pages.c.last_fit_capture_id.is_not(None), ~pages.c.vanished)
        .order_by(func.coalesce(asked, pages.c.last_fit_at), pages.c.id)
    )
    return tuple(KnownUrl(row.url, row.depth) for row in rows)


def has_outcome(db: Connection, run_id: str, source_id: str, url: str) -> bool:
    """True where this URL already has its outcome in this run."""
    name = {"run_id": run_id, "source_id": source_id, "url": url}
    return db.execute(_OUTCOME, name).first() is not None


def page_state(db: Connection, source_id: str, url: str) -> PageState | None:
    """Where the page stood before this capture; None when it was never met."""
    row = db.execute(_STATE, {"source_id": source_id, "url": url}).first()
    if row is None:
        return None
    return PageState(
        page_id=row.id,
        url=row.url,
        capture_id=row.last_fit_capture_id,
        content_digest=row.content_digest,
        fetched_at=row.fetched_at,
        language=row.language,
        text_length=row.text_length,
        knowledge=row.knowledge,
        reader=row.reader,
        suspect_runs=row.suspect_runs,
        suspect_like=row.suspect_like,
        gone_runs=row.gone_runs,
    )


def standing_on(db: Connection, page_id: int) -> tuple[Standing, ...]:
    """Every wording the store holds on this page, absent ones included (they may return)."""
    other, worded = appearances.alias("other"), claims.alias("worded")
    elsewhere = (
        select(other.c.id)
        .select_from(other.outerjoin(worded, worded.c.id == other.c.claim_id))
        .where(
            other.c.lineage_id == appearances.c.lineage_id,
            other.c.page_id != page_id,
            other.c.live,
            or_(worded.c.key.is_(None), worded.c.key == claims.c.key),
        )
        .correlate(appearances, claims)
        .exists()
    )
    rows = db.execute(
        select(
            appearances.c.id.label("appearance_id"),
            appearances.c.lineage_id,
            appearances.c.zone,
            appearances.c.live,
            lineages.c.state,
            elsewhere.label("elsewhere"),
            claims.c.key.label("key_here"),
            *wording_columns(),
        )
        .select_from(appearances)
        .join(lineages, lineages.c.id == appearances.c.lineage_id)
        .outerjoin(claims, claims.c.id == appearances.c.claim_id)
        .outerjoin(statements, statements.c.id == appearances.c.statement_id)
        .where(appearances.c.page_id == page_id)
    )
    return tuple(
        Standing(
            appearance_id=row.appearance_id,
            lineage_id=row.lineage_id,
            zone=row.zone,
            wording=wording_of(row),
            state=row.state,
            live=row.live,
            alone=not row.elsewhere,
            key_here=row.key_here or row.current_key,
        )
        for row in rows
    )


def claims_only_on(db: Connection, page_id: int) -> set[str]:
    """Keys of the claims that stand on this page and on no other one of its source."""
    other = appearances.alias()
    elsewhere = select(other.c.id).where(
        other.c.lineage_id == appearances.c.lineage_id, other.c.page_id != page_id, other.c.live
    )
    mine = (appearances.c.page_id == page_id, appearances.c.live, ~elsewhere.exists())
    return set(db.scalars(select(claims.c.key).join(appearances, appearances.c.claim_id == claims.c.id).where(*mine)))


def claims_elsewhere(db: Connection, source_id: str, page_id: int, keys: Collection[str]) -> set[str]:
    """Those of these wordings that stand on other pages of the source."""
    there = (appearances.c.page_id != page_id, appearances.c.live, claims.c.key.in_(list(keys)))
    found = (
        select(claims.c.key)
        .join(appearances, appearances.c.claim_id == claims.c.id)
        .join(pages, pages.c.id == appearances.c.page_id)
        .where(*there, pages.c.source_id == source_id)
    )
    return set(db.scalars(found)) if keys else set()


def page_with_text(db: Connection, source_id: str, page_id: int, text_digest: str) -> str | None:
    """Address of another page of the source whose present text is this; None: none has it."""
    same = (pages.c.source_id == source_id, pages.c.id != page_id, captures.c.text_digest == text_digest)
    found = select(pages.c.url).join(captures, captures.c.id == pages.c.last_fit_capture_id).where(*same).limit(1)
    return db.scalar(found)


def wording_columns() -> list[Any]:
    """Columns that ``wording_of`` reads; the query joins lineages, claims and statements."""
    return [
        lineages.c.subject,
        lineages.c.current_key,
        func.coalesce(claims.c.quote, statements.c.quote).label("quote"),
        func.coalesce(claims.c.stance, statements.c.stance).label("stance"),
        claims.c.strength,
        claims.c.kinds,
        claims.c.conditions,
        claims.c.tier,
        claims.c.agencies,
        claims.c.numbers,
        claims.c.cues,
        claims.c.status,
        statements.c.agencies.label("statement_agencies"),
        statements.c.status.label("statement_status"),
    ]


def wording_of(row: Row[Any]) -> Wording:
    """The wording in a row of ``wording_columns``."""
    return Wording(
        subject=row.subject,
        key=row.current_key,
        quote=row.quote,
        stance=row.stance,
        strength=row.strength or 0,
        kinds=row.kinds or (),
        conditions=row.conditions or (),
        tier=row.tier,
        agencies=row.agencies or row.statement_agencies or (),
        status=row.status or row.statement_status,
        numbers=row.numbers or (),
        marks=_marks(row.cues or ()),
    )


def _marks(cues: Iterable[dict[str, str]]) -> tuple[str, ...]:
    roles = {cue["role"] for cue in cues}
    return tuple([role for role in STRENGTH_MARKS if role in roles])


def lineages_by_key(db: Connection, source_id: str, keys: Collection[str]) -> dict[str, int]:
    """Wording key → lineage of the source that holds it now, held it last, or had it once (live ones first)."""
    found: dict[str, int] = {}
    for question in (_BY_KEY, _BY_PAST_KEY):
        left = [key for key in keys if key not in found]
        if left:
            for key, lineage in db.execute(question, {"source_id": source_id, "keys": left}):
                found.setdefault(key, lineage)
    return found


def capture_place(db: Connection, capture_id: str) -> tuple[Capture, WarcPlace]:
    """A stored capture and where its record stands."""
    row = db.execute(select(captures).where(captures.c.id == capture_id)).one()
    place = WarcPlace(row.warc_file, row.warc_offset)
    return (
        Capture(
            id=row.id,
            source_id=row.source_id,
            run_id=row.run_id,
            url=row.url,
            final_url=row.final_url,
            fetched_at=row.fetched_at,
            status=row.status,
            payload_digest=row.payload_digest,
            warc=place,
            redirect_chain=tuple(row.redirect_chain),
            etag=row.etag,
            last_modified=row.last_modified,
            media_type=row.media_type,
            content_type=row.content_type,
            content_encoding=row.content_encoding,
            content_digest=row.content_digest,
            size=row.size,
            truncated=row.truncated,
            ip=row.ip,
            certificate=row.certificate,
            user_agent=row.user_agent,
            language_sent=row.language_sent,
            rendered=row.rendered,
            clock_offset=row.clock_offset,
        ),
        place,
    )


def run_of(db: Connection, run_id: str) -> Run | None:
    """The run with this id."""
    row = db.execute(select(runs).where(runs.c.id == run_id)).first()
    if row is None:
        return None
    ids = db.execute(select(run_sources.c.source_id).where(run_sources.c.run_id == run_id)).scalars()
    return Run(row.id, row.kind, tuple(ids), row.started_at, row.fence, row.simulated, row.finished_at)


def run_source(db: Connection, run_id: str, source_id: str) -> tuple[RunSource, str | None] | None:
    """What the run came to for the source so far, and its scope digest."""
    row = db.execute(
        select(run_sources).where(run_sources.c.run_id == run_id, run_sources.c.source_id == source_id)
    ).first()
    if row is None:
        return None
    record = RunSource(
        row.run_id, row.source_id, row.verdict, row.baseline, row.pages_expected, row.finish_reason, row.why or ""
    )
    return record, row.scope


def has_baseline(db: Connection, source_id: str) -> bool:
    """True once a first complete run has given the source its inventory."""
    where = sources.c.id == source_id
    return db.execute(select(sources.c.baseline_run_id).where(where)).scalar() is not None


def pages_with_claims(db: Connection, run_id: str, source_id: str) -> tuple[str, ...]:
    """Addresses of pages that were read in this run and hold a claim."""
    held = exists().where(appearances.c.page_id == pages.c.id, appearances.c.claim_id.is_not(None), appearances.c.live)
    read = exists().where(
        outcomes.c.run_id == run_id,
        outcomes.c.source_id == source_id,
        outcomes.c.url == pages.c.url,
        outcomes.c.result == "READ",
    )
    asked = select(pages.c.url).where(pages.c.source_id == source_id, held, read).order_by(pages.c.id)
    return tuple(db.execute(asked).scalars())


def unfinished_runs(db: Connection) -> tuple[str, ...]:
    """Ids of runs that never ended, or have sources that were never closed, oldest first."""
    open_source = exists().where(run_sources.c.run_id == runs.c.id, run_sources.c.closed_at.is_(None))
    rows = db.execute(select(runs.c.id).where(or_(runs.c.finished_at.is_(None), open_source)).order_by(runs.c.fence))
    return tuple(rows.scalars())


def unsettled(db: Connection, files: Iterable[str]) -> tuple[str, ...]:
    """Those of ``files`` (archive file names) that were never marked as wholly known."""
    known = set(db.execute(select(warc_files.c.file)).scalars())
    return tuple(file for file in files if file not in known)
