"""Pages given on the command line, read with the shipped rules and no database."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from exowatch.archive.read import read_response
from exowatch.assess import assess_alone
from exowatch.config import Config
from exowatch.errors import ExoWatchError
from exowatch.knowledge.load import Knowledge, load_knowledge
from exowatch.model.captures import Capture, WarcPlace
from exowatch.model.readings import Reading
from exowatch.model.sources import Source, SourceKind
from exowatch.reading import read
from exowatch.shape import reading_shape

_WEB = ("http://", "https://")
_TEXT = "text/plain; charset=utf-8"
_TYPES = {".html": "text/html", ".htm": "text/html", ".pdf": "application/pdf", ".txt": _TEXT, ".md": _TEXT}


@dataclass(frozen=True, slots=True)
class Asked:
    """How the pages are to be read."""

    kind: SourceKind
    jurisdiction: str
    url: str | None = None
    language: str | None = None


def extracted(
    config: Config, places: Sequence[str], asked: Asked, as_of: datetime
) -> Iterator[tuple[str, dict[str, Any] | None, str]]:
    """Place, JSON shape and, where there is none, the problem; in the order asked."""
    knowledge = load_knowledge(None)
    source = source_of(asked)
    urls = [place for place in places if _is_address(place)]
    with tempfile.TemporaryDirectory(prefix="exowatch-") as folder:
        fetched = _fetched(config, urls, Path(folder))
        for place in places:
            if place.startswith(_WEB) and place not in fetched:
                yield place, None, "this is no web address"
                continue
            try:
                capture, body = fetched[place] if place in fetched else given(place, asked)
            except (ExoWatchError, OSError) as error:
                yield place, None, getattr(error, "strerror", None) or str(error)
                continue
            if isinstance(body, str):
                yield place, None, body
                continue
            reading = read(capture, source, body, knowledge, limit=config.crawl.max_bytes)
            if reading.page.fitness.fit:
                yield place, _shape(reading, source, knowledge, as_of), ""
            else:
                yield place, None, f"{reading.page.fitness.code}: {reading.page.fitness.why}"


def _is_address(place: str) -> bool:
    try:
        return place.startswith(_WEB) and bool(urlsplit(place).hostname)
    except ValueError:
        return False


def source_of(asked: Asked) -> Source:
    """The source that pages on the command line are read as."""
    url = (asked.url or "https://page.example/",)
    return Source("given", "given on the command line", asked.kind, asked.jurisdiction, url, language=asked.language)


def bare_capture(content_type: str, asked: Asked) -> Capture:
    """A capture that says no more than what it is."""
    url = asked.url or "https://page.example/"
    return Capture(
        id="given",
        source_id="given",
        run_id="given",
        url=url,
        final_url=url,
        fetched_at=datetime.now(UTC),
        status=200,
        payload_digest="",
        warc=WarcPlace("", 0),
        media_type=content_type.split(";")[0],
        content_type=content_type,
    )


def given(place: str, asked: Asked) -> tuple[Capture, bytes]:
    """A file (``-``: standard input) as a capture and its body."""
    if place == "-":
        return bare_capture("text/html", asked), sys.stdin.buffer.read()
    path = Path(place)
    return bare_capture(_TYPES.get(path.suffix.lower(), "text/html"), asked), path.read_bytes()


def _fetched(config: Config, urls: list[str], folder: Path) -> dict[str, tuple[Capture, bytes | str]]:
    """URL → its capture and body, or why there is none."""
    if not urls:
        return {}
    from exowatch.crawl import fetch

    found: dict[str, tuple[Capture, bytes | str]] = {}
    asked: dict[str, str] = {}
    nothing = bare_capture("", Asked("clinic", "US"))
    for event in fetch(config.file, urls, folder):
        if event.get("event") == "asked":
            asked = event["urls"]
        elif event.get("event") == "capture":
            capture = capture_from(event)
            found[capture.url] = (capture, read_response(folder, capture.warc).body)
        elif event.get("event") == "page" and event.get("result") in ("FAILED", "DISALLOWED"):
            found[event["url"]] = (nothing, f"{event.get('code')}: {event.get('detail', '')}")
    return {url: found.get(asked.get(url, url), (nothing, "no answer was archived")) for url in urls}


def capture_from(event: dict[str, Any]) -> Capture:
    """A Capture out of a child's ``capture`` line."""
    fields = {name: event[name] for name in Capture.__dataclass_fields__ if name in event}
    fields["warc"] = WarcPlace(**fields["warc"])
    fields["fetched_at"] = datetime.fromisoformat(fields["fetched_at"])
    fields["redirect_chain"] = tuple(fields.get("redirect_chain") or ())
    return Capture(**fields)


def _shape(reading: Reading, source: Source, knowledge: Knowledge, as_of: datetime) -> dict[str, Any]:
    judged = [assess_alone(claim, source, reading, knowledge, as_of) for claim in reading.claims]
    return reading_shape(reading, source, judged)
