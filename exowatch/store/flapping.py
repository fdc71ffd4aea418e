"""Claims that come and go: told once, then quiet, and gone only after a long absence.

A banner that shows three promises in turn, or two versions of a page shown by lot, is no clinic that takes back what it
said. Such claims are known by two signs: they came back before, lately; or the place where they stood just held another
claim for a visit or two only.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, case, or_, select, update

from exowatch.model.changes import Change
from exowatch.store.flagging import parts
from exowatch.store.tables import appearances, changes, lineages, run_sources, runs

#: Separate runs whose fit captures must lack a claim on the whole site before it is called gone …
CONFIRMING_RUNS = 2
#: … and where claims come and go.
CONFIRMING_RUNS_OF_FLAPPING = 10
#: Returns within a span of days that make a claim flapping. What returns after a longer time begins anew.
RETURNS, SPAN = 2, timedelta(days=30)
#: A claim that its place held for so few visits is one of a rotation.
BRIEF = 2


def count_returns(db: Connection, source_id: str, at: datetime, lineage_ids: Collection[int]) -> set[int]:
    """Count that these lineages came back; returns those that have done so too often to be told of it, or in turn
    with others in one place.
    """
    flapping = _in_turn(db, source_id, at, lineage_ids) if lineage_ids else set()
    lately = and_(lineages.c.returned_at.is_not(None), lineages.c.returned_at >= at - SPAN)
    for part in parts(list(lineage_ids)):
        mine = lineages.c.id.in_(part)
        again = case((lately, lineages.c.returns + 1), else_=1)
        db.execute(update(lineages).where(mine).values(returns=again, returned_at=at))
        flapping |= set(db.execute(select(lineages.c.id).where(mine, lineages.c.returns >= RETURNS)).scalars())
    return flapping


def remember_restless(db: Connection, lineage_ids: Sequence[int], at: datetime) -> None:
    """These lineages were seen to come and go within one visit, so that a later absence or return is no news."""
    for part in parts(lineage_ids):
        restless = {"returns": RETURNS, "returned_at": at}
        db.execute(update(lineages).where(lineages.c.id.in_(part)).values(**restless))


def in_restless_place(db: Connection, lineage_id: int, page_id: int) -> bool:
    """The claim stands on the page where another one, older than our first look, is known to come and go."""
    here = db.execute(
        select(appearances).where(appearances.c.lineage_id == lineage_id, appearances.c.page_id == page_id)
    )
    mine = {_place(row) for row in here}
    others = db.execute(
        select(appearances)
        .join(lineages, lineages.c.id == appearances.c.lineage_id)
        .where(
            appearances.c.page_id == page_id,
            lineages.c.id != lineage_id,
            lineages.c.left_censored,
            lineages.c.returns >= RETURNS,
        )
    )
    return any(_place(row) in mine for row in others)


def runs_to_confirm(db: Connection, source_id: str, at: datetime, lineage_ids: Collection[int]) -> Mapping[int, int]:
    """How many separate runs must lack each of these lineages before it is gone."""
    slow = _in_turn(db, source_id, at, lineage_ids)
    for part in parts(list(lineage_ids)):
        flapping = and_(lineages.c.returns >= RETURNS, lineages.c.returned_at >= at - SPAN)
        slow |= set(db.execute(select(lineages.c.id).where(lineages.c.id.in_(part), flapping)).scalars())
        told = (changes.c.lineage_id.in_(part), changes.c.kind == "returned", changes.c.at >= at - SPAN)
        slow |= set(db.execute(select(changes.c.lineage_id).where(*told)).scalars())
    return {one: CONFIRMING_RUNS_OF_FLAPPING if one in slow else CONFIRMING_RUNS for one in lineage_ids}


def not_told_lately(db: Connection, found: Sequence[Change]) -> list[Change]:
    """Those changes that were not told of their lineage not long ago, from the same words to the same."""
    names = ("lineage_id", "kind", "cause", "before", "after")
    ids = [change.lineage_id for change in found if change.lineage_id is not None]
    told: set[tuple[Any, ...]] = set()
    for part in parts(ids):
        rows = db.execute(select(changes).where(changes.c.lineage_id.in_(part), changes.c.at >= found[0].at - SPAN))
        told |= {tuple(getattr(row, name) for name in names) for row in rows}
    return [change for change in found if tuple(getattr(change, name) for name in names) not in told]


def _in_turn(db: Connection, source_id: str, at: datetime, lineage_ids: Collection[int]) -> set[int]:
    """Those of the lineages that stand, or stood, where others come and go; not those that left all together."""
    restless = _restless_places(db, source_id, at)
    found: set[int] = set()
    for part in parts(list(lineage_ids)) if restless else ():
        for one in db.execute(select(appearances).where(appearances.c.lineage_id.in_(part))):
            others = restless.get(_place(one), ())
            if any(o.lineage_id != one.lineage_id and o.absent_since != one.absent_since for o in others):
                found.add(one.lineage_id)
    return found


def _restless_places(db: Connection, source_id: str, at: datetime) -> dict[tuple[int, str, str], list[Row[Any]]]:
    """Places → claims that they held for very few of the last visits, and left again, or that came back to them."""
    visits = db.execute(
        select(runs.c.started_at)
        .join(run_sources, run_sources.c.run_id == runs.c.id)
        .where(run_sources.c.source_id == source_id, runs.c.kind == "crawl")
        .order_by(runs.c.fence.desc())
        .limit(CONFIRMING_RUNS_OF_FLAPPING + BRIEF)
    ).scalars()
    began = sorted(visits)
    if not began:
        return {}
    other = appearances.alias()
    elsewhere = select(other.c.id).where(other.c.lineage_id == appearances.c.lineage_id, other.c.live).exists()
    left = and_(appearances.c.misses > 0, appearances.c.first_seen >= began[0], ~elsewhere)
    came_back = and_(lineages.c.returns > 0, lineages.c.returned_at >= at - SPAN)
    rows = db.execute(
        select(appearances, came_back.label("came_back"))
        .join(lineages, lineages.c.id == appearances.c.lineage_id)
        .where(lineages.c.source_id == source_id, or_(left, came_back))
    )
    found: dict[tuple[int, str, str], list[Row[Any]]] = {}
    for row in rows:
        if row.came_back or sum(row.first_seen < start < row.absent_since for start in began) <= BRIEF:
            found.setdefault(_place(row), []).append(row)
    return found


def _place(row: Row[Any]) -> tuple[int, str, str]:
    """Where an appearance stands: page, zone and element."""
    where = row.locator
    return row.page_id, row.zone, f"{where['css']} {where['attr']} {where['json_path']} {where['pdf_page']}"
