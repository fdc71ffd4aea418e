"""Crossref's works: one or a page of them; corrections and retractions in both directions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from exowatch.errors import UnreadableError
from exowatch.model.records import Answer, Record
from exowatch.model.titles import LIFTS, TELLS, mark_of
from exowatch.records.plain import doi_of, json_of, value_in, with_values, without_addresses, words

_KINDS = {
    "retraction": "retracted",
    "withdrawal": "retracted",
    "removal": "retracted",
    "partial_retraction": "retracted",
}
_KINDS |= {
    "expression_of_concern": "concern",
    "correction": "corrected",
    "corrigendum": "corrected",
    "erratum": "corrected",
    "reinstatement": "reinstated",
    "removal_of_expression_of_concern": "cleared",
}


def read_crossref(body: bytes, url: str) -> Answer:
    """One answer; UnreadableError where it is none. An unknown DOI is told as plain text with status 404."""
    told = json_of(body, url)
    message = told.get("message") if isinstance(told, dict) else None
    if not isinstance(message, dict):
        raise UnreadableError("no answer of Crossref", url=url)
    if told.get("message-type") == "work" or "DOI" in message:
        return Answer((_record(message),), None, 1)
    items = [one for one in message.get("items") or [] if isinstance(one, dict)]
    cursor, rows = message.get("next-cursor"), int(value_in(url, "rows") or message.get("items-per-page") or 20)
    more = cursor and len(items) >= rows
    following = with_values(url, cursor=cursor) if more else None
    return Answer(tuple(_record(one) for one in items), following, message.get("total-results"))


def _record(one: dict[str, Any]) -> Record:
    doi = doi_of(one.get("DOI"))
    happened = _happened(one)
    does = [TELLS.get(kind) for note in one.get("update-to") or [] if (kind := _kind(note))]
    title = " ".join(words(part) for part in (one.get("title") or []))
    if not any(does):  # some publishers call the notice as they call the article, too
        happened.append(mark_of(title))
    return Record(
        kind="article",
        id=doi or str(one.get("URL") or ""),
        url=str(one.get("URL") or (f"https://doi.org/{doi}" if doi else "")),
        title=title,
        summary=words(one.get("abstract")),
        published=_date(one.get("issued")) or _date(one.get("published")),
        updated=_date(one.get("deposited")),
        language=one.get("language"),
        doi=doi,
        identifiers=(f"doi:{doi}",) if doi else (),
        journal=next(iter(one.get("container-title") or []), None),
        types=tuple(str(kind) for kind in (one.get("type"), one.get("subtype")) if kind),
        relations=tuple(dict.fromkeys(name for name in (*happened, *does) if name)),
        notices=tuple(_notices(one)),
        references=tuple(dict.fromkeys(d for ref in one.get("reference") or [] if (d := doi_of(ref.get("DOI"))))),
        facts=without_addresses(one),
    )


def _happened(one: dict[str, Any]) -> list[str | None]:
    """What became of this work, oldest first; what was taken away again is left out."""
    notes = [note for note in one.get("updated-by") or [] if isinstance(note, dict)]
    told = [_kind(note) for note in sorted(notes, key=lambda note: _date(note.get("updated")) or "")]
    lifted = {kind: place for kind in LIFTS for place, one in enumerate(told) if one == LIFTS[kind]}
    back = {LIFTS[kind] for kind in lifted if kind not in told[lifted[kind] :]}
    return [
        one
        for place, one in enumerate(told)
        if place >= lifted.get(one or "", 0) and (one not in LIFTS.values() or one in back)
    ]


def _notices(one: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What this work says of others."""
    for note in one.get("update-to") or []:
        kind = _kind(note)
        if kind and (target := doi_of(note.get("DOI"))):
            yield f"doi:{target}", kind


def _kind(note: Any) -> str | None:
    return (
        _KINDS.get(str(note.get("type", "")).lower().replace("-", "_").replace(" ", "_"))
        if isinstance(note, dict)
        else None
    )


def _date(told: Any) -> str | None:
    parts = ((told or {}).get("date-parts") or [[]])[0] if isinstance(told, dict) else []
    return "-".join(f"{part:02d}" if place else str(part) for place, part in enumerate(parts) if part) or None
