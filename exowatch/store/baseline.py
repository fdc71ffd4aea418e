"""What stood there before we looked is inventory, not news. Here it is decided which is which."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from exowatch.model.sources import Run, RunSource
from exowatch.store.flapping import in_restless_place
from exowatch.store.tables import frontier, pages, run_sources, runs, sources

#: Why a page that was known to be there was not asked for, as the frontier's rows say it → the same in words.
WHY_LEFT_OUT = {
    "budget": "its page was known at the baseline and over budget",
    "depth": "its page was known at the baseline and too deep",
    "pattern": "its page was known at the baseline, as one of too many alike",
    "put-off": "its page was known at the baseline and put off, since the site wanted to be left alone",
    "behind": "its page stands behind one that was known at the baseline and not read then",
}

#: How long what a rotating place shows may have been there since the baseline. Of three promises
#: shown by lot nine looks (two at first, seven daily visits) see all in twelve of thirteen cases.
_UNSHOWN = timedelta(days=7)


class Baseline:
    """The baseline of one source, as a run is closed."""

    def __init__(self, db: Connection, run: Run, closing: RunSource) -> None:
        self._db, self._source_id = db, closing.source_id
        self._first = closing.baseline
        whole = select(sources.c.baseline_run_id, runs.c.started_at).outerjoin(
            runs, runs.c.id == sources.c.baseline_run_id
        )
        row = db.execute(whole.where(sources.c.id == closing.source_id)).first()
        baseline_run = row.baseline_run_id if row else None
        self._began = row.started_at if row else None
        self._none_yet = baseline_run is None
        self._fences = {row.id: row.fence for row in db.execute(select(runs.c.id, runs.c.fence))}
        self._fence = self._fences.get(baseline_run or "", -1)
        mine = select(run_sources.c.run_id, run_sources.c.scope).where(run_sources.c.source_id == closing.source_id)
        self._scopes = {row.run_id: row.scope for row in db.execute(mine)}
        self._complete = sorted(
            self._fences[run_id]
            for run_id in db.execute(
                select(run_sources.c.run_id).where(
                    run_sources.c.source_id == closing.source_id, run_sources.c.verdict == "complete"
                )
            ).scalars()
        )

    def why_not_news(self, claim: Row[Any]) -> str | None:
        """Why a claim (lineage_id, first_seen, first_run_id, page_id and url of one place) is inventory; None: news."""
        page_id, url, lineage_run = claim.page_id, claim.url, claim.first_run_id
        if self._first or self._none_yet:
            return "held when the source was first read whole"
        if self._began is not None and claim.first_seen < self._began:
            return "a capture older than the baseline holds it"
        if self._rotates(claim):
            return "its place held another claim each time it was looked at"
        page = self._db.execute(
            select(pages.c.first_run_id, pages.c.first_fit_run_id).where(pages.c.id == page_id)
        ).one()
        if page.first_fit_run_id != lineage_run:
            return None  # the page had been read without it
        if self.was_there(page.first_run_id):
            return "its page was known at the baseline and could not be read then"
        where = (frontier.c.source_id == self._source_id, frontier.c.url == url)
        left = self._db.execute(select(frontier.c.run_id, frontier.c.why).where(*where)).first()
        if left is not None and self.was_there(left.run_id):
            return WHY_LEFT_OUT.get(left.why, WHY_LEFT_OUT["budget"])
        if self._let_in_by(lineage_run):
            return "the watchlist lets its page in since now"
        return None

    def _rotates(self, claim: Row[Any]) -> bool:
        """Days after the baseline a banner may still show what it held then and did not show."""
        if self._began is None or claim.first_seen > self._began + _UNSHOWN:
            return False
        return in_restless_place(self._db, claim.lineage_id, claim.page_id)

    def was_there(self, run_id: str) -> bool:
        """True where what this run met for the first time was there all along: it is the baseline or older, or the
        watchlist had changed what it lets in."""
        return self._fences.get(run_id, 0) <= self._fence or self._let_in_by(run_id)

    def _let_in_by(self, run_id: str) -> bool:
        return self._scope_before(run_id) not in (None, self._scopes.get(run_id))

    def _scope_before(self, run_id: str) -> str | None:
        """The scope of the last complete run before ``run_id``."""
        fence = self._fences.get(run_id, 0)
        before = [f for f in self._complete if f < fence]
        if not before:
            return None
        names = {f: name for name, f in self._fences.items()}
        return self._scopes.get(names[before[-1]])
