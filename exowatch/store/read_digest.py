"""What a letter is made of: all that was settled since the letter before (``covers``)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from exowatch.store.covers import AT_ONCE, Covers, kept_covers, newest, since_time
from exowatch.store.flagging import parts
from exowatch.store.flapping import RETURNS
from exowatch.store.read_considered import decisions, stale_reviews
from exowatch.store.read_coverage import coverage, unread_pages
from exowatch.store.read_rows import rows
from exowatch.store.tables import digests
from exowatch.store.write_looks import newest_looks, shown_by

__all__ = [
    "Covers",
    "Told",
    "keep_letter",
    "last_letter",
    "letter_by_number",
    "letter_rows",
    "newest",
    "newest_letters",
    "since_time",
]

Row = dict[str, Any]

#: A statement that stands on another page by now, since its page moved or was copied, is not made again by that.
_FIRST_PLACE = "id = (SELECT MIN(e.id) FROM appearances e WHERE e.lineage_id = v.lineage_id)"
#: News that a letter before told, that stands there, and on which nobody decided.
_NAMED = (
    "(SELECT id, severity, source, url, quote, raised_at, lineage_id, change, state, verdict, review, action, kinds,"
    " language, jurisdiction, jurisdictions, live FROM v_flags)"
)
_TOLD_BEFORE = (
    "change <> 'baseline' AND id <= :after AND state = 'open' AND severity IN ('critical', 'high') AND live <> 'no'"
    " AND (review IS NULL OR action = 'undecided')"
)


@dataclass(frozen=True, slots=True)
class Told:
    """A letter as it was kept."""

    id: int
    until: datetime
    covers: Covers
    body: dict[str, Any]


def last_letter(db: Connection, jurisdiction: str | None) -> Told | None:
    """The newest letter that the command line kept for this jurisdiction."""
    same = digests.c.jurisdiction.is_(None) if jurisdiction is None else digests.c.jurisdiction == jurisdiction
    row = db.execute(select(digests).where(same, digests.c.reader.is_(None)).order_by(digests.c.id.desc())).first()
    return None if row is None else _told(db, row)


def newest_letters(db: Connection, jurisdiction: str | None, most: int) -> list[Told]:
    """The newest letters that the command line kept for this jurisdiction, newest first."""
    same = digests.c.jurisdiction.is_(None) if jurisdiction is None else digests.c.jurisdiction == jurisdiction
    asked = select(digests).where(same, digests.c.reader.is_(None)).order_by(digests.c.id.desc()).limit(most)
    return [_told(db, row) for row in db.execute(asked).all()]


def _told(db: Connection, row: Any) -> Told:
    return Told(row.id, row.until, kept_covers(db, row.covers, row.until), row.body)


def letter_by_number(db: Connection, number: int) -> Told | None:
    """A kept letter."""
    row = db.execute(select(digests).where(digests.c.id == number)).first()
    return None if row is None else _told(db, row)


def keep_letter(
    db: Connection,
    *,
    jurisdiction: str | None,
    since: datetime | None,
    until: datetime,
    covers: Covers,
    previous_id: int | None,
    simulated: bool,
    body: dict[str, Any],
    reader: str | None = None,
) -> int:
    """Keep a composed letter; its number. ``reader``: digest of the subscription it is for."""
    return int(
        db.execute(
            insert(digests)
            .values(
                jurisdiction=jurisdiction,
                reader=reader,
                since=since,
                until=until,
                covers=asdict(covers),
                previous_id=previous_id,
                composed_at=until,
                simulated=simulated,
                body=body,
            )
            .returning(digests.c.id)
        ).scalar_one()
    )


def letter_rows(db: Connection, after: Covers, upto: Covers | None = None) -> dict[str, list[Row]]:
    """Rows for the letter: ``flags``, ``earlier`` (undecided news of letters before, critical and high), ``changes``,
    ``unconfirmed``, ``statements``, ``studies``, ``coverage``, ``outcomes``, ``issues``.

    The window starts after ``after`` and ends with ``upto`` (None: with the newest).
    """
    upto = upto or newest(db)
    news = "change <> 'baseline' AND id > :after"
    inventory = "change = 'baseline' AND state = 'open' AND (review IS NULL OR action = 'undecided')"
    stale, decided = stale_reviews(db), decisions(db)
    flagged = _between(db, "v_flags", after.flag, upto.flag, f"({news}) OR ({inventory})")
    flagged = _with_looks(db, flagged + _back_again(db, stale - {row["id"] for row in flagged}))
    changed = _between(db, "v_changes", after.change, upto.change)
    earlier = rows(db, _NAMED, [_TOLD_BEFORE], {"after": after.flag})
    return {
        "flags": [row | {"wording": "stale" if row["id"] in stale else "current"} for row in flagged],
        "earlier": [row for row in earlier if row["id"] not in stale],
        "changes": [
            row | {"decided": decided[row["lineage_id"]]}
            if _since(row, decided.get(row.get("lineage_id") or 0))
            else row
            for row in changed
        ],
        "unconfirmed": _unconfirmed(db),
        "statements": _statements(db, after, upto),
        "studies": _between(db, "v_studies", after.study, upto.study),
        "coverage": coverage(db, after, upto),
        "outcomes": unread_pages(db, after, upto),
        "issues": _between(db, "issues", after.issue, upto.issue),
    }


def _between(db: Connection, view: str, after: int, upto: int, which: str = "id > :after") -> list[Row]:
    return rows(db, view, [which, "id <= :upto"], {"after": after, "upto": upto})


def _statements(db: Connection, after: Covers, upto: Covers) -> list[Row]:
    """Statements first met in the window. A seller's own are told once its visit has settled that they are new."""
    found = _between(db, "v_statements", after.appearance, upto.appearance, f"id > :after AND {_FIRST_PLACE}")
    for part in parts(after.unsettled):
        names = {f"place_{place}": number for place, number in enumerate(part)}
        found += rows(db, "v_statements", [f"id IN ({', '.join(f':{name}' for name in names)})", _FIRST_PLACE], names)
    waiting = set(upto.unsettled)
    return [
        row
        for row in sorted(found, key=lambda one: int(one["id"]))
        if row["source_kind"] in AT_ONCE or not (row["left_censored"] or row["id"] in waiting)
    ]


