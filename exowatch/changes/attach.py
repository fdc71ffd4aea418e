"""Which claim is which: the findings of a capture are laid against what stood on the page before.

Exact words first, anywhere on the source; then meaning and wording together, best pairs first. What finds no
counterpart is fresh; what stood there and is not found is lost. Nothing is decided here about the whole site:
that is ``close_run``'s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from exowatch.changes.direction import direction, may_be_one
from exowatch.changes.similarity import cosine, vectors
from exowatch.model.changes import Match, Standing, Wording

#: Best cut measured was 0.24 on pairs that had been picked to be alike or not (2026-11-22); a page holds many more
#: chances for a wrong pair than that set did, so the cut here is stricter, and stricter still across pages.
SAME_PAGE = 0.35
OTHER_PAGE = 0.55


@dataclass(frozen=True, slots=True)
class Found:
    """One finding of the new capture, by its place in the reading."""

    index: int
    zone: str
    wording: Wording


@dataclass(frozen=True, slots=True)
class Attached:
    """A finding and the lineage it belongs to; ``lineage_id`` None: a fresh one, shared by equal ``key``."""

    found: Found
    lineage_id: int | None
    appearance_id: int | None
    before: Wording | None = None
    """Set when the wording moved."""
    match: Match | None = None


@dataclass(frozen=True, slots=True)
class Laid:
    """The whole comparison of one page."""

    attached: tuple[Attached, ...]
    lost: tuple[Standing, ...]
    """Live appearances that the capture does not hold."""


def lay(found: Sequence[Found], standing: Sequence[Standing], elsewhere: Mapping[str, int]) -> Laid:
    """Attach ``found`` to ``standing`` (this page) and ``elsewhere`` (wording key → lineage of the same source)."""
    places = {(s.lineage_id, s.zone): s for s in standing}
    by_key = {s.wording.key: s.lineage_id for s in standing}
    lineage_of = {f.wording.key: by_key.get(f.wording.key, elsewhere.get(f.wording.key)) for f in found}
    kept = {lineage for lineage in lineage_of.values() if lineage is not None}
    matches = _reworded(
        {f.wording.key: f.wording for f in found if lineage_of[f.wording.key] is None},
        {s.lineage_id: s.wording for s in standing if s.live and s.alone and s.lineage_id not in kept},
        SAME_PAGE,
    )
    attached = []
    for one in found:
        key = one.wording.key
        lineage, before, match = matches.get(key, (lineage_of[key], None, None))
        place = places.get((lineage, one.zone)) if lineage is not None else None
        attached.append(Attached(one, lineage, place.appearance_id if place else None, before, match))
    held = {(a.lineage_id, a.found.zone) for a in attached}
    lost = tuple(s for s in standing if s.live and (s.lineage_id, s.zone) not in held)
    return Laid(tuple(attached), lost)


def pair_across_pages(
    fresh: Mapping[int, Wording], lost: Mapping[int, Wording]
) -> dict[int, tuple[int, Wording, Match]]:
    """Fresh lineages that are lost ones in other words on another page: fresh id → (lost id, its words, match)."""
    by_name = {str(lineage): wording for lineage, wording in fresh.items()}
    return {int(name): found for name, found in _reworded(by_name, lost, OTHER_PAGE).items()}


def _reworded(
    fresh: Mapping[str, Wording], lost: Mapping[int, Wording], cut: float
) -> dict[str, tuple[int, Wording, Match]]:
    """Best pairs first, each side once; only pairs that the rule fields allow and that reach ``cut``."""
    if not fresh or not lost:
        return {}
    names, lineages = list(fresh), list(lost)
    vector = vectors([fresh[n].quote for n in names] + [lost[i].quote for i in lineages])
    scored = sorted(
        (
            (cosine(vector[a], vector[len(names) + b]), names[a], lineages[b])
            for a in range(len(names))
            for b in range(len(lineages))
            if may_be_one(lost[lineages[b]], fresh[names[a]])
        ),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    taken: dict[str, tuple[int, Wording, Match]] = {}
    used: set[int] = set()
    for score, name, lineage in scored:
        if score < cut:
            break
        if name in taken or lineage in used:
            continue
        kind, why = direction(lost[lineage], fresh[name])
        taken[name] = (lineage, lost[lineage], Match(round(score, 3), kind, why))
        used.add(lineage)
    return taken
