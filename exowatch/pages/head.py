"""What the head of a page says: title, meta, Open Graph, canonical address, JSON-LD; and when it was published."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from exowatch.model.pages import Zone
from exowatch.pages.drafts import Draft
from exowatch.pages.jsonld import json_ld

_NAMED = ("title", "meta", "link", "base", "script")
_MOST_META = 2000
_MOST_SAID = 50
_DATE_NAMES = (
    "citation_publication_date",
    "citation_date",
    "citation_online_date",
    "article:published_time",
    "og:article:published_time",
    "dc.date.issued",
    "dc.date",
    "dcterms.issued",
    "dcterms.date",
    "datepublished",
    "date",
    "pubdate",
)
#: Days written out, as some journals print them.
_WRITTEN = ("%d %b %Y", "%d %B %Y", "%B %d, %Y", "%b %d, %Y", "%B %Y", "%b %Y")
_DATE = re.compile(r"^\s*(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?!\d)")


@dataclass(slots=True)
class Head:
    """Gathered from title, meta, link, base and script elements wherever they stand."""

    title: str | None = None
    meta: dict[str, tuple[str, ...]] = field(default_factory=dict)
    drafts: list[Draft] = field(default_factory=list)
    """Title and descriptions."""
    json_drafts: list[Draft] = field(default_factory=list)
    json_dates: list[str] = field(default_factory=list)
    canonical: str | None = None
    base: str | None = None
    scripts: int = 0
    """Programs, JSON-LD apart."""
    json_scripts: int = 0


def read_head(root: Any) -> Head:
    """Head of the tree under ``root``; addresses as written."""
    head = Head()
    values: dict[str, list[str]] = {}
    said: set[str] = set()
    for element in root.iter(*_NAMED):
        tag = element.tag
        if tag == "title":
            _title(element, head, said)
        elif tag == "meta":
            _meta(element, head, values, said)
        elif tag == "script":
            _script(element, head, said)
        elif tag == "base":
            head.base = head.base or element.get("href")
        elif "canonical" in (element.get("rel") or "").lower().split():
            head.canonical = head.canonical or element.get("href")
    head.meta = {name: tuple(found) for name, found in values.items()}
    return head


def published_on(head: Head, times: Iterable[str]) -> str | None:
    """The day (or month, or year) of publication as ISO 8601: from meta, else JSON-LD, else the first ``<time>``."""
    named = (value for name in _DATE_NAMES for value in head.meta.get(name, ()))
    for value in (*named, *head.json_dates, *times):
        found = iso_day(value)
        if found:
            return found
    return None


def iso_day(value: str) -> str | None:
    """``2026/2/9 …`` and ``9 Feb 2026`` as ``2026-02-09``; None for what is no date."""
    found = _DATE.match(value)
    if not found:
        return _written_out(value.strip())
    year, month, day = found.groups()
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return "-".join([year, *(part.zfill(2) for part in (month, day) if part)]) if int(year) > 1900 else None


def _written_out(value: str) -> str | None:
    for form in _WRITTEN:
        try:
            day = datetime.strptime(value, form)  # noqa: DTZ007 - a date without a time has no zone
        except ValueError:
            continue
        return day.strftime("%Y-%m-%d" if "%d" in form else "%Y-%m")
    return None


def css_of(element: Any) -> str | None:
    """A selector that finds the element again, by its place among its siblings of the same name."""
    steps: list[str] = []
    while element is not None and len(steps) < 60:
        tag = str(element.tag)
        place = sum(1 for _ in element.itersiblings(tag, preceding=True)) + 1
        steps.append(tag if tag in ("html", "head", "body") else f"{tag}:nth-of-type({place})")
        element = element.getparent()
    return " > ".join(reversed(steps)) if element is None else None


def _title(element: Any, head: Head, said: set[str]) -> None:
    text = " ".join("".join(element.itertext()).split())
    parent = element.getparent()
    if head.title is None and text and (parent is None or parent.tag != "svg"):
        head.title = text
        _say(head, said, "title", text, element, None)


def _meta(element: Any, head: Head, values: dict[str, list[str]], said: set[str]) -> None:
    name = element.get("name") or element.get("property") or element.get("http-equiv") or element.get("itemprop") or ""
    name, content = name.strip().lower(), element.get("content")
    if not name or content is None or len(values) > _MOST_META:
        return
    text = " ".join(content.split())
    values.setdefault(name, []).append(text)
    if name in ("description", "og:description", "twitter:description", "dc.description", "dcterms.description"):
        _say(head, said, "description", text, element, "content")
    elif name in ("og:title", "twitter:title"):
        _say(head, said, "title", text, element, "content")


def _say(head: Head, said: set[str], zone: Zone, text: str, element: Any, attr: str | None) -> None:
    """One block, unless the head has said exactly this before."""
    if text and text not in said and len(head.drafts) < _MOST_SAID:
        said.add(text)
        head.drafts.append(Draft("meta", zone, text, css=css_of(element), attr=attr))


def _script(element: Any, head: Head, said: set[str]) -> None:
    kind = (element.get("type") or "").split(";")[0].strip().lower()
    if kind != "application/ld+json":
        head.scripts += not kind or "javascript" in kind or kind == "module"
        return
    head.json_scripts += 1
    if head.json_scripts > _MOST_SAID:
        return
    drafts, dates = json_ld(element.text or "", css_of(element))
    head.json_dates.extend(dates)
    first = len(head.json_drafts)
    kept = [draft for draft in drafts if draft.kind != "meta" or draft.text not in said]
    places = {id(draft): first + place for place, draft in enumerate(kept)}
    for draft in kept:
        if draft.question is not None:
            draft.question = places[id(drafts[draft.question])]
    head.json_drafts.extend(kept)
