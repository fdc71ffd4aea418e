"""The archive and the database held against the chain of manifests: what was changed or taken away since is named."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from exowatch.archive.sums import NAME, sums_of
from exowatch.archive.verify import Damage
from exowatch.seal.chain import Chain, Link
from exowatch.seal.manifest import FOLDER, Line, Manifest, is_manifest

Number = int | str
#: Rows of a kind that are named one by one; beyond, their number is told.
MOST_TOLD = 20


class SealedRows(Protocol):
    """The database, asked for what manifests say of it."""

    def digests(self, table: str, columns: Collection[str], numbers: Collection[Number]) -> Mapping[Number, str]:
        """Digest of each row that is there; LookupError for a table or column that there is none of."""
        ...

    def outcomes(self, run_id: str) -> Mapping[str, Mapping[str, str]]:
        """Source → URL → digest, of one run."""
        ...

    def numbers_until(self, table: str, until: int) -> Collection[int]:
        """Numbers of all rows up to ``until``."""
        ...

    def settled_files(self) -> Mapping[str, datetime]:
        """Archive file → when every answer in it had its row."""
        ...


@dataclass(frozen=True, slots=True)
class Held:
    """What came of it."""

    damage: tuple[Damage, ...]
    notes: tuple[str, ...]
    """What is no damage, and what whoever relies on the record should know."""
    captures: int
    """Answers that a manifest lists."""
    rows: int
    """Rows that a manifest lists."""


def hold(archive: Path, chain: Chain, rows: SealedRows | None, *, on_step: Callable[[], None] = lambda: None) -> Held:
    """Hold files, answers and rows against every manifest of ``chain``. ``rows`` None: the archive alone."""
    damage, notes, captures = list(_manifests_gone(archive)), list[str](), 0
    sums, listed = sums_of(archive), set[str]()
    for manifest in chain.manifests:
        listed |= set(manifest.files)
        damage += _files(archive, sums, manifest)
        for line in manifest.captures:
            captures += 1
            on_step()
            damage += _capture(archive, manifest, line)
    told = _closed_files(archive) - listed
    if told and chain.last:
        pending, missed = _unsealed(told, chain.last, rows)
        damage += missed
        notes += [f"{len(pending)} archive files are in no manifest yet; the next run seals them"] if pending else []
    count = 0
    if rows is not None:
        found, count = _rows(chain, rows, on_step)
        damage += found
    return Held(tuple(damage), tuple(notes), captures, count)


def _manifests_gone(archive: Path) -> Iterable[Damage]:
    """Manifests that the archive's list names and that are not there; others in their place are named by the chain."""
    for file in sums_of(archive):
        folder, _, name = file.rpartition("/")
        if folder == FOLDER and is_manifest(name) and not (archive / file).exists():
            yield Damage(file, None, f"the manifest is gone; {NAME} names it")


def _closed_files(archive: Path) -> set[str]:
    there = {path.relative_to(archive).as_posix() for path in archive.rglob("*.warc.gz")} if archive.is_dir() else set()
    return there & set(sums_of(archive))


def _unsealed(files: Collection[str], last: Link, rows: SealedRows | None) -> tuple[list[str], list[Damage]]:
    """Files in no manifest: those that may wait for the next one, and those that an earlier one must have listed."""
    settled = rows.settled_files() if rows is not None else {}
    pending, damage = list[str](), list[Damage]()
    for file in sorted(files):
        if file in settled and settled[file] < last.head.sealed_at:
            damage.append(Damage(file, None, f"in no manifest, and it was there before {last.head.file} was written"))
        else:
            pending.append(file)
    return pending, damage


def _files(archive: Path, sums: Mapping[str, set[str]], manifest: Manifest) -> Iterable[Damage]:
    for file, digest in manifest.files.items():
        path = archive / file
        if not path.exists():
            yield Damage(file, None, f"the file is gone; {manifest.head.file} lists it")
        elif sums.get(file) != {digest}:
            # the file itself is held against the list elsewhere: who changed both is found here
            yield Damage(file, None, f"{NAME} does not have the digest that {manifest.head.file} sealed")


def _capture(archive: Path, manifest: Manifest, line: Line) -> Iterable[Damage]:
    path, offset, length = archive / line["file"], line["offset"], line["length"]
    try:
        with path.open("rb") as data:
            data.seek(offset)
            found = hashlib.sha256(data.read(length)).hexdigest()
    except FileNotFoundError:
        return  # told with its file
    except (OSError, ValueError, OverflowError) as error:
        yield Damage(line["file"], offset, f"capture {line['capture']} cannot be read: {error}")
        return
    if found != line["record"]:
        yield Damage(
            line["file"], offset, f"capture {line['capture']} of {line['at']} is not what {manifest.head.file} sealed"
        )


def _rows(chain: Chain, rows: SealedRows, on_step: Callable[[], None]) -> tuple[list[Damage], int]:
    damage, count = list[Damage](), 0
    listed: dict[str, set[Number]] = {}
    for manifest in chain.manifests:
        mine: dict[str, dict[Number, str]] = {}
        for line in manifest.rows:
            count += 1
            on_step()
            if line["row"] == "outcomes":
                damage += _outcomes(manifest, line, rows)
            else:
                mine.setdefault(line["row"], {})[line["id"]] = line["sha256"]
        for table, sealed in mine.items():
            listed.setdefault(table, set()).update(sealed)
            damage += _table(manifest, table, sealed, rows)
    last = chain.last
    for table, until in (last.head.until if last else {}).items():
        if table in listed and last is not None:
            extra = set(rows.numbers_until(table, until)) - listed[table] - set(last.head.gaps.get(table, ()))
            damage += _told(f"{table} row {{}} is in no manifest, though later rows are: it was put in", extra)
    return damage, count


def _table(manifest: Manifest, table: str, sealed: Mapping[Number, str], rows: SealedRows) -> list[Damage]:
    try:
        there = rows.digests(table, manifest.head.columns.get(table, ()), list(sealed))
    except LookupError as error:
        return [Damage("the database", None, f"{manifest.head.file} cannot be held against it: {error}")]
    gone = {number for number in sealed if number not in there}
    edited = {number for number, digest in there.items() if sealed[number] != digest}
    file = manifest.head.file
    return _told(f"{table} row {{}} is gone; {file} lists it", gone) + _told(
        f"{table} row {{}} was edited after {file} sealed it", edited
    )


def _told(words: str, numbers: Collection[Number]) -> list[Damage]:
    ordered = sorted(numbers, key=str)
    found = [Damage("the database", None, words.format(number)) for number in ordered[:MOST_TOLD]]
    if len(ordered) > MOST_TOLD:
        found.append(Damage("the database", None, words.format(f"… ({len(ordered) - MOST_TOLD} more)")))
    return found


def _outcomes(manifest: Manifest, line: Line, rows: SealedRows) -> list[Damage]:
    """Outcomes of one run and source. More of them than were sealed is no damage: a later run may settle what a killed
    one left; fewer is, and so is another one in the place of one that was sealed."""
    run_id, _, source_id = str(line["id"]).rpartition("/")
    sealed = set(line.get("rows", ()))
    there = rows.outcomes(run_id).get(source_id, {})
    missing = len(sealed - set(there.values()))
    if not missing:
        return []
    other = sorted(url for url, digest in there.items() if digest not in sealed)
    named = f"; not as sealed: {', '.join(other[:MOST_TOLD])}" if other else ""
    problem = (
        f"{missing} outcomes of {source_id} in run {run_id} were edited or are gone since {manifest.head.file}{named}"
    )
    return [Damage("the database", None, problem)]
