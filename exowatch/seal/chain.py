"""The chain of manifests in a folder: read in order, each held against the one before it and against its signature."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from exowatch.archive.verify import Damage
from exowatch.errors import ArchiveError
from exowatch.seal.keys import PublicKey
from exowatch.seal.manifest import FOLDER, Head, MalformedError, Manifest, is_manifest, read_manifest, signature_of


@dataclass(frozen=True, slots=True)
class Link:
    """One manifest of the chain without its lines: those of all days together would fill the memory."""

    head: Head
    sha256: str
    path: Path

    def read(self) -> Manifest:
        """The manifest with its lines."""
        return read_manifest(self.path.read_bytes())


@dataclass(frozen=True, slots=True)
class Chain:
    """What a folder holds."""

    links: tuple[Link, ...]
    """Manifests that can be read and whose own signature holds, in order."""
    damage: tuple[Damage, ...]
    trusted: bool | None
    """All are signed by a key that was given, or vouched for by one; None: no key was given to hold them against."""

    @property
    def last(self) -> Link | None:
        return self.links[-1] if self.links else None

    @property
    def manifests(self) -> Iterator[Manifest]:
        """The same with their lines, each read when its turn comes."""
        return (link.read() for link in self.links)


def manifest_paths(archive: Path) -> list[Path]:
    """Files of manifests below an archive folder, oldest first."""
    folder = archive / FOLDER
    found = [path for path in folder.iterdir() if is_manifest(path.name)] if folder.is_dir() else []
    return sorted(found, key=lambda path: (int(path.name.partition("-")[0]), path.name))


def last_manifest(archive: Path) -> Manifest | None:
    """The newest manifest. ArchiveError where it cannot be believed: nothing may be chained to that."""
    paths = manifest_paths(archive)
    if not paths:
        return None
    manifest, problem = _one(paths[-1])
    if manifest is None:
        raise ArchiveError(f"{problem}; put back a copy of it", file=f"{FOLDER}/{paths[-1].name}")
    return manifest


def read_chain(archive: Path, keys: Collection[PublicKey] = ()) -> Chain:
    """Read and check every manifest of an archive. ``keys``: those that are trusted. Damage is told, never raised."""
    found, damage = list[Link](), list[Damage]()
    for path in manifest_paths(archive):
        manifest, problem = _one(path)
        if manifest is None:
            damage.append(Damage(f"{FOLDER}/{path.name}", None, problem))
        else:
            found.append(Link(manifest.head, manifest.sha256, path))
    links = _between(found)
    damage += [
        Damage(f"{FOLDER}/{found[i].head.file}", None, problem) for i, told in enumerate(links) for problem in told
    ]
    if not keys:
        return Chain(tuple(found), tuple(damage), None)
    strange = _strangers(found, links, keys)
    for link in strange:
        whose = f"signed by key {link.head.key.id}"
        problem = f"{whose}, which was not given, and which no manifest before or after vouches for"
        damage.append(Damage(f"{FOLDER}/{link.head.file}", None, problem))
    return Chain(tuple(found), tuple(damage), not strange)


def _one(path: Path) -> tuple[Manifest | None, str]:
    """The manifest in a file, or what is wrong with it by itself."""
    try:
        manifest = read_manifest(path.read_bytes())
        signature = signature_of(path).read_bytes()
    except MalformedError as error:
        return None, str(error)
    except FileNotFoundError:
        return None, "its signature is missing"
    except OSError as error:
        return None, f"cannot be read: {error.strerror}"
    if not manifest.head.key.signed(manifest.body, signature):
        return None, "not as it was signed: the signature does not hold"
    if manifest.head.file != path.name:
        return None, f"it calls itself {manifest.head.file}"
    return manifest, ""


def _between(found: Sequence[Link]) -> list[list[str]]:
    """What is wrong between each manifest and the one before it."""
    told: list[list[str]] = []
    before: Link | None = None
    for manifest in found:
        told.append(_link(before, manifest))
        before = manifest
    return told


def _link(before: Link | None, manifest: Link) -> list[str]:
    head, problems = manifest.head, list[str]()
    expected = before.head.number + 1 if before else 1
    if head.number != expected:
        missing = f"{expected}" if head.number == expected + 1 else f"{expected} to {head.number - 1}"
        problems.append(
            f"manifest {missing} before it cannot be read or is gone"
            if head.number > expected
            else f"there are two manifests of number {head.number}"
        )
    elif before and (head.previous_sha256 != before.sha256 or head.previous_file != before.head.file):
        problems.append(f"the chain is broken: {before.head.file} is not the manifest that it was written after")
    elif before is None and head.previous_sha256:
        problems.append(f"the chain is broken: it was written after {head.previous_file}, which is gone")
    if before and head.key != (before.head.next_key or before.head.key) and not head.lost:
        problems.append(f"signed by key {head.key.id}, which the manifest before it does not name")
    return problems


def _strangers(found: Sequence[Link], links: Sequence[list[str]], keys: Collection[PublicKey]) -> list[Link]:
    """Manifests that no trusted key stands for: none signed it, named its key, or signed what is chained to it."""
    known = set(keys)
    stands = [False] * len(found)
    for i, manifest in enumerate(found):
        stands[i] = manifest.head.key in known
        # a key that was named holds from the next manifest on, in the unbroken chain
        if stands[i] and manifest.head.next_key and i + 1 < len(found) and not links[i + 1]:
            known.add(manifest.head.next_key)
    for i in range(len(found) - 2, -1, -1):
        stands[i] = stands[i] or (stands[i + 1] and not links[i + 1])
    return [manifest for manifest, stand in zip(found, stands, strict=True) if not stand]
