"""What comes first in a letter: gravity, then how it came about, then whose it is; and what belongs under one page."""

from __future__ import annotations

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


def gravity(row: Row) -> int:
    """0 for critical … 3 for low; what has no known severity comes last."""
    severity = row.get("severity")
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)


def news_order(row: Row) -> tuple[object, ...]:
    """Sort key of news: severity, then new before stronger before returned, then source, then age."""
    change = row.get("change")
    place = _CHANGES.index(change) if change in _CHANGES else len(_CHANGES)
    return gravity(row), place, str(row.get("source") or ""), *_age(row)


def queue_order(row: Row) -> tuple[object, ...]:
    """Sort key of a waiting queue: severity, then what has waited longest."""
    return gravity(row), *_age(row)


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
        trader, str(first.get("source") or ""), url, first.get("page_title"), shown, len(rows) - len(shown)
    )


def _age(row: Row) -> tuple[str, str]:
    return iso(row.get("raised_at") or row.get("first_seen")), str(row.get("id") or "").rjust(20)
