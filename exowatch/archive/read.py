"""Reading WARC records back: a body by its place, and Captures rebuilt from nothing but the archive."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from exowatch.archive import headers as names
from exowatch.archive.digests import digest_of
from exowatch.errors import ArchiveError
from exowatch.model.captures import Capture, WarcPlace

#: Revisit records that may stand between a capture and its body; ours point at the body itself.
_LONGEST_CHAIN = 8


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
        record, body = record_at(folder, place)
        if record.rec_type != "revisit":
            return _archived(record, body, place)
        place = repeated_place(record, place)
    raise ArchiveError("revisit records that lead to each other", file=asked.file, offset=asked.offset)


def repeated_place(record: Any, place: WarcPlace) -> WarcPlace:
    """Where the body of a revisit record stands."""
    file, _, offset = (record.rec_headers.get_header(names.REPEATS) or "").rpartition("@")
    if not offset.isdigit():
        raise ArchiveError("a revisit record that does not say what it repeats", file=place.file, offset=place.offset)
    return WarcPlace(file, int(offset))


def _archived(record: Any, body: bytes, place: WarcPlace) -> Archived:
    told = record.rec_headers.get_header
    if record.rec_type != "response" or record.http_headers is None:
        raise ArchiveError(
            f"a {record.rec_type} record where an answer should be", file=place.file, offset=place.offset
        )
    digest = told(names.PAYLOAD) or ""
    if digest.startswith("sha256:") and digest != digest_of(body):
        raise ArchiveError("the body does not match its digest", file=place.file, offset=place.offset)
    return Archived(
        record_id=names.record_id(told("WARC-Record-ID")),
        url=told("WARC-Target-URI"),
        status=int(record.http_headers.get_statuscode() or 0),
        headers=tuple(record.http_headers.headers),
        body=body,
        payload_digest=digest,
        fetched_at=datetime.fromisoformat(told("WARC-Date")),
    )


def record_at(folder: Path, place: WarcPlace) -> tuple[Any, bytes]:
    """The WARC record at ``place`` and its payload; ArchiveError where there is none."""
    path = folder / place.file
    if not path.exists():
        path = folder / f"{place.file}.open"  # written by a process that is still going
    try:
        with path.open("rb") as file:
            file.seek(place.offset)
            record = next(iter(ArchiveIterator(file)))
            return record, record.raw_stream.read()
    except FileNotFoundError:
        raise ArchiveError("the file is missing", file=place.file, offset=place.offset) from None
    except (ArchiveLoadFailed, StopIteration, OSError, EOFError, ValueError) as error:
        raise ArchiveError(f"no readable record: {error}", file=place.file, offset=place.offset) from None


def captures_in(folder: Path, file: str) -> Iterator[Capture]:
    """Every page's answer or revisit in ``file``, as it was handed on when it was written.

    What can be read of a damaged file is given first; then ArchiveError.
    """
    try:
        with (folder / file).open("rb") as handle:
            records = ArchiveIterator(handle)
            for record in records:
                size = len(record.raw_stream.read())
                offset = records.get_record_offset()  # after the body: asking for it reads the record to its end
                told = record.rec_headers.get_header
                if record.rec_type in ("response", "revisit") and told(names.SOURCE) and told(names.PAGE) != "no":
                    yield _rebuilt(record, WarcPlace(file, offset), size)
    except (ArchiveLoadFailed, OSError, EOFError) as error:
        raise ArchiveError(f"cannot be read to its end: {error}", file=file) from None


def _rebuilt(record: Any, place: WarcPlace, size: int) -> Capture:
    told, http = record.rec_headers.get_header, record.http_headers.get_header
    kept = json.loads(told(names.KNOWN) or "[null, null, null]")
    content_type = http("Content-Type") or kept[0]
    revisit = names.record_id(told("WARC-Refers-To")) or None
    url = told("WARC-Target-URI")
    return Capture(
        id=names.record_id(told("WARC-Record-ID")),
        source_id=told(names.SOURCE),
        run_id=told(names.RUN),
        url=told(names.FIRST_URL) or url,
        final_url=url.partition("#")[0],
        fetched_at=datetime.fromisoformat(told("WARC-Date")),
        status=int(record.http_headers.get_statuscode() or 0),
        payload_digest=told(names.PAYLOAD) or "",
        warc=place,
        redirect_chain=tuple(json.loads(told(names.CHAIN) or "[]")),
        etag=http("ETag"),
        last_modified=http("Last-Modified"),
        media_type=content_type.split(";")[0].strip().lower() if content_type else None,
        content_type=content_type,
        content_encoding=kept[1] if revisit else http("Content-Encoding"),
        size=size if kept[2] is None else kept[2],
        truncated=told("WARC-Truncated"),
        revisit_of=revisit,
        not_modified=revisit is not None,
    )
