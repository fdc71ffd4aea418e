"""Do the pages still say what is quoted from them? Every flag's sentence is looked for in the archived bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from exowatch.archive.read import read_response
from exowatch.archive.verify import Damage
from exowatch.errors import ArchiveError
from exowatch.knowledge.load import Knowledge
from exowatch.model.captures import Capture
from exowatch.model.keys import normalised
from exowatch.reading import page_of, reader_version
from exowatch.store import read_evidence, sealed_rows
from exowatch.store.session import Store


def hold_quotes(
    archive: Path, store: Store, knowledge: Knowledge, limit: int, on_step: Callable[[], None] = lambda: None
) -> Iterator[Damage]:
    """What is quoted and does not stand in its capture. ``limit``: bytes that decoding may give.

    A wording that another version of the reading program took from its page is held against its key alone: how that
    version cut a page into blocks is not known here. Captures that cannot be read are named elsewhere.
    """
    with store.reading() as db:
        for table, number in sealed_rows.misnamed(db):
            yield Damage("the database", None, f"{table} row {number}: its words are not those that its key names")
        quoted = read_evidence.quotes_by_capture(db)
    for capture, quotes in quoted:
        on_step()
        mine = [one for one in quotes if one.reader == reader_version()]
        try:
            text = page_words(archive, capture, knowledge, limit) if mine else ""
        except ArchiveError:
            continue
        for one in mine:
            if normalised(one.quote) not in text:
                problem = f"flag {one.flag_id}: its sentence does not stand in the page of {capture.final_url}"
                yield Damage(capture.warc.file, capture.warc.offset, problem)


def page_words(archive: Path, capture: Capture, knowledge: Knowledge, limit: int) -> str:
    """All that the archived page says, block by block, in the form in which wordings are compared."""
    body = read_response(archive, capture.warc).body
    return "\n".join(normalised(block.text) for block in page_of(capture, body, knowledge, limit).blocks)
