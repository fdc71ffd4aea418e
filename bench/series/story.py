"""A story: a site over some days, and the truth of what really changed on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bench.series.site import Site

Family = Literal["change", "noise", "bad", "mixed"]
What = Literal["new", "stronger", "returned", "weaker", "reworded", "moved", "gone"]
#: What a person is to be told of by a flag.
NEWS: frozenset[str] = frozenset(("new", "stronger", "returned"))
#: Days of a story; what happens happens on the day EVENT (counted from 0).
LENGTH, EVENT = 7, 2


@dataclass(frozen=True, slots=True)
class Truth:
    """One real change: what, on which day it could first be seen, and the words after (of *gone*: before)."""

    what: What
    day: int
    text: str


@dataclass(frozen=True, slots=True)
class Story:
    """A site day by day, and what really changed."""

    kind: str
    family: Family
    language: str
    days: Sequence[Site]
    truths: tuple[Truth, ...] = ()
    may_be_gone: frozenset[str] = frozenset()
    """Sentences that go as well, of which it is no error to say so: a heading, a disclaimer."""

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.language}"


Maker = Callable[[str], Story]


def change(kind: str, language: str, before: Site, after: Site, *truths: tuple[What, str]) -> Story:
    """A site that changes once, and stays so."""
    days = [before] * EVENT + [after] * (LENGTH - EVENT)
    return Story(kind, "change", language, days, tuple(Truth(what, EVENT, text) for what, text in truths))


def noise(kind: str, language: str, site: Site, day_of: Callable[[Site, int], Site]) -> Story:
    """A site on which nothing real changes: each day is made by ``day_of``."""
    return Story(kind, "noise", language, [day_of(site, day) for day in range(LENGTH)])


def bad(kind: str, language: str, site: Site, on_days: Mapping[int, Site]) -> Story:
    """A site that is captured badly on some days."""
    return Story(kind, "bad", language, [on_days.get(day, site) for day in range(LENGTH)])
