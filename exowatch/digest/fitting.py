"""A letter made to fit a mail: services cut what is longer, so most is told in brief where there is much."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from exowatch.digest.items import Entry, Item
from exowatch.digest.marks import Piece
from exowatch.digest.safe import shortened
from exowatch.digest.sheet import Section, Sheet
from exowatch.digest.watched import shortfall

#: Bytes of HTML that a mail may have; Gmail cuts at 102 KB.
MOST_BYTES = 98_000
#: Step by step: pages in full under each heading, claims of every other page, lines in each list.
_STEPS = ((20, 3, 30), (10, 3, 20), (5, 3, 15), (3, 2, 10), (2, 1, 10), (1, 1, 5), (0, 1, 3))
_QUOTE = 240
_WHOLE = "More is told in the letter as a file: `exowatch digest --format html` or `pdf`."


def fitted(sheet: Sheet, made: Callable[[Sheet], str]) -> str:
    """``sheet`` as ``made`` prints it, as whole as fits into a mail."""
    html = made(sheet)
    for full, claims, lines in _STEPS:
        if len(html.encode("utf-8")) <= MOST_BYTES:
            break
        html = made(_shorter(sheet, full, claims, lines))
    return html


def _shorter(sheet: Sheet, full: int, claims: int, lines: int) -> Sheet:
    chapters = tuple(
        replace(one, moves=one.moves[:lines], more=one.more + max(0, len(one.moves) - lines)) for one in sheet.chapters
    )
    short = tuple(row for row in sheet.coverage if shortfall(row))
    whole = len(sheet.coverage) - len(short[:lines])
    return replace(
        sheet,
        sections=tuple(_section(section, full, claims, lines) for section in sheet.sections),
        chapters=chapters,
        coverage=short[:lines],
        coverage_more=whole,
        unread=sheet.unread[:lines],
        unread_more=sheet.unread_more + max(0, len(sheet.unread) - lines),
        issues=sheet.issues[:lines],
        asides=(*sheet.asides, _WHOLE),
    )


def _section(section: Section, full: int, claims: int, lines: int) -> Section:
    short = tuple(_brief(entry, claims) for entry in section.entries[full:])
    hidden = max(0, len(section.others) - lines)
    return replace(
        section,
        entries=(*section.entries[:full], *short),
        others=section.others[:lines],
        more=section.more + hidden,
    )


def _brief(entry: Entry, claims: int) -> Entry:
    kept = tuple(_short(item) for item in entry.items[:claims])
    return replace(entry, items=kept, more=entry.more + len(entry.items) - len(kept))


def _short(item: Item) -> Item:
    """The claim alone, with its severity and verdict."""
    claim = next((piece.text for piece in item.context if piece.mark == "claim"), "")
    verdict = item.verdict.partition(":")[0]
    context = (Piece(shortened(claim, _QUOTE), "claim"),)
    return replace(item, context=context, verdict=verdict, in_brief=True)
