"""The same claim on several sites: grouped, so that a regulator sees one promise on fourteen clinics, and how long.

Histories stay apart: each site's lineage lives and ends by itself. A group is named after its first lineage.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select, update

from exowatch.changes.meaning import fit
from exowatch.changes.similarity import similarities
from exowatch.store.flagging import parts
from exowatch.store.read_state import wording_columns, wording_of
from exowatch.store.tables import claims, lineages, statements

#: How well wordings of two sites must fit to be one claim; more than within a site, where a claim has few rivals. Of
#: 300 promises of tests/gold held against 2,000 of other pages five in a hundred had a counterpart above .57, and four
#: in all one above .75, each the same promise; copies with a name or a number put in lay at .67 to .98 (2026-11-26).
SAME_CLAIM = 0.75
#: Fresh claims compared by meaning in one visit, and claims of other sites that each is compared with, newest first.
#: A first visit may bring thousands; those are grouped by their exact words.
MOST_FRESH, MOST_OTHERS = 300, 2_000


def group_claims(db: Connection, source_id: str, lineage_ids: Collection[int]) -> None:
    """Put lineages of a source into the groups of the same claims on other sources: by words, else by meaning."""
    fresh = _rows(db, lineages.c.id, lineage_ids)
    same: dict[str, list[Row[Any]]] = {}
    for row in _rows(db, lineages.c.current_key, {row.current_key for row in fresh}, lineages.c.source_id != source_id):
        same.setdefault(row.current_key, []).append(row)
    for row in fresh:
        if others := same.get(row.current_key):
            _join(db, row, others)
    alone = [row for row in fresh if row.current_key not in same and row.group_id is None]
    if len(alone) <= MOST_FRESH:
        _by_meaning(db, source_id, alone)


def _by_meaning(db: Connection, source_id: str, fresh: Sequence[Row[Any]]) -> None:
    for language in sorted({row.language or "" for row in fresh}):
        mine = [row for row in fresh if (row.language or "") == language]
        here = and_(lineages.c.source_id != source_id, claims.c.language == (language or None))
        others = list(db.execute(_asked().where(here).order_by(lineages.c.id.desc()).limit(MOST_OTHERS)))
        if not others:
            continue
        alike = similarities([row.quote for row in mine], [row.quote for row in others])
        for row, likeness in zip(mine, alike, strict=True):
            # words alone see no negation and no disease: slots have a say, as within a site
            likely = [place for place in likeness.argsort()[::-1][:5] if likeness[place] >= SAME_CLAIM - 0.1]
            fits = [(fit(wording_of(others[p]), wording_of(row), float(likeness[p])), p) for p in likely]
            if fits and max(fits)[0] >= SAME_CLAIM:
                _join(db, row, [others[max(fits)[1]]])


def _join(db: Connection, row: Row[Any], others: Sequence[Row[Any]]) -> None:
    """One group for all of them: the oldest that any is in, else one named after the first lineage."""
    ids, known = [one.lineage_id for one in (row, *others)], set[int]()
    for part in parts(ids):  # asked anew: a claim before this one may have put them into a group
        known |= set(db.scalars(select(lineages.c.group_id).where(lineages.c.id.in_(part), lineages.c.group_id > 0)))
    name = min(known or ids)
    for part in parts(ids):
        db.execute(update(lineages).where(lineages.c.id.in_(part)).values(group_id=name))
    if merged := known - {name}:
        db.execute(update(lineages).where(lineages.c.group_id.in_(merged)).values(group_id=name))


def _rows(db: Connection, column: Any, values: Iterable[Any], *where: ColumnElement[bool]) -> list[Row[Any]]:
    found: list[Row[Any]] = []
    for part in parts(sorted(values)):
        found += db.execute(_asked().where(column.in_(part), *where).order_by(lineages.c.id))
    return found


def _asked() -> Any:
    """Claims that are not gone: lineage and present wording, one row each."""
    present = and_(claims.c.lineage_id == lineages.c.id, claims.c.key == lineages.c.current_key)
    newer = claims.alias()
    newest = ~(
        select(newer.c.id)
        .where(newer.c.lineage_id == lineages.c.id, newer.c.key == lineages.c.current_key, newer.c.id > claims.c.id)
        .exists()
    )
    return (
        select(lineages.c.id.label("lineage_id"), lineages.c.group_id, claims.c.language, *wording_columns())
        .select_from(lineages)
        .join(claims, present)
        .outerjoin(statements, statements.c.lineage_id == lineages.c.id)  # a claim has none; its columns are asked for
        .where(
            lineages.c.subject == "claim", or_(lineages.c.state == "live", lineages.c.state == "unconfirmed"), newest
        )
    )
