"""Is a clinic's sentence like one that a regulator's letter has cited? Said beside the verdict, never the verdict."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from exowatch.changes.similarity import similarities
from exowatch.model.findings import Claim
from exowatch.model.letters import Precedent
from exowatch.model.readings import Assessment, Reason
from exowatch.store import write_letters
from exowatch.store.session import Books

#: From here on two sentences say the same in nearly the same words (docs/assessment.md).
LIKE = 0.55
#: Words that must be shared before two sentences are laid side by side.
_SHARED = 2
#: Candidates of one claim that are compared at most.
_MOST = 60
_WORD = re.compile(r"\w{4,}")
#: Words that every such sentence has.
_COMMON = frozenset(
    {"exosome", "exosomes", "your", "with", "that", "this", "from", "have", "will", "treatment", "therapy"}
)


@dataclass(frozen=True, slots=True)
class Precedents:
    """Quoted claims with an index of their words."""

    held: tuple[Precedent, ...]
    by_word: Mapping[str, tuple[int, ...]]

    def like(self, text: str) -> tuple[Precedent, float] | None:
        """The quoted claim that is most like this sentence, and how much; None where none is like enough."""
        shared: dict[int, int] = {}
        for word in _words(text):
            for place in self.by_word.get(word, ()):
                shared[place] = shared.get(place, 0) + 1
        near = sorted((place for place, n in shared.items() if n >= _SHARED), key=lambda place: -shared[place])[:_MOST]
        if not near:
            return None
        alike = similarities([text], [self.held[place].text for place in near])[0]
        best = int(alike.argmax())
        return (self.held[near[best]], float(alike[best])) if alike[best] >= LIKE else None


_cached: dict[str, tuple[tuple[int, int], Precedents]] = {}


def precedents_of(db: Books, name: str) -> Precedents | None:
    """All that is held in the database ``name``; None where nothing is. Read again only when it moved."""
    now = write_letters.newest_precedent(db)
    if not now[0]:
        return None
    known = _cached.get(name)
    if known is None or known[0] != now:
        known = _cached[name] = (now, _indexed(write_letters.all_precedents(db)))
    return known[1]


def with_precedent(claim: Claim, made: Sequence[Assessment], held: Precedents | None) -> list[Assessment]:
    """The assessments of a claim, each with the precedent that it is like, in words."""
    found = held.like(claim.quote.text) if held and claim.stance in ("asserted", "hedged") else None
    if found is None:
        return list(made)
    reason = Reason("precedent", _told(*found), (found[0].url,))
    return [replace(one, reasons=(*one.reasons, reason)) for one in made]


def _told(one: Precedent, alike: float) -> str:
    when = f" on {one.issued_on}" if one.issued_on else ""
    number = f" ({one.number})" if one.number else ""
    firm = f" to {one.firm}" if one.firm else ""
    cited = f"a sentence that the {one.authority} quoted in a letter{firm}{when}{number}"
    return f"{alike:.0%} like {cited}: “{one.text[:200]}”"


def _indexed(held: Sequence[Precedent]) -> Precedents:
    by_word: dict[str, list[int]] = {}
    for place, one in enumerate(held):
        for word in _words(one.text):
            by_word.setdefault(word, []).append(place)
    return Precedents(tuple(held), {word: tuple(places) for word, places in by_word.items()})


def _words(text: str) -> set[str]:
    return {word for word in _WORD.findall(text.casefold())} - _COMMON
