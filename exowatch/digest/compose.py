"""One letter out of rows already read: what is news, what waits, what only moved, and how much was seen. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from exowatch.digest.case_lines import concerned
from exowatch.digest.ranking import Row, by_page, by_severity, gravity, iso, news_order, queue_order
from exowatch.model.changes import Digest, Subscription
from exowatch.model.readings import SEVERITIES

_R = TypeVar("_R", bound=Row)
_NEWS = ("new", "stronger", "returned")
#: What a flag of the window tells already, so that it is not told again as a change.
_TOLD = {
    "new": ("new",),
    "stronger": ("stronger", "reworded", "moved"),
    "returned": ("returned",),
    "reassessed": ("verdict",),
}
#: What a flag of a letter before is named by.
_NAMED_BY = ("id", "severity", "source", "url", "quote", "raised_at", "lineage_id")
_UNDECIDED = (None, "", "undecided", "stale")
#: Kinds of source whose coverage concerns every reader, wherever they sit.
_EVERYBODYS = ("journal", "regulator", "register")
#: Of the baseline only what is as grave as this is put before a person day by day; the rest is counted.
_DAYS = 30
_QUEUED = SEVERITIES.index("high")
#: Codes of outcomes by which a site keeps us out.
REFUSALS = ("robots", "challenge", "login-wall", "cookie-wall", "http-401", "http-403", "http-429", "blocked")


@dataclass(frozen=True, slots=True)
class Rows:
    """What was read for one letter, as rows of the listings (interface.md). Times are datetimes or ISO text.

    ``flags``: those raised in the window, and every undecided one of the baseline. ``changes``: of the window.
    ``unconfirmed``: rows of claims missed by their newest fit captures and not yet gone. ``outcomes``: of the
    window, those that are not READ or UNCHANGED.
    """

    flags: Sequence[Row] = ()
    earlier: Sequence[Row] = ()
    """Critical and high news of letters before that nobody has decided on."""
    changes: Sequence[Row] = ()
    unconfirmed: Sequence[Row] = ()
    statements: Sequence[Row] = ()
    studies: Sequence[Row] = ()
    coverage: Sequence[Row] = ()
    outcomes: Sequence[Row] = ()
    issues: Sequence[Row] = ()
    days: Sequence[Row] = ()
    """One row a flag raised as news in the last 30 days: raised_at, severity, jurisdiction(s), kinds, language."""
    cases: Sequence[Row] = ()


EVERYTHING = Subscription()


@dataclass(frozen=True, slots=True)
class Letter:
    """For whom and for which days a letter is, and how much it may hold."""

    until: datetime
    since: datetime | None = None
    wanted: Subscription = EVERYTHING
    simulated: bool = False
    knowledge: str = ""
    previous_id: int | None = None
    baseline_per_day: int = 5
    """Entries, which are pages of a trader, that each letter adds of what was there when we began."""
    shown: tuple[int, ...] = ()
    """Flags of the baseline that the letters before have shown in this round."""
    running: tuple[str, ...] = ()
    zone: str = "UTC"
    """Whose days the chart counts."""


def compose(rows: Rows, letter: Letter) -> Digest:
    """The digest of ``rows``: news gravest first, a few of the baseline, and everything else under its own heading.

    Supported claims and withdrawn flags are no news. A flag carries ``before`` and ``why`` of the change that it
    tells; that change is then left out of ``changes``.
    """
    wanted, all_flags = letter.wanted, len(rows.flags)
    rows = _within(rows, wanted)
    raised = _raised_again(rows.flags)
    open_flags = [row for row in raised if _open(row)]
    news = [row for row in open_flags if row.get("change") in _NEWS and not _decided(row)]
    waiting = [row for row in open_flags if row.get("change") == "baseline" and _undecided(row)]
    queue = sorted((row for row in waiting if gravity(row) <= _QUEUED), key=queue_order)
    inventory, shown = _of_inventory(queue, letter)
    reassessed = [row for row in raised if row.get("change") == "reassessed"]
    told, changes = _tell([*news, *reassessed], rows.changes)
    told.sort(key=news_order)
    fresh = together([row for row in told if row["change"] != "reassessed"])
    again = [row for row in told if row["change"] == "reassessed"]
    decided = [row for row in changes if _after_decision(row)]
    return Digest(
        jurisdiction=wanted.place,
        since=letter.since,
        until=letter.until,
        simulated=letter.simulated,
        flags=tuple(_grave(fresh, wanted)),
        undecided=_rows(_undecided_before(rows.earlier)),
        baseline=_rows(inventory),
        baseline_count=len(by_page(queue)),
        reassessed=tuple(_grave(again, wanted, ungraded=True)),
        changes=_rows(sorted((row for row in changes if not _after_decision(row)), key=_change_order)),
        statements=_rows(rows.statements),
        studies=_rows(rows.studies),
        coverage=_rows(sorted(rows.coverage, key=_coverage_order)),
        unfit=_rows(sorted(rows.outcomes, key=_outcome_order)),
        issues=_rows(rows.issues),
        counts=_counts(news, waiting, queue, wanted) | _settled_before(raised),
        knowledge=letter.knowledge,
        previous_id=letter.previous_id,
        unconfirmed=_rows(sorted(rows.unconfirmed, key=_outcome_order)),
        jurisdictions=wanted.jurisdictions,
        places=tuple(_by_place(news, wanted)),
        days=tuple(_by_day(rows.days, letter.until.astimezone(ZoneInfo(letter.zone)))),
        decided=_rows(sorted(decided, key=_change_order)),
        cases=_rows(rows.cases),
        refusing=tuple(_refusing(rows)),
        shown=shown,
        running=letter.running,
        left_out=all_flags - len(rows.flags),
        subscription=asdict(wanted),
    )


def _undecided_before(earlier: Iterable[Row]) -> list[Row]:
    """What still waits of letters before, gravest first, then who waited longest; a row holds what names it."""
    waiting = sorted((row for row in earlier if _open(row)), key=lambda row: (gravity(row), iso(row.get("raised_at"))))
    return [{name: row.get(name) for name in _NAMED_BY} for row in waiting]


def _raised_again(flags: Sequence[Row]) -> list[Row]:
    """News of the window that was withdrawn and put before a person again is told as the news that it is: no letter
    has told the flag before."""
    untold = {
        row["lineage_id"]: row["change"]
        for row in flags
        if row.get("change") in _NEWS and row.get("state") == "withdrawn" and row.get("lineage_id") is not None
    }
    again = [row.get("change") == "reassessed" and _open(row) and row.get("lineage_id") in untold for row in flags]
    return [
        {**row, "change": untold[row["lineage_id"]]} if news else row for row, news in zip(flags, again, strict=True)
    ]


def _after_decision(change: Row) -> bool:
    """The page moved a claim that a person had decided on."""
    ours = change.get("cause", "page") != "page"
    return bool(change.get("decided")) and not ours and change.get("subject", "claim") == "claim"


def together(flags: Sequence[_R]) -> list[Any]:
    """One row for a claim that stands on several sites: the first of them, with the others under ``also``."""
    first: dict[object, int] = {}
    found: list[Any] = []
    for row in flags:
        name = row.get("group_id")
        place = first.get(name) if name is not None else None
        if place is None or found[place].get("source") == row.get("source"):
            first.setdefault(name, len(found))
            found.append(row)
        else:
            beside = {key: row.get(key) for key in ("id", "source", "trader", "url")}
            found[place] = {**found[place], "also": [*found[place].get("also", ()), beside]}
    return found


def _of_inventory(queue: Sequence[Row], letter: Letter) -> tuple[list[Row], tuple[int, ...]]:
    """The pages of the baseline that are shown now, and the flags shown in this round so far.

    What was shown and not decided comes again once everything else was shown.
    """
    shown = set(letter.shown)
    unseen = [row for row in queue if row.get("id") not in shown]
    if not unseen:
        unseen, shown = list(queue), set()
    pages = by_page(unseen)[: letter.baseline_per_day]
    names = {(page.trader, page.url) for page in pages}
    picked = [row for page in by_page(unseen) if (page.trader, page.url) in names for row in page.rows]
    waiting = {row.get("id") for row in queue}
    return picked, tuple(sorted((shown & waiting) | {int(row["id"]) for row in picked if row.get("id")}))


def _by_place(news: Sequence[Row], wanted: Subscription) -> Iterable[dict[str, Any]]:
    """Counts of news by severity, one row a jurisdiction that is concerned, gravest first."""
    found: dict[str, list[Row]] = {}
    for row in news:
        for place in {str(one) for one in _named(row)}:
            if not wanted.jurisdictions or place in wanted.jurisdictions:
                found.setdefault(place, []).append(row)
    counted = [{"jurisdiction": place, **by_severity(some)} for place, some in found.items()]
    return sorted(counted, key=lambda one: (*(-one[severity] for severity in SEVERITIES), one["jurisdiction"]))


def _by_day(raised: Sequence[Row], until: datetime) -> Iterable[dict[str, Any]]:
    """Counts by severity of each of the last 30 days as the clock of ``until`` has them, days without any included."""
    days = [(until - timedelta(days=back)).date().isoformat() for back in range(_DAYS - 1, -1, -1)]
    found: dict[str, list[Row]] = {day: [] for day in days}
    for row in raised:
        day = datetime.fromisoformat(iso(row["raised_at"])).astimezone(until.tzinfo).date().isoformat()
        if day in found:
            found[day].append(row)
    return ({"day": day, **by_severity(some)} for day, some in found.items())


def _refusing(rows: Rows) -> Iterable[dict[str, Any]]:
    """Sources that kept us out, with how many pages and by what, most pages first."""
    names = {row.get("source"): row.get("name") for row in rows.coverage}
    counted: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows.outcomes:
        code, source = str(row.get("code")), str(row.get("source"))
        if code in REFUSALS:
            nothing = {"source": source, "name": names.get(source), "code": code, "pages": 0, "url": row.get("url")}
            counted.setdefault((source, code), nothing)["pages"] += 1
    return sorted(counted.values(), key=lambda one: (-one["pages"], one["source"], one["code"]))


def _within(rows: Rows, wanted: Subscription) -> Rows:
    """The rows that a reader wants: flags of the kinds, languages and jurisdictions, what moved at sources that sit
    there or address them, and what concerns everybody."""
    if wanted.kinds or wanted.languages:
        rows = replace(
            rows,
            flags=[row for row in rows.flags if _of_kind(row, wanted)],
            earlier=[row for row in rows.earlier if _of_kind(row, wanted)],
            days=[row for row in rows.days if _of_kind(row, wanted)],
        )
    places = wanted.jurisdictions
    if not places:
        return rows
    flags = [row for row in rows.flags if _concerns(row, places)]
    own = {row.get("source") for row in rows.coverage if _addresses(row, places)}
    ours = own | {row.get("source") for row in flags}
    watched = ours | {row.get("source") for row in rows.coverage if row.get("kind") in _EVERYBODYS}

    def of(sources: set[Any], found: Iterable[Row]) -> list[Row]:
        return [row for row in found if row.get("source") in sources]

    return Rows(
        flags=flags,
        earlier=[row for row in rows.earlier if _concerns(row, places)],
        changes=of(watched, rows.changes),
        unconfirmed=of(ours, rows.unconfirmed),
        statements=[row for row in rows.statements if _concerns(row, places) or _addresses(row, places)],
        studies=rows.studies,
        coverage=of(watched, rows.coverage),
        outcomes=of(watched, rows.outcomes),
        issues=[row for row in rows.issues if row.get("source") is None or row.get("source") in watched],
        days=[row for row in rows.days if _concerns(row, places)],
        cases=[row for row in rows.cases if concerned(row, places)],
    )


def _of_kind(row: Row, wanted: Subscription) -> bool:
    kinds = not wanted.kinds or not set(wanted.kinds).isdisjoint(row.get("kinds") or ())
    return kinds and (not wanted.languages or row.get("language") in wanted.languages)


def _addresses(source: Row, places: Sequence[str]) -> bool:
    """The source sits in one of ``places`` or speaks to people there."""
    return not {source.get("jurisdiction"), *(source.get("audience") or ())}.isdisjoint(places)


def _concerns(row: Row, places: Sequence[str]) -> bool:
    """True where the row names one of ``places`` as its own, among several, or names none."""
    named = _named(row)
    return not named or not named.isdisjoint(places)


def _named(row: Row) -> set[Any]:
    own = (row.get("jurisdiction"), row.get("about_jurisdiction"))
    return {*own, *(row.get("jurisdictions") or ())} - {None, ""}


def _open(row: Row) -> bool:
    """Neither withdrawn nor closed since it was raised, and not supported by evidence."""
    return row.get("state") in (None, "open") and row.get("verdict") != "supported"


def _undecided(row: Row) -> bool:
    return not _decided(row)


def _decided(row: Row) -> bool:
    """A person judged these very words; once they move, the judgement is stale and decides nothing."""
    review = row.get("review")
    reading = review.get("reading") if isinstance(review, Mapping) else review
    open_still = reading == "right" and row.get("action") == "undecided"
    return reading not in _UNDECIDED and not open_still and row.get("wording") != "stale"


def _grave(rows: Iterable[_R], wanted: Subscription, ungraded: bool = False) -> list[_R]:
    """Rows at or above the threshold; ``ungraded``: those that no longer have a severity (withdrawn) too."""
    limit = SEVERITIES.index(wanted.threshold)
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


def _counts(news: Sequence[Row], waiting: Sequence[Row], queue: Sequence[Row], wanted: Subscription) -> dict[str, int]:
    """News by severity, and what is held back of news (by the threshold) and of the baseline (all that is no better
    than medium)."""
    return {
        **by_severity(news),
        "below_threshold": len(news) - len(_grave(news, wanted)),
        "baseline_below_threshold": len(waiting) - len(queue),
        "baseline_flags": len(queue),
    }


def _settled_before(raised: Sequence[Row]) -> dict[str, int]:
    """News that is told no more: a person decided on it before the letter, or evidence supports it by now."""
    news = [row for row in raised if row.get("change") in _NEWS]
    again = {row.get("lineage_id") for row in news if _open(row)}
    decided = [row for row in news if row.get("state") == "closed" or (_open(row) and _decided(row))]
    gone = [
        row for row in news if row.get("state") != "closed" and not _open(row) and row.get("lineage_id") not in again
    ]
    return {"decided_before": len(decided), "withdrawn": len(gone)}


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
