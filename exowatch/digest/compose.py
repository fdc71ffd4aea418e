"""One letter out of rows already read: what is news, what waits, what only moved, and how much was seen. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from exowatch.digest.ranking import Row, by_severity, gravity, iso, news_order, queue_order
from exowatch.model.changes import Digest
from exowatch.model.readings import SEVERITIES, Severity

_R = TypeVar("_R", bound=Row)
_NEWS = ("new", "stronger", "returned")
#: What a flag of the window tells already, so that it is not told again as a change.
_TOLD = {
    "new": ("new",),
    "stronger": ("stronger", "reworded", "moved"),
    "returned": ("returned",),
    "reassessed": ("verdict",),
}
_UNDECIDED = (None, "", "undecided", "stale")
#: Kinds of source whose coverage concerns every reader, wherever they sit.
_EVERYBODYS = ("journal", "regulator", "register")


@dataclass(frozen=True, slots=True)
class Rows:
    """What was read for one letter, as rows of the listings (interface.md). Times are datetimes or ISO text.

    ``flags``: those raised in the window, and every undecided one of the baseline. ``changes``: of the window.
    ``unconfirmed``: rows of claims missed by their newest fit captures and not yet gone. ``outcomes``: of the
    window, those that are not READ or UNCHANGED.
    """

    flags: Sequence[Row] = ()
    changes: Sequence[Row] = ()
    unconfirmed: Sequence[Row] = ()
    statements: Sequence[Row] = ()
    studies: Sequence[Row] = ()
    coverage: Sequence[Row] = ()
    outcomes: Sequence[Row] = ()
    issues: Sequence[Row] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """For whom and for which days a letter is, and how much it may hold."""

    until: datetime
    since: datetime | None = None
    jurisdiction: str | None = None
    simulated: bool = False
    knowledge: str = ""
    previous_id: int | None = None
    threshold: Severity = "medium"
    """Graver or equal flags are told one by one; lesser ones are counted."""
    baseline_per_day: int = 5


def compose(rows: Rows, letter: Letter) -> Digest:
    """The digest of ``rows``: news gravest first, a few of the baseline, and everything else under its own heading.

    Supported claims and withdrawn flags are no news. A flag carries ``before`` and ``why`` of the change that it
    tells; that change is then left out of ``changes``.
    """
    rows = _within(rows, letter.jurisdiction)
    open_flags = [row for row in rows.flags if _open(row)]
    news = [row for row in open_flags if row.get("change") in _NEWS]
    waiting = [row for row in open_flags if row.get("change") == "baseline" and _undecided(row)]
    queue = sorted(_grave(waiting, letter), key=queue_order)
    reassessed = [row for row in rows.flags if row.get("change") == "reassessed"]
    told, changes = _tell([*news, *reassessed], rows.changes)
    told.sort(key=news_order)
    fresh = [row for row in told if row["change"] != "reassessed"]
    again = [row for row in told if row["change"] == "reassessed"]
    return Digest(
        jurisdiction=letter.jurisdiction,
        since=letter.since,
        until=letter.until,
        simulated=letter.simulated,
        flags=tuple(_grave(fresh, letter)),
        baseline=_rows(queue[: letter.baseline_per_day]),
        baseline_count=len(queue),
        reassessed=tuple(_grave(again, letter, ungraded=True)),
        changes=_rows(sorted(changes, key=_change_order)),
        statements=_rows(rows.statements),
        studies=_rows(rows.studies),
        coverage=_rows(sorted(rows.coverage, key=_coverage_order)),
        unfit=_rows(sorted(rows.outcomes, key=_outcome_order)),
        issues=_rows(rows.issues),
        counts=_counts(news, waiting, letter),
        knowledge=letter.knowledge,
        previous_id=letter.previous_id,
        unconfirmed=_rows(sorted(rows.unconfirmed, key=_outcome_order)),
    )


def _within(rows: Rows, jurisdiction: str | None) -> Rows:
    """The rows that concern ``jurisdiction``: its flags, what moved at sources that sit there or address it, and what
    concerns everybody."""
    if jurisdiction is None:
        return rows
    flags = [row for row in rows.flags if _concerns(row, jurisdiction)]
    own = {row.get("source") for row in rows.coverage if _addresses(row, jurisdiction)}
    ours = own | {row.get("source") for row in flags}
    watched = ours | {row.get("source") for row in rows.coverage if row.get("kind") in _EVERYBODYS}

    def of(sources: set[Any], found: Iterable[Row]) -> list[Row]:
        return [row for row in found if row.get("source") in sources]

    return Rows(
        flags=flags,
        changes=of(watched, rows.changes),
        unconfirmed=of(ours, rows.unconfirmed),
        statements=[row for row in rows.statements if _concerns(row, jurisdiction) or _addresses(row, jurisdiction)],
        studies=rows.studies,
        coverage=of(watched, rows.coverage),
        outcomes=of(watched, rows.outcomes),
        issues=[row for row in rows.issues if row.get("source") is None or row.get("source") in watched],
    )


def _addresses(source: Row, jurisdiction: str) -> bool:
    """The source sits in ``jurisdiction`` or speaks to people there."""
    return jurisdiction in (source.get("jurisdiction"), *(source.get("audience") or ()))


def _concerns(row: Row, jurisdiction: str) -> bool:
    """True where the row names ``jurisdiction`` as its own, among several, or names none."""
    own = (row.get("jurisdiction"), row.get("about_jurisdiction"))
    named = {*own, *(row.get("jurisdictions") or ())} - {None, ""}
    return not named or jurisdiction in named


def _open(row: Row) -> bool:
    """Neither withdrawn nor closed since it was raised, and not supported by evidence."""
    return row.get("state") in (None, "open") and row.get("verdict") != "supported"


def _undecided(row: Row) -> bool:
    review = row.get("review")
    reading = review.get("reading") if isinstance(review, Mapping) else review
    return reading in _UNDECIDED


def _grave(rows: Iterable[_R], letter: Letter, ungraded: bool = False) -> list[_R]:
    """Rows at or above the threshold; ``ungraded``: those that no longer have a severity (withdrawn) too."""
    limit = SEVERITIES.index(letter.threshold)
    return [row for row in rows if gravity(row) <= limit or (ungraded and row.get("severity") is None)]


def _tell(flags: Iterable[Row], changes: Sequence[Row]) -> tuple[list[dict[str, Any]], list[Row]]:
    """The flags with the wording before them, and the changes that no flag tells."""
    told, used = list[dict[str, Any]](), set[int]()
    found = _findable(changes)
    for flag in flags:
        row = dict(flag)
        for kind in _TOLD.get(str(flag.get("change")), ()):
            for place in found.get((kind, *_by_lineage(flag)), found.get((kind, *_by_wording(flag, "quote")), ())):
                used.add(place)
                row["before"] = row.get("before") or changes[place].get("before")
                row["why"] = row.get("why") or changes[place].get("why")
        told.append(row)
    return told, [change for place, change in enumerate(changes) if place not in used]


def _findable(changes: Sequence[Row]) -> dict[tuple[object, ...], list[int]]:
    """Places of claims' changes by kind and lineage; where a change names none, by kind, source and new wording."""
    found = dict[tuple[object, ...], list[int]]()
    for place, change in enumerate(changes):
        if change.get("subject", "claim") == "claim":
            name = _by_lineage(change) if change.get("lineage_id") is not None else _by_wording(change, "after")
            found.setdefault((change.get("kind"), *name), []).append(place)
    return found


