"""Spaces where writers do not agree on them: 세포 외 소포 is 세포외소포, and 未經FDA批准 names the FDA."""

from __future__ import annotations

import re
from typing import NamedTuple

from exowatch.extract.fold import Folded

_NO_SPACES = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
#: A space between two letters that need none, or a place where Latin letters or figures touch another script.
_PLACES = re.compile(
    rf"(?<=[{_NO_SPACES}]) +(?=[{_NO_SPACES}])"
    rf"|(?<=[a-z0-9%+])(?=[{_NO_SPACES}\u0620-\u06d5])|(?<=[{_NO_SPACES}\u0620-\u06d5])(?=[a-z0-9])"
)
_OTHER_SCRIPT = re.compile(rf"[{_NO_SPACES}\u0620-\u06d5]")
_BLANKS = " \t\u00a0\u3000"
_HANGUL = re.compile(r"[\uac00-\ud7af]")
#: Letters of a word that is read across a space. Two Korean syllables of two words make a third word too easily.
_LEAST, _LEAST_KOREAN = 2, 3


class Respaced(NamedTuple):
    """A text with some spaces gone and others added."""

    text: str
    places: list[int]

    def at(self, place: int) -> int:
        """The place in the text that it was made of."""
        return self.places[min(place, len(self.places) - 1)]


def respaced_text(folded: Folded) -> Respaced | None:
    """A folded text without spaces inside a script that needs none, with spaces between two; None where that is all."""
    text = folded.text
    if text.isascii() or not _OTHER_SCRIPT.search(text):
        return None
    pieces, places, done = list[str](), list[int](), 0
    for found in _PLACES.finditer(text):
        begin, stop = found.span()
        if begin < stop and folded.origin[folded.at(begin) : folded.at(stop)].strip(_BLANKS):
            continue  # a comma or the end of a line
        pieces.append(text[done:begin])
        places += range(done, begin)
        if begin == stop:
            pieces.append(" ")
            places.append(begin)
        done = stop
    if not pieces:
        return None
    pieces.append(text[done:])
    places += range(done, len(text))
    return Respaced("".join(pieces), places)


def may_be_joined(found: str) -> bool:
    """What was found across a space is long enough to be one word that was written in two."""
    letters = found.replace(" ", "")
    if len(letters) == len(found):
        return True
    return len(letters) >= (_LEAST_KOREAN if _HANGUL.search(found) else _LEAST)
