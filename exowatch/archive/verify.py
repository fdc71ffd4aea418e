"""Is everything still there, byte for byte, and do the rows still say what the records say?

Every file is held against the list of digests (``sums``), every record against its own digest, every row against its
record, and every page's record against the rows: what was deleted, cut off, changed or edited is named.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from exowatch.archive import headers as names
from exowatch.archive.digests import digest_of
from exowatch.archive.read import body_of, is_page, repeated_place
from exowatch.archive.sums import NAME, sum_of, sums_of
from exowatch.archive.walk import Found, walk
from exowatch.errors import ArchiveError
from exowatch.model.addresses import page_of
from exowatch.model.captures import WarcPlace


@dataclass(frozen=True, slots=True)
class Stored:
    """What a row says of one archived exchange; None: this row does not say."""

    place: WarcPlace
    run_id: str
    source_id: str
    url: str
    record_id: str | None = None
    payload_digest: str | None = None
    status: int | None = None
    fetched_at: datetime | None = None


class Ledger(Protocol):
    """The rows that speak of the archive."""

    def files(self) -> Collection[str]:
        """Every archive file that a row names."""
        ...

    def rows(self, file: str) -> Sequence[Stored]:
        """What rows say of the records in a file."""
        ...

    def pages(self, run_id: str) -> Mapping[str, frozenset[str]] | None:
        """Source → URLs that have an outcome in a run, for sources it saw whole; None: there is no such run."""
        ...


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


def verify(folder: Path, ledger: Ledger, *, on_step: Callable[[], None] = lambda: None) -> Report:
    """Hold the archive against itself and against the rows. Damage is reported, never raised.

    Files that are still written are read as far as they go; they get their digest when they are closed.
    """
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*.warc.gz")} if folder.is_dir() else set()
    # the list names manifests too: those are held against their signatures (``exowatch.seal``)
    sums = {file: told for file, told in sums_of(folder).items() if file.endswith(".warc.gz")}
    damage, captures, members = list[Damage](), 0, 0
    bodies, repeats = set[WarcPlace](), dict[WarcPlace, WarcPlace]()
    for file in sorted(there | set(ledger.files()) | set(sums)):
        rows = ledger.rows(file)
        captures += len({row.place for row in rows})
        path, closed = (folder / file), (folder / file).exists()
        if not closed and not (path := folder / f"{file}.open").exists():
            damage.append(Damage(file, None, f"the file is missing; {len(rows)} rows name records in it"))
            continue
        if closed:
            damage += _as_closed(path, file, sums.get(file, set()))
        one = _File(file, rows, ledger, closed, on_step)
        one.check(path)
        damage += one.damage
        members += one.members
        bodies |= one.bodies
        repeats |= one.repeats
    for place, body in repeats.items():
        if body not in bodies:
            problem = f"the body it repeats is missing: {body.file}@{body.offset}"
            damage.append(Damage(place.file, place.offset, problem))
    return Report(captures, len(there), members, tuple(damage))


def _as_closed(path: Path, file: str, told: set[str]) -> list[Damage]:
    if not told:
        return [Damage(file, None, f"not in {NAME}: nobody can say whether it is whole")]
    if told != {sum_of(path)}:
        return [Damage(file, None, f"not as it was closed ({NAME}): something was changed, added or cut off")]
    return []


class _File:
    """One file, its rows, and what is found wrong."""

    def __init__(
        self, file: str, rows: Sequence[Stored], ledger: Ledger, closed: bool, on_step: Callable[[], None]
    ) -> None:
        self._file, self._ledger, self._closed, self._on_step = file, ledger, closed, on_step
        self._rows: dict[int, list[Stored]] = {}
        for row in rows:
            self._rows.setdefault(row.place.offset, []).append(row)
        self._pages: dict[str, Mapping[str, frozenset[str]] | None] = {}
        self.damage: list[Damage] = []
        self.members = 0
        self.bodies: set[WarcPlace] = set()
        self.repeats: dict[WarcPlace, WarcPlace] = {}

    def check(self, path: Path) -> None:
        """Read the file through."""
        try:
            with path.open("rb") as file:
                for part in walk(file):
                    if isinstance(part, Found):
                        self._on_step()
                        self._record(part)
                    elif self._closed:
                        self._tell(part.offset, part.problem)
        except OSError as error:
            self._tell(None, f"cannot be read: {error.strerror}")
        for offset in sorted(self._rows):
            self._tell(offset, "no whole record stands here, and a row names one")

    def _tell(self, offset: int | None, problem: str) -> None:
        self.damage.append(Damage(self._file, offset, problem))

    def _record(self, part: Found) -> None:
        self.members += 1
        place = WarcPlace(self._file, part.offset)
        if part.kind in ("response", "resource"):
            self.bodies.add(place)
        elif part.kind == "revisit":
            try:
                self.repeats[place] = repeated_place(part, place)
            except ArchiveError as error:
                self._tell(part.offset, error.problem)
        payload = None
        if part.kind in ("response", "resource") and len(part.block) == part.size:
            payload = digest_of(body_of(part))
            if payload != part.told(names.PAYLOAD):
                self._tell(part.offset, "the body is not what its own digest says")
        for row in self._rows.pop(part.offset, ()):
            for problem in _differences(row, part, payload):
                self._tell(part.offset, problem)
        if part.kind in ("response", "revisit") or is_page(part):
            self._must_be_told(part)

    def _must_be_told(self, part: Found) -> None:
        """A page's answer has an outcome, where its visit saw the whole source."""
        run_id, source_id = part.told(names.RUN) or "", part.told(names.SOURCE) or ""
        if run_id not in self._pages:
            pages = self._pages[run_id] = self._ledger.pages(run_id)
            if pages is None:
                self._tell(part.offset, f"no row tells of its run {run_id!r}")
        urls = (self._pages[run_id] or {}).get(source_id)
        if urls is not None and part.told(names.PAGE) != "no" and urls.isdisjoint(_urls(part)):
            self._tell(part.offset, f"no row tells of this answer of {_urls(part)[0]}")


def _urls(part: Found) -> tuple[str, str]:
    """The address asked for, and the page it is of; earlier versions took a session in it for part of the page's."""
    asked = part.told("WARC-Target-URI") or ""
    return asked.partition("#")[0], page_of(asked)


def _differences(row: Stored, part: Found, payload: str | None) -> list[str]:
    """What the row says and the record does not."""
    if row.record_id not in (None, names.record_id(part.told("WARC-Record-ID"))):
        return ["another record stands here than the one that was stored"]
    found = []
    if payload is not None and row.payload_digest not in (None, payload):
        found.append("the body is not the one that was stored: its digest differs")
    status = [(part.told(names.STATUS) or "").encode()] if part.kind == "resource" else part.block.split(b" ", 2)[1:2]
    pairs = (
        ("run", row.run_id, part.told(names.RUN)),
        ("source", row.source_id, part.told(names.SOURCE)),
        ("address", row.url, row.url if row.url in _urls(part) else _urls(part)[0]),
        ("status", str(row.status), status[0].strip().decode("ascii", "replace") if status else ""),
        ("time", _second(row.fetched_at), _second(_time(part))),
    )
    said = {"status": row.status is not None, "time": row.fetched_at is not None}
    return found + [
        f"the row says {name} {ours}, the record {theirs}"
        for name, ours, theirs in pairs
        if said.get(name, True) and ours != theirs
    ]


def _time(part: Found) -> datetime | None:
    try:
        return datetime.fromisoformat(part.told("WARC-Date") or "")
    except ValueError:
        return None


def _second(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}Z" if moment else ""
