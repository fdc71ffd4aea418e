"""Stories put through the doors of a real installation, day by day, as a crawl does it once the bytes are there."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.series.site import Answer
from bench.series.story import Story, Truth
from exowatch.archive.write import Exchange, WarcWriter
from exowatch.assess import assess_alone
from exowatch.config import load_config
from exowatch.intake import (
    Desk,
    begin_run,
    close_run,
    known_page,
    open_desk,
    record_moved_pages,
    record_outcome,
    take_in,
)
from exowatch.model.captures import Capture, Outcome, WarcPlace
from exowatch.model.keys import normalised
from exowatch.model.sources import Run, Source
from exowatch.query import Filter, listing
from exowatch.reading import read
from exowatch.watchlist import load_watchlist

FIRST = datetime(2026, 11, 1, 6, tzinfo=UTC)
_TOML = '[database]\nurl = "{database}"\n[crawl]\ncontact = "bench"\n[limits]\nmin_free_gb = 0\n'


@dataclass(frozen=True, slots=True)
class Told:
    """What the program told about one story."""

    flags: tuple[dict[str, Any], ...]
    """News and reassessed flags (no baseline), each with its ``day``."""
    changes: tuple[dict[str, Any], ...]
    """Changes whose subject is a claim, each with its ``day``."""
    unread: frozenset[Truth]
    """Truths whose sentence the reader does not flag on that day's page taken by itself: no error of comparison."""
    verdicts: tuple[str, ...]


class Visits:
    """An installation in a folder, with one source a story."""

    def __init__(self, folder: Path, stories: Sequence[Story], database: str = "sqlite:///exowatch.db") -> None:
        self._stories = {f"s{n}-{story.name}"[:80].lower(): story for n, story in enumerate(stories)}
        self._now = FIRST
        (folder / "watchlist").mkdir(parents=True)
        toml = folder / "exowatch.toml"
        toml.write_text(_TOML.format(database=database))
        for name in self._stories:
            facts = {"id": name, "name": name, "kind": "clinic", "jurisdiction": "IE", "reason": "measuring"}
            text = json.dumps(facts | {"start_urls": [f"https://{name}.example/"]})
            (folder / "watchlist" / f"{name}.yml").write_text(text)
        config = load_config(toml)
        self._desk: Desk = open_desk(config, lambda: self._now, True)
        self._sources: dict[str, Source] = {s.id: s for s in load_watchlist(config.watchlist.dir).sources}
        self._verdicts: dict[str, list[str]] = {name: [] for name in self._stories}

    def run(self) -> list[tuple[Story, Told]]:
        """Every day of every story; what was told about each."""
        for day in range(max(len(story.days) for story in self._stories.values())):
            self._day(day)
        self._now += timedelta(hours=1)
        flags, changes = self._rows("flags"), self._rows("changes")
        told = []
        for name, story in self._stories.items():
            what = Told(
                tuple(row for row in flags.get(name, []) if row["change"] != "baseline"),
                tuple(row for row in changes.get(name, []) if row["subject"] == "claim"),
                frozenset(truth for truth in story.truths if truth.what != "gone" and not self._reads(story, truth)),
                tuple(self._verdicts[name]),
            )
            told.append((story, what))
        self._desk.store.close()
        return told

    def _day(self, day: int) -> None:
        self._now = FIRST + timedelta(days=day)
        names = [name for name, story in self._stories.items() if day < len(story.days)]
        run = begin_run(self._desk, "crawl", [self._sources[name] for name in names])
        self._now += timedelta(minutes=1)
        self._desk.archive_dir.mkdir(parents=True, exist_ok=True)
        writer = WarcWriter(self._desk.archive_dir, run, lambda: self._now)
        for name in names:
            led = {}
            for path, answer in self._stories[name].days[day].answers().items():
                self._visit(writer, run, name, path, answer)
                if answer.led_to is not None:
                    led[_url(name, path)] = _url(name, answer.led_to)
            record_moved_pages(self._desk, run, name, led)
        writer.close()
        for closed in close_run(self._desk, run, dict.fromkeys(names, "finished")):
            self._verdicts[closed.source_id].append(closed.verdict or "")

    def _visit(self, writer: WarcWriter, run: Run, name: str, path: str, answer: Answer) -> None:
        url, final = _url(name, path), _url(name, answer.led_to or path)
        if answer.no_answer:
            record_outcome(self._desk, Outcome(run.id, name, url, "FAILED", "timeout", "no answer", at=self._now))
            return
        if answer.led_to == "/":
            return  # the page it leads to is read by itself, and once a visit
        exchange = Exchange(
            source_id=name,
            url=url,
            request_url=final,
            method="GET",
            request_headers=(),
            status=answer.status,
            reason="",
            response_headers=(("Content-Type", answer.content_type),),
            body=answer.body,
            fetched_at=self._now,
            redirect_chain=(url,) if answer.led_to else (),
            truncated=answer.truncated,
            known=known_page(self._desk, name, final),
        )
        take_in(self._desk, writer.put_exchange(exchange), self._sources[name], run)

    def _rows(self, what: str) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {}
        for row in listing(self._desk.store, what, Filter(sort="id"), self._now):
            at = datetime.fromisoformat(row["raised_at" if what == "flags" else "at"])
            found.setdefault(row["source"], []).append(row | {"day": (at - FIRST).days})
        return found

    def _reads(self, story: Story, truth: Truth) -> bool:
        """True where the reader by itself flags the sentence on one of the pages of that day."""
        source = next(iter(self._sources.values()))
        for answer in story.days[truth.day].answers().values():
            if answer.status != 200:
                continue
            capture = Capture("x", source.id, "x", "x", "https://x.example/", self._now, 200, "x", WarcPlace("x", 0))
            capture = _typed(capture, answer)
            reading = read(capture, source, answer.body, self._desk.knowledge)
            alike = [claim for claim in reading.claims if same(claim.quote.text, truth.text)]
            if any(assess_alone(one, source, reading, self._desk.knowledge, self._now).flag for one in alike):
                return True
        return False


def _typed(capture: Capture, answer: Answer) -> Capture:
    return replace(capture, media_type="text/html", content_type=answer.content_type)


def _url(name: str, path: str) -> str:
    return f"https://{name}.example{path}"


def same(one: str, other: str) -> bool:
    """Two quotes of one sentence: alike but for space, case, quotes and dashes, or the one in the other."""
    a, b = _bare(one), _bare(other)
    return a in b or b in a


def _bare(text: str) -> str:
    return "".join(letter for letter in normalised(text) if letter.isalnum())
