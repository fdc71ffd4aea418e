"""A letter as Markdown, for wikis and issue trackers: the same sheet as the other forms."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exowatch.digest.items import Item, Move
from exowatch.digest.marks import Pieces
from exowatch.digest.safe import Address
from exowatch.digest.sheet import Chapter, Section, Sheet
from exowatch.digest.watched import Watched, shortfall
from exowatch.model.readings import SEVERITIES

#: What means something to Markdown or HTML, in a line or at its start, addresses too: a stranger's text must stay text.
_SIGNS = re.compile(
    r"([\\`*_\[\]<>#|~&@]|:(?=//)|(?<=www)\.|^[-+=]|(?<=^\d)[.)]|(?<=^\d\d)[.)])", re.IGNORECASE | re.MULTILINE
)
_MARKS = {"": "", "claim": "**", "removed": "~~", "added": "**"}


def as_markdown_lines(sheet: Sheet) -> Iterator[str]:
    """The letter line by line."""
    yield from _head(sheet)
    for part in sheet.parts:
        yield from _section(part) if isinstance(part, Section) else _chapter(part)
    yield from _coverage(sheet)
    if sheet.held_back:
        yield from (*_title("What was held back", ""), "")
    for words in sheet.held_back:
        yield f"- {_text(words)}"
    yield from ("", "---", "", f"Knowledge {_text(sheet.knowledge)}", "", _text(sheet.notice))


def _head(sheet: Sheet) -> Iterator[str]:
    yield f"# ExoWatch digest, {_text(sheet.date)}"
    if sheet.simulated:
        yield from ("", "**SIMULATED RUN: the clock was set by hand; dates and times are not real.**")
    yield from ("", f"*{_text(sheet.notice)}*", "", _text(f"For {sheet.jurisdiction}, {sheet.window}."))
    yield from ("", _text(sheet.lead))
    if sheet.places:
        yield from ("", f"| | {' | '.join(SEVERITIES)} |", "|---|--:|--:|--:|--:|")
    for place, counts in sheet.places:
        yield f"| {_text(place)} | {' | '.join(map(str, counts))} |"
    for aside in (sheet.needs.replace("`", ""), sheet.running, *sheet.asides):
        if aside:
            yield from ("", _text(aside))


def _section(section: Section) -> Iterator[str]:
    yield from _title(section.title, section.about)
    for entry in section.entries:
        yield from ("", f"### {_text(entry.trader)}", "", f"{_text(entry.title)}  ", _address(entry.address))
        for item in entry.items:
            yield from _item(item)
        if entry.more:
            yield from ("", f"+{entry.more} more on this page")
    if section.others:
        yield ""
    for line in section.others:
        yield f"- {_text(line)}"
    if section.more:
        yield from ("", f"{section.more} pages more")


def _item(item: Item) -> Iterator[str]:
    place = f" · {_text(item.place)}" if item.place else ""
    yield from ("", f"**{_text(item.severity.upper())}** {_text(item.change)}{place}: {_text(item.subject)}")
    yield from ("", f"> {_marked(item.context)}", "")
    if item.before:
        yield from (f"- before: {_marked(item.before)}", f"- now: {_marked(item.after)}")
    for reason in (
        *item.reasons,
        f"Evidence: {item.verdict}",
        *item.considered,
        *item.positions,
        item.also,
        item.review,
    ):
        if reason:
            yield f"- {_text(reason)}"
    seen = f"First seen {item.first_seen}, last {item.last_seen}; captured {item.captured}"
    how = f"; {item.certainty}" if item.certainty else ""
    yield f"- {_text(f'{seen}; {item.digest}; flag {item.id}{how}')}"


def _chapter(chapter: Chapter) -> Iterator[str]:
    yield from _title(chapter.title, chapter.about)
    yield ""
    for move in chapter.moves:
        yield "- " + "; ".join(_move(move))
    if chapter.more:
        yield f"- {chapter.more} more"


def _move(move: Move) -> Iterator[str]:
    yield " · ".join(_text(part) for part in (move.label, move.source, move.at) if part)
    if move.before:
        yield f"{'before' if move.after else 'was'}: {_marked(move.before)}"
    if move.after:
        yield f"now: {_marked(move.after)}" if move.before else _marked(move.after)
    if move.words:
        yield _text(move.words)
    yield _address(move.address)


def _coverage(sheet: Sheet) -> Iterator[str]:
    if sheet.law:
        yield from (*_title("Law and regulators", ""), "")
    for words in sheet.law:
        yield f"- {_text(words)}"
    yield from _title("What was watched", sheet.counted)
    yield from ("", "| source | pages | read | same | unfit | failed | barred |", "|---|--:|--:|--:|--:|--:|--:|")
    for row in (*sheet.coverage, sheet.total):
        yield _counts(row)
    short = [(row.name, shortfall(row)) for row in sheet.coverage]
    notes = [_text(f"{name}: {why}") for name, why in short if why]
    notes += [f"{_text(f'{p.source}: {p.result}: {p.cause}')} {_address(p.address)}" for p in sheet.unread]
    notes += [f"{sheet.unread_more} pages more that could not be read"] if sheet.unread_more else []
    notes += [_text(f"For the operator: {issue}") for issue in sheet.issues]
    yield ""
    for note in notes:
        yield f"- {note}"


def _counts(row: Watched) -> str:
    numbers = (row.seen, row.read, row.unchanged, row.unfit, row.failed, row.disallowed)
    return f"| {_text(row.name)} | " + " | ".join(map(str, numbers)) + " |"


def _title(title: str, about: str) -> Iterator[str]:
    yield from ("", f"## {_text(title)}")
    if about:
        yield from ("", _text(about))


def _address(place: Address) -> str:
    return _text(place.text)


def _marked(pieces: Pieces) -> str:
    return "".join(_piece(piece.text, _MARKS[piece.mark]) for piece in pieces)


def _piece(text: str, mark: str) -> str:
    """A mark must touch the words it marks: blanks at their ends stay outside."""
    words = text.strip()
    if not mark or not words:
        return _text(text)
    lead, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{lead}{mark}{_text(words)}{mark}{tail}"


def _text(text: str) -> str:
    return _SIGNS.sub(r"\\\1", text)
