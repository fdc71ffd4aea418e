"""What a letter to a trader says: statements read rightly, where and when they stood, what we ask for. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from exowatch.assess.law import line_of, printable
from exowatch.digest.safe import brief, plain
from exowatch.digest.wording import moment
from exowatch.errors import SetupError
from exowatch.model.law import Engaged

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Passage:
    """One statement as the letter quotes it."""

    number: int
    flag_id: int
    quote: str
    language: str
    facts: tuple[tuple[str, str], ...]
    """Label and words: first and last seen, capture, digest of the page's bytes."""
    law: tuple[str, ...]
    """Provisions that it may engage, as far as they may be printed."""


@dataclass(frozen=True, slots=True)
class PageOf:
    """One page with its statements."""

    title: str
    url: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter before a person has read it."""

    case_id: int
    trader: str
    written_on: date
    deadline: str | None
    pages: tuple[PageOf, ...]
    simulated: bool
    """The clock is set by hand, or was when one of the pages was met."""
    closed: bool = False
    """Nobody waits for an answer in the case any more."""
    notes: tuple[str, ...] = ()
    """For the reviewer, not for the trader: what was left out, and what to look at."""

    @property
    def count(self) -> int:
        return sum(len(page.passages) for page in self.pages)


def draft(
    case: Row, flags: Sequence[Row], met: Mapping[int, Sequence[Engaged]], now: datetime, simulated: bool
) -> Draft:
    """The letter of a case out of its flags (``read_cases.case_flags``) and the provisions that each may engage.

    Only flags that a person holds to be read rightly, and that something follows from, are quoted; those read wrongly,
    withdrawn, or without action are left out and named in ``notes``. SetupError where nobody decided on one yet, or
    where none is left.
    """
    if waiting := [row["id"] for row in flags if row["review"] is None]:
        raise SetupError(
            f"nobody has decided yet on flag {', '.join(map(str, waiting))} of case {case['id']}",
            remedy=f"`exowatch review {waiting[0]} …` first: a letter quotes only what a person has looked at",
        )
    quoted, notes = list[Row](), list[str]()
    for row in flags:
        why = _left_out(row)
        notes += [f"flag {row['id']} is left out: {why}"] if why else _doubts(row)
        quoted += [] if why else [row]
    if not quoted:
        raise SetupError(
            f"case {case['id']} has no flag that was read rightly and is to be acted on",
            remedy="; ".join(notes) or f"`exowatch case add {case['id']} FLAG…`",
        )
    if case["status"] == "closed":
        notes.insert(0, f"the case is closed: exowatch case status {case['id']} open, before a letter goes out")
    if simulated:
        notes.insert(0, "its pages are simulated, or the clock is: the draft says so, and is for nobody")
    return Draft(
        case_id=case["id"],
        trader=brief(case["trader"], 200),
        written_on=now.date(),
        deadline=None if case["deadline_on"] is None else str(case["deadline_on"]),
        pages=tuple(_pages(quoted, met, now)),
        simulated=simulated,
        closed=case["status"] == "closed",
        notes=tuple(notes),
    )


def _left_out(row: Row) -> str:
    """Why a flag is not for a letter; empty: it is."""
    if row["review"] == "wrong":
        return "it was read wrongly"
    if row["state"] == "withdrawn":
        return f"it was withdrawn ({plain(row['state_why']) or 'no reason is kept'})"
    if row["action"] == "no-action":
        return "no action was decided" + (f" ({row['because']})" if row["because"] else "")
    return ""


def _doubts(row: Row) -> list[str]:
    """What to look at before a flag is quoted."""
    told = []
    if row["action"] == "undecided":
        told.append(f"flag {row['id']}: what follows is undecided yet")
    if row["live"] == "no":
        told.append(f"flag {row['id']}: the words no longer stand there (last seen {moment(row['last_seen'])})")
    return told


def _pages(quoted: Iterable[Row], met: Mapping[int, Sequence[Engaged]], now: datetime) -> Iterable[PageOf]:
    by_page: dict[tuple[str, str], list[Row]] = {}
    for row in quoted:
        by_page.setdefault((row["url"], row["source"]), []).append(row)
    number = 0
    for (url, _), rows in sorted(by_page.items()):
        passages = []
        for row in rows:
            number += 1
            passages.append(_passage(number, row, met.get(row["id"], ()), now))
        yield PageOf(brief(rows[0]["page_title"], 200), brief(url, 600), tuple(passages))


def _passage(number: int, row: Row, met: Sequence[Engaged], now: datetime) -> Passage:
    last = moment(row["last_seen"])
    facts = (
        ("First seen", _first(row)),
        ("Last seen", f"{last}; no longer there since" if row["live"] == "no" else last),
        ("Captured", f"{moment(row['fetched_at'])}, capture {plain(row['capture_id'])}"),
        ("Digest of the page", plain(row["body_digest"])),
        ("Our number", f"flag {row['id']}"),
    )
    law = tuple(plain(line_of(one)) for one in printable(met, now.date()))
    return Passage(number, row["id"], plain(row["quote"]), str(row["language"] or ""), facts, law)


def _first(row: Row) -> str:
    """Since when these very words are known: where other words stood in their place before, since they were changed."""
    first = moment(row["first_seen"])
    if row["before"]:
        return f"{first}, in these words"
    return f"{first}, when the page was first read" if row["left_censored"] else first
