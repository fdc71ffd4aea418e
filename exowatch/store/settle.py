"""Closing one source of a run: candidates and absences of the whole site become changes, in one transaction."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, or_, select, update

from exowatch.changes.attach import pair_across_pages
from exowatch.model.changes import Cause, Change, ChangeKind, FlagChange, Wording
from exowatch.model.sources import Run, RunSource
from exowatch.store.baseline import Baseline
from exowatch.store.flagging import flagged_lineages, parts, raise_flags
from exowatch.store.flapping import CONFIRMING_RUNS, count_returns, runs_to_confirm
from exowatch.store.grouping import group_claims
from exowatch.store.moved_pages import where_it_led
from exowatch.store.read_state import wording_columns, wording_of
from exowatch.store.tables import appearances, changes, claims, lineages, pages, run_sources, runs, statements
from exowatch.store.verdicts import PUTS_US_OFF
from exowatch.store.write_findings import write_changes


def settle_source(db: Connection, run: Run, closing: RunSource, at: datetime, *, absent: bool = True) -> int:
    """Settle a complete visit; returns how many flags were raised.

    ``absent`` False: of a visit that is not complete, to a site that puts us off visit after visit. What was read is
    told all the same, and nothing is held to be gone.
    """
    source_id = closing.source_id
    if run.single_pages:
        # single pages prove nothing about the whole site: what waits for a whole visit goes on waiting
        wanted = _settle_candidates(db, run, closing, at, lineages.c.first_run_id == run.id)
        wanted |= _moved_since(db, run, closing, wanted)
        group_claims(db, source_id, wanted)
        return raise_flags(db, wanted, run.id, source_id, at)
    moved = _join_moved(db, run, source_id, at)
    wanted = _settle_candidates(db, run, closing, at)
    wanted |= _settle_returned(db, run, source_id, at)
    _tell_moves(db, run, source_id, at, moved)
    if absent:
        _settle_absent(db, run, source_id, at)
        _settle_vanished(db, run, source_id, at)
    wanted |= _moved_since(db, run, closing, wanted)
    group_claims(db, source_id, wanted)
    return raise_flags(db, wanted, run.id, source_id, at)


@functools.cache
def _here(live: bool = True) -> Any:
    """EXISTS: the lineage has an appearance that is live (or that is not)."""
    place = appearances.alias()
    where = (place.c.lineage_id == lineages.c.id, place.c.live.is_(live))
    return select(place.c.id).where(*where).correlate(lineages).exists()


@functools.cache
def _newest_place() -> Any:
    """The lineage's newest appearance, live ones before others: it holds the present wording."""
    place = appearances.alias()
    mine = select(place.c.id).where(place.c.lineage_id == lineages.c.id)
    return mine.order_by(place.c.live.desc(), place.c.id.desc()).limit(1).correlate(lineages).scalar_subquery()


def _of(db: Connection, source_id: str, states: Iterable[str], *where: Any) -> dict[int, tuple[Wording, Any]]:
    """Lineages of the source in these states: id → present wording and row (with the page of one appearance)."""
    rows = db.execute(
        select(
            lineages.c.id.label("lineage_id"),
            lineages.c.first_run_id,
            lineages.c.first_seen,
            lineages.c.absent_since,
            appearances.c.page_id,
            pages.c.url,
            pages.c.gone_runs,
            *wording_columns(),
        )
        .select_from(lineages)
        .join(appearances, appearances.c.id == _newest_place())
        .join(pages, pages.c.id == appearances.c.page_id)
        .outerjoin(claims, claims.c.id == appearances.c.claim_id)
        .outerjoin(statements, statements.c.id == appearances.c.statement_id)
        .where(lineages.c.source_id == source_id, lineages.c.state.in_(tuple(states)), *where)
        .order_by(lineages.c.id)
    )
    return {row.lineage_id: (wording_of(row), row) for row in rows}


def _join_moved(db: Connection, run: Run, source_id: str, at: datetime) -> set[int]:
    """A fresh claim on one page that is a lost one of another page, in other words, is that claim. Their lineages."""
    fresh = _of(db, source_id, ["candidate"], _here())
    lost = _of(db, source_id, ["live", "unconfirmed"], ~_here())
    pairs = pair_across_pages(
        {i: wording for i, (wording, _) in fresh.items()}, {i: wording for i, (wording, _) in lost.items()}
    )
    told = []
    for new, (old, before, match) in pairs.items():
        if fresh[new][1].page_id == lost[old][1].page_id:
            continue
        after, place = fresh[new]
        _join_places(db, new, old)
        for table in (appearances, claims, statements):
            db.execute(update(table).where(table.c.lineage_id == new).values(lineage_id=old))
        db.execute(delete(lineages).where(lineages.c.id == new))
        back = {"current_key": after.key, "state": "live", "absent_since": None, "misses": 0}
        db.execute(update(lineages).where(lineages.c.id == old).values(**back))
        kind: ChangeKind = match.kind if match.kind in ("stronger", "weaker") else "moved"
        why = f"from {lost[old][1].url}; {match.why}"
        told.append(_change(kind, place, source_id, at, before=before.quote, after=after.quote, why=why, lineage=old))
    write_changes(db, run.id, told)
    return {change.lineage_id for change in told if change.lineage_id is not None}


