"""Pages given on the command line, read with the shipped rules and no database."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from exowatch.archive.read import read_response
from exowatch.assess import assess
from exowatch.config import Config
from exowatch.errors import ExoWatchError, SetupError
from exowatch.knowledge.load import Knowledge, load_knowledge
from exowatch.model.captures import Capture, WarcPlace
from exowatch.model.readings import Assessment, Reading
from exowatch.model.sources import Source, SourceKind
from exowatch.reading import read
from exowatch.shape import reading_shape

_TYPES = {".html": "text/html", ".htm": "text/html", ".pdf": "application/pdf", ".txt": "text/plain; charset=utf-8"}
_KINDS: tuple[SourceKind, ...] = (
    "clinic",
    "supplier",
    "directory",
    "marketplace",
    "journal",
    "regulator",
    "register",
    "other",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """How the pages are to be read."""

    kind: str
    jurisdiction: str
    url: str | None = None
    language: str | None = None


def extracted(
    config: Config, places: Sequence[str], asked: Asked, as_of: datetime
) -> Iterator[tuple[str, dict[str, Any] | None, str]]:
    """Place, JSON shape and, where there is none, the problem; in the order asked."""
    knowledge = load_knowledge(None)
    source = _source(asked)
    urls = [place for place in places if place.startswith(("http://", "https://"))]
    with tempfile.TemporaryDirectory(prefix="exowatch-") as folder:
        fetched = _fetched(config, urls, Path(folder))
        for place in places:
            try:
                capture, body = fetched[place] if place in fetched else _given(place, asked)
            except (ExoWatchError, OSError) as error:
                yield place, None, str(error)
                continue
            if isinstance(body, str):
                yield place, None, body
                continue
            reading = read(capture, source, body, knowledge, limit=config.crawl.max_bytes)
            if reading.page.fitness.fit:
                yield place, _shape(reading, source, knowledge, as_of), ""
            else:
                yield place, None, f"{reading.page.fitness.code}: {reading.page.fitness.why}"


def explained(config: Config, sentence: str, page: Path | None, jurisdiction: str) -> Iterator[str]:
    """Lines that say what was read out of one sentence, alone or on its page."""
    asked = Asked(kind="clinic", jurisdiction=jurisdiction)
    capture, body = _given(str(page), asked) if page else (_capture("text/plain; charset=utf-8", asked), b"")
    knowledge, source = load_knowledge(config.knowledge.dir), _source(asked)
    reading = read(capture, source, body or sentence.encode("utf-8", "replace"), knowledge)
    yield f"page: {reading.attitude} ({reading.attitude_why or 'no sign either way'})"
    wanted = " ".join(sentence.split())
    found = [claim for claim in reading.claims if wanted in claim.quote.text or claim.quote.text in wanted]
    for claim in found:
        yield f"claim: {claim.quote.text}"
        kinds = ", ".join(claim.kinds)
        yield f"  kinds {kinds}; stance {claim.stance}; about {claim.subject}; strength {claim.strength}"
        for cue in claim.cues:
            yield f"  {cue.role}: “{cue.text}” (rule {cue.rule_id})"
        judged = _assess(claim, source, reading, knowledge, datetime.now(UTC))
        yield f"  verdict {judged.verdict}; " + (f"flagged {judged.severity}" if judged.flag else "not flagged")
        for reason in judged.reasons:
            yield f"  {reason.rule}: {reason.words}"
    for told in reading.statements:
        if wanted in told.quote.text or told.quote.text in wanted:
            yield f"statement: {', '.join(told.agencies) or 'no agency named'}: {told.status} ({told.scope})"
            yield f"  rules: {', '.join(told.rule_ids)}"
    if not found:
        yield "no claim was read out of it"


def _source(asked: Asked) -> Source:
    if asked.kind not in _KINDS:
        raise SetupError(f"{asked.kind!r} is no kind of source", remedy=f"one of: {', '.join(_KINDS)}")
    place = "GB" if asked.jurisdiction.upper() == "UK" else asked.jurisdiction.upper()
    kind = next(kind for kind in _KINDS if kind == asked.kind)
    url = (asked.url or "https://page.example/",)
    return Source("given", "given on the command line", kind, place, url, language=asked.language)


def _capture(content_type: str, asked: Asked) -> Capture:
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


def _given(place: str, asked: Asked) -> tuple[Capture, bytes]:
    if place == "-":
        return _capture("text/html", asked), sys.stdin.buffer.read()
    path = Path(place)
    return _capture(_TYPES.get(path.suffix.lower(), "text/html"), asked), path.read_bytes()


def _fetched(config: Config, urls: list[str], folder: Path) -> dict[str, tuple[Capture, bytes | str]]:
    """URL → its capture and body, or why there is none."""
    if not urls:
        return {}
    from exowatch.crawl import fetch

    found: dict[str, tuple[Capture, bytes | str]] = {}
    nothing = _capture("", Asked("clinic", "US"))
    for event in fetch(config.file, urls, folder):
        if event.get("event") == "capture":
            capture = capture_from(event)
            found[capture.url] = (capture, read_response(folder, capture.warc).body)
        elif event.get("event") == "page" and event.get("result") in ("FAILED", "DISALLOWED"):
            found[event["url"]] = (nothing, f"{event.get('code')}: {event.get('detail', '')}")
    return {url: found.get(url, (nothing, "no answer was archived")) for url in urls}


def capture_from(event: dict[str, Any]) -> Capture:
    """A Capture out of a child's ``capture`` line."""
    fields = {name: event[name] for name in Capture.__dataclass_fields__ if name in event}
    fields["warc"] = WarcPlace(**fields["warc"])
    fields["fetched_at"] = datetime.fromisoformat(fields["fetched_at"])
    fields["redirect_chain"] = tuple(fields.get("redirect_chain") or ())
    return Capture(**fields)


def _assess(claim: Any, source: Source, reading: Reading, knowledge: Knowledge, as_of: datetime) -> Assessment:
    return assess(
        claim,
        source=source,
        kind=reading.kind,
        attitude=reading.attitude,
        jurisdiction=source.jurisdiction,
        evidence=(),
        knowledge=knowledge,
        as_of=as_of,
    )


def _shape(reading: Reading, source: Source, knowledge: Knowledge, as_of: datetime) -> dict[str, Any]:
    judged = [_assess(claim, source, reading, knowledge, as_of) for claim in reading.claims]
    return reading_shape(reading, source, judged)
