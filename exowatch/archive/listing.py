"""What archives that are to be imported hold, before any of it is taken: which answers, for whom, in what order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from exowatch.archive.foreign import Answer, NotGot, Trouble, answers_in
from exowatch.model.addresses import page_of, site_of

#: No page was fetched before there was a web.
FIRST_WEB = datetime(1991, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer that may be taken in."""

    path: Path
    number: int
    """Which one it is among the answers of its file."""
    answer: Answer
    """Without body and headers."""
    use: str

    @property
    def when(self) -> tuple[str, datetime]:
        """What a page and a moment tell apart; the database keeps seconds."""
        return page_of(self.answer.url), self.answer.at.replace(microsecond=0)


@dataclass(slots=True)
class Listing:
    """All answers of some files, and what is wrong with these."""

    entries: list[Entry] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    empty: list[Path] = field(default_factory=list)
    """Files in which no answer stands, and no sign of damage either."""
    passed_over: Counter[str] = field(default_factory=Counter)
    bodies: dict[str, Entry] = field(default_factory=dict)
    """Record id, address and time, or payload digest → the answer that holds the body, for revisit records."""

    @property
    def sources(self) -> set[str | None]:
        """Sources that the records name; None: some page names none."""
        return {one.answer.source for one in self.entries if one.use == "page" or one.answer.source}


def list_answers(paths: Sequence[Path], now: datetime) -> Listing:
    """Read all files through once. Answers from the future, or from before the web, are told as troubles."""
    found = Listing()
    for path in paths:
        before = len(found.troubles)
        not_got, mine, number = set[str](), list[Entry](), -1
        for part in _read(path):
            if isinstance(part, Trouble):
                found.troubles.append(part)
            elif isinstance(part, NotGot):
                not_got |= part.names
            else:
                number += 1
                if FIRST_WEB <= part.at <= now:
                    mine.append(Entry(path, number, replace(part, body=b"", headers=()), part.use))
                else:
                    words = f"{part.url} says it was fetched at {part.at:%Y-%m-%dT%H:%M:%SZ}, which cannot be"
                    found.troubles.append(Trouble(f"{part.file}@{part.offset}", words))
        if number < 0 and len(found.troubles) == before:
            found.empty.append(path)
        for one in mine:
            if one.answer.repeats is None:
                told = one.answer
                for name in filter(None, (told.digest, f"{told.url} {told.at.isoformat()}", told.record_id)):
                    found.bodies.setdefault(name, one)
            why = "answers to POST" if not_got & one.answer.names else "images, scripts and the like"
            if one.use == "other" or not_got & one.answer.names:
                found.passed_over[why] += 1
            else:
                found.entries.append(one)
    return found


def _read(path: Path) -> Iterator[Answer | NotGot | Trouble]:
    """The file's answers; one that the system will not read is a trouble of its own."""
    try:
        yield from answers_in(path)
    except OSError as error:
        yield Trouble(str(path), f"cannot be read: {error.strerror or error}")


def keep_to_sites(found: Listing, start_urls: Collection[str]) -> None:
    """Leave out what stands on other sites (frames, trackers), as a crawl does.

    Where nothing at all stands on a site of the source it has moved since, or its list is wrong: whoever names the
    source for the file is believed.
    """
    sites = {site_of(url) for url in start_urls}
    if not any(site_of(one.answer.url) in sites for one in found.entries if one.use == "page"):
        return
    here = [one for one in found.entries if one.answer.source or site_of(one.answer.url) in sites]
    found.passed_over["pages of other sites"] += sum(one.use == "page" for one in found.entries) - sum(
        one.use == "page" for one in here
    )
    found.entries = here


def waves(entries: Sequence[Entry], known: Collection[tuple[str | None, str, datetime]]) -> list[list[Entry]]:
    """Entries that ``known`` (source, URL, time) lacks, as visits: a page stands once in each, older ones first.

    What is no page goes with the page after it in its file, so that a file is not copied twice.
    """
    turns: dict[tuple[str | None, str], int] = {}
    taken = set(known)
    found: list[list[Entry]] = []
    wave_of: dict[tuple[Path, int], int] = {}
    for one in sorted((e for e in entries if e.use == "page"), key=lambda e: e.answer.at):
        source, (url, at) = one.answer.source, one.when
        if (source, url, at) in taken:
            continue
        taken.add((source, url, at))
        turn = turns[source, url] = turns.get((source, url), -1) + 1
        wave_of[one.path, one.number] = turn
    last: dict[Path, int | None] = {}
    for one in reversed(entries):
        turn_of = wave_of.get((one.path, one.number)) if one.use == "page" else last.get(one.path)
        last[one.path] = turn_of
        if turn_of is not None:
            found += [[] for _ in range(turn_of + 1 - len(found))]
            found[turn_of].append(one)
    return [wave[::-1] for wave in found]
