"""Questions to the database: the filters of the listings, read-only SQL, and rows in the shapes of the interface."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from exowatch.query.filters import IN_BODY, Filter, body_holds, check, conditions, order_of, spelt, utc_text
from exowatch.query.shapes import SHAPES, Row
from exowatch.sections import Schedule
from exowatch.store.as_of import as_then, rows_then
from exowatch.store.read_only import select_only
from exowatch.store.read_rows import rows
from exowatch.store.read_sources import all_sources
from exowatch.store.read_visits import recent_visits
from exowatch.store.session import Books, Store
from exowatch.visiting import Visits, pause_of

if TYPE_CHECKING:
    from exowatch.knowledge.regulation import Law
    from exowatch.model.law import Engaged

__all__ = ["Filter", "listing", "sql", "utc_text"]

#: Without a fit reading for so many pauses between visits to its source nobody can say whether a claim still stands.
UNKNOWN_AFTER = 3


def listing(
    store: Store, name: str, asked: Filter, now: datetime, schedule: Schedule | None = None, law: Law | None = None
) -> list[Row]:
    """Rows of ``name`` (flags, claims, statements, studies, changes, reviews) in the shapes of the interface.

    ``schedule``: how often sources are visited that have no cron line of their own. ``law``: flags and claims then
    carry ``hooks``, the provisions that they may engage, each with whether a letter may print it.
    """
    asked = spelt(asked)
    where, values = conditions(name, asked)
    view, then = f"v_{name}", utc_text(asked.as_of) if asked.as_of else None
    if then:
        view, now = rows_then(name), datetime.fromisoformat(then)
        values["as_of"] = then
    in_body = any(getattr(asked, label) for label in IN_BODY.get(name, ()))
    with store.reading() as db:
        check(db, name, asked)
        found = rows(db, view, where, values, order_of(name, asked), None if in_body else asked.limit)
        pauses = _pauses(db, found, now, schedule or Schedule())
        if then:
            found = [as_then(row, then) for row in found]
        met = _met(db, name, found, law, now) if law else None
    if in_body:  # what only the body of a study holds is looked for here, and counted afterwards
        found = [row for row in found if body_holds(row["body"], name, asked)][: asked.limit]
    shown = [SHAPES[name](_aged(row, now, pauses)) for row in found]
    return _hooked(shown, met, now) if met is not None else shown


def sql(url: str, statement: str, *, seconds: float, limit: int) -> tuple[list[str], list[Sequence[Any]], bool]:
    """An analyst's SELECT: columns, rows, whether the limit cut them."""
    return select_only(url, statement, seconds=seconds, limit=limit)


def _met(db: Books, name: str, found: Sequence[Row], law: Law, now: datetime) -> Sequence[tuple[Engaged, ...]]:
    from exowatch.store.read_engaged import engaged_in  # whoever asks for no law need not wait for its rules

    return engaged_in(db, name, found, law, now)


def _hooked(shown: Sequence[Row], met: Sequence[tuple[Engaged, ...]], now: datetime) -> list[Row]:
    from exowatch.assess.law import desk_hooks

    return [row | {"hooks": desk_hooks(some, now.date())} for row, some in zip(shown, met, strict=True)]


def _pauses(db: Books, found: Sequence[Row], now: datetime, schedule: Schedule) -> dict[str, timedelta]:
    """Source → the pause between two visits to it now. How it was lengthened is looked up only where that decides."""
    sources = all_sources(db)
    pauses = {name: pause_of(source, Visits(), schedule) for name, source in sources.items()}
    if any(_aged(row, now, pauses) is not row for row in found):
        visits = recent_visits(db)
        lengthened = {name: pause_of(sources[name], seen, schedule) for name, seen in visits.items()}
        pauses |= {name: max(pauses[name], pause) for name, pause in lengthened.items()}
    return pauses


def _aged(row: Row, now: datetime, pauses: Mapping[str, timedelta]) -> Row:
    """The row, ``live`` no longer said where its page was last read too many visits ago."""
    if row.get("live") != "yes":
        return row
    last = row["last_fit_at"]
    old = last is None or now - datetime.fromisoformat(last) > UNKNOWN_AFTER * pauses[row["source"]]
    return row | {"live": "unknown"} if old else row
