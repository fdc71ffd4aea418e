"""Rows as manifests seal them: what never changes once it is written, as one digest a row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, or_, select

from exowatch.model.keys import ANSWER, wording_key
from exowatch.store.session import Store
from exowatch.store.tables import (
    assessments,
    captures,
    case_events,
    changes,
    claims,
    digests,
    flags,
    looks,
    outcomes,
    reviews,
    runs,
    statements,
    warc_files,
)

Number = int | str
#: Table → columns that no later visit moves (which lineage a wording belongs to, or until when a verdict held, may).
SEALED: dict[str, tuple[str, ...]] = {
    "captures": (
        *("id", "source_id", "run_id", "url", "final_url", "redirect_chain", "fetched_at", "status", "etag"),
        *(
            "last_modified",
            "media_type",
            "content_type",
            "content_encoding",
            "payload_digest",
            "content_digest",
            "size",
        ),
        *("truncated", "warc_file", "warc_offset", "fitness", "fitness_why", "language", "text_digest", "text_length"),
        *("suspicious", "ip", "certificate", "user_agent", "language_sent", "rendered", "clock_offset"),
    ),
    "claims": (
        *("id", "key", "quote", "language", "kinds", "stance", "subject", "source_material", "material", "route"),
        *("product", "conditions", "tier", "agencies", "status", "strength", "numbers", "rule_ids", "cues"),
        *("knowledge", "reader"),
    ),
    "statements": (
        *("id", "key", "quote", "language", "agencies", "status", "scope", "jurisdiction", "stance", "rule_ids"),
        *("knowledge", "reader"),
    ),
    "assessments": ("id", "claim_id", "jurisdiction", "verdict", "flag", "severity", "reasons", "valid_from"),
    "changes": ("id", "run_id", "source_id", "url", "subject", "kind", "cause", "before", "after", "why", "at"),
    "flags": (
        *("id", "claim_id", "claim_key", "run_id", "source_id", "page_id", "capture_id", "context", "heading_path"),
        *("locator", "change", "before", "verdict", "severity", "jurisdictions", "reasons", "raised_at"),
    ),
    "looks": (
        *("id", "run_id", "source_id", "url", "capture_id", "read_from", "warc_file", "warc_offset", "beside_file"),
        *("beside_offset", "pictures", "browser_lacks", "crawler_lacks", "unread", "lacking", "secured", "at"),
    ),
    "reviews": ("id", "flag_id", "claim_key", "reading", "action", "because", "note", "by", "at"),
    "case_events": ("id", "case_id", "kind", "flag_id", "status", "deadline_on", "words", "by", "at"),
    "digests": ("id", "jurisdiction", "since", "until", "covers", "previous_id", "composed_at", "simulated", "body"),
}
#: The same of outcomes, which are sealed a run and source at a time.
OUTCOMES = ("run_id", "source_id", "url", "result", "code", "detail", "capture_id", "warc_file", "warc_offset", "at")
#: Hexadecimal digits of an outcome's digest that are kept: there are many of them, and 128 bits are enough.
_SHORT = 32
_TABLES: dict[str, Table] = {
    table.name: table
    for table in (captures, claims, statements, assessments, changes, flags, looks, reviews, case_events, digests)
}
#: Tables whose rows are numbered in the order of their writing; a capture goes with its archive file instead.
NUMBERED = tuple(name for name in SEALED if name != "captures")
#: Numbers in one question: SQLite takes no more than 32,766 values.
_PART = 5000
#: Numbers that were left out (rolled back, or not yet written elsewhere) and are looked for again.
_MOST_GAPS = 1000


def settled_files(db: Connection) -> dict[str, datetime]:
    """Archive file → when every answer in it had its row."""
    return {row.file: row.settled_at for row in db.execute(select(warc_files))}


def captures_of(db: Connection, file: str) -> dict[Number, str]:
    """Captures whose record stands in an archive file → digest of the row."""
    return dict(_digests(db, captures, SEALED["captures"], captures.c.warc_file == file))


def fresh_rows(
    db: Connection, table: str, until: int, gaps: Sequence[int]
) -> tuple[dict[Number, str], int, tuple[int, ...]]:
    """Rows written since number ``until`` (and those in ``gaps``, if they came) → digest; the new ``until`` and gaps.

    A server gives out numbers before their rows are there, so a lower number may come later: that is a gap till then.
    """
    column = _TABLES[table].c.id
    found = dict(_digests(db, _TABLES[table], SEALED[table], or_(column > until, column.in_(list(gaps)))))
    top = max((int(number) for number in found), default=until)
    left = (set(gaps) | set(range(until + 1, top + 1))) - set(found)
    return found, max(top, until), tuple(sorted(left)[-_MOST_GAPS:])


def fresh_runs(db: Connection, until: int, gaps: Sequence[int]) -> tuple[list[str], int, tuple[int, ...]]:
    """Runs that were finished since the run of fence ``until``; the new ``until``, and fences of runs still going."""
    fence = runs.c.fence
    rows = db.execute(select(runs.c.id, fence, runs.c.finished_at).where(or_(fence > until, fence.in_(list(gaps)))))
    found = {row.fence: row for row in rows.all()}
    going = sorted(number for number, row in found.items() if row.finished_at is None)
    done = [found[number].id for number in sorted(found) if number not in going]
    return done, max([until, *found]), tuple(going)


def outcomes_of(db: Connection, run_id: str) -> dict[str, dict[str, str]]:
    """Source → URL → digest of the outcome, of one run."""
    asked = select(*(outcomes.c[name] for name in OUTCOMES)).where(outcomes.c.run_id == run_id)
    found: dict[str, dict[str, str]] = {}
    for row in db.execute(asked.order_by(outcomes.c.source_id, outcomes.c.url)):
        digest = row_digest(dict(row._mapping))[:_SHORT]
        found.setdefault(row.source_id, {})[row.url] = digest
    return found


def digests_of(db: Connection, table: str, columns: Sequence[str], numbers: Collection[Number]) -> dict[Number, str]:
    """Digest of each of these rows over these columns, as far as the rows are there.

    ``LookupError`` for a table or column that this version does not have.
    """
    kept = _TABLES[table]
    if not set(columns) <= set(kept.c.keys()):
        raise LookupError(f"{table} has no column {', '.join(sorted(set(columns) - set(kept.c.keys())))}")
    asked, found = sorted(numbers, key=str), dict[Number, str]()
    for start in range(0, len(asked), _PART):
        found.update(_digests(db, kept, columns, kept.c.id.in_(asked[start : start + _PART])))
    return found


def numbers_until(db: Connection, table: str, until: int) -> set[int]:
    """Numbers of all rows up to ``until``."""
    column = _TABLES[table].c.id
    return set(db.scalars(select(column).where(column <= until)))


def misnamed(db: Connection) -> Iterator[tuple[str, int]]:
    """Claims and statements (table, number) whose key is not that of their words: one of the two was edited.

    A bare answer has the key of its question with it, which stands on the page and not in its row: it is not looked at.
    """
    for table in (claims, statements):
        for row in db.execute(select(table.c.id, table.c.key, table.c.quote).order_by(table.c.id)):
            if wording_key(row.quote) != row.key and not ANSWER.match(row.quote.strip()):
                yield table.name, row.id


def _digests(
    db: Connection, table: Table, columns: Sequence[str], where: ColumnElement[bool]
) -> Iterator[tuple[Number, str]]:
    asked = select(table.c.id.label("sealed_number"), *(table.c[name] for name in columns)).where(where)
    for row in db.execute(asked.order_by(table.c.id)):
        yield row[0], row_digest(dict(zip(columns, row[1:], strict=True)))


def row_digest(values: Mapping[str, Any]) -> str:
    """SHA-256 (hexadecimal) of a row's values as JSON: names in order, ASCII alone, no blanks; times as ISO 8601.

    The same row gives the same digest on SQLite and PostgreSQL.
    """
    told = json.dumps(values, ensure_ascii=True, sort_keys=True, separators=(",", ":"), default=_plain)
    return hashlib.sha256(told.encode()).hexdigest()


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


class SealedStore:
    """The database as ``seal.hold`` asks it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def digests(self, table: str, columns: Collection[str], numbers: Collection[Number]) -> Mapping[Number, str]:
        """Digest of each of these rows that is there; LookupError for a table or column that there is none of."""
        if table not in _TABLES:
            raise LookupError(f"there is no table {table}")
        with self._store.reading() as db:
            return digests_of(db, table, tuple(columns), numbers)

    def outcomes(self, run_id: str) -> Mapping[str, Mapping[str, str]]:
        """Source → URL → digest, of one run."""
        with self._store.reading() as db:
            return outcomes_of(db, run_id)

    def numbers_until(self, table: str, until: int) -> Collection[int]:
        """Numbers of all rows up to ``until``; none of a table that there is none of."""
        if table not in _TABLES:
            return ()
        with self._store.reading() as db:
            return numbers_until(db, table, until)

    def settled_files(self) -> Mapping[str, datetime]:
        """Archive file → when every answer in it had its row."""
        with self._store.reading() as db:
            return settled_files(db)
