"""Links that a visit met for the first time on pages that were there all along and never read before.

Nobody knows how long such a link has stood there: the page behind it is inventory, as its parent is. A link that a page
read before did not have is news, wherever else it stands.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, select

from exowatch.model.sources import Run, RunSource
from exowatch.store import write_runs
from exowatch.store.baseline import Baseline
from exowatch.store.tables import frontier, pages, sources

#: What the frontier says of a sitemap: it was read.
SITEMAP = "sitemap"


def remember_behind(
    db: Connection, run: Run, source_id: str, found: Mapping[str, str | None], sitemaps: Collection[str]
) -> None:
    """Keep what stands behind inventory as known since the baseline.

    ``found``: address → page, sitemap or redirect on which this visit met it first; None: on a page that was read
    before. ``sitemaps``: those that could be read. Before the baseline, everything is inventory anyway.
    """
    first = db.execute(select(sources.c.baseline_run_id).where(sources.c.id == source_id)).scalar()
    if first is not None:
        behind = _Behind(db, run, source_id, found, sitemaps)
        urls = [url for url, parent in found.items() if parent is not None and behind.first_met(url, parent)]
        write_runs.write_frontier(db, first, source_id, urls, "behind")
    write_runs.write_frontier(db, run.id, source_id, tuple(sitemaps), SITEMAP)


class _Behind:
    """What the store holds of one source's addresses, and what follows for those that were met now."""

    def __init__(
        self, db: Connection, run: Run, source_id: str, found: Mapping[str, str | None], sitemaps: Collection[str]
    ) -> None:
        self._run, self._found, self._sitemaps = run, found, frozenset(sitemaps)
        self._baseline = Baseline(db, run, RunSource(run.id, source_id))
        left = select(frontier.c.url, frontier.c.run_id, frontier.c.why).where(frontier.c.source_id == source_id)
        self._left = {row.url: row for row in db.execute(left)}
        met = select(pages.c.url, pages.c.first_run_id, pages.c.first_fit_run_id).where(pages.c.source_id == source_id)
        self._met = {row.url: row for row in db.execute(met)}
        self._inventory: dict[str, bool] = {}

    def first_met(self, url: str, parent: str) -> bool:
        """The address is new to the store, and its parent is inventory."""
        page = self._met.get(url)
        return url not in self._left and (page is None or page.first_run_id == self._run.id) and self._is_old(parent)

    def _is_old(self, url: str) -> bool:
        """The address was there all along and is read for the first time; parents are asked as far as need be."""
        chain: dict[str, None] = {}
        here: str | None = url
        answer = False
        while here is not None and here not in chain:
            chain[here] = None
            told = self._inventory.get(here, self._told(here))
            if told is not None:
                answer = told
                break
            here = self._found.get(here)
        self._inventory |= dict.fromkeys(chain, answer)
        return answer

    def _told(self, url: str) -> bool | None:
        """What the store itself says; None where it says nothing of it."""
        page, left = self._met.get(url), self._left.get(url)
        if page is not None and page.first_fit_run_id not in (None, self._run.id):
            return False  # it was read before, without the link
        if left is not None:
            return left.why != SITEMAP and self._baseline.was_there(left.run_id)
        if url in self._sitemaps and url not in self._found:
            return True  # nothing says since when it stands there
        if page is not None and self._baseline.was_there(page.first_run_id):
            return True
        return None
