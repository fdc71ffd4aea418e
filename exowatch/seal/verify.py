"""The whole record verified: archive, rows, chain of manifests and signatures, with the public key alone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from exowatch.archive.verify import Damage, Stored
from exowatch.archive.verify import verify as verify_archive
from exowatch.config import Config
from exowatch.errors import ConfigError
from exowatch.extract.proof import load_proven
from exowatch.seal.chain import Chain, read_chain
from exowatch.seal.hold import hold
from exowatch.seal.keys import PublicKey, load_key
from exowatch.seal.manifest import FOLDER, MalformedError, read_manifest
from exowatch.seal.quotes import hold_quotes
from exowatch.seal.stamp import Roots
from exowatch.seal.stamping import hold_stamps
from exowatch.store.read_archived import Rows
from exowatch.store.sealed_rows import SealedStore
from exowatch.store.session import Store


@dataclass(frozen=True, slots=True)
class Verified:
    """What a verification found."""

    captures: int
    """Places in the archive that rows name; of an archive alone: answers that manifests list."""
    files: int
    members: int
    manifests: int
    sealed: int
    """Answers and rows that a manifest lists."""
    keys: tuple[str, ...]
    """Ids of the keys that the chain was held against."""
    damage: tuple[Damage, ...]
    notes: tuple[str, ...]
    stamped: int = 0
    """Manifests with a time stamp that holds."""


class _NoRows:
    """An archive without its database: no row says anything."""

    def files(self) -> Collection[str]:
        return ()

    def rows(self, file: str) -> Sequence[Stored]:
        return ()

    def pages(self, run_id: str) -> Mapping[str, frozenset[str]] | None:
        return {}


def verify_installation(
    config: Config,
    store: Store,
    keys: Collection[PublicKey] = (),
    kept: Collection[Path] = (),
    on_step: Callable[[], None] = lambda: None,
    roots: Roots = (),
) -> Verified:
    """Hold archive and database against each other and against the chain. ``keys``: public keys that are trusted; none
    given: that of this installation's own signing key. ``kept``: manifests that were put by elsewhere. ``roots``:
    certificates that time stamps are held against."""
    archive, rows = config.archive.dir, Rows(store)
    report = verify_archive(archive, rows, on_step=on_step)
    chain, told, notes = _chain(archive, keys or _own(config), kept)
    held, stamps = hold(archive, chain, SealedStore(store), on_step=on_step), hold_stamps(archive, chain, roots)
    damage = [*report.damage, *(Damage("the database", None, problem) for problem in rows.torn()), *told, *held.damage]
    damage += stamps.damage
    damage += hold_quotes(archive, store, load_proven(config.knowledge.dir), config.crawl.max_bytes, on_step)
    return Verified(
        captures=report.captures,
        files=report.files,
        members=report.members,
        manifests=len(chain.links),
        sealed=held.captures + held.rows,
        keys=_names(keys or _own(config)),
        damage=tuple(dict.fromkeys(damage)),
        notes=(*notes, *held.notes, *stamps.notes),
        stamped=len(stamps.stamps),
    )


def verify_archive_alone(
    archive: Path,
    keys: Collection[PublicKey] = (),
    kept: Collection[Path] = (),
    on_step: Callable[[], None] = lambda: None,
    roots: Roots = (),
) -> Verified:
    """The same of a copy of the archive folder, without a database."""
    report = verify_archive(archive, _NoRows(), on_step=on_step)
    chain, told, notes = _chain(archive, keys, kept)
    held, stamps = hold(archive, chain, None, on_step=on_step), hold_stamps(archive, chain, roots)
    return Verified(
        captures=held.captures,
        files=report.files,
        members=report.members,
        manifests=len(chain.links),
        sealed=held.captures,
        keys=_names(keys),
        damage=tuple(dict.fromkeys([*report.damage, *told, *held.damage, *stamps.damage])),
        notes=(*notes, *held.notes, *stamps.notes, "the archive alone: no database was held against it"),
        stamped=len(stamps.stamps),
    )


def _chain(archive: Path, keys: Collection[PublicKey], kept: Collection[Path]) -> tuple[Chain, list[Damage], list[str]]:
    chain = read_chain(archive, keys)
    damage, notes = list(chain.damage), list[str]()
    if not chain.links and not chain.damage:
        notes.append("no manifest was written yet: nothing vouches for the record as a whole")
    elif chain.trusted is None:
        notes.append("no public key was given: the manifests agree with each other, and nobody says whose they are")
    if any(link.head.simulated for link in chain.links):
        notes.append("some manifests are simulated: their clock was set by EXOWATCH_NOW")
    digests = {link.sha256 for link in chain.links}
    for path in kept:
        try:
            wanted = read_manifest(path.read_bytes())
        except (OSError, MalformedError) as error:
            damage.append(Damage(path.name, None, f"the manifest that was kept cannot be read: {error}"))
            continue
        if wanted.sha256 not in digests:
            damage.append(
                Damage(f"{FOLDER}/{wanted.head.file}", None, "the manifest that was kept is not in the chain")
            )
    return chain, damage, notes


def _own(config: Config) -> tuple[PublicKey, ...]:
    """The public half of this installation's key; none where the key is elsewhere."""
    try:
        key = load_key(config.record.signing_key)
    except ConfigError:
        return ()
    return (key.public,) if key else ()


def _names(keys: Collection[PublicKey]) -> tuple[str, ...]:
    return tuple(sorted(key.id for key in keys))
