"""A page that crawler and browser have both looked at: which sentence stands in which of the two, from the archive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from exowatch.archive import headers as names
from exowatch.archive.excerpt import Files, Record, exchange_at
from exowatch.archive.read import capture_at, read_response
from exowatch.intake import Desk
from exowatch.model.captures import WarcPlace
from exowatch.model.keys import normalised
from exowatch.reading import page_of

#: Media type → how such a file ends.
SUFFIXES = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp"}


@dataclass(frozen=True, slots=True)
class LookFile:
    """One time that a page was looked at."""

    at: str
    read_from: str
    """Whose look the page was read from: crawler or browser."""
    texts: Mapping[str, str]
    """crawler, browser → all that its look holds, made comparable; one that was not fit, or not there, is missing."""
    lacking: str
    secured: bool
    case_id: int | None
    records: tuple[Record, ...]

    def shows(self, quote: str) -> dict[str, bool]:
        """crawler, browser → whether the sentence stands in its look; empty where there was one look alone."""
        if len(self.texts) < len(("crawler", "browser")):
            return {}
        return {side: normalised(quote) in text for side, text in self.texts.items()}


def look_file(desk: Desk, files: Files, row: Mapping[str, Any]) -> LookFile:
    """The look that a row of ``looks`` tells of. ArchiveError where a record of it cannot be read."""
    mine = WarcPlace(row["warc_file"], row["warc_offset"])
    other = WarcPlace(row["beside_file"], row["beside_offset"]) if row["beside_file"] else None
    first, second = ("browser", "crawler") if row["read_from"] == "browser" else ("crawler", "browser")
    texts = {}
    for side, place in ((first, mine), (second, other)):
        text = _text(desk, place) if place else None
        if text is not None:
            texts[side] = text
    return LookFile(
        at=f"{row['at']:%Y-%m-%dT%H:%M:%SZ}",
        read_from=row["read_from"],
        texts=texts,
        lacking=row["lacking"] or "",
        secured=row["secured"],
        case_id=row["case_id"],
        records=tuple(exchange_at(files, mine)),
    )


def _text(desk: Desk, place: WarcPlace) -> str | None:
    """All that a look says; None where it is not fit to speak for the page."""
    capture, body = capture_at(desk.archive_dir, place), read_response(desk.archive_dir, place).body
    page = page_of(capture, body, desk.knowledge, desk.config.crawl.max_bytes)
    return "\n".join(normalised(block.text) for block in page.blocks) if page.fitness.fit else None


def picture_name(record: Record) -> str | None:
    """Where a picture of a page stands in the bundle; None for a record that is none."""
    kind = (record.told("Content-Type") or "").partition(";")[0].strip().lower()
    if record.kind != "resource" or record.told(names.PAGE) != "no" or kind not in SUFFIXES:
        return None
    return f"pages/{record.id}{SUFFIXES[kind]}"
