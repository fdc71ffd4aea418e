"""What the doors work with: configuration, database, knowledge and clock, built once a process and passed down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from exowatch.clock import Clock
from exowatch.config import Config
from exowatch.extract.proof import load_proven
from exowatch.knowledge.load import Knowledge
from exowatch.model.captures import KnownPage, KnownUrl
from exowatch.model.pages import Page
from exowatch.model.readings import Stamp
from exowatch.reading import stamp_of
from exowatch.store import read_state, read_visits
from exowatch.store.migrate import ready_store
from exowatch.store.session import Store

#: Days that an index may need to list what was published.
LAG = 2


@dataclass(frozen=True, slots=True)
class Desk:
    """All that the doors need."""

    config: Config
    store: Store
    knowledge: Knowledge
    clock: Clock
    simulated: bool
    stamp: Stamp
    """Rules and program that read here."""

    @property
    def archive_dir(self) -> Path:
        return self.config.archive.dir


def open_desk(config: Config, clock: Clock, simulated: bool) -> Desk:
    """Open database (made if new) and knowledge. SetupError or StoreError where one cannot be used."""
    knowledge = load_proven(config.knowledge.dir)
    store = ready_store(config.database.url, config.database.busy_seconds, config.archive.dir)
    return Desk(config, store, knowledge, clock, simulated, stamp_of(knowledge))


def known_page(desk: Desk, source_id: str, url: str) -> KnownPage | None:
    """The capture that holds this page's present text; for conditional requests and revisit records."""
    with desk.store.reading() as db:
        return read_state.known_page(db, source_id, url)


def says_the_same(desk: Desk, source_id: str, page: Page) -> bool:
    """The page's text is, to the letter, the one that the store holds of it."""
    with desk.store.reading() as db:
        known = read_state.known_text(db, source_id, page.url)
    return known is not None and known == page.text_digest


def known_urls(desk: Desk, source_id: str) -> tuple[KnownUrl, ...]:
    """Live pages of the source, least recently asked for first: visited again even where no link leads any more."""
    with desk.store.reading() as db:
        return read_state.known_urls(db, source_id)


def harvested_from(desk: Desk, source_id: str, now: datetime) -> date | None:
    """The day from which an API is to be asked for what is new: two before its last whole harvest, since indexes lag.

    None, everything: at the first harvest, and once a month, so that what changed without a date is met too.
    """
    with desk.store.reading() as db:
        last = read_visits.last_whole_visit(db, source_id)
    if last is None or (last.year, last.month) != (now.year, now.month):
        return None
    return (last - timedelta(days=LAG)).date()
