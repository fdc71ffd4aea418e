"""One study met through four sources is one study: by DOI, PMID, register number, or else its address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace

from pydantic import TypeAdapter
from sqlalchemy import Connection, delete, insert, select, update

from exowatch.model.findings import Study
from exowatch.store.notices import as_marked, notice_is, notices_on
from exowatch.store.tables import studies, study_names

_STUDY = TypeAdapter(Study)


def key_of(db: Connection, study: Study) -> tuple[str, tuple[str, ...]]:
    """(the key that this study goes by, keys that turn out to name the same one). Its identifiers are remembered."""
    names = list(dict.fromkeys((*study.identifiers, study.key)))
    rows = db.execute(select(study_names).where(study_names.c.name.in_(names))).all()
    known = {row.name: row.key for row in rows}
    keys = sorted(set(known.values()), key=_rank)
    key = keys[0] if keys else study.key
    fresh = [{"name": name, "key": key} for name in names if name not in known]
    if fresh:
        db.execute(insert(study_names), fresh)
    for other in keys[1:]:
        db.execute(update(study_names).where(study_names.c.key == other).values(key=key))
        # an answer of an API may give both: one row a page and study, that of the key which stays
        both = select(studies.c.page_id).where(studies.c.key == key)
        db.execute(delete(studies).where(studies.c.key == other, studies.c.page_id.in_(both)))
        db.execute(update(studies).where(studies.c.key == other).values(key=key))
        notice_is(db, other, key)
    return key, tuple(keys[1:])


def _rank(key: str) -> tuple[int, str]:
    """A DOI outlives an address."""
    kinds = ("doi:", "pmid:", "pmcid:", "nct:", "isrctn:")
    return next((place for place, kind in enumerate(kinds) if key.startswith(kind)), len(kinds)), key


def whole(db: Connection, key: str) -> tuple[Study, tuple[str, ...]] | None:
    """The study as all its sources give it, and their ids: the fullest record, completed by the others."""
    rows = db.execute(
        select(studies.c.body, studies.c.source_id).where(studies.c.key == key).order_by(studies.c.id)
    ).all()
    if not rows:
        return None
    found = sorted((_STUDY.validate_python(row.body) for row in rows), key=_filled, reverse=True)
    study = as_marked(_together(key, found), notices_on(db, key))
    return study, tuple(sorted({row.source_id for row in rows}))


def _filled(study: Study) -> int:
    return sum(bool(getattr(study, field.name)) for field in fields(Study))


def _together(key: str, found: Sequence[Study]) -> Study:
    first = found[0]
    more = {
        field.name: value
        for field in fields(Study)
        if not getattr(first, field.name)
        and (value := next((getattr(one, field.name) for one in found if getattr(one, field.name)), None))
    }
    names = tuple(dict.fromkeys(name for one in found for name in one.identifiers))
    relations = tuple(dict.fromkeys(name for one in found for name in one.relations))
    told = {"key": key, "identifiers": names, "relations": relations, "retracted": any(one.retracted for one in found)}
    return replace(first, **(more | told))
