"""Reading WARC records back: a body by its place, and Captures rebuilt from nothing but the archive."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from exowatch.archive import headers as names
from exowatch.archive.digests import digest_of
from exowatch.archive.walk import Cut, Found, walk
from exowatch.archive.wire import message_of
from exowatch.errors import ArchiveError
from exowatch.model.addresses import page_of
from exowatch.model.captures import Capture, WarcPlace

#: Revisit records that may stand between a capture and its body; ours point at the body itself.
_LONGEST_CHAIN = 8
_ANY_SIZE = 1 << 62
_LONGEST_OFFSET = 18


@dataclass(frozen=True, slots=True)
class Archived:
    """One archived answer with its body as sent."""

    record_id: str
    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    payload_digest: str
    fetched_at: datetime


def read_response(folder: Path, place: WarcPlace) -> Archived:
    """The answer at ``place``; a revisit record is followed to the record that holds the body.

    Raises ArchiveError where the record is missing, damaged, none, or not what its own digest says.
    """
    asked = place
    for _ in range(_LONGEST_CHAIN):
        record = record_at(folder, place)
        if record.kind != "revisit":
            return _archived(record, place)
        place = repeated_place(record, place)
    raise ArchiveError("revisit records that lead to each other", file=asked.file, offset=asked.offset)


def repeated_place(record: Found, place: WarcPlace) -> WarcPlace:
    """Where the body of a revisit record stands."""
    file, _, offset = (record.told(names.REPEATS) or "").rpartition("@")
    if not offset.isascii() or not offset.isdigit() or len(offset) > _LONGEST_OFFSET:
        raise ArchiveError("a revisit record that does not say what it repeats", file=place.file, offset=place.offset)
    return WarcPlace(file, int(offset))


def record_at(folder: Path, place: WarcPlace) -> Found:
    """The whole WARC record at ``place``; ArchiveError where there is none."""
    path = folder / place.file
    if not path.exists():
        path = folder / f"{place.file}.open"  # written by a process that is still going
    problem = "the file ends before it"
    try:
        with path.open("rb") as file:
            part = next(walk(file, start=place.offset, limit=_ANY_SIZE), None)
    except FileNotFoundError:
        raise ArchiveError("the file is missing", file=place.file, offset=place.offset) from None
    except OSError as error:
        raise ArchiveError(f"cannot be read: {error.strerror}", file=place.file, offset=place.offset) from None
    if isinstance(part, Found) and part.offset == place.offset:
        return part
    if isinstance(part, Cut):
        problem = part.problem
    raise ArchiveError(f"no readable record: {problem}", file=place.file, offset=place.offset)


def captures_in(folder: Path, file: str) -> Iterator[Capture]:
    """Every page's answer or revisit in ``file``, as it was handed on when it was written.

    What can be read of a damaged file is given first; then ArchiveError, at the first place that cannot.
    """
    damage: tuple[int, str] | None = None
    try:
        with (folder / file).open("rb") as handle:
            for part in walk(handle, limit=_ANY_SIZE):
                if isinstance(part, Cut):
                    damage = damage or (part.offset, part.problem)
                elif part.kind in ("response", "revisit") and part.told(names.SOURCE) and part.told(names.PAGE) != "no":
                    place = WarcPlace(file, part.offset)
                    try:
                        yield _rebuilt(part, place)
                    except (ValueError, TypeError, LookupError) as error:
                        damage = damage or (part.offset, f"no capture can be rebuilt from it: {error}")
    except OSError as error:
        raise ArchiveError(f"cannot be read to its end: {error}", file=file) from None
    if damage is not None:
        raise ArchiveError(f"cannot be read to its end: {damage[1]}", file=file, offset=damage[0])


def _archived(record: Found, place: WarcPlace) -> Archived:
    told = record.told
    if record.kind != "response":
        raise ArchiveError(f"a {record.kind} record where an answer should be", file=place.file, offset=place.offset)
    try:
        sent, at = message_of(record.block), datetime.fromisoformat(told("WARC-Date") or "")
    except ValueError as error:
        raise ArchiveError(f"no answer of a server: {error}", file=place.file, offset=place.offset) from None
    digest = told(names.PAYLOAD) or ""
    if digest.startswith("sha256:") and digest != digest_of(sent.body):
        raise ArchiveError("the body does not match its digest", file=place.file, offset=place.offset)
    return Archived(
        record_id=names.record_id(told("WARC-Record-ID")),
        url=told("WARC-Target-URI") or "",
        status=sent.status,
        headers=sent.headers,
        body=sent.body,
        payload_digest=digest,
        fetched_at=at,
    )


def _rebuilt(record: Found, place: WarcPlace) -> Capture:
    sent = message_of(record.block)
    told, http = record.told, sent.get
    kept = json.loads(told(names.KNOWN) or "[null, null, null]")
    content_type = http("Content-Type") or kept[0]
    revisit = names.record_id(told("WARC-Refers-To")) or None
    url = told("WARC-Target-URI") or ""
    return Capture(
        id=names.record_id(told("WARC-Record-ID")),
        source_id=told(names.SOURCE) or "",
        run_id=told(names.RUN) or "",
        url=told(names.FIRST_URL) or url,
        final_url=page_of(url),
        fetched_at=datetime.fromisoformat(told("WARC-Date") or ""),
        status=sent.status,
        payload_digest=told(names.PAYLOAD) or "",
        warc=place,
        redirect_chain=tuple(json.loads(told(names.CHAIN) or "[]")),
        etag=http("ETag"),
        last_modified=http("Last-Modified"),
        media_type=content_type.split(";")[0].strip().lower() if content_type else None,
        content_type=content_type,
        content_encoding=kept[1] if revisit else http("Content-Encoding"),
        size=len(sent.body) if kept[2] is None else kept[2],
        truncated=told("WARC-Truncated"),
        revisit_of=revisit,
        not_modified=revisit is not None,
    )
