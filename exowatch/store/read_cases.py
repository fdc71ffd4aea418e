"""What the database knows of cases: their flags, their steps, and what became of each claim since the letter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from exowatch.model.decisions import SOON
from exowatch.store.flagging import parts
from exowatch.store.read_rows import rows
from exowatch.store.tables import flags, reviews

Row = dict[str, Any]
#: Changes of a page that answer a letter, one way or the other.
MOVED = ("gone", "weaker", "reworded", "returned", "stronger", "moved")
#: Cases that nobody waits for any more.
_OVER = ("closed",)
#: Cases in which no answer is due by the deadline.
_SETTLED = ("complied", "closed")


def case_row(db: Connection, case_id: int) -> Row | None:
    """The case; None where there is no such number."""
    found = rows(db, "v_cases", ["id = :wanted"], {"wanted": case_id})
    return found[0] if found else None


def case_rows(db: Connection, status: str | None = None, trader: str | None = None) -> list[Row]:
    """Cases with this status and this text in the trader's name, those with the nearest deadline first."""
    where, values = list[str](), dict[str, Any]()
    if status:
        where.append("status = :status")
        values["status"] = status
    order = "CASE WHEN status = 'closed' THEN 1 ELSE 0 END, COALESCE(CAST(deadline_on AS TEXT), '9999'), id"
    found = rows(db, "v_cases", where, values, order)
    return [row for row in found if not trader or trader.lower() in row["trader"].lower()]


def case_steps(db: Connection, case_id: int) -> list[Row]:
    """Everything that was written down about a case, oldest first."""
    return rows(db, "v_case_events", ["case_id = :wanted"], {"wanted": case_id})


def case_flags(db: Connection, case_id: int) -> list[Row]:
    """Rows of ``v_flags`` of a case, by number; ``because``: that of the newest decision."""
    found = rows(db, "v_flags", ["case_id = :wanted"], {"wanted": case_id})
    reasons = select(reviews.c.flag_id, reviews.c.because).join(flags, flags.c.id == reviews.c.flag_id)
    reasons = reasons.where(flags.c.case_id == case_id).order_by(reviews.c.id)
    because = {row.flag_id: row.because for row in db.execute(reasons)}
    return [row | {"because": because.get(row["id"])} for row in found]


def your_cases(db: Connection, now: datetime, after: int = 0) -> list[Row]:
    """Every case that is not closed, as the daily letter tells it under "Your cases"; the nearest deadline first.

    Each row: ``case, trader, status, deadline_on`` (ISO day or None), ``days_left`` (whole days from ``now``; negative:
    overdue; None: no answer is due), ``due`` (True: within ``SOON`` days, or overdue), ``letter_at`` (UTC text of the
    newest letter, None: none went out), ``since`` (``letter_at``, else when the case was opened),
    ``jurisdictions`` (where its sources sit and whom they address; where none of its flags was read rightly, those of
    all its flags, else of its trader's sources in the watchlist; none: unknown), ``replies`` (to the case as a whole:
    ``words, by, at``), ``news`` (a claim moved by a change numbered above ``after``, or ``due``), and ``claims``, one a
    flag: ``flag, source, jurisdictions, url, page_title, quote, language, severity, lineage_id, review, action, live,
    first_seen, last_seen, moved`` (what the page did last since ``since``: one of ``MOVED``, None: it stands as it
    stood), ``moved_at, words_now`` (where they were changed), ``change_id`` (number of that change, for ``after``),
    ``replies`` (to this flag).

    Only what a page did counts as moved; what our own rules or the evidence did never. Flags that were read wrongly
    are left out.
    """
    open_ones = [row for row in case_rows(db) if row["status"] not in _OVER]
    held = _by_case(rows(db, "v_flags", ["case_id IS NOT NULL"])) if open_ones else {}  # one look for all of them
    steps = _by_case(rows(db, "v_case_events", ["kind = 'reply'"])) if open_ones else {}
    found = [_told(db, row, held.get(row["id"], []), steps.get(row["id"], []), now, after) for row in open_ones]
    return sorted(found, key=lambda one: (one["days_left"] is None, one["days_left"] or 0, one["case"]))


