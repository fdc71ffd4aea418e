"""``read``: bytes, source facts and knowledge in, findings out. The pure spine of the house, one screen long."""

from __future__ import annotations

import functools
import hashlib
from importlib import metadata, resources
from importlib.resources.abc import Traversable

from exowatch.errors import UnreadableError
from exowatch.extract.findings import findings
from exowatch.knowledge.load import Knowledge
from exowatch.model.captures import Capture
from exowatch.model.pages import Page
from exowatch.model.readings import Reading, Stamp
from exowatch.model.sources import Source
from exowatch.pages.decode import TooLargeError, decoded
from exowatch.pages.page import read_page, unfit_page

#: Rooms whose code decides what is read, and libraries whose version does.
_ROOMS = ("pages", "records", "extract")
_LIBRARIES = ("ahocorasick_rs", "lxml", "py3langid", "pypdf", "feedparser")


def read(capture: Capture, source: Source, body: bytes, knowledge: Knowledge, *, limit: int = 16 << 20) -> Reading:
    """What the capture says. ``body`` is as sent; ``limit``: bytes that decoding may give. Bad bytes never raise."""
    return reading_of(page_of(capture, body, knowledge, limit), source, capture.id, knowledge)


def reading_of(page: Page, source: Source, capture_id: str, knowledge: Knowledge) -> Reading:
    """What a page says whose blocks are known."""
    stamp = stamp_of(knowledge)
    if not page.fitness.fit:
        return Reading(capture_id, stamp, page)
    found = findings(page, source, knowledge)
    return Reading(
        capture_id=capture_id,
        stamp=stamp,
        page=page,
        kind=found.kind,
        attitude=found.attitude,
        attitude_why=found.attitude_why,
        features=found.features,
        claims=found.claims,
        statements=found.statements,
        studies=found.studies,
        issues=found.issues,
    )


def page_of(capture: Capture, body: bytes, knowledge: Knowledge, limit: int) -> Page:
    """The page that a capture holds, before anything is read out of it. Bad bytes never raise."""
    try:
        plain = decoded(body, capture.content_encoding, limit, partial=capture.truncated is not None)
    except TooLargeError as error:
        return unfit_page(capture.final_url, capture.media_type or "", "too-large", error.detail)
    except UnreadableError as error:
        return unfit_page(capture.final_url, capture.media_type or "", "unreadable", error.detail)
    return read_page(
        plain,
        url=capture.final_url,
        content_type=capture.content_type,
        status=capture.status,
        truncated=capture.truncated,
        fitness=knowledge.fitness,
    )


def stamp_of(knowledge: Knowledge) -> Stamp:
    """Under which rules and which program this process reads."""
    return Stamp(knowledge.reading_digest, reader_version())


@functools.cache
def reader_version() -> str:
    """Digest of the reading rooms' sources and of the libraries they stand on: computed, never declared."""
    told = hashlib.sha256()
    for room in _ROOMS:
        for name, text in sorted(_sources(resources.files("exowatch") / room, room)):
            told.update(name.encode() + b"\0" + text + b"\0")
    for library in _LIBRARIES:
        told.update(f"{library} {metadata.version(library)}\0".encode())
    return told.hexdigest()


def _sources(folder: Traversable, name: str) -> list[tuple[str, bytes]]:
    found = []
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name != "__pycache__":
            found += _sources(entry, f"{name}/{entry.name}")
        elif entry.name.endswith(".py"):
            found.append((f"{name}/{entry.name}", entry.read_bytes()))
    return found
