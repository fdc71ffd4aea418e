"""Text → letters that can be compared: one case, one form, no accents, no look-alikes, punctuation as spaces.

Every letter of the folded text stands for one letter of the original, so that offsets stay true; letters that are
written but not seen (zero-width, soft hyphens, Arabic vowel signs) are left out and the places remembered.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

#: Stands for a letter that is left out; never in a page, since it is no character of XML or HTML.
_GONE = "\x00"
_KEPT_SIGNS = "%+"
#: Letters without a decomposition that people write without their stroke, and the dotless i.
_PLAIN = dict(zip("ıłøđħŧςёٱأإآىةکیھ", "ilodhtσеااااي\u0647كي\u0647", strict=True))
#: Letters of other alphabets that look like Latin ones; used to dodge filters, and typed by mistake.
_LOOKS_LATIN = dict(zip("аеорсухіјѕԁһοανιερτυχκ", "aeopcyxijsdhoaviepTuxk".lower(), strict=True))
_LOOKS_CYRILLIC = dict(zip("aeopcyxikmtbh", "аеорсухікмтвн", strict=True))
_MIXED = re.compile("[a-z][\u0370-\u03ff\u0400-\u04ff]|[\u0370-\u03ff\u0400-\u04ff][a-z]")
_WORD = re.compile(r"\S+")


class Folded(NamedTuple):
    """A text made comparable. ``text`` begins and ends with a space, so that every word stands between two."""

    text: str
    places: list[int] | None
    """Original offset of each letter after the first space, and the end; None where nothing was left out."""

    def at(self, place: int) -> int:
        """The original offset of a place in ``text``."""
        return place - 1 if self.places is None else self.places[max(0, min(place - 1, len(self.places) - 1))]


class _Letters(dict[int, str]):
    """Code point → folded letter, worked out at first sight."""

    def __missing__(self, code: int) -> str:
        made = self[code] = _fold_letter(chr(code))
        return made


def _fold_letter(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind in ("Mn", "Me", "Cf") or letter == "\u0640":
        return _GONE
    if letter in _KEPT_SIGNS:
        return letter
    if kind == "Nd":
        return str(unicodedata.digit(letter))  # ١٠٠ is 100
    if letter == "٪":
        return "%"
    made = unicodedata.normalize("NFKC", letter).lower()[:1]
    made = _PLAIN.get(made, made)
    base = unicodedata.normalize("NFD", made)[:1]
    if base.isascii() or "\u0370" <= base <= "\u03ff":
        made = _PLAIN.get(base, base)  # Latin and Greek accents fall; й and ї are letters of their own
    return made if made.isalnum() else " "


_LETTERS = _Letters()


def fold(text: str) -> Folded:
    """``text`` folded. A word of two alphabets is read in that of most of its letters."""
    plain = text.translate(_LETTERS)
    places = None
    if _GONE in plain:
        kept = [i for i, letter in enumerate(plain) if letter != _GONE]
        places = [*kept, len(text)]
        plain = plain.replace(_GONE, "")
    if not plain.isascii() and _MIXED.search(plain):
        plain = _WORD.sub(lambda match: _one_alphabet(match[0]), plain)
    return Folded(f" {plain} ", places)


def _one_alphabet(word: str) -> str:
    if not _MIXED.search(word):
        return word
    latin = sum("a" <= letter <= "z" for letter in word)
    table = _LOOKS_LATIN if latin * 2 >= len(word) else _LOOKS_CYRILLIC
    turned = "".join(table.get(letter, letter) for letter in word)
    other = "".join((_LOOKS_CYRILLIC if table is _LOOKS_LATIN else _LOOKS_LATIN).get(c, c) for c in word)
    # a Latin word of which mostly look-alikes were swapped still has letters that only Latin has
    return other if _MIXED.search(turned) and not _MIXED.search(other) else turned
