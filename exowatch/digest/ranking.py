"""What comes first in a letter: gravity, then how it came about, then whose it is; and what belongs under one page."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from exowatch.model.readings import SEVERITIES

Row = Mapping[str, Any]
SHOWN_PER_PAGE = 3
_CHANGES = ("new", "stronger", "returned", "reassessed", "baseline")


@dataclass(frozen=True, slots=True)
class PageGroup:
    """The flags of one trader on one page: the gravest to show, and how many more there are."""

    trader: str
    source: str
    url: str
    title: str | None
    shown: tuple[Row, ...]
    more: int
    rows: tuple[Row, ...] = ()
    """All of them."""


def gravity(row: Row) -> int:
    """0 for critical … 3 for low; what has no known severity comes last."""
    severity = row.get("severity")
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)


#: What weighs more of two flags of one severity (docs/digest.md): law names these kinds before the others.
_KINDS = ("regulatory", "disease", "guarantee", "safety", "efficacy", "superiority", "testimonial", "mechanism")


#: How likely a flag must have been read rightly to stand among the first, and one that is critical or high; one that
#: was not weighed is sure (docs/digest.md tells what these gave).
SURE, SURE_OF_GRAVE = 0.87, 0.88
_STEPS = (0.5, 0.7)
#: A claim about the law that names none of these says how the law classes a product; two in three of those that were
#: flagged as grave were read wrongly (unseen weights, 2026-11-26).
_STANDINGS = ("approved", "cleared", "registered", "compliant", "trial")


def sure(row: Row) -> bool:
    """It was most likely read rightly: the graver, the more certain it must be."""
    certainty = row.get("certainty")
    if certainty is None:
        return True
    grave = row.get("severity") in ("critical", "high")
    if grave and "regulatory" in (row.get("kinds") or ()) and row.get("status") not in _STANDINGS:
        return False
    return float(certainty) >= (SURE_OF_GRAVE if grave else SURE)


def certainty_words(row: Row) -> str:
    """``sure``, ``doubtful`` (the letter tells it under "Perhaps read wrongly"), or ``not weighed``."""
    return "not weighed" if row.get("certainty") is None else "sure" if sure(row) else "doubtful"


def _likely(row: Row) -> int:
    """Which step of certainty it reaches."""
    return len(_STEPS) + 1 if sure(row) else bisect(_STEPS, float(row["certainty"]))


def parted(news: Iterable[Row]) -> tuple[list[Row], list[Row], list[Row]]:
    """News that a visitor sees; what none sees; and what may well have been read wrongly."""
    rows = list(news)
    seen = [row for row in rows if sure(row) and row.get("visible") != "no"]
    unseen = [row for row in rows if sure(row) and row.get("visible") == "no"]
    return seen, unseen, [row for row in rows if not sure(row)]


def news_order(row: Row) -> tuple[object, ...]:
    """Sort key of news: what is sure; severity; then what a visitor sees, said outright and denied by evidence; then
    the kind; then new before stronger before returned, on how many sites, source and age."""
    change = row.get("change")
    place = _CHANGES.index(change) if change in _CHANGES else len(_CHANGES)
    sites = -int(row.get("sites") or 1)
    return -_likely(row), gravity(row), _doubt(row), _kind(row), place, sites, str(row.get("source")), *_age(row)


def _doubt(row: Row) -> int:
    """How much there is against putting it first: gone again, unseen, said by somebody else, or hedged; evidence
    against it is for it."""
    against = (
        row.get("live") == "no",
        row.get("visible") == "no",
        row.get("speaker") in ("customer", "third_party"),
        row.get("stance") in ("hedged", "attributed", "question"),
        row.get("verdict") == "partly",
    )
    return sum(1 for one in against if one) - (1 if row.get("verdict") == "contradicted" else 0)


def _kind(row: Row) -> int:
    return min((_KINDS.index(kind) for kind in row.get("kinds") or () if kind in _KINDS), default=len(_KINDS))


def queue_order(row: Row) -> tuple[object, ...]:
    """Sort key of a waiting queue: what was most likely read rightly, as for news; severity; who waited longest."""
    return -_likely(row), gravity(row), *_age(row)


def iso(value: object) -> str:
    """A time of a row (datetime or ISO text) as ISO text, for sorting and for JSON; empty for None."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return "" if value is None else str(value)


def trader_of(row: Row) -> str:
    """The name of the firm behind a row: its trader where one is known, else its source."""
    trader = row.get("trader")
    name = trader.get("name") if isinstance(trader, Mapping) else trader
    return str(name or row.get("source") or "")


def by_page(rows: Sequence[Row]) -> tuple[PageGroup, ...]:
    """Rows gathered by trader and page, pages in the order of their first row (rows come gravest first)."""
    gathered: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        gathered.setdefault((trader_of(row), str(row.get("url") or "")), []).append(row)
    return tuple(_group(trader, url, found) for (trader, url), found in gathered.items())


def printed_rows(rows: Sequence[Row], most: int) -> list[Row]:
    """The flags that are printed: the gravest of each of the first ``most`` pages."""
    return [row for page in by_page(rows)[:most] for row in page.shown]


def by_severity(rows: Iterable[Row]) -> dict[str, int]:
    """How many rows of each severity, gravest first, zeros included."""
    counts = dict.fromkeys(map(str, SEVERITIES), 0)
    for row in rows:
        if row.get("severity") in counts:
            counts[str(row["severity"])] += 1
    return counts


def _group(trader: str, url: str, rows: list[Row]) -> PageGroup:
    first = rows[0]
    shown = tuple(rows[:SHOWN_PER_PAGE])
    return PageGroup(
        trader, str(first.get("source") or ""), url, first.get("page_title"), shown, len(rows) - len(shown), tuple(rows)
    )


def _age(row: Row) -> tuple[str, str]:
    return iso(row.get("raised_at") or row.get("first_seen")), str(row.get("id") or "").rjust(20)
