"""Reading WARC records back: a body by its place, and Captures rebuilt from nothing but the archive."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from exowatch.archive import headers as names
from exowatch.archive.clocks import clock_offset
from exowatch.archive.digests import digest_of
from exowatch.archive.walk import Cut, Found, walk
from exowatch.archive.wire import Message, message_of
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


def capture_at(folder: Path, place: WarcPlace) -> Capture:
    """The capture whose record stands at ``place``, but for what its request tells. ArchiveError if there is none."""
    try:
        return _rebuilt(record_at(folder, place), place)
    except (ValueError, TypeError, LookupError) as error:
        raise ArchiveError(f"no capture stands here: {error}", file=place.file, offset=place.offset) from None


def captures_in(folder: Path, file: str) -> Iterator[Capture]:
    """Every page's answer or revisit in ``file``, as it was handed on when it was written.

    What can be read of a damaged file is given first; then ArchiveError, at the first place that cannot.
    """
    damage: tuple[int, str] | None = None
    last: Capture | None = None
    try:
        with (folder / file).open("rb") as handle:
            for part in walk(handle, limit=_ANY_SIZE):
                if isinstance(part, Cut):
                    damage = damage or (part.offset, part.problem)
                elif part.kind == "request" and last and names.record_id(part.told(names.BESIDE)) == last.id:
                    last = _as_asked(last, part)  # the request stands right behind its answer
                elif is_page(part):
                    if last:
                        yield last
                    try:
                        last = _rebuilt(part, WarcPlace(file, part.offset))
                    except (ValueError, TypeError, LookupError) as error:
                        last, damage = None, damage or (part.offset, f"no capture can be rebuilt from it: {error}")
    except OSError as error:
        raise ArchiveError(f"cannot be read to its end: {error}", file=file) from None
    if last:
        yield last
    if damage is not None:
        raise ArchiveError(f"cannot be read to its end: {damage[1]}", file=file, offset=damage[0])


def is_page(record: Found) -> bool:
    """An answer of ours that is read as a page, or what a browser made of one."""
    ours = record.kind in ("response", "revisit", "resource") and record.told(names.SOURCE)
    return bool(ours) and record.told(names.PAGE) != "no"


def body_of(record: Found) -> bytes:
    """The body of an answer, or all of a resource: what its payload digest covers."""
    return record.block if record.kind == "resource" else record.block.partition(b"\r\n\r\n")[2]


def sent_in(record: Found) -> Message:
    """The answer in a record. What a browser made of a page has the status of the answer that it began with, and no
    headers but its type. ValueError where it is no answer."""
    if record.kind != "resource":
        return message_of(record.block)
    status, kind = int(record.told(names.STATUS) or 200), record.told("Content-Type")
    return Message(status, "", (("Content-Type", kind),) if kind else (), record.block)


def _archived(record: Found, place: WarcPlace) -> Archived:
    told = record.told
    if record.kind not in ("response", "resource"):
        raise ArchiveError(f"a {record.kind} record where an answer should be", file=place.file, offset=place.offset)
    try:
        sent, at = sent_in(record), datetime.fromisoformat(told("WARC-Date") or "")
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
    sent = sent_in(record)
    told, http = record.told, sent.get
    kept = json.loads(told(names.KNOWN) or "[null, null, null]")
    content_type = http("Content-Type") or kept[0]
    revisit = names.record_id(told("WARC-Refers-To")) or None
    url = told("WARC-Target-URI") or ""
    fetched_at = datetime.fromisoformat(told("WARC-Date") or "")
    return Capture(
        id=names.record_id(told("WARC-Record-ID")),
        source_id=told(names.SOURCE) or "",
        run_id=told(names.RUN) or "",
        url=told(names.FIRST_URL) or url,
        final_url=page_of(url),
        fetched_at=fetched_at,
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
        ip=told("WARC-IP-Address"),
        certificate=told(names.CERTIFICATE),
        rendered=record.kind == "resource",
        clock_offset=_offset(record, sent, fetched_at),
    )


def _offset(record: Found, sent: Message, at: datetime) -> int | None:
    said = record.told(names.CLOCK)
    return int(said) if said else clock_offset(sent.headers, at)


def _as_asked(capture: Capture, request: Found) -> Capture:
    """The capture with what its request tells: imported answers have none, and nothing of ours stands behind them."""
    head = request.block.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
    sent = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in head)}
    return replace(capture, user_agent=sent.get("user-agent"), language_sent=sent.get("accept-language"))
