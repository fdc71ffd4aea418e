"""What notices say of studies: whose mark stands, whose was taken back, and which studies that touches.

A notice names a study by a number, or by a title that one study alone bears. Its mark counts no more once the notice is
itself withdrawn, or a later one takes it back; when that was met is kept, as is the evidence of the time before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, or_, select, update

from exowatch.model.findings import Study
from exowatch.model.titles import LIFTS, TELLS, mark_of, title_key
from exowatch.store.tables import studies, study_names, study_notices

_DAY = re.compile(r"^\d{4}(?:-\d\d(?:-\d\d)?)?")
_LIFTED = {lift: mark for mark, lift in LIFTS.items()}


@dataclass(frozen=True, slots=True)
class _Told:
    """One notice's word on one study."""

    target: str
    kind: str
    notice: str
    day: str | None
    at: datetime
    lifted: bool
    withdrawn: bool


def keep_notices(db: Connection, study: Study, at: datetime) -> list[str]:
    """Remember what a notice says of others, and settle which marks stand now that ``study`` is as it is.

    Returns the keys of other studies that were met and bear other marks than before.
    """
    fresh = False
    for target, kind in study.notices:
        this = {"target": target, "kind": kind, "notice": study.key}
        where = [getattr(study_notices.c, name) == value for name, value in this.items()]
        if db.execute(select(study_notices.c.target).where(*where)).first() is None:
            db.execute(insert(study_notices).values(**this, at=at))
            fresh = True
    twins = _of_one_title(db, study.key)
    moved, waiting, met = list(twins), [study.key, *twins], set[str]()
    while waiting:
        key = waiting.pop(0)
        if key in met:
            continue
        met.add(key)
        if _settle(db, key, at):
            moved.append(key)
        named = [one for target in _targets(db, key) for one in bearing(db, target)]
        moved += named if fresh and key == study.key else []
        waiting += named
    return [key for key in dict.fromkeys(moved) if key != study.key]


def name_by_title(study: Study) -> str | None:
    """The name that the study's title is; None of a notice that is titled as its article, with a mark."""
    tells = set(TELLS.values()) & set(study.relations)
    return None if tells and mark_of(study.title) else title_key(study.title)


def notice_is(db: Connection, other: str, key: str) -> None:
    """A notice that went by ``other`` goes by ``key``: two records of it turned out to be one."""
    same = study_notices.alias()
    both = select(same.c.target).where(
        same.c.notice == key, same.c.target == study_notices.c.target, same.c.kind == study_notices.c.kind
    )
    db.execute(delete(study_notices).where(study_notices.c.notice == other, both.exists()))
    db.execute(update(study_notices).where(study_notices.c.notice == other).values(notice=key))


def notices_on(db: Connection, key: str) -> list[str]:
    """What notices that stand say of this study: retracted, concern, corrected, reinstated, cleared."""
    return sorted({one.kind for one in _on(db, key) if not one.lifted})


def bearing(db: Connection, target: str) -> list[str]:
    """The key of the study that a notice's target means: one that goes by this name, or alone bears this title."""
    if not target.startswith("title:"):
        return list(db.execute(select(study_names.c.key).where(study_names.c.name == target)).scalars())
    found = list(db.execute(select(studies.c.key).where(studies.c.title_key == target).distinct()).scalars())
    return found if len(found) == 1 else []


def _targets(db: Connection, notice: str) -> list[str]:
    return list(db.execute(select(study_notices.c.target).where(study_notices.c.notice == notice).distinct()).scalars())


def _of_one_title(db: Connection, key: str) -> list[str]:
    """The other studies that bear a title of this one which a notice names: it may mean neither now."""
    mine = select(studies.c.title_key).where(studies.c.key == key, studies.c.title_key.is_not(None))
    named = select(study_notices.c.target).where(study_notices.c.target.in_(mine))
    asked = select(studies.c.key).where(studies.c.title_key.in_(named), studies.c.key != key)
    return list(db.execute(asked.distinct()).scalars())


def _about(db: Connection, key: str) -> ColumnElement[bool]:
    """Notices of others that name this study: by what it goes by, or a title that it alone bears."""
    titles = select(studies.c.title_key).where(studies.c.key == key, studies.c.title_key.is_not(None)).distinct()
    alone = [title for title in db.execute(titles).scalars() if title and bearing(db, title) == [key]]
    names = select(study_names.c.name).where(study_names.c.key == key)
    named = or_(study_notices.c.target.in_(names), study_notices.c.target.in_(alone))
    return and_(named, study_notices.c.notice != key)


def _on(db: Connection, key: str) -> list[_Told]:
    """Every notice on the study, by number or title."""
    told = select(
        study_notices,
        select(func.max(studies.c.published_on))
        .where(studies.c.key == study_notices.c.notice)
        .scalar_subquery()
        .label("published_on"),
    )
    rows = db.execute(told.where(_about(db, key)).order_by(study_notices.c.at)).all()
    return [
        _Told(
            target=row.target,
            kind=row.kind,
            notice=row.notice,
            day=found[0] if (found := _DAY.match(row.published_on or "")) else None,
            at=row.at,
            lifted=row.lifted_at is not None,
            withdrawn=_withdrawn(db, row.notice),
        )
        for row in rows
    ]


def _withdrawn(db: Connection, notice: str) -> bool:
    """The notice was itself withdrawn: by its own title or record, or by another notice."""
    own = select(studies.c.id).where(studies.c.key == notice, studies.c.retracted)
    if db.execute(own).first() is not None:
        return True
    said = select(study_notices.c.kind).where(
        _about(db, notice), study_notices.c.kind == "retracted", study_notices.c.lifted_at.is_(None)
    )
    return db.execute(said).first() is not None


def _settle(db: Connection, key: str, at: datetime) -> bool:
    """Note which notices on the study count no more, or count again; True where that moved."""
    told, moved = _on(db, key), False
    for one in told:
        lifted = one.withdrawn or any(_takes_back(other, one) for other in told if not other.withdrawn)
        if lifted != one.lifted:
            row = [getattr(study_notices.c, name) == getattr(one, name) for name in ("target", "kind", "notice")]
            db.execute(update(study_notices).where(*row).values(lifted_at=at if lifted else None))
            moved = True
    return moved


def _takes_back(other: _Told, one: _Told) -> bool:
    """``other`` came after ``one`` and says the opposite. Of one day, what takes a mark away came after it."""
    opposite = LIFTS.get(one.kind) or _LIFTED.get(one.kind)
    if other.kind != opposite:
        return False
    dated = bool(other.day and one.day)
    came, stood = (other.day or "", one.day or "") if dated else (other.at.isoformat(), one.at.isoformat())
    return came >= stood if other.kind in _LIFTED else came > stood


def as_marked(study: Study, said: Sequence[str]) -> Study:
    """The study with what notices say of it; a mark that one took back is borne no more, whoever still tells it."""
    relations = list(dict.fromkeys((*study.relations, *said)))
    retracted = study.retracted or "retracted" in relations
    for mark, lift in LIFTS.items():
        if lift in relations and mark not in said:
            relations = [one for one in relations if one != mark]
            retracted = retracted and mark != "retracted"
    return replace(study, relations=tuple(relations), retracted=retracted)
