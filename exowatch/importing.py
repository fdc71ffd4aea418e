"""Captures made by others, or by hand: WARC, WACZ, HTML and PDF files, on the same path as a crawl."""

from __future__ import annotations

import io
import mimetypes
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from exowatch.archive.mend import mend
from exowatch.archive.write import Exchange, WarcWriter
from exowatch.errors import SetupError, UnreadableError
from exowatch.intake import Desk, begin_run, close_run, settle_file, settle_leftovers, take_in
from exowatch.model.captures import Outcome
from exowatch.model.sources import Source
from exowatch.store.lock import hold_lock

_PAGES = (".html", ".htm", ".pdf", ".txt")


@dataclass(slots=True)
class Imported:
    """What an import came to."""

    run_id: str
    counts: dict[str, int] = field(default_factory=dict)
    refused: list[tuple[str, str]] = field(default_factory=list)
    """Files that could not be taken in, and why."""


#: No page was fetched before there was a web.
_FIRST_WEB = datetime(1991, 1, 1, tzinfo=UTC)


def import_files(
    desk: Desk,
    source: Source,
    paths: Sequence[Path],
    *,
    url: str | None = None,
    fetched_at: str | None = None,
    by: str | None = None,
    on_step: Callable[[Outcome], None] = lambda outcome: None,
) -> Imported:
    """Archive and take in every page of ``paths`` for ``source``. The bytes go into our own archive first.

    Raises SetupError where an HTML or PDF file comes without ``url`` or ``fetched_at``.
    """
    moment = _moment(fetched_at, desk)
    _check_address(url)
    for path in paths:
        if path.suffix.lower() in _PAGES and (url is None or fetched_at is None):
            raise SetupError(
                f"{path} has no address of its own", remedy="add --url and --fetched-at (and --by: who saved it)"
            )
    with hold_lock(desk.config, (source.id,)) as lock:
        mend(desk.archive_dir)
        settle_leftovers(desk, lock)
        run = begin_run(desk, "import", [source])
        result = Imported(run.id)
        desk.archive_dir.mkdir(parents=True, exist_ok=True)
        writer = WarcWriter(desk.archive_dir, run, desk.clock)
        try:
            for path in paths:
                try:
                    for exchange in _exchanges(path, source.id, url, moment, by):
                        outcome = take_in(desk, writer.put_exchange(exchange), source, run)
                        result.counts[outcome.result] = result.counts.get(outcome.result, 0) + 1
                        on_step(outcome)
                except UnreadableError as error:
                    result.refused.append((str(path), error.detail))
        finally:
            files = writer.close()
        for file in files:
            settle_file(desk, file)
        close_run(desk, run, {source.id: "imported"})
    return result


def _moment(fetched_at: str | None, desk: Desk) -> datetime:
    if fetched_at is None:
        return desk.clock()
    try:
        read = datetime.fromisoformat(fetched_at)
    except ValueError:
        raise SetupError(f"{fetched_at!r} is no time", key="--fetched-at", remedy="write 2026-11-24T06:00Z") from None
    moment = read.replace(tzinfo=read.tzinfo or UTC)
    if not _FIRST_WEB <= moment <= desk.clock() + timedelta(days=1):
        raise SetupError(
            f"{fetched_at!r} is no time at which a page was fetched", key="--fetched-at", remedy="when it was saved"
        )
    return moment


def _check_address(url: str | None) -> None:
    """What is no web address would stand in the archive for good, and in the way of every later run."""
    if url is None:
        return
    try:
        parts = urlsplit(url)
        right = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        right = False
    if not right or any(letter.isspace() or not letter.isprintable() for letter in url):
        raise SetupError(f"{url!r} is no web address", key="--url", remedy="write https://clinic.example/page")


def _exchanges(path: Path, source_id: str, url: str | None, at: datetime, by: str | None) -> Iterator[Exchange]:
    name = path.name.lower()
    if name.endswith((".warc", ".warc.gz")):
        with path.open("rb") as file:
            yield from _from_warc(file, source_id)
    elif name.endswith(".wacz"):
        yield from _from_wacz(path, source_id)
    elif name.endswith(_PAGES) and url is not None:
        media = mimetypes.guess_type(name)[0] or "application/octet-stream"
        headers = [("Content-Type", media)] + ([("X-Saved-By", by)] if by else [])
        yield _exchange(source_id, url, 200, "OK", headers, path.read_bytes(), at)
    else:
        raise UnreadableError("not a WARC, WACZ, HTML, PDF or text file")


def _from_wacz(path: Path, source_id: str) -> Iterator[Exchange]:
    try:
        with zipfile.ZipFile(path) as bundle:
            inside = [one for one in bundle.namelist() if one.endswith((".warc", ".warc.gz"))]
            if not inside:
                raise UnreadableError("this WACZ holds no WARC file")
            for one in inside:
                yield from _from_warc(io.BytesIO(bundle.read(one)), source_id)
    except zipfile.BadZipFile:
        raise UnreadableError("not a WACZ (no ZIP file)") from None


def _from_warc(file: BinaryIO, source_id: str) -> Iterator[Exchange]:
    """Every whole HTTP answer of a WARC file; redirects, requests and revisits without a body are passed over."""
    try:
        for record in ArchiveIterator(file):
            if record.rec_type != "response" or record.http_headers is None:
                continue
            status = int(record.http_headers.get_statuscode() or 0)
            uri = record.rec_headers.get_header("WARC-Target-URI")
            if not uri or not uri.startswith(("http://", "https://")) or 300 <= status < 400:
                continue
            when = datetime.fromisoformat(record.rec_headers.get_header("WARC-Date"))
            headers = [(k, v) for k, v in record.http_headers.headers if k.lower() != "transfer-encoding"]
            yield _exchange(source_id, uri, status, "", headers, record.raw_stream.read(), when)
    except (ArchiveLoadFailed, ValueError, EOFError, OSError) as error:
        raise UnreadableError(f"this WARC file cannot be read: {error}") from None


def _exchange(
    source_id: str, url: str, status: int, reason: str, headers: list[tuple[str, str]], body: bytes, at: datetime
) -> Exchange:
    return Exchange(
        source_id=source_id,
        url=url,
        request_url=url,
        method="GET",
        request_headers=(),
        status=status,
        reason=reason,
        response_headers=tuple(headers),
        body=body,
        fetched_at=at,
        redirect_chain=(),
        truncated=None,
        known=None,
        ip=None,
        requested=False,
    )
