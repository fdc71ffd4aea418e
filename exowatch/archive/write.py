"""Writing WARC 1.1: one file a process, one gzip member a record, on the disk before anything is understood."""

from __future__ import annotations

import fcntl
import hashlib
import io
import os
import secrets
import uuid
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

from warcio.utils import Digester
from warcio.warcwriter import WARCWriter

from exowatch import __version__
from exowatch.archive.clocks import clock_offset
from exowatch.archive.digests import digest_of
from exowatch.archive.exchange import Exchange, Picture
from exowatch.archive.making import answer_record, escaped, one_line, picture_record, request_record, warc_date
from exowatch.archive.sums import add_sum
from exowatch.archive.wire import unbroken
from exowatch.clock import Clock
from exowatch.errors import ArchiveError, RecordError, WrongArchiveError
from exowatch.model.addresses import page_of
from exowatch.model.captures import Capture, WarcPlace
from exowatch.model.sources import Run
from exowatch.room import is_barred, is_full, no_room

#: A file is closed and the next one opened beyond this many bytes.
ROLL_AT = 1_000_000_000
_LEVEL = 3
_INFO = {
    "format": "WARC File Format 1.1",
    "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
    "robots": "obeyed",
    "description": "Transfer-Encoding is dropped, since bodies were de-chunked by the client; Content-Encoding is kept",
}


class WarcWriter:
    """The archive file of one process. ``close`` gives it its final name."""

    def __init__(self, folder: Path, run: Run, clock: Clock, *, roll_at: int = ROLL_AT) -> None:
        self.folder, self._run, self._clock, self._roll_at = folder, run, clock, roll_at
        self._file: Any = None
        self._path: Path | None = None
        self._closed: list[str] = []
        self._sum = hashlib.sha256()

    def put_exchange(self, exchange: Exchange) -> Capture:
        """Write request and response (or revisit) and hand them to the operating system.

        ArchiveError if it cannot; NoRoomError where the disk is full.
        """
        exchange = replace(exchange, url=escaped(exchange.url), request_url=escaped(exchange.request_url))
        self._ready()
        start = self._file.tell()
        try:
            place, capture_id, digest, revisit = self._write(exchange)
        except OSError as error:
            self._cut_back(start)
            raise self._failed("write", error) from error
        return _capture(exchange, self._run, place, capture_id, digest, revisit)

    def put_picture(self, picture: Picture) -> WarcPlace:
        """Write a picture as a resource record; where it stands. Raises as above."""
        self._ready()
        start = self._file.tell()
        memory, writer = _memory_writer()
        writer.write_record(picture_record(writer, picture, self._run))
        try:
            self._put(memory.getvalue())
        except OSError as error:
            self._cut_back(start)
            raise self._failed("write", error) from error
        assert self._path is not None
        return WarcPlace(self._path.with_suffix("").name, start)

    def close(self) -> tuple[str, ...]:
        """Close and name the file; the names (below the archive folder) of all files written."""
        if self._file is not None and self._path is not None:
            final = self._path.with_suffix("")
            try:
                os.fsync(self._file.fileno())
                add_sum(self.folder, final.name, self._sum.hexdigest())
                self._path.rename(final)
            except OSError as error:
                raise self._failed("close", error) from error
            finally:
                self._file.close()
            self._closed.append(final.name)
            self._file = self._path = None
        return tuple(self._closed)

    @property
    def name(self) -> str | None:
        """The open file's final name; None while nothing was written."""
        return self._path.with_suffix("").name if self._path else None

    def _ready(self) -> None:
        if self._file is not None and self._file.tell() > self._roll_at:
            self.close()
        if self._file is not None:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            while self._file is None:
                self._open()
        except OSError as error:
            raise self._failed("open", error) from error

    def _failed(self, what: str, error: OSError) -> RecordError:
        file = self._path or self.folder
        if is_full(error):
            return no_room(f"disk full: cannot {what} {file.name}", self.folder)
        if is_barred(error):
            told = f"cannot {what}: {error.strerror}\n  remedy: let this user write to {self.folder} ([archive] dir)"
            return WrongArchiveError(told, file=str(file))
        return ArchiveError(f"cannot {what}: {error}", file=str(file))

    def _open(self) -> None:
        """A fresh file that this process holds; none where another one took it for an orphan before it was held."""
        stem = f"exowatch-{self._run.id}-{os.getpid()}-{secrets.token_hex(2)}.warc.gz"
        self._path, self._sum = self.folder / f"{stem}.open", hashlib.sha256()
        file = self._path.open("xb", buffering=0)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)  # the kernel frees it when we die: so an orphan is known
            if not self._path.exists():
                file.close()
                return
            self._file = file
            self._put(self._info(stem))
        except OSError:
            self._file = None
            file.close()
            self._path.unlink(missing_ok=True)  # a file without its first record is none
            raise

    def _put(self, data: bytes) -> None:
        """Write all of ``data``; nothing is buffered, so what is written is with the operating system."""
        view = memoryview(data)
        while view:
            view = view[self._file.write(view) or 0 :]
        self._sum.update(data)

    def _cut_back(self, size: int) -> None:
        """Take back a member that was only half written, so that the file ends with a whole one."""
        if self._file is not None:
            self._file.truncate(size)
            self._file.seek(size)

    def _info(self, stem: str) -> bytes:
        facts = {"software": f"ExoWatch/{__version__}"} | _INFO
        if self._run.simulated:
            facts["exowatch-simulated"] = "the clock was set by EXOWATCH_NOW"
        memory, writer = _memory_writer()
        record = writer.create_warcinfo_record(stem, facts)
        record.rec_headers.replace_header("WARC-Date", warc_date(self._clock()))
        writer.write_record(record)
        return memory.getvalue()

    def _write(self, exchange: Exchange) -> tuple[WarcPlace, str, str, str | None]:
        memory, writer = _memory_writer()
        digest = digest_of(exchange.body)
        capture_id = str(uuid.uuid4())
        response, revisit = answer_record(writer, exchange, self._run, capture_id, digest)
        writer.write_record(response)
        if exchange.requested:
            writer.write_record(request_record(writer, exchange, self._run, capture_id))
        offset = self._file.tell()
        self._put(memory.getvalue())
        assert self._path is not None
        return WarcPlace(self._path.with_suffix("").name, offset), capture_id, digest, revisit


