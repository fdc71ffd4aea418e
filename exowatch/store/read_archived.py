"""What the database says of the archive: every place that a row names, and what each row says of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, select, union

from exowatch.archive.verify import Stored
from exowatch.model.captures import WarcPlace
from exowatch.store.session import Store
from exowatch.store.tables import appearances, captures, outcomes, pages, readings, run_sources, runs, warc_files


class Rows:
    """The rows that ``archive.verify`` holds the archive against, read file by file."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def files(self) -> Collection[str]:
        """Every archive file that a row names."""
        named = (captures.c.warc_file, outcomes.c.warc_file, warc_files.c.file)
        with self._store.reading() as db:
            return {file for file in db.execute(union(*(select(column) for column in named))).scalars() if file}

    def rows(self, file: str) -> Sequence[Stored]:
        """Captures and outcomes whose record stands in a file."""
        with self._store.reading() as db:
            stored = db.execute(select(captures).where(captures.c.warc_file == file)).all()
            seen = db.execute(select(outcomes).where(outcomes.c.warc_file == file)).all()
        found = [
            Stored(
                place=WarcPlace(file, row.warc_offset),
                run_id=row.run_id,
                source_id=row.source_id,
                url=row.final_url,
                record_id=row.id,
                payload_digest=row.payload_digest,
                status=row.status,
                fetched_at=row.fetched_at,
            )
            for row in stored
        ]
        return found + [
            Stored(WarcPlace(file, row.warc_offset), row.run_id, row.source_id, row.url)
            for row in seen
            if row.warc_offset is not None
        ]

    def pages(self, run_id: str) -> Mapping[str, frozenset[str]] | None:
        """Source → URLs that have an outcome in the run, for sources it saw whole; None: there is no such run."""
        with self._store.reading() as db:
            if db.execute(select(runs.c.id).where(runs.c.id == run_id)).first() is None:
                return None
            whole = select(run_sources.c.source_id).where(
                run_sources.c.run_id == run_id, run_sources.c.verdict == "complete"
            )
            found: dict[str, set[str]] = {source_id: set() for source_id in db.execute(whole).scalars()}
            mine = select(outcomes.c.source_id, outcomes.c.url).where(outcomes.c.run_id == run_id)
            for row in db.execute(mine):
                found.get(row.source_id, set()).add(row.url)
        return {source_id: frozenset(urls) for source_id, urls in found.items()}

    def torn(self) -> list[str]:
        """Rows that name a row which is gone, or that lack the row written with them, in words."""
        named = (
            ("an outcome", outcomes.c.capture_id),
            ("a page", pages.c.last_fit_capture_id),
            ("a reading", readings.c.capture_id),
            ("an appearance", appearances.c.capture_id),
        )
        told = []
        with self._store.reading() as db:
            for what, column in named:
                gone = (
                    select(column)
                    .outerjoin(captures, captures.c.id == column)
                    .where(column.is_not(None), captures.c.id.is_(None))
                )
                told += [f"a row of {what} names capture {one}, whose row is gone" for one in set(db.scalars(gone))]
            same = (
                outcomes.c.run_id == captures.c.run_id,
                outcomes.c.source_id == captures.c.source_id,
                outcomes.c.url == captures.c.final_url,
            )
            alone = select(captures.c.id).outerjoin(outcomes, and_(*same)).where(outcomes.c.url.is_(None))
            told += [f"capture {one} has a row, and the outcome written with it is gone" for one in db.scalars(alone)]
        return sorted(told)


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
