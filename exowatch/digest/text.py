"""A letter as plain text, 80 columns wide, for terminal mail clients and for the mail's text part."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable, Iterator

from exowatch.digest.items import Item, Move
from exowatch.digest.marks import Pieces
from exowatch.digest.safe import shortened
from exowatch.digest.sheet import Chapter, Section, Sheet
from exowatch.digest.watched import Watched, shortfall
from exowatch.model.readings import SEVERITIES

WIDTH = 80
#: Letters of a claim in the summary of one screen.
_GLANCE = 240
_HEIGHTS = ".▁▂▃▄▅▆▇█"
_SIGNS = {"": ("", ""), "claim": (">>", "<<"), "removed": ("[-", "-]"), "added": ("{+", "+}")}


def as_lines(sheet: Sheet) -> Iterator[str]:
    """The letter line by line; no line is wider than 80 columns."""
    yield from _head(sheet)
    for part in sheet.parts:
        yield from _section(part) if isinstance(part, Section) else _chapter(part)
    yield from _coverage(sheet)
    if sheet.held_back:
        yield from _title("What was held back", "")
    for words in sheet.held_back:
        yield from _wrapped(words, "- ", "  ")
    yield from _foot(sheet)


def summary_lines(sheet: Sheet) -> Iterator[str]:
    """The letter in one screen, for a terminal: what it comes to, then one line a page that is news."""
    yield from _wrapped(sheet.lead)
    if any(count for _, count in sheet.tallies):
        yield "  " + "   ".join(f"{name} {count}" for name, count in sheet.tallies)
    for entry in sheet.news:
        first, others = entry.items[0], len(entry.items) - 1 + entry.more
        claim = next((piece.text for piece in first.context if piece.mark == "claim"), "")
        more = f"  (+{others} more)" if others else ""
        told = shortened(claim, _GLANCE)
        yield from _wrapped(f"{first.severity:<8}  {entry.trader}: {told}{more}", "  ", " " * 12)
    for chapter in sheet.chapters:
        yield from _wrapped(f"{chapter.title}: {len(chapter.moves)}", "  ")
    for page in sheet.unread:
        yield from _wrapped(f"{page.result}: {page.source}: {page.cause}", "  ", " " * 4)


def _head(sheet: Sheet) -> Iterator[str]:
    yield f"EXOWATCH DIGEST   {sheet.date}"
    yield "=" * WIDTH
    if sheet.simulated:
        yield from _wrapped("SIMULATED RUN: the clock was set by hand; dates and times are not real.")
    yield from _wrapped(sheet.notice)
    yield from _wrapped(f"For {sheet.jurisdiction}, {sheet.window}.")
    yield ""
    yield from _wrapped(sheet.lead)
    if any(count for _, count in sheet.tallies):
        yield "  " + "   ".join(f"{name} {count}" for name, count in sheet.tallies)
    for place, counts in sheet.places:
        yield f"  {place:<4}" + "   ".join(f"{name} {count}" for name, count in zip(SEVERITIES, counts, strict=True))
    if sheet.days:
        yield from _wrapped(f"  last 30 days, a sign a day: {_bars(sheet)}")
    yield from _wrapped(sheet.needs)
    yield from _wrapped(sheet.running)
    for aside in sheet.asides:
        yield from _wrapped(aside)


def _bars(sheet: Sheet) -> str:
    """Flags raised a day as signs of rising height."""
    sums = [sum(counts) for _, counts in sheet.days]
    return "".join(_HEIGHTS[-(-count * (len(_HEIGHTS) - 1) // (max(sums) or 1))] for count in sums)


def _title(title: str, about: str) -> Iterator[str]:
    yield from ("", "", title.upper(), "-" * min(WIDTH, len(title)))
    if about:
        yield from _wrapped(about)


def _section(section: Section) -> Iterator[str]:
    yield from _title(section.title, section.about)
    for entry in section.entries:
        yield ""
        yield from _wrapped(f"{entry.trader}  ({entry.source})" if entry.trader != entry.source else entry.trader)
        yield from _wrapped(entry.title, "  ")
        yield from _wrapped(entry.address.text, "  ")
        for item in entry.items:
            yield ""
            yield from _item(item)
        if entry.more:
            yield from ("", f"  +{entry.more} more on this page")
    if section.others:
        yield from ("", "And, in short:")
    for line in section.others:
        yield from _wrapped(line, "  ", "    ")
    if section.more:
        yield from ("", f"{section.more} pages more; `exowatch flags` lists them")


def _item(item: Item) -> Iterator[str]:
    yield from _wrapped(f"[{item.severity.upper()}] {item.change}" + (f" · {item.place}" if item.place else ""), "  ")
    yield from _wrapped(item.subject, "  ")
    if item.headings:
        yield from _wrapped(f"under: {item.headings}", "    ")
    yield from _wrapped(_marked(item.context), "    ")
    if item.before:
        yield from _labelled("before", _marked(item.before))
        yield from _labelled("now", _marked(item.after))
    for reason in item.reasons:
        yield from _wrapped(reason, "  - ", "    ")
    yield from _wrapped(f"Evidence: {item.verdict}", "  - ", "    ")
    for words in item.considered:
        yield from _wrapped(words, "    - ", "      ")
    for words in (*item.positions, item.also, item.review):
        yield from _wrapped(words, "  - ", "    ")
    yield from _wrapped(f"First seen {item.first_seen}, last {item.last_seen}; captured {item.captured}", "    ")
    yield from _wrapped(f"{item.digest}  flag {item.id}" + (f", {item.certainty}" if item.certainty else ""), "    ")


def _chapter(chapter: Chapter) -> Iterator[str]:
    yield from _title(chapter.title, chapter.about)
    for move in chapter.moves:
        yield ""
        yield from _move(move)
    if chapter.more:
        yield from ("", f"{chapter.more} more; `exowatch changes` lists them")


def _move(move: Move) -> Iterator[str]:
    yield from _wrapped(f"* {move.label} · {move.source}" + (f" · {move.at}" if move.at else ""), "", "  ")
    if move.before:
        yield from _labelled("before" if move.after else "was", _marked(move.before))
    if move.after:
        yield from _labelled("now", _marked(move.after)) if move.before else _wrapped(_marked(move.after), "    ")
    yield from _wrapped(move.words, "    ")
    yield from _wrapped(move.address.text, "    ")


def _coverage(sheet: Sheet) -> Iterator[str]:
    if sheet.law:
        yield from _title("Law and regulators", "")
    for words in sheet.law:
        yield from _wrapped(words, "  ", "    ")
    yield from _title("What was watched", sheet.counted)
    yield f"{'source':<30}{'pages':>8}{'read':>6}{'same':>6}{'unfit':>7}{'failed':>8}{'barred':>8}"
    for row in sheet.coverage:
        yield _counts(row)
        yield from _wrapped(shortfall(row), "    ")
    yield _counts(sheet.total)
    if sheet.unread:
        yield ""
        yield "Pages that could not be read, or not be relied on:"
    for page in sheet.unread:
        yield from _wrapped(f"- {page.source}: {page.result}: {page.cause}", "  ", "    ")
        yield from _wrapped(page.address.text, "    ")
    if sheet.unread_more:
        yield f"  {sheet.unread_more} pages more"
    if sheet.issues:
        yield from ("", "For the operator:")
    for issue in sheet.issues:
        yield from _wrapped(f"- {issue}", "  ", "    ")


def _counts(row: Watched) -> str:
    name = row.name if _columns(row.name) < 30 else f"{_wrapped(row.name, width=28)[0]}…"
    pad = " " * (30 - _columns(name))
    return f"{name}{pad}{row.seen:>8}{row.read:>6}{row.unchanged:>6}{row.unfit:>7}{row.failed:>8}{row.disallowed:>8}"


def _foot(sheet: Sheet) -> Iterator[str]:
    yield from ("", "-" * WIDTH)
    yield from _wrapped(
        "Marks: >>claim<< in its paragraph; [-words taken away-]; {+words added+}. "
        "`exowatch verify` checks every captured page against its digest."
    )
    yield from _wrapped(f"Knowledge {sheet.knowledge}")
    yield from _wrapped(sheet.notice)


def _labelled(label: str, text: str) -> Iterable[str]:
    lead = f"    {label}: "
    return _wrapped(text, lead, " " * len(lead))


def _marked(pieces: Pieces) -> str:
    return "".join(f"{_SIGNS[piece.mark][0]}{piece.text}{_SIGNS[piece.mark][1]}" for piece in pieces)


def _wrapped(text: str, first: str = "", rest: str | None = None, width: int = WIDTH) -> list[str]:
    """``text`` in lines of at most ``width`` columns (a wide letter counts two); empty text gives no line."""
    indent = first if rest is None else rest
    room = width - max(_columns(first), _columns(indent))
    lines = list[str]()
    for line in textwrap.wrap(text, room, break_on_hyphens=False):
        lines += [line] if _columns(line) <= room else textwrap.wrap(line, room // 2)
    return [(indent if place else first) + line for place, line in enumerate(lines)]


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
