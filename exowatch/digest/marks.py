"""Where in its paragraph a claim stands, and which words moved between two wordings: text in marked pieces."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import Indel

from exowatch.digest.safe import plain, shortened

Mark = Literal["", "claim", "removed", "added"]
#: A run of blanks, a run of letters and digits, one letter of a script written without blanks, or one sign.
_WORDS = re.compile(
    r"\s+|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+|.", re.S
)
QUOTE_LIMIT = 1200
"""Characters of a quote that are printed; the record holds all of it."""
AROUND = 260
"""Characters of its paragraph printed before and after a claim."""
_LEAD = 60
"""Characters of a long quote printed before its first telling word."""
_COMPARED = 4000
"""Words compared in each wording; longer ones are compared as far as this."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of printed text and what it is."""

    text: str
    mark: Mark = ""


Pieces = tuple[Piece, ...]


def in_context(paragraph: object, quote: object, telling: Sequence[str] = ()) -> Pieces:
    """The paragraph around ``quote`` with the quote marked; the quote alone where the paragraph lacks it.

    Of a quote that is too long to be printed, the part that holds most of the ``telling`` words.
    """
    whole, claim = plain(paragraph), plain(quote)
    before, found, after = whole.partition(claim) if claim else (whole, "", "")
    marked = Piece(_telling_part(claim, telling), "claim")
    if not found:
        return (marked,) if claim else (Piece(shortened(whole, 2 * AROUND)),)
    return tuple(piece for piece in (Piece(_tail(before)), marked, Piece(_head(after))) if piece.text)


def _telling_part(claim: str, telling: Sequence[str]) -> str:
    places = sorted(place for place in map(claim.find, telling) if place >= 0)
    if len(claim) <= QUOTE_LIMIT or not places:
        return shortened(claim, QUOTE_LIMIT)
    first = max(places, key=lambda start: (sum(start <= one < start + QUOTE_LIMIT - _LEAD for one in places), -start))
    if first < QUOTE_LIMIT // 2:
        return shortened(claim, QUOTE_LIMIT)
    start = claim.rfind(" ", 0, first - _LEAD) + 1
    return f"… {claim[start : start + QUOTE_LIMIT].rstrip()} … ({len(claim):,} characters)"


def word_changes(before: object, after: object) -> tuple[Pieces, Pieces]:
    """``before`` with the words it lost and ``after`` with the words it gained, each marked."""
    old, new = _words(before), _words(after)
    left, right = list[Piece](), list[Piece]()
    for step in Indel.opcodes(old, new):
        lost, gained = "".join(old[step.src_start : step.src_end]), "".join(new[step.dest_start : step.dest_end])
        if step.tag == "equal":
            left.append(Piece(lost))
            right.append(Piece(gained))
        else:
            left += [Piece(lost, "removed")] if lost else []
            right += [Piece(gained, "added")] if gained else []
    return _joined(left), _joined(right)


def _words(text: object) -> list[str]:
    return _WORDS.findall(shortened(plain(text), QUOTE_LIMIT))[:_COMPARED]


def _joined(pieces: list[Piece]) -> Pieces:
    """Neighbours of one kind as one piece, a blank between two marked ones drawn into the mark."""
    joined = list[Piece]()
    for index, piece in enumerate(pieces):
        mark = piece.mark
        between = joined[-1].mark if joined else ""
        follows = pieces[index + 1].mark if index + 1 < len(pieces) else ""
        if not piece.text.strip() and between and between == follows:
            mark = between
        if joined and joined[-1].mark == mark:
            joined[-1] = Piece(joined[-1].text + piece.text, mark)
        else:
            joined.append(Piece(piece.text, mark))
    return tuple(joined)


def _tail(text: str) -> str:
    return text if len(text) <= AROUND else "… " + _from_blank(text[-AROUND:])


def _head(text: str) -> str:
    if len(text) <= AROUND:
        return text
    cut = text[:AROUND]
    return (cut[: cut.rfind(" ")] if " " in cut else cut) + " …"


def _from_blank(text: str) -> str:
    return text[text.find(" ") + 1 :] if " " in text else text
