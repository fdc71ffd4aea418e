"""A dossier held against itself and against the keys that its receiver trusts, with nothing but the file at hand."""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from exowatch.archive import headers as names
from exowatch.archive.digests import digest_of
from exowatch.archive.excerpt import Files, Record
from exowatch.archive.read import body_of, captures_in
from exowatch.archive.sums import NAME
from exowatch.archive.verify import Damage
from exowatch.archive.walk import Cut, Found, walk
from exowatch.dossier.write import FACTS, WARC
from exowatch.errors import ArchiveError, SetupError, UnreadableError
from exowatch.extract.proof import load_proven
from exowatch.model.captures import Capture
from exowatch.model.keys import normalised
from exowatch.seal.keys import PublicKey
from exowatch.seal.manifest import FOLDER, MalformedError, Manifest, is_manifest, read_manifest
from exowatch.seal.quotes import page_words
from exowatch.seal.sealing import ANSWERS
from exowatch.seal.stamp import Roots, Stamp, read_stamp
from exowatch.seal.stamping import stamp_notes
from exowatch.seal.verify import Verified

#: Bytes that one file of a dossier may unpack to, and all of them together.
MOST = 1 << 30
_LIMIT = 64 << 20


def check_dossier(path: Path, keys: Collection[PublicKey] = (), roots: Roots = ()) -> Verified:
    """Every file against the list, every manifest against its signature, every record against a manifest, every quote
    against its page. SetupError where the file is no dossier; what is wrong with one is told as damage."""
    files, damage = _unpacked(path)
    notes = [] if keys else ["no public key was given: the manifests hold for the keys in the dossier alone"]
    damage += _listed(files)
    manifests, stamps = list[Manifest](), list[Stamp]()
    for name in sorted(files):
        if name.startswith(f"{FOLDER}/") and is_manifest(name.partition("/")[2]):
            manifest, problem = _manifest(files, name, keys)
            damage += [Damage(name, None, problem)] if problem else []
            manifests += [manifest] if manifest else []
            token = name.removesuffix(".jsonl") + ".tsr"
            if manifest and token in files:
                try:
                    stamps.append(read_stamp(files[token], manifest.body, roots))
                except UnreadableError as error:
                    damage.append(Damage(token, None, str(error)))
    members = 0
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / WARC).write_bytes(files[WARC])
        records, told = _records(folder, manifests)
        members = len(records)
        damage += told
        if not manifests:
            damage.append(Damage(FOLDER, None, "no signed manifest is in it: nothing vouches for its records"))
        damage += _quotes(folder, files)
    return Verified(
        captures=sum(one.kind in ANSWERS for one in records),
        files=len(files),
        members=members,
        manifests=len(manifests),
        sealed=sum(one.kind in ANSWERS for one in records) - sum("in no manifest" in one.problem for one in damage),
        keys=tuple(sorted(key.id for key in keys)),
        damage=tuple(damage),
        notes=(*notes, *stamp_notes(stamps, len(manifests))),
        stamped=len(stamps),
    )


def _unpacked(path: Path) -> tuple[dict[str, bytes], list[Damage]]:
    files, damage, left = dict[str, bytes](), list[Damage](), MOST
    try:
        with zipfile.ZipFile(path) as bundle:
            for entry in bundle.infolist():
                left -= entry.file_size
                if left < 0:
                    raise SetupError(f"it unpacks to more than {MOST} bytes", file=str(path))
                if entry.filename in files:
                    damage.append(Damage(entry.filename, None, "it is in the ZIP twice"))
                try:
                    files[entry.filename] = bundle.read(entry)
                except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, NotImplementedError) as error:
                    damage.append(Damage(entry.filename, None, f"cannot be unpacked: {error}"))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise SetupError(
            f"no dossier: {error}", file=str(path), remedy="name a ZIP that `exowatch dossier` made"
        ) from None
    if not damage and not {WARC, FACTS, NAME} <= set(files):
        raise SetupError("no dossier", file=str(path), remedy="name a ZIP that `exowatch dossier` made")
    return {WARC: b"", FACTS: b"{}", NAME: b""} | files, damage


