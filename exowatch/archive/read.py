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
from exowatch.errors import ArchiveError
from exowatch.model.captures import Capture, WarcPlace


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

    Raises ArchiveError where the record is missing, damaged, or none.
    """
    record, body = record_at(folder, place)
    if record.rec_type == "revisit":
        told = record.rec_headers.get_header("ExoWatch-Refers-To-Place") or ""
        file, _, offset = told.rpartition("@")
        if not offset.isdigit():
            raise ArchiveError(
                "a revisit record that does not say what it repeats", file=place.file, offset=place.offset
            )
        return read_response(folder, WarcPlace(file, int(offset)))
    if record.rec_type != "response" or record.http_headers is None:
        raise ArchiveError(
            f"a {record.rec_type} record where an answer should be", file=place.file, offset=place.offset
        )
    return Archived(
        record_id=names.record_id(record.rec_headers.get_header("WARC-Record-ID")),
        url=record.rec_headers.get_header("WARC-Target-URI"),
        status=int(record.http_headers.get_statuscode() or 0),
        headers=tuple(record.http_headers.headers),
        body=body,
        payload_digest=record.rec_headers.get_header(names.PAYLOAD) or "",
        fetched_at=datetime.fromisoformat(record.rec_headers.get_header("WARC-Date")),
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
    """Every answer and revisit in ``file``, as it was handed on when it was written."""
    with (folder / file).open("rb") as handle:
        records = ArchiveIterator(handle)
        for record in records:
            size = len(record.raw_stream.read())
            offset = records.get_record_offset()  # after the body: asking for it reads the record to its end
            if record.rec_type in ("response", "revisit") and record.rec_headers.get_header(names.SOURCE):
                yield _rebuilt(record, WarcPlace(file, offset), size)


def _rebuilt(record: Any, place: WarcPlace, size: int) -> Capture:
    told, http = record.rec_headers.get_header, record.http_headers.get_header
    content_type = http("Content-Type")
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
        content_encoding=http("Content-Encoding"),
        size=size,
        truncated=told("WARC-Truncated"),
        revisit_of=revisit,
        not_modified=revisit is not None,
    )
