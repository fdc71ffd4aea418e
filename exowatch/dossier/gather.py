"""What proves a flag, gathered from database and archive: the words, what is made of them, the records behind them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from exowatch.archive.excerpt import Files, Record, exchange_at, records_of
from exowatch.archive.read import read_response
from exowatch.assess.law import told_by_place
from exowatch.dossier.looks import LookFile, look_file
from exowatch.errors import SetupError, UnreadableError
from exowatch.intake import Desk
from exowatch.model.captures import Capture
from exowatch.model.pages import Page
from exowatch.pages.decode import decoded
from exowatch.reading import page_of
from exowatch.seal.chain import manifest_paths
from exowatch.seal.manifest import Line, Manifest, read_manifest
from exowatch.seal.stamp import Stamp, read_roots, read_stamp, stamp_of
from exowatch.store import read_evidence, read_state, write_looks
from exowatch.store.read_cases import case_rows
from exowatch.store.read_engaged import engaged_in
from exowatch.store.read_evidence import Row, Sighting

_CASE = "case:"
#: Digits of a row's number.
_LONGEST = 9
#: So many cases are named to whoever asks for one that is not there.
_NAMED = 12


@dataclass(frozen=True, slots=True)
class Proof:
    """One capture: what was archived, and what stands on the page."""

    capture: Capture
    page: Page
    body: bytes
    """Content coding undone."""
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class FlagFile:
    """One flag with all that is known of it."""

    row: Row
    source: Row
    judgements: tuple[Row, ...]
    reviews: tuple[Row, ...]
    sightings: tuple[Sighting, ...]
    look: LookFile | None = None
    """The newest look by crawler and browser at its page."""


@dataclass(slots=True)
class Gathered:
    """Everything that goes into a dossier."""

    flags: list[FlagFile]
    proofs: dict[str, Proof]
    """By capture id."""
    records: list[Record]
    """Of all proofs and of the last sightings, each once, in the order of their places."""
    files: Files
    manifests: list[Manifest] = field(default_factory=list)
    """Those that list one of the records."""
    lines: dict[str, Line] = field(default_factory=dict)
    """Record id → its line."""
    stamps: dict[str, Stamp] = field(default_factory=dict)
    """Manifest file → what an authority of time says of it."""
    secured: list[tuple[Row, LookFile]] = field(default_factory=list)
    """Pages that were secured for a case that is asked for: the row and the look."""


def gather(desk: Desk, wanted: Sequence[str]) -> Gathered:
    """All about the flags named. SetupError for a name that is none; ArchiveError where a record cannot be read."""
    files = Files(desk.archive_dir)
    with desk.store.reading() as db:
        numbers, secured = _numbers(db, wanted)
        rows = _with_law(desk, db, read_evidence.flag_rows(db, numbers))
        newest = write_looks.newest_looks(db, [(row["source"], row["url"]) for row in rows])
        flags = [_flag(db, row) for row in rows]
        captures = {row["capture_id"]: read_state.capture_place(db, row["capture_id"])[0] for row in rows}
    proofs = {name: _proof(desk, files, capture) for name, capture in sorted(captures.items())}
    records = {one.place: one for proof in proofs.values() for one in proof.records}
    looks = {page: look_file(desk, files, row) for page, row in newest.items()}
    cases = [(row, look_file(desk, files, row)) for row in secured]
    records |= {one.place: one for look in (*looks.values(), *(two for _, two in cases)) for one in look.records}
    flags = [replace(flag, look=looks.get((flag.row["source"], flag.row["url"]))) for flag in flags]
    for flag in flags:
        last = flag.sightings[-1].place if flag.sightings else None
        if last is not None and last not in records:
            records |= {one.place: one for one in exchange_at(files, last)}
    ordered = [records[place] for place in sorted(records, key=lambda place: (place.file, place.offset))]
    found = Gathered(flags, proofs, ordered, files, secured=cases)
    _find_lines(desk, found)
    return found


def _nothing_of(db: Any, number: str, *, known: bool) -> SetupError:
    if known:
        return SetupError(f"case {number} has no flag and no page", remedy=f"`exowatch case add {number} FLAG…`")
    held = [str(row["id"]) for row in case_rows(db)]
    there = f"there {'is case' if len(held) == 1 else 'are cases'} {', '.join(held[:_NAMED])}"
    more = f" and {len(held) - _NAMED} more: `exowatch case list`" if len(held) > _NAMED else ""
    return SetupError(
        f"there is no case {number}",
        remedy=there + more if held else "there is none yet: `exowatch case open FLAG…`, or name flags",
    )


def _numbers(db: Any, wanted: Sequence[str]) -> tuple[list[int], list[Row]]:
    """Flags that are asked for, and what was secured for the cases that are."""
    numbers, secured = list[int](), list[Row]()
    for name in wanted:
        if _is_number(name):
            numbers.append(int(name))
            continue
        number = name.removeprefix(_CASE)
        if number == name or not _is_number(number):
            raise SetupError(f"{name!r} is no flag and no case", remedy="write 17 for a flag, case:3 for a case")
        mine = read_evidence.flags_of_case(db, int(number))
        pages = write_looks.looks_of_case(db, int(number))
        if not (mine or pages):
            raise _nothing_of(db, number, known=mine == [])
        numbers += mine or []
        secured += pages
    known = {row["id"] for row in read_evidence.flag_rows(db, numbers)}
    missing = [one for one in numbers if one not in known]
    if missing:
        raise SetupError(f"there is no flag {missing[0]}", remedy="`exowatch flags` lists them")
    return numbers, secured


def _with_law(desk: Desk, db: Any, rows: Sequence[Row]) -> list[Row]:
    """The rows with the provisions that may be named, one a line; where none may, that in words."""
    now = desk.clock()
    met = engaged_in(db, "flags", rows, desk.knowledge.law, now)
    return [
        row | {"law": told_by_place(some, row["jurisdiction"], now.date())} for row, some in zip(rows, met, strict=True)
    ]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _LONGEST


def _flag(db: Any, row: Row) -> FlagFile:
    return FlagFile(
        row=row,
        source=read_evidence.source_row(db, row["source"]),
        judgements=tuple(read_evidence.judgements_of(db, row["id"])),
        reviews=tuple(read_evidence.reviews_of(db, row["id"])),
        sightings=tuple(read_evidence.sightings(db, row["source"], row["url"], row["capture_id"])),
    )


def _proof(desk: Desk, files: Files, capture: Capture) -> Proof:
    sent, limit = read_response(desk.archive_dir, capture.warc).body, desk.config.crawl.max_bytes
    return Proof(
        capture=capture,
        page=page_of(capture, sent, desk.knowledge, limit),
        body=decoded(sent, capture.content_encoding, limit, partial=capture.truncated is not None),
        records=tuple(records_of(files, capture)),
    )


def _find_lines(desk: Desk, found: Gathered) -> None:
    wanted = {one.id for one in found.records}
    for path in manifest_paths(desk.archive_dir):
        body = path.read_bytes()
        if not any(name.encode() in body for name in wanted):
            continue
        manifest = read_manifest(body)
        mine = {line["capture"]: line for line in manifest.captures if line["capture"] in wanted}
        if mine:
            found.manifests.append(manifest)
            if stamp_of(path).exists():
                roots = read_roots(desk.config.record.timestamp_roots)
                with suppress(UnreadableError):  # `exowatch verify` names it; a dossier does not rely on it
                    found.stamps[path.name] = read_stamp(stamp_of(path).read_bytes(), body, roots)
            found.lines |= mine
