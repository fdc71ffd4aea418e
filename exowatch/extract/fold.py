"""Text → letters that can be compared: one case, one form, no accents, no look-alikes, punctuation as spaces.

Every letter of the folded text remembers the letters of the original that it stands for, so that offsets stay true:
what is written but not seen (zero-width, soft hyphens, Arabic vowel signs) is left out, letters in several parts (a
Korean syllable, a kana and its voice mark) are put together, and ligatures are taken apart.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from typing import NamedTuple

#: Stands for a letter that is left out; never in a page, since it is no character of XML or HTML.
_GONE = "\x00"
_KEPT_SIGNS = "%+"
#: Letters without a decomposition that people write without their stroke, and the dotless i.
_PLAIN = dict(zip("ıłøđħŧςёٱأإآىةکیھ", "ilodhtσеااااي\u0647كي\u0647", strict=True))
#: An apostrophe that is a letter by its class; a plain one is no letter.
_APOSTROPHE = "\u02bc"
#: One letter that stands for several: ligatures of printers and of Arabic, squared units, ß and its like.
_LIGATURE = (
    "[\u0132\u0133\u01c4-\u01cc\u01f1-\u01f3\ufb00-\ufb06\ufb13-\ufb17\ufdf0-\ufdfb\ufef5-\ufefc"
    "\u3300-\u3357\u3371-\u33df\u2116ßẞœŒæÆ]"
)
_SPELT = {"ß": "ss", "ẞ": "ss", "œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae"}
#: Several that stand for one: a Cyrillic or Arabic letter and its mark, kana and voice mark, the parts of a syllable.
_PARTS = (
    "[\u0400-\u04ff\u0620-\u064a\u06c0-\u06d5][\u0300-\u036f\u064b-\u065f]+"
    "|[\u3041-\u30ff\uff66-\uff9d][\u3099\u309a\uff9e\uff9f]|[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?"
)
_UNEVEN = re.compile(f"{_LIGATURE}|{_PARTS}")
#: Letters of other alphabets that look like Latin ones, small or capital; used to dodge filters, and typed by mistake.
_LOOKS_LATIN = dict(zip("аеорсухіјѕԁһοανιερτυχκкмтвн", "aeopcyxijsdhoavieptuxkkmtbh", strict=True))
_LOOKS_CYRILLIC = dict(zip("aeopcyxikmtbh", "аеорсухікмтвн", strict=True))
_MIXED = re.compile("[a-z][\u0370-\u03ff\u0400-\u04ff]|[\u0370-\u03ff\u0400-\u04ff][a-z]")
_WORD = re.compile(r"\S+")


class Folded(NamedTuple):
    """A text made comparable. ``text`` begins and ends with a space, so that every word stands between two."""

    text: str
    places: list[int] | None
    """Original offset of each letter after the first space, and the end; None where each stands for one letter."""
    ends: list[int] | None = None
    """Where the original letters of each end; None where each is one."""
    origin: str = ""
    """The text as it was."""

    def at(self, place: int) -> int:
        """The original offset of a place in ``text``."""
        return place - 1 if self.places is None else self.places[max(0, min(place - 1, len(self.places) - 1))]

    def place_of(self, offset: int) -> int:
        """The place in ``text`` of the first letter that stands for what is at ``offset`` or behind it."""
        return offset + 1 if self.places is None else bisect_left(self.places, offset) + 1

    def until(self, place: int) -> int:
        """The original offset where the letter before a place in ``text`` ends."""
        if self.ends is None:
            return self.at(place - 1) + 1
        return self.ends[max(0, min(place - 2, len(self.ends) - 1))]


class _Letters(dict[int, str]):
    """Code point → folded letter, worked out at first sight."""

    def __missing__(self, code: int) -> str:
        made = self[code] = _fold_letter(chr(code))
        return made


def _fold_letter(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind in ("Mn", "Me", "Cf") or letter == "\u0640":
        return _GONE
    if kind == "Nd":
        return str(unicodedata.digit(letter))  # ١٠٠ is 100
    if letter == "٪":
        return "%"
    made = unicodedata.normalize("NFKC", letter).lower()
    if made in _KEPT_SIGNS:
        return made
    # a trade mark or the number of a footnote is no part of the word before it
    if letter == _APOSTROPHE or (kind in ("No", "So") and (len(made) > 1 or _is_raised(letter))):
        return " "
    made = made[:1]
    made = _PLAIN.get(made, made)
    base = unicodedata.normalize("NFD", made)[:1]
    if base.isascii() or "\u0370" <= base <= "\u03ff":
        made = _PLAIN.get(base, base)  # Latin and Greek accents fall; й and ї are letters of their own
    return made if made.isalnum() else " "


def _is_raised(letter: str) -> bool:
    return unicodedata.decomposition(letter).startswith("<super>")


_LETTERS = _Letters()


def fold(text: str) -> Folded:
    """``text`` folded. A word of two alphabets is read in that of most of its letters."""
    whole, starts, ends = _evened(text) if not text.isascii() and _UNEVEN.search(text) else (text, None, None)
    plain = whole.translate(_LETTERS)
    if _GONE in plain:
        kept = [i for i, letter in enumerate(plain) if letter != _GONE]
        ends = [ends[i] for i in kept] if ends else None
        starts = [*((starts[i] for i in kept) if starts else kept), len(text)]
        plain = plain.replace(_GONE, "")
    if not plain.isascii() and _MIXED.search(plain):
        plain = _WORD.sub(lambda match: _one_alphabet(match[0]), plain)
    return Folded(f" {plain} ", starts, ends, text)


def _evened(text: str) -> tuple[str, list[int], list[int]]:
    """The text with letters in parts put together and ligatures taken apart; where each came from, begin and end."""
    pieces, starts, ends, done = list[str](), list[int](), list[int](), 0
    for found in _UNEVEN.finditer(text):
        begin, stop = found.span()
        pieces.append(text[done:begin])
        starts += range(done, begin)
        ends += range(done + 1, begin + 1)
        made = _SPELT.get(found[0]) or unicodedata.normalize("NFKC", found[0])
        pieces.append(made)
        starts += [begin] * len(made)
        ends += [stop] * len(made)
        done = stop
    pieces.append(text[done:])
    starts += range(done, len(text) + 1)
    ends += range(done + 1, len(text) + 1)
    return "".join(pieces), starts, ends


def _one_alphabet(word: str) -> str:
    if not _MIXED.search(word):
        return word
    latin = sum("a" <= letter <= "z" for letter in word)
    table = _LOOKS_LATIN if latin * 2 >= len(word) else _LOOKS_CYRILLIC
    turned = "".join(table.get(letter, letter) for letter in word)
    other = "".join((_LOOKS_CYRILLIC if table is _LOOKS_LATIN else _LOOKS_LATIN).get(c, c) for c in word)
    # a Latin word of which mostly look-alikes were swapped still has letters that only Latin has
    return other if _MIXED.search(turned) and not _MIXED.search(other) else turned
