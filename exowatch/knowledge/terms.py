"""Terms of studies found in one pass over a text (Aho-Corasick): every cue and name at once, each exactly as written.

A term is words; ``*`` takes any ending, ``…`` up to sixty characters between two words of one sentence, ``-`` may be a
space or nothing. Asking two hundred patterns one by one took 11 ms an abstract (2026-11-26).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

_LETTERS = re.compile(r"[a-zа-яёіїєґçğışöüáéíóúñ]", re.IGNORECASE)
_OPEN = re.compile(r"[*…]")
#: Signs that stand between two words of a term, as one; each is one letter long, so that places stay true.
_JOINTS = str.maketrans(dict.fromkeys("-–\n\t\u00a0\u2009\u202f", " "))
#: Texts whose terms are remembered: the sentences and sections of one abstract.
_REMEMBERED = 512


class Span(NamedTuple):
    """Where a term stands in a text."""

    start: int
    end: int


class _Term(NamedTuple):
    """One term behind its fixed beginning."""

    name: str
    bound_before: bool
    bound_after: bool
    any_ending: bool
    plain: bool
    """Nothing but the fixed letters, as a whole word."""
    rest: str | None
    """Pattern from the beginning on, where more than the fixed letters has to be seen."""


class Terms:
    """The terms of many names, ready to be found together."""

    def __init__(self, terms: Mapping[str, Iterable[str]]) -> None:
        """``terms``: name → its terms."""
        self._terms = terms
        self.find = functools.lru_cache(_REMEMBERED)(self._find)

    @functools.cached_property
    def _machine(self) -> tuple[AhoCorasick, list[list[_Term]]]:
        """Made when a text is first read: a command that reads no study does not pay for it."""
        known: dict[str, list[_Term]] = {}
        for name, terms in self._terms.items():
            for term in terms:
                for beginning, made in _made(name, term):
                    known.setdefault(beginning, []).append(made)
        return AhoCorasick(list(known), matchkind=MatchKind.Standard), list(known.values())

    def _find(self, text: str) -> dict[str, list[Span]]:
        """Name → where its terms stand, in order, none within another."""
        plain = _plain(text)
        machine, terms = self._machine
        found: dict[str, list[Span]] = {}
        for number, start, end in machine.find_matches_as_indexes(plain, overlapping=True):
            before = start == 0 or not plain[start - 1].isalnum()
            for term in terms[number]:
                if term.bound_before and not before:
                    continue
                stop = end if term.plain else _end_of(term, plain, start, end)
                if stop is not None and not (term.plain and plain[end : end + 1].isalnum()):
                    found.setdefault(term.name, []).append(Span(start, stop))
        return {name: _apart(spans) if len(spans) > 1 else spans for name, spans in found.items()}


def _plain(text: str) -> str:
    lower = text.lower()
    if len(lower) != len(text):  # İ becomes two
        lower = "".join(letter.lower()[:1] for letter in text)
    return lower.replace("’", "'").translate(_JOINTS)


def _in_word(letter: str) -> bool:
    return letter.isalnum()


def _end_of(term: _Term, plain: str, start: int, end: int) -> int | None:
    """Where the term that begins here ends; None where the rest of it is not there."""
    if term.rest is not None:
        more = _compiled(term.rest).match(plain, start)
        return more.end() if more else None
    if term.any_ending:
        while end < len(plain) and _in_word(plain[end]):
            end += 1
        return end
    return None if term.bound_after and end < len(plain) and _in_word(plain[end]) else end


def _made(name: str, term: str) -> Iterable[tuple[str, _Term]]:
    """The fixed beginnings of a term in every spelling, each with what is still to be seen behind it."""
    plain = " ".join(_plain(term.replace("-", "\x00")).split())
    letters = bool(_LETTERS.search(term))
    fixed = _OPEN.split(plain, maxsplit=1)[0]
    behind = plain[len(fixed) :]
    simple = behind in ("", "*")
    for spelling in dict.fromkeys(_spelt(fixed.rstrip() if simple else fixed.strip())):
        rest = None if simple else _pattern(spelling, behind, letters=letters, spaced=fixed.endswith(" "))
        yield spelling, _Term(name, letters and term[0].isalnum(), letters, behind == "*", letters and not behind, rest)


def _spelt(words: str) -> Iterable[str]:
    before, joint, after = words.partition("\x00")
    if not joint:
        return [words]
    return [f"{before}{between}{rest}" for rest in _spelt(after) for between in (" ", "")]


def _pattern(spelling: str, behind: str, *, letters: bool, spaced: bool) -> str:
    words = re.escape(behind).replace(r"\ …\ ", "…").replace(r"…\ ", "…").replace("\x00", " ?").replace(r"\*", r"\w*")
    words = words.replace(r"\ ", " +").replace("…", r"\b[^.;]{1,60}?\b")
    gap = " +" if spaced and not behind.startswith("…") else ""
    return f"{re.escape(spelling)}{gap}{words}" + (r"(?!\w)" if letters else "")


def _apart(spans: list[Span]) -> list[Span]:
    """In order; of those that overlap the first, and of those that begin together the longest."""
    kept = list[Span]()
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
