"""The FDA's list of warning letters: its page, and the tables (HTML in JSON) that the page's script asks for.

Undocumented (sources.md §3): the address of the tables is made from an id that the page carries.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from bs4 import BeautifulSoup, Tag

from exowatch.errors import UnreadableError
from exowatch.records.plain import json_of, value_in, with_values

#: Rows that are asked for at once.
ROWS = 100
_VIEW = re.compile(r"js-view-dom-id-([0-9a-f]{16,})")
_NAMES = ("posted", "issued", "firm", "office", "subject", "response", "closeout")


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of the list."""

    url: str
    firm: str
    words: str
    """All that the row says."""
    facts: dict[str, str]


@dataclass(frozen=True, slots=True)
class Listing:
    """One part of the list."""

    rows: tuple[Listed, ...]
    following: str | None = None
    total: int | None = None


def read_listing(body: bytes, url: str) -> Listing:
    """The page of the list, or one of its tables. UnreadableError where neither is there."""
    if body.lstrip()[:1] == b"{":
        return _table(body, url)
    soup = BeautifulSoup(body, "lxml")
    rows = tuple(row for row in (_row(tr.find_all("td"), url) for tr in soup.find_all("tr")) if row)
    view = _VIEW.search(body.decode("utf-8", "replace"))
    following = None
    if view:
        place = urljoin(url, "/datatables/views/ajax")
        asked = {"view_name": "warning_letter_solr_index", "view_display_id": "warning_letter_solr_block"}
        following = with_values(place, **asked, view_dom_id=view[1], _drupal_ajax=1, start=0, length=ROWS, draw=1)
    if not rows and following is None:
        raise UnreadableError("no list of letters", url=url)
    return Listing(rows, following)


def _table(body: bytes, url: str) -> Listing:
    told = json_of(body, url)
    data = told.get("data") if isinstance(told, dict) else None
    if not isinstance(data, list):
        raise UnreadableError("no table of letters", url=url)
    rows = tuple(row for row in (_cells(cells, url) for cells in data if isinstance(cells, list)) if row)
    total = int(told.get("recordsFiltered") or told.get("recordsTotal") or 0)
    start = int(value_in(url, "start") or 0)
    more = data and start + len(data) < total
    following = with_values(url, start=start + len(data), draw=start // ROWS + 2) if more else None
    return Listing(rows, following, total)


def _cells(cells: list[object], url: str) -> Listed | None:
    return _row([BeautifulSoup(str(cell), "lxml") for cell in cells], url)


def _row(cells: Sequence[Tag], url: str) -> Listed | None:
    texts = [" ".join(cell.get_text(" ").split()) for cell in cells]
    link = next((a for cell in cells for a in cell.find_all("a", href=True) if a.get_text(strip=True)), None)
    if link is None:
        return None
    times = [time.get("datetime") or time.get_text(strip=True) for cell in cells for time in cell.find_all("time")]
    facts = {name: text for name, text in zip(_NAMES, texts, strict=False) if text}
    facts |= {name: str(when) for name, when in zip(("posted", "issued"), times, strict=False)}
    return Listed(urljoin(url, str(link["href"])), link.get_text(" ", strip=True), " ".join(texts), facts)
