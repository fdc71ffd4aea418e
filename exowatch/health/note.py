"""The weekly note to operators: sources that are noisy, silent or broken, and what to do about each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from exowatch.config import Config
from exowatch.health.state import BROKEN, UNSEEN, Health, health_of
from exowatch.model.captures import UNREACHED
from exowatch.store import read_health
from exowatch.store.session import Store

WEEK = timedelta(days=7)
#: A source is noisy from so many flags a week of which people found a third wrongly read, or from so many alone.
NOISY_JUDGED, NOISY_SHARE, NOISY_FLAGS = 3, 1 / 3, 25
#: It is broken, too, where most of its pages cannot be read.
UNREAD_SHARE = 0.5
_MOST = 30


@dataclass(frozen=True, slots=True)
class Told:
    """One source and why it is named."""

    source: str
    words: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Note:
    """What an operator should look at this week."""

    at: datetime
    noisy: tuple[Told, ...]
    silent: tuple[Told, ...]
    broken: tuple[Told, ...]
    attention: tuple[str, ...]
    """Other lines of ``exowatch status`` that are not well."""
    visited: int
    """Sources of the watchlist that were visited in the week."""
    watched: int

    @property
    def subject(self) -> str:
        """The note in one line."""
        counts = f"{len(self.broken)} broken, {len(self.silent)} silent, {len(self.noisy)} noisy sources"
        told = counts if self.visited else "no source was visited"
        return f"ExoWatch, week to {self.at:%-d %B %Y}: {told}"

    @property
    def text(self) -> str:
        """The note as plain text."""
        return "\n".join(_lines(self)) + "\n"


def weekly_note(config: Config, store: Store, now: datetime) -> Note:
    """Look at the last seven days; nothing is written."""
    health, since = health_of(config, store, now), now - WEEK
    with store.reading() as db:
        misread, moved = read_health.misread(db, since), read_health.moved_since(db, since)
        unread, visits = read_health.unread_share(db, since), read_health.source_visits(db)
        pages = read_health.pages_held(db)
    watched = {row["id"]: row for row in visits}
    broken = tuple(_broken(health, unread, watched))
    named = {one.source for one in broken}
    return Note(
        at=now,
        noisy=tuple(_noisy(misread, moved)),
        silent=tuple(
            _silent(health, pages, named | {row["id"] for row in visits if "complete" not in row["verdicts"]})
        ),
        broken=broken,
        attention=tuple(
            f"{line.what}: {line.words}"
            for line in health.lines
            if line.level != "well" and not line.words.startswith(UNSEEN)  # those have a heading of their own
        ),
        visited=sum(any(at >= since for at in row["times"]) for row in visits),
        watched=len(visits),
    )


def _noisy(misread: Mapping[str, tuple[int, int]], moved: Mapping[str, int]) -> Iterator[Told]:
    for source in sorted({*misread, *moved}):
        wrong, judged = misread.get(source, (0, 0))
        if judged >= NOISY_JUDGED and wrong / judged >= NOISY_SHARE:
            remedy = "`exowatch knowledge propose FLAG` makes a counter-example of each"
            yield Told(source, f"{wrong} of {judged} flags that were judged had been read wrongly", remedy)
        elif moved.get(source, 0) >= NOISY_FLAGS:
            yield Told(source, f"{moved[source]} flags in a week", "is it one site? narrow `allow`, or give it a case")


def _silent(health: Health, pages: Mapping[str, tuple[int, int]], named: set[str]) -> Iterator[Told]:
    """Seen whole, and nothing is read there: no page with text, or no claim, statement or study ever. ``named``: those
    that are told otherwise, or were never seen whole."""
    for source in sorted(health.sources):
        held, found = pages.get(source, (0, 0))
        if source in named:
            continue
        if held == 0:
            yield Told(source, "visits end well and no page was ever read", "look at start_urls, allow and render")
        elif found == 0:
            words = f"{held} page{'' if held == 1 else 's'} read, and never a claim, statement or study"
            yield Told(source, words, "does it belong on the watchlist? is the right part of the site allowed?")


def _broken(
    health: Health, unread: Mapping[str, tuple[int, int, str]], watched: Mapping[str, Mapping[str, object]]
) -> Iterator[Told]:
    for source in sorted(health.sources):
        bad, every, cause = unread.get(source, (0, 0, ""))
        if health.sources[source] == "broken":
            why = f"no whole visit {BROKEN} times running" + (f"; mostly: {cause}" if cause else "")
            yield Told(source, why, mending(cause))
        elif source in watched and every >= BROKEN and bad / every >= UNREAD_SHARE:
            yield Told(source, f"{bad} of {every} pages could not be read; mostly: {cause}", mending(cause))
        elif source in watched and bad == every > 0:
            yield Told(source, f"no page could be read; mostly: {cause}", mending(cause))


def mending(cause: str) -> str:
    """What to do about a source most of whose pages could not be read for this cause (the code of an outcome)."""
    if cause in UNREACHED:
        return "no answer came: is the network of this machine up? else mend start_urls, or retire it with a reason"
    if cause == "robots":
        return "the site asks not to be read: ask its owner, or retire it with this reason"
    if cause in ("challenge", "login-wall", "cookie-wall", "http-403", "http-429"):
        return "it keeps us out: slow down, ask its owner, or secure pages by hand (`exowatch import`)"
    if cause in ("shell", "empty"):
        return "its text needs a browser: `render: true`"
    return "mend start_urls, or retire it with a reason"


def _lines(note: Note) -> Iterator[str]:
    yield note.subject
    yield from ("", f"Visited: {note.visited} of {note.watched} sources")
    if not note.visited:
        yield "      is cron or `exowatch schedule` running? `exowatch crawl` visits what is due"
    for title, found in (("Broken", note.broken), ("Silent", note.silent), ("Noisy", note.noisy)):
        yield from ("", f"{title}: {len(found)}")
        for one in found[:_MOST]:
            yield from (f"  {one.source}: {one.words}", f"      {one.remedy}")
        if len(found) > _MOST:
            yield f"  and {len(found) - _MOST} more"
    if note.attention:
        yield from ("", "Else:")
        yield from (f"  {words}" for words in note.attention)
