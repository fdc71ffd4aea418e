"""Is everything still there, byte for byte? Every stored place is read, every file walked and its members counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from exowatch.archive.digests import digest_of
from exowatch.archive.headers import record_id as plain_id
from exowatch.archive.mend import whole_members
from exowatch.archive.read import record_at, repeated_place
from exowatch.errors import ArchiveError
from exowatch.model.captures import WarcPlace


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing that is not as it was written."""

    file: str
    offset: int | None
    problem: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a verification found."""

    captures: int
    files: int
    members: int
    damage: tuple[Damage, ...]


def verify(
    folder: Path,
    places: Iterable[tuple[WarcPlace, str | None, str | None]],
    *,
    on_step: Callable[[], None] = lambda: None,
) -> Report:
    """Hold the archive against ``places``: (place, payload digest, record id) of every stored exchange.

    Digest and id None: only that a record stands there. Damage is reported, never raised.
    """
    damage: list[Damage] = []
    count = 0
    files = {path.name for path in folder.glob("*.warc.gz")} if folder.is_dir() else set()
    for place, digest, record in places:
        count += 1
        problem = _problem(folder, place, digest, record)
        if problem:
            damage.append(Damage(place.file, place.offset, problem))
        on_step()
    members = 0
    for file in sorted(files):
        found, problem = _walk(folder / file)
        members += found
        if problem:
            damage.append(Damage(file, None, problem))
    return Report(count, len(files), members, tuple(damage))


def _problem(folder: Path, place: WarcPlace, digest: str | None, record_id: str | None) -> str | None:
    try:
        record, body = record_at(folder, place)
        if record.rec_type == "revisit":
            record_at(folder, repeated_place(record, place))
    except ArchiveError as error:
        return error.problem
    if record_id is not None and plain_id(record.rec_headers.get_header("WARC-Record-ID")) != record_id:
        return "another record stands here"
    if digest is not None and record.rec_type == "response" and digest_of(body) != digest:
        return "the body is not the one that was stored: its digest differs"
    return None


def _walk(path: Path) -> tuple[int, str | None]:
    """Records in a file, and what is wrong with it: a cut or hidden record, a digest that does not hold."""
    count = 0
    try:
        with path.open("rb") as file:
            for record in ArchiveIterator(file, check_digests=True):
                record.raw_stream.read()  # as sent: digests are of that, and not every coding can be undone
                count += 1
                if record.digest_checker.passed is False:
                    return count, f"record {count}: {'; '.join(record.digest_checker.problems)}"
    except (ArchiveLoadFailed, OSError, EOFError, ValueError) as error:
        return count, f"cannot be read past record {count}: {error}"
    rest = path.stat().st_size - whole_members(path)
    return count, f"{rest} bytes after the last whole record" if rest else None