def _by_lineage(row: Row) -> tuple[object, ...]:
    return ("lineage", row.get("lineage_id"))


def _by_wording(row: Row, words: str) -> tuple[object, ...]:
    return ("wording", row.get("source"), row.get(words))


def _counts(news: Sequence[Row], waiting: Sequence[Row], letter: Letter) -> dict[str, int]:
    """News by severity, and what the threshold holds back of news and of the baseline."""
    return {
        **by_severity(news),
        "below_threshold": len(news) - len(_grave(news, letter)),
        "baseline_below_threshold": len(waiting) - len(_grave(waiting, letter)),
    }


def _rows(rows: Iterable[Row]) -> tuple[dict[str, Any], ...]:
    return tuple(dict(row) for row in rows)


_CHANGE_ORDER = (
    "gone",
    "weaker",
    "moved",
    "reworded",
    "stronger",
    "returned",
    "new",
    "verdict",
    "position",
    "vanished",
)


def _change_order(row: Row) -> tuple[object, ...]:
    kind = row.get("kind")
    place = _CHANGE_ORDER.index(kind) if kind in _CHANGE_ORDER else len(_CHANGE_ORDER)
    return place, str(row.get("source") or ""), str(row.get("url") or ""), iso(row.get("at"))


def _coverage_order(row: Row) -> tuple[str, str]:
    return str(row.get("jurisdiction") or ""), str(row.get("source") or "")


def _outcome_order(row: Row) -> tuple[str, str]:
    return str(row.get("source") or ""), str(row.get("url") or "")