class _Writer(WARCWriter):  # type: ignore[misc]  # warcio has no types
    """warcio's writer with SHA-256 instead of SHA-1, and ``_gzipped`` instead of its own compression."""

    def write_record(self, record: Any, params: Any = None) -> None:
        plain = io.BytesIO()
        self._write_warc_record(plain, record)
        self.out.write(_gzipped(plain.getvalue()))

    @staticmethod
    def _create_digester() -> Any:
        return Digester("sha256")


def _gzipped(record: bytes) -> bytes:
    """One gzip member. Level 9 costs 2.6 times the processor of level 3 for a tenth less space (2026-11-25)."""
    return zlib.compress(record, _LEVEL, zlib.MAX_WBITS + 16)


def _memory_writer() -> tuple[io.BytesIO, Any]:
    memory = io.BytesIO()
    return memory, _Writer(memory, gzip=False, warc_version="1.1")


def _capture(
    exchange: Exchange, run: Run, place: WarcPlace, capture_id: str, digest: str, revisit: str | None
) -> Capture:
    told = {name.lower(): value for name, value in exchange.response_headers}
    pairs = exchange.request_headers if exchange.requested else ()
    sent = {name.lower(): unbroken(value) for name, value in pairs}
    known = exchange.known if revisit else None
    content_type = told.get("content-type") or (known.content_type if known else None)
    return Capture(
        id=capture_id,
        source_id=exchange.source_id,
        run_id=run.id,
        url=exchange.url,
        final_url=page_of(exchange.request_url),
        fetched_at=exchange.fetched_at,
        status=exchange.status,
        payload_digest=known.payload_digest if known else digest,
        warc=place,
        redirect_chain=exchange.redirect_chain,
        etag=told.get("etag"),
        last_modified=told.get("last-modified"),
        media_type=content_type.split(";")[0].strip().lower() if content_type else None,
        content_type=content_type,
        content_encoding=known.content_encoding if known else told.get("content-encoding"),
        size=len(exchange.body),
        truncated=exchange.truncated,
        revisit_of=revisit,
        not_modified=revisit is not None,
        ip=one_line(exchange.ip) if exchange.ip else None,
        certificate=exchange.certificate,
        user_agent=sent.get("user-agent"),
        language_sent=sent.get("accept-language"),
        rendered=exchange.browser is not None,
        clock_offset=clock_offset(exchange.response_headers, exchange.fetched_at),
    )
