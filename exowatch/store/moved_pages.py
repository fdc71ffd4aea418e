"""Pages that lead to another page of their source: what stood on them does not stand there any more.

A redirect is as good a proof as HTTP 404 that a page does not say what it said, and no better: everything on it misses
this run, and the page itself is told as moved once separate runs agree. Its claims go where their words stand now.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from exowatch.model.captures import Outcome
from exowatch.model.sources import Run
from exowatch.store import read_state, write_pages
from exowatch.store.tables import outcomes, pages, studies

#: Code of the outcome of a page that leads to another one.
MOVED = "moved"


def tell_moved_pages(db: Connection, run: Run, source_id: str, led: Mapping[str, str], at: datetime) -> int:
    """Write down which pages led where (``led``: address asked for → address that it led to); how many were told.

    Only a page that was read once, that was not told as moved before, and that leads to one that was read in this run.
    """
    read = _read_in(db, run.id, source_id)
    count = 0
    for url in led:
        there = _end_of(url, led)
        state = read_state.page_state(db, source_id, url)
        if there == url or there not in read or state is None or state.capture_id is None:
            continue
        if _vanished(db, state.page_id) or read_state.has_outcome(db, run.id, source_id, url):
            continue
        outcome = Outcome(run.id, source_id, url, "UNFIT", MOVED, f"leads to {there}", at=at)
        write_pages.write_outcome(db, outcome)
        write_pages.page_is_missing(db, state, run.id, at)
        _take_studies_along(db, state.page_id, source_id, there, run)
        count += 1
    return count


def where_it_led(db: Connection, run_id: str, source_id: str, url: str) -> str | None:
    """In words, where this page led in the run; None where it did not."""
    mine = (outcomes.c.run_id == run_id, outcomes.c.source_id == source_id, outcomes.c.url == url)
    return db.execute(select(outcomes.c.detail).where(*mine, outcomes.c.code == MOVED)).scalar()


def _take_studies_along(db: Connection, page_id: int, source_id: str, there: str, run: Run) -> None:
    """A study whose page moved is the study that was held, and none that was found now."""
    new_page = db.execute(select(pages.c.id).where(pages.c.source_id == source_id, pages.c.url == there)).scalar_one()
    held = {
        row.key: row.id for row in db.execute(select(studies.c.id, studies.c.key).where(studies.c.page_id == page_id))
    }
    found = (studies.c.page_id == new_page, studies.c.first_seen >= run.started_at, studies.c.key.in_(held))
    for row in db.execute(select(studies.c.id, studies.c.key).where(*found)).all():
        db.execute(delete(studies).where(studies.c.id == row.id))
        db.execute(update(studies).where(studies.c.id == held[row.key]).values(page_id=new_page))


def _read_in(db: Connection, run_id: str, source_id: str) -> frozenset[str]:
    """Pages with a fit capture in this run that nothing speaks against."""
    mine = (outcomes.c.run_id == run_id, outcomes.c.source_id == source_id)
    fit = (outcomes.c.result.in_(("READ", "UNCHANGED")), outcomes.c.code != "suspicious")
    return frozenset(db.execute(select(outcomes.c.url).where(*mine, *fit)).scalars())


def _end_of(url: str, led: Mapping[str, str]) -> str:
    """The last address of a chain of redirects; of one that bites its tail, the first again."""
    seen, here = {url}, led[url]
    while here in led and here not in seen:
        seen.add(here)
        here = led[here]
    return url if here in seen else here


def _vanished(db: Connection, page_id: int) -> bool:
    return bool(db.execute(select(pages.c.vanished).where(pages.c.id == page_id)).scalar())
