"""Which claim is which: the findings of a capture are laid against what stood on the page before.

Exact words first, anywhere on the source; then the same letters in other signs; then meaning and wording together, as
the pairing that fits best as a whole. What finds no counterpart is fresh; what stood there and is not found is lost.
Nothing is decided here about the whole site: that is ``close_run``'s.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from exowatch.changes.assignment import assign
from exowatch.changes.direction import direction
from exowatch.changes.meaning import MOST_BY_MEANING, fit
from exowatch.changes.similarity import Matrix, similarities
from exowatch.model.changes import Match, Standing, Wording
from exowatch.model.keys import letters

#: How well two wordings must fit to be one claim (see ``meaning``): between the pairs measured and all others. Across
#: pages, where there are more chances for a wrong pair, more is asked.
SAME_PAGE = 0.40
OTHER_PAGE = 0.50
#: Counterparts that are weighed for one wording, the likest.
MOST_RIVALS = 30


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
    beside: bool = False
    """True: the words before still stand, here in another zone or on another page."""


@dataclass(frozen=True, slots=True)
class Laid:
    """The whole comparison of one page."""

    attached: tuple[Attached, ...]
    lost: tuple[Standing, ...]
    """Live appearances that the capture does not hold."""
    waiting: tuple[Standing, ...] = ()
    """Appearances that earlier captures lacked, this one too, and that nobody was told of yet."""


#: Wording key of a finding → lineage, its words before, and why they are one.
_Matches = dict[str, tuple[int, Wording, Match]]


def lay(found: Sequence[Found], standing: Sequence[Standing], elsewhere: Mapping[str, int]) -> Laid:
    """Attach ``found`` to ``standing`` (this page) and ``elsewhere`` (wording key → lineage of the same source)."""
    wordings = {f.wording.key: f.wording for f in found}
    here = {s.wording.key: s.lineage_id for s in standing} | {s.key_here: s.lineage_id for s in standing}
    lineage_of = {key: here.get(key, elsewhere.get(key)) for key in wordings}
    matches = _as_it_was_before(wordings, lineage_of, standing)
    fresh = {key: wording for key, wording in wordings.items() if lineage_of[key] is None}
    held = {(lineage_of[f.wording.key], f.zone) for f in found}
    left = [s for s in standing if (s.lineage_id, s.zone) not in held]
    matches |= _in_other_signs(fresh, left)
    lost = {s.lineage_id: s.wording for s in left if s.live or s.state == "unconfirmed"}
    for lineage, _, _ in matches.values():
        lost.pop(lineage, None)
    rest = {key: wording for key, wording in fresh.items() if key not in matches}
    matches |= _reworded(rest, lost, SAME_PAGE, [*wordings.values(), *(s.wording for s in standing)])
    kept = {lineage for key, lineage in lineage_of.items() if key not in matches}
    places = {(s.lineage_id, s.zone): s.appearance_id for s in standing}
    attached = tuple(_attached(one, lineage_of[one.wording.key], matches, places, standing, kept) for one in found)
    taken = {(a.lineage_id, a.found.zone) for a in attached}
    absent = [s for s in standing if (s.lineage_id, s.zone) not in taken]
    waiting = tuple(s for s in absent if not s.live and s.state == "unconfirmed")
    return Laid(attached, tuple(s for s in absent if s.live), waiting)


def _attached(
    found: Found,
    lineage: int | None,
    matches: _Matches,
    places: Mapping[tuple[int, str], int],
    standing: Sequence[Standing],
    kept: Collection[int | None],
) -> Attached:
    lineage, before, match = matches.get(found.wording.key, (lineage, None, None))
    place = places.get((lineage, found.zone)) if lineage is not None else None
    beside = match is not None and (lineage in kept or any(s.lineage_id == lineage and not s.alone for s in standing))
    return Attached(found, lineage, place, before, match, beside)


def _as_it_was_before(
    wordings: Mapping[str, Wording], lineage_of: Mapping[str, int | None], standing: Sequence[Standing]
) -> _Matches:
    """Words that a lineage of this page had once and takes again, in place of those that it has now."""
    now = {s.lineage_id: s.wording for s in standing if s.live}
    known = {key for s in standing for key in (s.wording.key, s.key_here)}
    found: _Matches = {}
    for key, wording in wordings.items():
        lineage = lineage_of[key]
        before = None if lineage is None else now.get(lineage)
        if lineage is not None and before is not None and key not in known and before.key not in wordings:
            alike = float(similarities([before.quote], [wording.quote])[0, 0])
            match = Match(round(alike, 3), *direction(before, wording))
            found[key] = (lineage, before, _SAME if _same_letters(before, wording) else match)
    return found


def pair_across_pages(
    fresh: Mapping[int, Wording], lost: Mapping[int, Wording]
) -> dict[int, tuple[int, Wording, Match]]:
    """Fresh lineages that are lost ones in other words on another page: fresh id → (lost id, its words, match)."""
    by_name = {str(lineage): wording for lineage, wording in fresh.items()}
    return {int(name): found for name, found in _reworded(by_name, lost, OTHER_PAGE).items()}


#: What differs is nothing that a reader would see as other words.
_SAME = Match(1.0, "same", "the same words in other signs")


def _same_letters(one: Wording, other: Wording) -> bool:
    return letters(one.quote) == letters(other.quote)


def _in_other_signs(fresh: Mapping[str, Wording], standing: Sequence[Standing]) -> _Matches:
    """Wordings that differ from one that stood there by quotes, dashes and spaces alone."""
    by_letters = {(s.wording.subject, letters(s.wording.quote)): s for s in standing}
    found: _Matches = {}
    for key, wording in fresh.items():
        one = by_letters.pop((wording.subject, letters(wording.quote)), None) if letters(wording.quote) else None
        if one is not None and fit(one.wording, wording, 1.0):
            found[key] = (one.lineage_id, one.wording, _SAME)
    return found


def _reworded(
    fresh: Mapping[str, Wording], lost: Mapping[int, Wording], cut: float, among: Sequence[Wording] = ()
) -> _Matches:
    """Which of ``fresh`` is which of ``lost``: the pairing that fits best as a whole, of pairs that reach ``cut``."""
    if not fresh or not lost:
        return {}
    names, lineages = list(fresh), list(lost)
    ones, others = [fresh[name] for name in names], [lost[lineage] for lineage in lineages]
    compared = {w.key for w in (*ones, *others)}
    rest = {w.key: w.quote for w in among if w.key not in compared}
    alike = similarities([w.quote for w in ones], [w.quote for w in others], list(rest.values()))
    scores = {
        (a, b): score
        for a, b in _candidates(alike, cut - MOST_BY_MEANING)
        if (score := fit(others[b], ones[a], float(alike[a, b]))) >= cut
    }
    taken: _Matches = {}
    for a, b in assign(scores):
        before, after = others[b], ones[a]
        kind, why = direction(before, after)
        taken[names[a]] = (lineages[b], before, Match(round(float(alike[a, b]), 3), kind, why))
    return taken


def _candidates(alike: Matrix, least: float) -> list[tuple[int, int]]:
    """Pairs at least so much alike; of a page of hundreds of sentences of one pattern, the best of each side."""
    kept = alike >= least
    for axis in (0, 1):
        if kept.shape[axis] > MOST_RIVALS:
            bound = np.partition(alike, -MOST_RIVALS, axis=axis).take(-MOST_RIVALS, axis=axis)
            kept &= alike >= np.expand_dims(bound, axis)
    return [(int(a), int(b)) for a, b in np.argwhere(kept)]