def _listed(files: Mapping[str, bytes]) -> Iterator[Damage]:
    told = dict[str, str]()
    for line in files[NAME].decode("utf-8", "replace").splitlines():
        digest, _, name = line.partition("  ")
        told[name] = digest
    for name in sorted((set(files) | set(told)) - {NAME}):
        if name not in files:
            yield Damage(name, None, f"the file is missing; {NAME} lists it")
        elif name not in told:
            yield Damage(name, None, f"not in {NAME}: it was added")
        elif hashlib.sha256(files[name]).hexdigest() != told[name]:
            yield Damage(name, None, f"it is not what {NAME} lists")


def _manifest(files: Mapping[str, bytes], name: str, keys: Collection[PublicKey]) -> tuple[Manifest | None, str]:
    try:
        manifest = read_manifest(files[name])
    except MalformedError as error:
        return None, str(error)
    signature = files.get(name.removesuffix(".jsonl") + ".sig", b"")
    if not manifest.head.key.signed(manifest.body, signature):
        return None, "not as it was signed: the signature does not hold"
    if keys and manifest.head.key not in set(keys):
        return None, f"signed by key {manifest.head.key.id}, which was not given"
    return manifest, ""


def _records(folder: Path, manifests: Collection[Manifest]) -> tuple[list[Record], list[Damage]]:
    """The records, and what is wrong with them: cut, not what their own digest says, or in no manifest."""
    damage, files = list[Damage](), Files(folder)
    sealed = {line["record"] for manifest in manifests for line in manifest.captures}
    also = {digest for manifest in manifests for line in manifest.captures for digest in line.get("also", ())}
    with (folder / WARC).open("rb") as data:
        for part in walk(data):
            if isinstance(part, Cut):
                damage.append(Damage(WARC, part.offset, part.problem))
            elif _misdigested(part):
                damage.append(Damage(WARC, part.offset, "the body is not what its own digest says"))
    records = files.records(WARC)
    for record in records:
        digest = hashlib.sha256(files.raw(record)).hexdigest()
        known = sealed if record.kind in ANSWERS else sealed | also
        if record.kind != "warcinfo" and digest not in known:
            what = f"{record.kind} record of {record.url} at {record.at}"
            damage.append(Damage(WARC, record.place.offset, f"{what} is in no manifest whose signature holds"))
    return records, damage


def _misdigested(part: Found) -> bool:
    whole = part.kind in ("response", "resource") and len(part.block) == part.size
    return whole and part.told(names.PAYLOAD) not in (None, digest_of(body_of(part)))


def _quotes(folder: Path, files: Mapping[str, bytes]) -> Iterator[Damage]:
    """Sentences that the dossier quotes and that do not stand in their archived page."""
    try:
        told: Any = json.loads(files[FACTS])
        wanted = [(str(flag["id"]), str(flag["capture_id"]), str(flag["quote"])) for flag in told["flags"]]
    except (ValueError, TypeError, KeyError, RecursionError):
        yield Damage(FACTS, None, "it cannot be read")
        return
    knowledge, pages = load_proven(None), dict[str, str]()
    for capture in _captures(folder):
        try:
            pages[capture.id] = page_words(folder, capture, knowledge, _LIMIT)
        except ArchiveError:
            continue  # told with its record
    for flag, capture_id, quote in wanted:
        if capture_id not in pages:
            yield Damage(FACTS, None, f"flag {flag}: its capture {capture_id} is not among the records")
        elif normalised(quote) not in pages[capture_id]:
            yield Damage(FACTS, None, f"flag {flag}: its sentence does not stand in the archived page")


def _captures(folder: Path) -> Iterator[Capture]:
    try:
        yield from captures_in(folder, WARC)
    except ArchiveError:
        return  # told with its record