def _join_places(db: Connection, new: int, old: int) -> None:
    """Where the lost claim has stood on that very page before, it has a row of that place: it stands there again."""
    places = db.execute(select(appearances).where(appearances.c.lineage_id.in_((new, old)))).all()
    before = {(place.page_id, place.zone): place for place in places if place.lineage_id == old}
    for place in places:
        there = before.get((place.page_id, place.zone))
        if place.lineage_id == new and there is not None:
            kept = {name: getattr(there, name) for name in ("id", "lineage_id", "first_seen")}
            db.execute(delete(appearances).where(appearances.c.id == place.id))
            db.execute(update(appearances).where(appearances.c.id == there.id).values(**{**place._mapping, **kept}))


def _settle_candidates(
    db: Connection, run: Run, closing: RunSource, at: datetime, *which: ColumnElement[bool]
) -> dict[int, tuple[FlagChange, str | None]]:
    baseline = Baseline(db, run, closing)
    wanted: dict[int, tuple[FlagChange, str | None]] = {}
    told = []
    old: list[int] = []
    for lineage_id, (wording, row) in _of(db, closing.source_id, ["candidate"], _here(), *which).items():
        why = baseline.why_not_news(row)
        if why is None:
            kind: ChangeKind = "new"
            told.append(_change(kind, row, closing.source_id, at, after=wording.quote, why="not on the site before"))
        else:
            old.append(lineage_id)
        if wording.subject == "claim":
            wanted[lineage_id] = ("baseline" if why else "new", None)
    mine = (lineages.c.source_id == closing.source_id, lineages.c.state == "candidate", _here(), *which)
    for part in parts(old):
        db.execute(update(lineages).where(lineages.c.id.in_(part)).values(left_censored=True))
    db.execute(update(lineages).where(*mine).values(state="live"))
    write_changes(db, run.id, told)
    return wanted


def _settle_returned(
    db: Connection, run: Run, source_id: str, at: datetime
) -> dict[int, tuple[FlagChange, str | None]]:
    found = _of(db, source_id, ["gone"], _here())
    waiting = _of(db, source_id, ["unconfirmed"], _here())
    flapping = count_returns(db, source_id, at, [*found, *waiting])
    found = {lineage: one for lineage, one in found.items() if lineage not in flapping}
    told = [
        _change("returned", row, source_id, at, after=wording.quote, why=f"was absent since {_day(row.absent_since)}")
        for wording, row in found.values()
    ]
    back = {"state": "live", "absent_since": None, "misses": 0, "last_seen": None}
    db.execute(
        update(lineages)
        .where(lineages.c.source_id == source_id, lineages.c.state.in_(("gone", "unconfirmed")), _here())
        .values(**back)
    )
    write_changes(db, run.id, told)
    return {i: ("returned", None) for i, (wording, _) in found.items() if wording.subject == "claim"}


def _tell_moves(db: Connection, run: Run, source_id: str, at: datetime, already: set[int]) -> None:
    """The same words left their page in this run and stand on another one since this run."""
    told = []
    for wording, row in _of(db, source_id, ["live"], _here(), _here(live=False)).values():
        places = db.execute(
            select(appearances, pages.c.url)
            .join(pages, pages.c.id == appearances.c.page_id)
            .where(appearances.c.lineage_id == row.lineage_id)
        ).all()
        here = {p.page_id: p.url for p in places if p.live}
        left = {p.page_id: p.url for p in places if p.miss_run_id == run.id and p.misses == 1 and p.page_id not in here}
        held_before = [p for p in places if p.live and p.page_id not in left and p.first_seen < run.started_at]
        if left and not held_before and row.lineage_id not in already:
            why = f"from {', '.join(sorted(left.values()))} to {', '.join(sorted(here.values()))}"
            told.append(_change("moved", row, source_id, at, before=wording.quote, after=wording.quote, why=why))
    write_changes(db, run.id, told)


def _settle_absent(db: Connection, run: Run, source_id: str, at: datetime) -> None:
    """Claims that no fit capture holds: waiting for proof after one run, gone after enough separate ones."""
    told = []
    absent = _of(db, source_id, ["live", "unconfirmed"], ~_here())
    wanted = runs_to_confirm(db, source_id, at, absent) if absent else {}
    for lineage_id, (wording, row) in absent.items():
        last = db.execute(
            select(
                func.min(appearances.c.misses).label("misses"),
                func.max(appearances.c.last_seen).label("seen"),
                func.min(appearances.c.absent_since).label("since"),
            ).where(appearances.c.lineage_id == lineage_id)
        ).one()
        gone = last.misses >= wanted[lineage_id]
        db.execute(
            update(lineages)
            .where(lineages.c.id == lineage_id)
            .values(
                state="gone" if gone else "unconfirmed",
                misses=last.misses,
                absent_since=last.since,
                last_seen=last.seen,
            )
        )
        if gone:
            why = f"not seen between {_day(last.since)} and {_day(at)} in {last.misses} "
            # a page that is no longer there gives no fit capture that could lack anything
            gone_page = row.gone_runs >= last.misses
            why += "separate runs: its page is no longer there" if gone_page else "fit captures of separate runs"
            told.append(_change("gone", row, source_id, at, before=wording.quote, why=why))
    # a candidate that left again before any complete visit was never told, and is not told now
    db.execute(
        update(lineages)
        .where(lineages.c.source_id == source_id, lineages.c.state == "candidate", ~_here())
        .values(state="gone")
    )
    write_changes(db, run.id, told)


