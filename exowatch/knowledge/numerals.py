"""Numbers in figures or in words: "63", "1,240", "twenty-five", "a hundred and twelve", "스물두"."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

#: Texts whose numbers are remembered: the sentences of one abstract, asked for by several readers.
_REMEMBERED = 512
_FIGURES = r"(?<![\d.,–-])\d{1,3}(?:[,\u2009\u00a0]\d{3})+(?!\d)|(?<![\d.,–-])\d{1,5}(?![.,]?\d)"


class Number(NamedTuple):
    """A number and where it stands in its text."""

    start: int
    end: int
    value: int


class Numerals:
    """Number words of several languages, ready to be found with figures; hundreds in English."""

    def __init__(self, units: Mapping[str, Sequence[str]], tens: Mapping[str, Sequence[str]]) -> None:
        """``units``: language → words for the numbers from one on; ``tens``: for twenty, thirty … ninety."""
        self._values = _values(units, tens)
        self._units = _longest_first(units)
        self._tens = _longest_first(tens)
        self.find = functools.lru_cache(_REMEMBERED)(self._find)

    @functools.cached_property
    def _pattern(self) -> re.Pattern[str]:
        small = rf"(?:{self._tens})(?:(?:[- ]| e | y | et )?(?:{self._units}))?|(?:{self._units})|dozen"
        words = rf"(?:(?:an?|one|two|three|four|five|six|seven|eight|nine) hundred(?:(?: and)? (?:{small}))?|{small})"
        return re.compile(rf"{_FIGURES}|\b{words}\b")

    def _find(self, text: str) -> list[Number]:
        """Every number of a text, in order."""
        lower = text.lower()
        found = ((match, self.value(match[0])) for match in self._pattern.finditer(lower))
        return [Number(*match.span(), value) for match, value in found if value is not None]

    def value(self, words: str) -> int | None:
        """What a number comes to; None where the words are none."""
        told = words.lower()
        if told[:1].isdecimal():
            return int(re.sub(r"\D", "", told))
        hundreds, _, rest = told.partition(" hundred")
        if rest or told.endswith(" hundred"):
            return 100 * self._values.get(hundreds, 1) + self._values.get(rest.removeprefix(" and ").strip(), 0)
        return self._values.get(told)


def _values(units: Mapping[str, Sequence[str]], tens: Mapping[str, Sequence[str]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for language, words in units.items():
        ones = {word: place for place, word in enumerate(words, 1)}
        tenfold = {word: 10 * place for place, word in enumerate(tens.get(language, ()), 2)}
        found |= ones | tenfold
        for ten, value in tenfold.items():
            for one, more in list(ones.items())[:9]:
                found |= {f"{ten}{joint}{one}": value + more for joint in ("-", " ", "", " e ", " y ", " et ")}
    return found | {"dozen": 12}


def _longest_first(words: Mapping[str, Sequence[str]]) -> str:
    return "|".join(sorted({word for told in words.values() for word in told}, key=len, reverse=True))
