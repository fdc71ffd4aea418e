"""Which manifests want a time stamp, and having them stamped: an authority that is down is asked again next time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from exowatch.archive.sums import add_sum, sum_of, sums_of
from exowatch.archive.verify import Damage
from exowatch.errors import SourceError, UnreadableError
from exowatch.files import write_whole
from exowatch.seal.chain import Chain, manifest_paths
from exowatch.seal.manifest import FOLDER
from exowatch.seal.stamp import Roots, Stamp, ask_stamp, read_stamp, stamp_of

#: Manifests stamped in one go.
_MOST = 30
#: Seconds that our clock may be ahead of an authority's before it is told.
_AHEAD = 120


@dataclass(frozen=True, slots=True)
class Held:
    """The time stamps of a chain, held against its manifests."""

    stamps: dict[str, Stamp]
    """Manifest file → what its authority says."""
    damage: tuple[Damage, ...]
    notes: tuple[str, ...]


def wanting(archive: Path) -> list[Path]:
    """Manifests since the last one that was stamped, oldest first; where none ever was, the newest alone: it is chained
    to all before it."""
    paths = manifest_paths(archive)
    stamped = [number for number, path in enumerate(paths) if stamp_of(path).exists()]
    return paths[stamped[-1] + 1 :][-_MOST:] if stamped else paths[-1:]


def stamp_all(archive: Path, url: str, ask: Callable[[str, bytes], bytes] = ask_stamp) -> str | None:
    """Have every manifest stamped that wants it. None; or why one could not be: it is asked for again next time."""
    for path in wanting(archive):
        try:
            token = ask(url, path.read_bytes())
        except SourceError as error:
            return f"{path.name} has no time stamp yet; it is asked for again next time ({error})"
        place = stamp_of(path)
        write_whole(place, token, folder_too=True)
        add_sum(archive, f"{FOLDER}/{place.name}", sum_of(place))
    return None


def hold_stamps(archive: Path, chain: Chain, roots: Roots) -> Held:
    """Every time stamp against the manifest that it is of, and against ``roots``."""
    damage, stamps, ahead = list[Damage](), dict[str, Stamp](), 0
    for file in sums_of(archive):
        if file.startswith(f"{FOLDER}/") and file.endswith(".tsr") and not (archive / file).exists():
            damage.append(Damage(file, None, "the time stamp is gone"))
    for link in chain.links:
        place = stamp_of(link.path)
        if not place.exists():
            continue
        try:
            stamp = read_stamp(place.read_bytes(), link.path.read_bytes(), roots)
        except (UnreadableError, OSError) as error:
            damage.append(Damage(f"{FOLDER}/{place.name}", None, str(error)))
            continue
        stamps[link.head.file] = stamp
        if not link.head.simulated:
            ahead = max(ahead, int((link.head.sealed_at - stamp.at).total_seconds()))
    return Held(stamps, tuple(damage), tuple(stamp_notes(list(stamps.values()), len(chain.links), ahead)))


def stamp_notes(stamps: Sequence[Stamp], manifests: int, ahead: int = 0) -> list[str]:
    """What whoever relies on them should know. ``ahead``: seconds that our clock was before an authority's."""
    if not stamps:
        return []
    newest = max(stamps, key=lambda one: one.at)
    notes = [
        f"{len(stamps)} of {manifests} manifests have a time stamp; the newest is of {newest.at:%Y-%m-%dT%H:%M:%SZ} "
        f"by {newest.authority}"
    ]
    strange = sorted({one.authority for one in stamps if not one.proven})
    if strange:
        notes.append(
            f"time stamps of {'; '.join(strange)} lead to no root certificate that is trusted here: name one in "
            "[record] timestamp_roots, or with --root"
        )
    if ahead > _AHEAD:
        notes.append(f"a manifest says that it was sealed {ahead} seconds later than its authority stamped it")
    return notes
