"""What the database says of the archive: every place that a row names, and what each row says of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, select

from exowatch.store.tables import outcomes


def seen_between(
    db: Connection, source_ids: Collection[str], first: datetime, last: datetime
) -> set[tuple[str | None, str, datetime]]:
    """(source, URL, time) of every exchange with these sources that a run, an import too, recorded in that span."""
    rows = db.execute(
        select(outcomes.c.source_id, outcomes.c.url, outcomes.c.at).where(
            outcomes.c.source_id.in_(list(source_ids)), outcomes.c.at.between(first, last)
        )
    )
    return {(row.source_id, row.url, row.at) for row in rows}
