"""``read``: bytes, source facts and knowledge in, findings out. The pure spine of the house, one screen long."""

from __future__ import annotations

import functools
import hashlib
import re
from importlib import metadata, resources
from importlib.resources.abc import Traversable

from exowatch.errors import UnreadableError
from exowatch.extract.findings import findings
from exowatch.extract.study.of_record import study_of_record
from exowatch.knowledge.load import Knowledge
from exowatch.model.captures import Capture
from exowatch.model.pages import Block, Fitness, FitnessCode, Page
from exowatch.model.readings import Reading, Stamp
from exowatch.model.records import Answer
from exowatch.model.sources import Source
from exowatch.pages.decode import TooLargeError, decoded
from exowatch.pages.page import read_page, unfit_page
from exowatch.records.answers import ANSWERS, NOTICES, read_answer, read_article

#: Rooms whose code decides what is read, and libraries whose version does.
_ROOMS = ("pages", "records", "extract")
_CONCERN = re.compile(r"exosom|vesicle|secretome|stem cell|stromal|cell therap|advanced therapy", re.IGNORECASE)
_XML = ("application/xml", "text/xml", "application/jats+xml")
_LIBRARIES = ("ahocorasick_rs", "lxml", "py3langid", "pypdf", "feedparser")


def read(capture: Capture, source: Source, body: bytes, knowledge: Knowledge, *, limit: int = 16 << 20) -> Reading:
    """What the capture says. ``body`` is as sent; ``limit``: bytes that decoding may give. Bad bytes never raise."""
    if source.via in ANSWERS:
        return answer_reading(capture, source, body, knowledge, limit)
    if capture.media_type in _XML and (read := _article_reading(capture, body, knowledge, limit)):
        return read
    return reading_of(page_of(capture, body, knowledge, limit), source, capture.id, knowledge)


def answer_reading(capture: Capture, source: Source, body: bytes, knowledge: Knowledge, limit: int) -> Reading:
    """What an API's answer says: a study a record. One that is cut or tells an error is unfit."""
    try:
        plain = decoded(body, capture.content_encoding, limit, partial=capture.truncated is not None)
        answer = read_answer(source.via, plain, capture.url)
    except UnreadableError as error:
        code: FitnessCode = "error" if (capture.status or 0) >= 400 else "unreadable"
        unfit = unfit_page(capture.final_url, capture.media_type or "", code, error.detail)
        return Reading(capture.id, stamp_of(knowledge), unfit)
    if source.via in NOTICES:
        return reading_of(_of_notices(capture, plain, answer), source, capture.id, knowledge)
    return _of_answer(capture, plain, answer, knowledge)


def _of_notices(capture: Capture, plain: bytes, answer: Answer) -> Page:
    """A regulator's list as a page: a paragraph an entry that may concern us, and how many there are in all."""
    concern = [record for record in answer.records if _CONCERN.search(f"{record.title} {record.summary}")]
    told = [f"{len(answer.records)} entries; {len(concern)} of them name exosomes, vesicles or cells."]
    told += [f"{record.title}: {record.summary}" for record in concern]
    blocks = tuple(Block(place, "paragraph", "body", text) for place, text in enumerate(told))
    digest = hashlib.sha256(plain).hexdigest()
    title = "European Medicines Agency (EMA), list"
    return Page(capture.final_url, capture.media_type or "", title, "en", blocks, Fitness("ok"), digest)


def _article_reading(capture: Capture, body: bytes, knowledge: Knowledge, limit: int) -> Reading | None:
    """An article in JATS, met as a page; None where it is none."""
    try:
        plain = decoded(body, capture.content_encoding, limit, partial=capture.truncated is not None)
    except UnreadableError:
        return None
    answer = read_article(plain, capture.final_url)
    return _of_answer(capture, plain, answer, knowledge) if answer else None


def _of_answer(capture: Capture, plain: bytes, answer: Answer, knowledge: Knowledge) -> Reading:
    digest = hashlib.sha256(plain).hexdigest()
    page = Page(capture.final_url, capture.media_type or "", None, None, (), Fitness("ok"), digest)
    studies = (study_of_record(record, knowledge.studies) for record in answer.records)
    found = tuple(one for one in studies if one is not None)
    return Reading(capture.id, stamp_of(knowledge), page, kind="journal", studies=found)


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
        letters=found.letters,
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