def _back_again(db: Connection, stale: Collection[int]) -> list[Row]:
    """Flags of the baseline whose words moved after a decision and are still there: they wait again, closed or not."""
    found: list[Row] = []
    for part in parts(sorted(stale)):
        names = {f"flag_{place}": flag for place, flag in enumerate(part)}
        where = [
            f"id IN ({', '.join(f':{name}' for name in names)})",
            "change = 'baseline' AND state <> 'withdrawn' AND lineage_state <> 'gone'",
        ]
        found += [row | {"state": "open"} for row in rows(db, "v_flags", where, names)]
    return found


def _since(change: Row, decision: Row | None) -> bool:
    """The change came after the decision, so that whoever decided does not know of it."""
    return decision is not None and datetime.fromisoformat(change["at"]) > decision["at"]


def _with_looks(db: Connection, flagged: list[Row]) -> list[Row]:
    """Flags with who alone shows their words (``shown_by``), where crawler and browser both looked at the page."""
    found = newest_looks(db, [(row["source"], row["url"]) for row in flagged])
    return [
        row | {"shown_by": shown_by(found.get((row["source"], row["url"])), row["claim_key"])} if found else row
        for row in flagged
    ]


def _unconfirmed(db: Connection) -> list[Row]:
    """One row a claim that fit captures lack but that is not yet gone; none for claims that come and go."""
    found: dict[int, Row] = {}
    for row in rows(db, "v_claims", ["lineage_state = 'unconfirmed'"]):
        found.setdefault(row["lineage_id"], row)
    waiting = ["state = 'unconfirmed'", f"returns < {RETURNS}"]
    missed = {row["id"]: row["misses"] for row in rows(db, "lineages", waiting)}
    return [row | {"misses": missed[lineage]} for lineage, row in found.items() if lineage in missed]
