"""What a letter is made of: all that was settled since the letter before, by number and not by clock.

A crawl that ends late is so in the next letter, and a clock that jumps loses nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from exowatch.model.sources import MADE
from exowatch.store.flagging import parts
from exowatch.store.flapping import RETURNS
from exowatch.store.read_considered import decisions, stale_reviews
from exowatch.store.read_rows import rows
from exowatch.store.tables import appearances, changes, digests, flags, issues, runs, studies
from exowatch.store.write_looks import newest_looks, shown_by

Row = dict[str, Any]

#: A statement that stands on another page by now, since its page moved or was copied, is not made again by that.
_FIRST_PLACE = "id = (SELECT MIN(e.id) FROM appearances e WHERE e.lineage_id = v.lineage_id)"


@dataclass(frozen=True, slots=True)
class Covers:
    """The newest number of each kind that letters have told so far."""

    run: int = 0
    flag: int = 0
    change: int = 0
    appearance: int = 0
    study: int = 0
    issue: int = 0
    interrupted: int = 0
    """The newest run that was told as interrupted; 0: none was at that time."""


@dataclass(frozen=True, slots=True)
class Told:
    """A letter as it was kept."""

    id: int
    until: datetime
    covers: Covers
    body: dict[str, Any]


def newest(db: Connection) -> Covers:
    """The newest numbers now. Runs count once they are closed."""

    def top(column: Any, *where: Any) -> int:
        return int(db.execute(select(func.coalesce(func.max(column), 0)).where(*where)).scalar_one())

    return Covers(
        run=top(runs.c.fence, runs.c.finished_at.is_not(None)),
        flag=top(flags.c.id),
        change=top(changes.c.id),
        appearance=top(appearances.c.id),
        study=top(studies.c.id),
        issue=top(issues.c.id),
    )


def last_letter(db: Connection, jurisdiction: str | None) -> Told | None:
    """The newest letter that the command line kept for this jurisdiction."""
    same = digests.c.jurisdiction.is_(None) if jurisdiction is None else digests.c.jurisdiction == jurisdiction
    row = db.execute(select(digests).where(same, digests.c.reader.is_(None)).order_by(digests.c.id.desc())).first()
    return None if row is None else Told(row.id, row.until, Covers(**row.covers), row.body)


def newest_letters(db: Connection, jurisdiction: str | None, most: int) -> list[Told]:
    """The newest letters that the command line kept for this jurisdiction, newest first."""
    same = digests.c.jurisdiction.is_(None) if jurisdiction is None else digests.c.jurisdiction == jurisdiction
    asked = select(digests).where(same, digests.c.reader.is_(None)).order_by(digests.c.id.desc()).limit(most)
    return [Told(row.id, row.until, Covers(**row.covers), row.body) for row in db.execute(asked)]


def letter_by_number(db: Connection, number: int) -> Told | None:
    """A kept letter."""
    row = db.execute(select(digests).where(digests.c.id == number)).first()
    return None if row is None else Told(row.id, row.until, Covers(**row.covers), row.body)


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
    told = {name: getattr(covers, name) for name in Covers.__dataclass_fields__}
    return int(
        db.execute(
            insert(digests)
            .values(
                jurisdiction=jurisdiction,
                reader=reader,
                since=since,
                until=until,
                covers=told,
                previous_id=previous_id,
                composed_at=until,
                simulated=simulated,
                body=body,
            )
            .returning(digests.c.id)
        ).scalar_one()
    )


def since_time(db: Connection, since: str) -> Covers:
    """The numbers that had been reached at ``since`` (UTC text), for a letter about days of one's own choice."""

    def before(table: str, column: str, number: str = "id") -> int:
        found = rows(db, table, [f"{column} < :since"], {"since": since}, f"{number} DESC", 1)
        return int(found[0][number]) if found else 0

    return Covers(
        run=before("runs", "started_at", "fence"),
        flag=before("flags", "raised_at"),
        change=before("changes", "at"),
        appearance=before("appearances", "first_seen"),
        study=before("studies", "first_seen"),
        issue=before("issues", "at"),
    )


def letter_rows(db: Connection, after: Covers) -> dict[str, list[Row]]:
    """Rows for the letter: ``flags``, ``changes``, ``unconfirmed``, ``statements``, ``studies``, ``coverage``,
    ``outcomes``, ``issues``; the window starts after ``after``."""
    numbers = {"after": after.flag}
    news = "change <> 'baseline' AND id > :after"
    inventory = "change = 'baseline' AND state = 'open' AND (review IS NULL OR action = 'undecided')"
    stale, decided = stale_reviews(db), decisions(db)
    flagged = rows(db, "v_flags", [f"({news}) OR ({inventory})"], numbers)
    flagged = _with_looks(db, flagged + _back_again(db, stale - {row["id"] for row in flagged}))
    changed = rows(db, "v_changes", ["id > :after"], {"after": after.change})
    return {
        "flags": [row | {"wording": "stale" if row["id"] in stale else "current"} for row in flagged],
        "changes": [
            row | {"decided": decided[row["lineage_id"]]}
            if _since(row, decided.get(row.get("lineage_id") or 0))
            else row
            for row in changed
        ],
        "unconfirmed": _unconfirmed(db),
        "statements": rows(
            db,
            "v_statements",
            ["id > :after", _FIRST_PLACE, "source_kind IN ('regulator', 'register') OR left_censored = :no"],
            {"after": after.appearance, "no": False},
        ),
        "studies": rows(db, "v_studies", ["id > :after"], {"after": after.study}),
        "coverage": _coverage(db, after.run),
        "outcomes": _outcomes(db, after.run),
        "issues": rows(db, "issues", ["id > :after"], {"after": after.issue}),
    }


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


def _coverage(db: Connection, after_run: int) -> list[Row]:
    """The newest visit of each active source in the window; one of the watchlist without any has nothing seen."""
    window = "run_id IN (SELECT id FROM runs WHERE fence > :after AND finished_at IS NOT NULL)"
    found_visits = rows(db, "v_coverage", [window], {"after": after_run}, "started_at, run_id")
    visits = dict[str, Row]()
    for row in found_visits:
        if row["run_kind"] != "capture" or row["source"] not in visits:  # single pages are no visit to a site
            visits[row["source"]] = row
    found = []
    for source in rows(db, "v_sources", ["retired_on IS NULL"]):
        if source["id"].startswith(MADE) and source["id"] not in visits:
            continue  # nobody is to visit it again
        nothing = dict.fromkeys(("seen", "read", "unchanged", "unfit", "failed", "disallowed"), 0) | {"verdict": None}
        row = visits.get(source["id"], nothing)
        told = {name: source[name] for name in ("name", "kind", "jurisdiction", "audience", "last_fit_at")}
        found.append(row | told | {"source": source["id"]})
    return found


def _outcomes(db: Connection, after_run: int) -> list[Row]:
    """The newest outcome of each page that could not be read in the window."""
    where = [
        "result NOT IN ('READ', 'UNCHANGED') OR code = 'suspicious'",
        "run_id IN (SELECT id FROM runs WHERE fence > :after AND finished_at IS NOT NULL)",
    ]
    newest_of = {(row["source_id"], row["url"]): row for row in rows(db, "outcomes", where, {"after": after_run}, "at")}
    return [row | {"source": row["source_id"]} for row in newest_of.values()]
