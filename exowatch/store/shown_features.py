"""What pages show that law names, since when and until when: what stood there is kept for questions of its day."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from exowatch.model.pages import Features
from exowatch.store.tables import page_features, pages

_PLACE = ("zone", "css", "block", "start_at", "end_at")
_PUT = insert(page_features)
_STANDING = select(page_features).where(
    page_features.c.page_id == bindparam("of_page"), page_features.c.gone_at.is_(None)
)
_GONE = update(page_features).where(page_features.c.id == bindparam("this")).values(gone_at=bindparam("at"))
_MOVED = (
    update(page_features)
    .where(page_features.c.id == bindparam("this"))
    .values({name: bindparam(f"new_{name}") for name in _PLACE})
)


def write_features(db: Connection, page_id: int, features: Features, at: datetime) -> None:
    """The page shows these since ``at``: what it showed before stays as it is, is new, or is gone."""
    fresh = {(row["feature"], row["text"]): row for row in _rows(page_id, features)}
    gone, moved = list[dict[str, Any]](), list[dict[str, Any]]()
    for row in db.execute(_STANDING, {"of_page": page_id}).all():
        now = fresh.pop((row.feature, row.text), None)
        if now is None:
            gone.append({"this": row.id, "at": at})
        elif any(now[name] != getattr(row, name) for name in _PLACE):
            moved.append({"this": row.id, **{f"new_{name}": now[name] for name in _PLACE}})
    if gone:
        db.execute(_GONE, gone)
    if moved:
        db.execute(_MOVED, moved)
    if fresh:
        db.execute(_PUT, [{**row, "first_seen": at} for row in fresh.values()])


def features_then(db: Connection, at: datetime) -> list[dict[str, Any]]:
    """``source``, ``url``, ``feature`` and ``text`` of what pages showed at ``at``.

    What stood there when such times began to be kept counts as having stood there before.
    """
    shown = page_features.c
    asked = (
        select(pages.c.source_id.label("source"), pages.c.url, shown.feature, shown.text)
        .join(pages, pages.c.id == shown.page_id)
        .where(
            or_(shown.first_seen.is_(None), shown.first_seen <= at), or_(shown.gone_at.is_(None), shown.gone_at > at)
        )
        .where(pages.c.first_seen <= at)
        .order_by(shown.id)
    )
    return [dict(row._mapping) for row in db.execute(asked)]


def _rows(page_id: int, features: Features) -> list[dict[str, Any]]:
    places = [(one.zone, one.css, one.block, one.start, one.end) for one in features.places]
    found = [
        {"page_id": page_id, "feature": one.feature, "text": one.text, **dict(zip(_PLACE, place, strict=True))}
        for one, place in zip(features.places, places, strict=True)
    ]
    nowhere = dict.fromkeys(_PLACE)
    missing = features.required_missing
    return found + [{"page_id": page_id, "feature": "required_missing", "text": one, **nowhere} for one in missing]
