"""EMA's JSON files: medicines, authorisations, documents, news; one object an entry, with names that differ by file."""

from __future__ import annotations

from typing import Any

from exowatch.errors import UnreadableError
from exowatch.model.records import Answer, Record
from exowatch.records.plain import json_of, without_addresses, words

_TITLES = ("name_of_medicine", "medicine_name", "title", "name", "document_title", "international_non_proprietary_name")
_NUMBERS = ("ema_product_number", "product_number", "reference_number", "id")
_PLACES = ("medicine_url", "document_url", "page_url", "url", "link")
_DATES = ("last_updated_date", "revision_date", "last_update_date", "published_date", "first_published_date", "date")


def read_ema(body: bytes, url: str) -> Answer:
    """One file, utf-8 with or without a mark. UnreadableError where it holds no list."""
    told = json_of(body, url)
    entries = told if isinstance(told, list) else told.get("data") if isinstance(told, dict) else None
    if not isinstance(entries, list):
        raise UnreadableError("no file of EMA", url=url)
    records = tuple(_record(one, url, place) for place, one in enumerate(entries) if isinstance(one, dict))
    stated = told.get("meta") if isinstance(told, dict) else None
    total = stated.get("total_records") if isinstance(stated, dict) else None
    return Answer(records, None, total if isinstance(total, int) else len(records))


def _record(one: dict[str, Any], url: str, place: int) -> Record:
    names = {str(name).lower().replace(" ", "_"): value for name, value in one.items()}

    def first(keys: tuple[str, ...]) -> str:
        return next((words(names[key]) for key in keys if names.get(key)), "")

    number = first(_NUMBERS) or f"{url}#{place}"
    return Record(
        kind="news",
        id=number,
        url=first(_PLACES) or url,
        title=first(_TITLES),
        summary="; ".join(f"{name}: {words(value)}" for name, value in one.items() if value not in (None, "", [])),
        updated=first(_DATES) or None,
        language="en",
        identifiers=(f"ema:{number.lower()}",),
        facts=without_addresses(one),
    )
