"""Which decisions make sense, what they come to in words, and decisions read from a file of many."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exowatch.errors import SetupError
from exowatch.model.decisions import ACTIONS, READINGS, REASONS, Because, Decision

#: Reasons that say the page was read wrongly.
MISREAD: tuple[Because, ...] = ("not-a-claim", "not-exosome", "wrong-stance", "wrong-trader")
#: Reasons for doing nothing about what was read rightly.
SPARED: tuple[Because, ...] = ("substantiated", "outside-jurisdiction", "trivial", "already-handled", "duplicate")
#: Reasons that hold of one site and say nothing of the same words elsewhere.
OF_ONE_SITE: tuple[Because, ...] = ("wrong-trader", "outside-jurisdiction", "already-handled", "duplicate")
_COLUMNS = ("flag", "reading", "action", "because", "note", "by")
_MOST_LETTERS, _LONGEST_NAME = 4000, 120


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision about one flag, and the file and line it was read from (None: of the command line)."""

    flag_id: int
    decision: Decision
    file: str | None = None
    line: int | None = None


def decision(
    reading: str | None, action: str | None, because: str | None, note: str | None, by: str | None, **place: Any
) -> Decision:
    """A decision that makes sense. SetupError (with ``file`` and ``line`` of ``place``) for one that does not."""
    told, who = written(note, "the note", **place), name_of(by, **place)
    reading, action, because = (reading or "").strip(), (action or "").strip(), (because or "").strip() or None
    for label, value, known in (("reading", reading, READINGS), ("action", action, ACTIONS)):
        if value not in known:
            raise SetupError(f"{label} {value!r}: there is no such", remedy=f"one of {', '.join(known)}", **place)
    if because is not None and because not in REASONS:
        raise SetupError(f"because {because!r}: there is no such", remedy=f"one of {', '.join(REASONS)}", **place)
    made = Decision(reading, action, because, told, who)  # type: ignore[arg-type]  # held against the lists above
    if wrong := _contradiction(made):
        raise SetupError(wrong[0], remedy=wrong[1], **place)
    return made


def _contradiction(made: Decision) -> tuple[str, str] | None:
    """What does not go together in it, and what to do; None: it makes sense."""
    if made.reading == "wrong" and made.action in ("act", "refer"):
        return f"what was read wrongly gives no reason to {made.action}", "--action no-action, or undecided"
    if made.reading == "wrong" and made.because in SPARED:
        return f"{made.because} is a reason of what was read rightly", f"one of {', '.join(MISREAD)}"
    if made.reading == "right" and made.because in MISREAD:
        return f"{made.because} says that it was read wrongly", "--reading wrong, or another reason"
    if made.action == "act" and made.because is not None:
        return f"{made.because} is a reason not to act", "--action no-action, refer or undecided; or no --because"
    return None


def written(text: str | None, what: str, **place: Any) -> str:
    """What a person wrote, on as many lines as it has. SetupError for nothing, for too much, for what is no text."""
    told = (text or "").strip()
    if not any(letter.isalnum() for letter in told):
        raise SetupError(f"{what} says nothing", remedy="a sentence in your own words", **place)
    if len(told) > _MOST_LETTERS or re.search("[\x00\ud800-\udfff]", told):
        raise SetupError(f"{what} cannot be kept", remedy=f"UTF-8, {_MOST_LETTERS} letters at most", **place)
    return told


def name_of(by: str | None, **place: Any) -> str:
    """The name of who decides. SetupError where it is none."""
    told = " ".join((by or "").split())
    if not any(letter.isalpha() for letter in told) or not told.isprintable() or len(told) > _LONGEST_NAME:
        raise SetupError("who decides? this is no name", key="--by", remedy='--by "Ann Byrne", or EXOWATCH_BY', **place)
    return told


def decisions_in(file: Path, by: str) -> list[Decided]:
    """Decisions of a CSV file with the columns flag (or id), reading, action, because, note and, where it is there, by.

    SetupError, with file and line, for the first row that is none; a flag may stand in one row alone.
    """
    found = list[Decided]()
    seen = dict[int, int]()
    for line, row in _rows(file):
        place: dict[str, Any] = {"file": str(file), "line": line}
        number = (row.get("flag") or row.get("id") or "").strip()
        if not re.fullmatch("[0-9]{1,9}", number):
            raise SetupError(f"flag {number!r} is no number", remedy="a number of `exowatch flags`", **place)
        reading, action, because, note, who = map(row.get, _COLUMNS[1:])
        made = decision(reading, action, because, note, who or by, **place)
        if int(number) in seen:
            raise SetupError(f"flag {number} stands in line {seen[int(number)]} already", remedy="keep one", **place)
        seen[int(number)] = line
        found.append(Decided(int(number), made, str(file), line))
    if not found:
        raise SetupError("no decision stands in it", file=str(file), remedy="one flag a line, under the header")
    return found


def _rows(file: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"cannot be read: {error}", file=str(file), remedy="a CSV file in UTF-8") from None
    head = text.partition("\n")[0]
    mark = max(",;\t", key=head.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        names = [(name or "").strip().lower() for name in reader.fieldnames or ()]
        reader.fieldnames = names
        if missing := [name for name in ("reading", "action", "note") if name not in names]:
            remedy = f"a first line with {', '.join(_COLUMNS)}"
            raise SetupError(f"no column {', '.join(missing)}", file=str(file), line=1, remedy=remedy)
        for row in reader:
            told = {name: value for name, value in row.items() if isinstance(name, str) and isinstance(value, str)}
            if any(value.strip() for value in told.values()):
                yield reader.line_num, told
    except csv.Error as error:
        raise SetupError(f"this is no CSV: {error}", file=str(file), line=reader.line_num + 1) from None
