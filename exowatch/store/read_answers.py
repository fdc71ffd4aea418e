"""What became of one address the last time that anybody asked for it, whichever source asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, or_, select

from exowatch.store.tables import captures, outcomes


@dataclass(frozen=True, slots=True)
class Answer:
    """The newest outcome of an address."""

    result: str
    code: str
    at: datetime
    url: str
    """The address that answered."""
    capture_id: str | None
    """The capture that holds the page's text; an unchanged page names the one before."""


def newest_answer(db: Connection, url: str) -> Answer | None:
    """The newest outcome of ``url``, or of where it led; None: nobody ever asked for it."""
    row = db.execute(
        select(outcomes, captures.c.final_url)
        .outerjoin(captures, captures.c.id == outcomes.c.capture_id)
        .where(or_(outcomes.c.url == url, captures.c.url == url))
        .order_by(outcomes.c.at.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    return Answer(row.result, row.code, row.at, row.final_url or row.url, row.capture_id)
