"""Sealing: what the archive and the database hold and no manifest lists yet goes into the next one, signed.

It is done at the end of every run and once on a day without one. A kill at any point leaves the chain as it was, or one
manifest longer; sealing again where nothing is new writes nothing.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import Path

from exowatch.archive.headers import PAYLOAD, record_id
from exowatch.archive.sums import add_sum, sum_of, sums_of
from exowatch.archive.walk import Found, walk
from exowatch.clock import Clock
from exowatch.errors import ArchiveError, ConfigError, SetupError
from exowatch.room import is_full, no_room
from exowatch.seal.chain import last_manifest, manifest_paths
from exowatch.seal.keys import PublicKey, SigningKey, load_key, make_key
from exowatch.seal.manifest import FOLDER, Head, Line, Manifest, listed_files, make_manifest, signature_of
from exowatch.store import sealed_rows
from exowatch.store.session import Books, Store

#: Kinds of records that hold what was seen of the web.
ANSWERS = ("response", "revisit", "resource")
_LOST = "put the key back from where a copy is kept; where there is none, `exowatch record rotate --lost` begins anew"


@dataclass(frozen=True, slots=True)
class Sealer:
    """Where a chain is kept, and with what it is signed."""

    archive: Path
    key_file: Path
    store: Store
    clock: Clock
    simulated: bool = False

    @property
    def folder(self) -> Path:
        return self.archive / FOLDER

    def next_key_file(self) -> Path:
        """Where the key waits that a rotation has made and not yet put in place."""
        return self.key_file.with_name(self.key_file.name + ".next")


def seal(sealer: Sealer) -> Manifest | None:
    """Write the next manifest; None where nothing is new and today has one already.

    The first call makes the key where there is none. Raises ConfigError where the key is not the one that the chain
    expects, OutputError or ArchiveError where something cannot be written or believed.
    """
    with _alone(sealer):
        before = last_manifest(sealer.archive)
        key = signing_key(sealer, before)
        if before is None:
            _publish(sealer, key.public)
        return _seal(sealer, before, key)


def rotate(sealer: Sealer, *, lost: bool = False) -> PublicKey:
    """Sign with a fresh key from now on. The old one signs a manifest that names it; ``lost``: there is no old one.

    Safe to call again after a kill: what was begun is completed. Returns the new key.
    """
    with _alone(sealer):
        before = last_manifest(sealer.archive)
        if before is None:
            raise SetupError("no manifest was signed yet, so no key needs to be changed", key="record.signing_key")
        if lost:
            return _begin_anew(sealer, before)
        key = signing_key(sealer, before)
        if before.head.next_key == key.public:  # a rotation that was cut short is complete now
            return key.public
        new = load_key(sealer.next_key_file()) or make_key(sealer.next_key_file())
        _publish(sealer, new.public)
        _seal(sealer, before, key, next_key=new.public)
        _put_in_place(sealer, key.public)
        return new.public


def signing_key(sealer: Sealer, before: Manifest | None) -> SigningKey:
    """The key that the next manifest is to be signed with; made where no manifest is there yet. ConfigError if lost."""
    key = load_key(sealer.key_file)
    if before is None:
        return key or make_key(sealer.key_file)
    expected = before.head.next_key or before.head.key
    if key is not None and key.public == expected:
        return key
    new = load_key(sealer.next_key_file())
    if new is not None and new.public == expected:  # killed between naming the new key and putting it in place
        _put_in_place(sealer, before.head.key)
        return new
    problem = "is not the key" if key else "is missing: it is the key"
    raise ConfigError(
        f"{sealer.key_file} {problem} that the newest manifest expects ({expected.id})",
        key="record.signing_key",
        remedy=_LOST,
    )


def _begin_anew(sealer: Sealer, before: Manifest) -> PublicKey:
    expected = before.head.next_key or before.head.key
    key = load_key(sealer.key_file)
    if key is not None and key.public == expected:
        raise ConfigError(
            f"the key is not lost: it is in {sealer.key_file}",
            key="record.signing_key",
            remedy="leave --lost out, and the old key names the new one",
        )
    new = key or make_key(sealer.key_file)
    _publish(sealer, new.public)
    _seal(sealer, before, new, lost=expected.id)
    return new.public


def _put_in_place(sealer: Sealer, old: PublicKey) -> None:
    """The waiting key becomes the key; the old one is kept under its own name, for whoever decides to destroy it."""
    if sealer.key_file.exists():
        sealer.key_file.rename(sealer.key_file.with_name(f"{sealer.key_file.name}.retired-{old.id}"))
    sealer.next_key_file().rename(sealer.key_file)


@contextmanager
def _alone(sealer: Sealer) -> Iterator[None]:
    """One process at a time writes the chain; the kernel frees the lock of one that dies."""
    try:
        sealer.folder.mkdir(parents=True, exist_ok=True)
        with (sealer.folder / ".lock").open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
    except OSError as error:
        if is_full(error):
            raise no_room("disk full: no manifest can be written", sealer.folder) from error
        raise ArchiveError(f"no manifest can be written: {error}", file=FOLDER) from error


def _seal(
    sealer: Sealer,
    before: Manifest | None,
    key: SigningKey,
    *,
    next_key: PublicKey | None = None,
    lost: str | None = None,
) -> Manifest | None:
    head = Head(
        number=before.head.number + 1 if before else 1,
        sealed_at=sealer.clock().astimezone(UTC).replace(microsecond=0),
        key=key.public,
        previous_file=before.head.file if before else None,
        previous_sha256=before.sha256 if before else None,
        next_key=next_key,
        lost=lost,
        simulated=sealer.simulated,
        columns={**sealed_rows.SEALED, "outcomes": sealed_rows.OUTCOMES},
        until=before.head.until if before else {},
        gaps=before.head.gaps if before else {},
    )
    listed = {file for path in manifest_paths(sealer.archive) for file in listed_files(path)}
    with sealer.store.reading() as db:
        files = sorted(set(sealed_rows.settled_files(db)) - listed)
        found = [line for file in files for line in _file_lines(sealer.archive, db, file)]
        head, rows = _row_lines(db, head)
    lines = sorted(found, key=lambda line: "size" not in line) + rows  # files first: ``listed_files`` reads no further
    if not lines and before and before.head.day == head.day and not (next_key or lost):
        _list_in_sums(sealer.archive)
        return None
    manifest = make_manifest(head, lines)
    _write(sealer.folder / head.file, manifest.body, key.sign(manifest.body))
    _list_in_sums(sealer.archive)
    return manifest


def _file_lines(archive: Path, db: Books, file: str) -> Iterator[Line]:
    """A closed archive file, the answers in it, and the rows of its captures. Nothing where it is not as it was closed:
    ``verify`` names that, and no signature is to cover it."""
    path = archive / file
    sums = sums_of(archive).get(file, set())
    if not path.exists() or sums != {digest := sum_of(path)}:
        return
    yield {"file": file, "sha256": digest, "size": path.stat().st_size}
    yield from capture_lines(path, file)
    for number, row in sorted(sealed_rows.captures_of(db, file).items()):
        yield {"row": "captures", "id": number, "sha256": row}


def capture_lines(path: Path, file: str) -> Iterator[Line]:
    """A line for each answer in an archive file: where its record stands, when, and its digests.

    ``payload`` is the digest of the body as WARC writes it; ``record`` the SHA-256 of the record's own gzip member, so
    of everything that stands in it, its time and address too; ``also`` those of the records that belong to it (the
    request).
    """
    with path.open("rb") as data:
        found = [_Entry.of(part) for part in walk(data, limit=0) if isinstance(part, Found)]
        digests, ends = dict[int, tuple[int, str]](), [one.offset for one in found[1:]] + [path.stat().st_size]
        also: dict[str, list[str]] = {}
        for one, end in zip(found, ends, strict=True):
            data.seek(one.offset)
            digests[one.offset] = end - one.offset, hashlib.sha256(data.read(end - one.offset)).hexdigest()
            if one.belongs_to:
                also.setdefault(one.belongs_to, []).append(digests[one.offset][1])
    for one in found:
        if one.kind in ANSWERS:
            length, digest = digests[one.offset]
            line: Line = {"capture": one.id, "kind": one.kind, "file": file, "offset": one.offset, "length": length}
            line |= {"at": one.at, "payload": one.payload, "record": digest}
            yield line | ({"also": also[one.id]} if one.id in also else {})


@dataclass(frozen=True, slots=True)
class _Entry:
    """What a line needs of a record: whole headers of a large file would fill the memory."""

    offset: int
    kind: str
    id: str
    at: str
    payload: str | None
    belongs_to: str

    @classmethod
    def of(cls, part: Found) -> _Entry:
        told = part.told
        return cls(
            offset=part.offset,
            kind=part.kind,
            id=record_id(told("WARC-Record-ID")),
            at=told("WARC-Date") or "",
            payload=told(PAYLOAD),
            belongs_to=record_id(told("WARC-Concurrent-To")),
        )


def _row_lines(db: Books, head: Head) -> tuple[Head, list[Line]]:
    """Rows that were written since the last manifest; the head with how far they reach."""
    lines, until, gaps = list[Line](), dict(head.until), dict(head.gaps)
    for table in sealed_rows.NUMBERED:
        found, until[table], gaps[table] = sealed_rows.fresh_rows(db, table, until.get(table, 0), gaps.get(table, ()))
        lines += [{"row": table, "id": number, "sha256": digest} for number, digest in found.items()]
    done, until["runs"], gaps["runs"] = sealed_rows.fresh_runs(db, until.get("runs", 0), gaps.get("runs", ()))
    for run_id in done:
        for source_id, rows in sealed_rows.outcomes_of(db, run_id).items():
            digests = sorted(rows.values())
            whole = hashlib.sha256("".join(digests).encode()).hexdigest()
            lines.append({"row": "outcomes", "id": f"{run_id}/{source_id}", "sha256": whole, "rows": digests})
    return replace(head, until=until, gaps=gaps), lines


def _publish(sealer: Sealer, key: PublicKey) -> None:
    """The public key beside the manifests, for whoever is given the archive."""
    path = sealer.folder / f"{key.id}.pem"
    if not path.exists():
        _put(path, key.pem)


def _write(path: Path, body: bytes, signature: bytes) -> None:
    """The signature first: a manifest that is there has one. A signature alone is none's, and is written over."""
    _put(signature_of(path), signature)
    _put(path, body)


def _put(path: Path, body: bytes) -> None:
    beside = path.with_name(f".{path.name}.part")
    with beside.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _list_in_sums(archive: Path) -> None:
    """Every manifest has a line in the archive's list, so that one that is taken away is missed there too."""
    listed = sums_of(archive)
    for path in manifest_paths(archive):
        name = f"{FOLDER}/{path.name}"
        if name not in listed:
            add_sum(archive, name, sum_of(path))