def told_case(db: Connection, row: Row, now: datetime) -> Row:
    """One row of ``your_cases``, flags that were read wrongly included."""
    steps = [step for step in case_steps(db, row["id"]) if step["kind"] == "reply"]
    return _told(db, row, case_flags(db, row["id"]), steps, now, 0, misread=True)


def _by_case(found: Iterable[Row]) -> dict[int, list[Row]]:
    told: dict[int, list[Row]] = {}
    for row in found:
        told.setdefault(row["case_id"], []).append(row)
    return told


def _told(
    db: Connection,
    row: Row,
    held: Sequence[Row],
    steps: Sequence[Row],
    now: datetime,
    after: int,
    *,
    misread: bool = False,
) -> Row:
    places = _places(held)
    held = [flag for flag in held if misread or flag["review"] != "wrong"]
    since = row["letter_at"] or row["opened_at"]
    moved = _last_moves(db, {flag["lineage_id"] for flag in held}, since)
    claims = [_claim(flag, moved.get(flag["lineage_id"]), steps) for flag in held]
    left = days_left(row, now)
    due = left is not None and left <= SOON
    return {
        "case": row["id"],
        "trader": row["trader"],
        "status": row["status"],
        "deadline_on": None if row["deadline_on"] is None else str(row["deadline_on"]),
        "days_left": left,
        "due": due,
        "letter_at": row["letter_at"],
        "since": since,
        "jurisdictions": sorted(_places(held) or places or _places(_sources_of(db, row["trader"]))),
        "replies": _replies(steps, None),
        "news": due or any((one["change_id"] or 0) > after for one in claims),
        "claims": claims,
    }


def days_left(row: Mapping[str, Any], now: datetime) -> int | None:
    """Whole days until the deadline of a case; negative once it went by; None where no answer is due."""
    if row["deadline_on"] is None or row["status"] in _SETTLED:
        return None
    return (date.fromisoformat(str(row["deadline_on"])) - now.date()).days


def _claim(flag: Row, change: Row | None, steps: Iterable[Row]) -> Row:
    told = ("source", "url", "page_title", "quote", "language", "severity", "lineage_id", "review", "action", "live")
    kind = change["kind"] if change else None
    return {
        "flag": flag["id"],
        "jurisdictions": sorted(_places([flag])),
        **{name: flag[name] for name in (*told, "first_seen", "last_seen")},
        "moved": kind,
        "moved_at": change["at"] if change else None,
        "words_now": change["after"] if change and kind not in ("gone", "moved", "returned") else None,
        "change_id": change["id"] if change else None,
        "replies": _replies(steps, flag["id"]),
    }


def _replies(steps: Iterable[Row], flag_id: int | None) -> list[Row]:
    return [{name: one[name] for name in ("words", "by", "at")} for one in steps if one["flag_id"] == flag_id]


def _places(held: Iterable[Row]) -> set[str]:
    return {place for flag in held for place in (flag["jurisdiction"], *(flag["audience"] or ())) if place}


def _sources_of(db: Connection, trader: str) -> list[Row]:
    return rows(db, "v_sources", ["trader = :trader"], {"trader": trader})


def _last_moves(db: Connection, lineage_ids: set[int], since: str) -> dict[int, Row]:
    """Lineage → what its page did with it last, after ``since``."""
    found: dict[int, Row] = {}
    for part in parts(sorted(lineage_ids)):
        names = {f"lineage_{i}": lineage for i, lineage in enumerate(part)}
        where = [
            f"lineage_id IN ({', '.join(f':{name}' for name in names)})",
            f"kind IN {MOVED}",  # as SQL writes a list, too
            "subject = 'claim' AND cause = 'page' AND at > :since",
        ]
        found |= {row["lineage_id"]: row for row in rows(db, "v_changes", where, names | {"since": since})}
    return found
