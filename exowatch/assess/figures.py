"""Figures in words: how long, and how many per cent."""

from __future__ import annotations

import re
from collections.abc import Iterable

_DAYS = {"day": 1.0, "week": 7.0, "month": 30.4, "year": 365.0, "decade": 3650.0}
_WORDS = ("a", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_COUNT = {word: float(number) for number, word in enumerate(_WORDS, start=1)} | {
    "an": 1.0,
    "one": 1.0,
    "half a": 0.5,
    "eighteen": 18.0,
    "twenty-four": 24.0,
}
_NAMED = "|".join(sorted(_COUNT, key=len, reverse=True))
_TIME = re.compile(rf"\b(\d+(?:\.\d+)?|{_NAMED})[\s-]+(day|week|month|year|decade)s?\b", re.IGNORECASE)
#: A time for which an effect is said to stay, and not one within which it comes.
_STAYS = re.compile(
    r"\b(?:last(?:s|ed|ing)?|stay(?:s|ed)?|hold(?:s)?|held|keep(?:s)?|kept|remain(?:s|ed)?|persist\w*|endure\w*|sustain\w*|"
    r"maintain\w*|still)\b|\b(?:up to|for(?: at least| over| more than| up to)?) (?=\S+ (?:month|year))",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"(\d{1,3}(?:[.,]\d+)?) ?(?:%|per ?cent\b)(?! ?(?:CI\b|confidence|credible))", re.IGNORECASE)


def days_in(text: str) -> float | None:
    """The longest time that a text names, in days; None where it names none."""
    found = [_days(*match.groups()) for match in _TIME.finditer(text)]
    return max(found, default=None)


def _days(count: str, unit: str) -> float:
    return (_COUNT.get(count.lower()) or float(count)) * _DAYS[unit.lower()]


def staying_in(text: str) -> float | None:
    """For how many days the text says that an effect stays; None where it does not say."""
    stays = _STAYS.search(text)
    return days_in(text[stays.start() :]) if stays else None


def largest_percentage(texts: Iterable[str]) -> float | None:
    """The largest percentage in these texts, levels of confidence left out."""
    return max((float(one.replace(",", ".")) for text in texts for one in _PERCENT.findall(text)), default=None)