def _settle_vanished(db: Connection, run: Run, source_id: str, at: datetime) -> None:
    """Pages that answered 404 or 410, or led elsewhere, in enough separate runs: they are not asked for any more."""
    rows = db.execute(
        select(pages.c.id, pages.c.url, pages.c.title, pages.c.gone_runs).where(
            pages.c.source_id == source_id,
            pages.c.gone_runs >= CONFIRMING_RUNS,
            pages.c.last_fit_capture_id.is_not(None),
            or_(pages.c.vanished.is_(False), pages.c.vanished.is_(None)),
        )
    ).all()
    told = []
    for row in rows:
        led = where_it_led(db, run.id, source_id, row.url)
        why = f"the server answered that it is not there in {row.gone_runs} runs"
        told.append(
            Change(
                kind="moved" if led else "vanished",
                cause="page",
                subject="page",
                source_id=source_id,
                url=row.url,
                lineage_id=None,
                before=row.title,
                after=row.title if led else None,
                similarity=None,
                why=led or why,
                at=at,
            )
        )
        db.execute(update(pages).where(pages.c.id == row.id).values(vanished=True))
    write_changes(db, run.id, told)


def _moved_since(
    db: Connection, run: Run, closing: RunSource, already: dict[int, Any]
) -> dict[int, tuple[FlagChange, str | None]]:
    """Claims that got stronger since the last complete visit, and reworded ones that were never flagged.

    Also sentences that became claims as their page turned: they are live, since they stood there before. Visits that
    were cut short or held wrote down what moved, but raised no flag: it is raised now.
    """
    visit = and_(run_sources.c.run_id == changes.c.run_id, run_sources.c.source_id == changes.c.source_id)
    unflagged = and_(
        runs.c.fence > _last_complete(db, run, closing.source_id),
        runs.c.fence < run.fence,
        func.coalesce(run_sources.c.verdict, "") != "complete",
    )
    rows = db.execute(
        select(changes.c.lineage_id, changes.c.kind, changes.c.before)
        .join(runs, runs.c.id == changes.c.run_id)
        .join(run_sources, visit)
        .where(
            changes.c.run_id == run.id if run.single_pages else or_(changes.c.run_id == run.id, unflagged),
            changes.c.source_id == closing.source_id,
            changes.c.subject == "claim",
            changes.c.cause == "page",
            changes.c.kind.in_(("new", "stronger", "reworded", "moved")),
        )
        .order_by(changes.c.id)
    ).all()
    known = flagged_lineages(db, [row.lineage_id for row in rows])
    return {
        row.lineage_id: (_flagged_as(row.kind, closing), row.before)
        for row in rows
        if row.lineage_id not in already and (row.kind in ("new", "stronger") or row.lineage_id not in known)
    }


def _flagged_as(kind: ChangeKind, closing: RunSource) -> FlagChange:
    if closing.baseline:
        return "baseline"
    return "new" if kind == "new" else "stronger"


def _last_complete(db: Connection, run: Run, source_id: str) -> int:
    """Fence of the source's newest crawl before this run of which all was told; 0 where there was none."""
    told = or_(run_sources.c.verdict == "complete", run_sources.c.finish_reason == PUTS_US_OFF)
    whole = (run_sources.c.source_id == source_id, told, runs.c.kind == "crawl")
    newest = (
        select(func.max(runs.c.fence))
        .join(run_sources, run_sources.c.run_id == runs.c.id)
        .where(*whole, runs.c.fence < run.fence)
    )
    return int(db.execute(newest).scalar() or 0)


def _change(
    kind: ChangeKind,
    row: Any,
    source_id: str,
    at: datetime,
    *,
    why: str,
    before: str | None = None,
    after: str | None = None,
    lineage: int | None = None,
    cause: Cause = "page",
) -> Change:
    return Change(
        kind=kind,
        cause=cause,
        subject=row.subject,
        source_id=source_id,
        url=row.url,
        lineage_id=lineage or row.lineage_id,
        before=before,
        after=after,
        similarity=None,
        why=why,
        at=at,
    )


def _day(moment: datetime | str | None) -> str:
    if moment is None:
        return "an unknown day"
    return moment if isinstance(moment, str) else moment.strftime("%Y-%m-%d %H:%M UTC")
