"""May this visit be believed about the whole site? Complete, partial or held, with the reason in words."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, select

from exowatch.model.sources import ASKED_TO_WAIT, OUT_OF_TIME, RunSource, RunVerdict
from exowatch.store.moved_pages import MOVED
from exowatch.store.tables import appearances, lineages, outcomes, pages, run_sources, runs, sources

#: Finish reasons that are no words for people → what they mean.
_CUT = {
    "stopped": "stopped: it was asked to end",
    OUT_OF_TIME: "[limits] max_run_time is over",
    "memusage_exceeded": "[limits] max_memory_mb was reached",
}
#: Finish reasons of a crawl that saw all it was meant to see; anything else was cut short.
WHOLE = frozenset({"finished", "closespider_pagecount", "budget", "imported"})
#: Below this share of the pages known before, a visit is held, since that is more often our failure than theirs …
FEWER_PAGES = 0.5
#: Above this share of claims lost at once, with at least FEW_CLAIMS standing, a visit is held …
MANY_LOST = 0.6
FEW_CLAIMS = 5
#: … both until so many separate runs in a row say the same.
AGREEING_RUNS = 4
#: After so many visits in a row a site that puts us off hides nothing new.
_PUT_OFF_RUNS = 3
#: Visits that are looked back upon at most.
_LOOK_BACK = 100
#: Finish reason of a visit to a site that has put us off so often.
PUTS_US_OFF = f"{ASKED_TO_WAIT}, visit after visit"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a visit saw of a source."""

    fit: int
    gone: int
    """Pages read once that the server now says are not there, or elsewhere: seen as well as those that were read."""
    total: int
    standing: int
    """Claims that stood before or stand now."""
    lost: int
    """Those of them that no fit capture holds any more, not yet agreed on by enough runs."""
    held_before: int = 0
    """Visits in a row, up to this one, that were held."""
    expected: int = 0
    """Pages read before that should have been seen."""
    put_off_before: int = 0
    """Visits in a row, up to this one, that the site cut short by asking us to wait."""


def seen(db: Connection, closing: RunSource) -> Seen:
    """Count the outcomes of the visit and the claims that it lost."""
    run_id, source_id = closing.run_id, closing.source_id
    results = db.execute(
        select(outcomes.c.result, func.count())
        .where(outcomes.c.run_id == run_id, outcomes.c.source_id == source_id)
        .group_by(outcomes.c.result)
    ).all()
    counted = {str(result): int(n) for result, n in results}
    here = select(appearances.c.id).where(appearances.c.lineage_id == lineages.c.id).correlate(lineages)
    agreed = here.where(appearances.c.misses >= AGREEING_RUNS)
    mine = [
        lineages.c.source_id == source_id,
        lineages.c.subject == "claim",
        lineages.c.state.in_(("live", "unconfirmed")),
    ]
    standing = db.execute(select(func.count()).where(*mine)).scalar_one()
    lost = db.execute(
        select(func.count()).where(*mine, ~here.where(appearances.c.live).exists(), ~agreed.exists())
    ).scalar_one()
    return Seen(
        fit=counted.get("READ", 0) + counted.get("UNCHANGED", 0),
        gone=_known_pages(db, closing, outcomes.c.code.in_(("gone", MOVED))),
        total=sum(counted.values()),
        standing=standing,
        lost=lost,
        held_before=_held_in_a_row(db, run_id, source_id),
        put_off_before=_put_off_in_a_row(db, run_id, source_id),
        expected=_expected(db, closing),
    )


def _expected(db: Connection, closing: RunSource) -> int:
    """A feed or an API tells its newest entries only, and older ones are not asked for again."""
    via = db.execute(select(sources.c.via).where(sources.c.id == closing.source_id)).scalar()
    return _known_pages(db, closing) if via not in ("site", "page", "sitemap") else closing.pages_expected or 0


def _known_pages(db: Connection, closing: RunSource, *where: ColumnElement[bool]) -> int:
    """How many pages with an outcome in this visit had been read fit before it."""
    mine = (outcomes.c.run_id == closing.run_id, outcomes.c.source_id == closing.source_id)
    page = (pages.c.source_id == outcomes.c.source_id, pages.c.url == outcomes.c.url)
    before = (pages.c.first_fit_run_id.is_not(None), pages.c.first_fit_run_id != closing.run_id)
    return db.execute(
        select(func.count()).select_from(outcomes).join(pages, and_(*page)).where(*mine, *before, *where)
    ).scalar_one()


def _held_in_a_row(db: Connection, run_id: str, source_id: str) -> int:
    """A site that really shrank must not be held for ever: its new claims wait for a settled visit."""
    earlier = _earlier_visits(db, run_id, source_id)
    return sum(1 for _ in itertools.takewhile(lambda row: row.verdict == "held", earlier))


def _put_off_in_a_row(db: Connection, run_id: str, source_id: str) -> int:
    """Nor may a site keep what is new on it from being told by asking us, visit after visit, to come again later."""
    earlier = _earlier_visits(db, run_id, source_id)
    return sum(1 for _ in itertools.takewhile(lambda row: (row.finish_reason or "").startswith(ASKED_TO_WAIT), earlier))


def _earlier_visits(db: Connection, run_id: str, source_id: str) -> Sequence[Row[Any, Any]]:
    """Verdict and finish reason of the newest crawls of the source but this one, newest first; a bounded number."""
    return db.execute(
        select(run_sources.c.verdict, run_sources.c.finish_reason)
        .join(runs, runs.c.id == run_sources.c.run_id)
        .where(run_sources.c.source_id == source_id, run_sources.c.run_id != run_id, runs.c.kind == "crawl")
        .order_by(runs.c.fence.desc())
        .limit(_LOOK_BACK)
    ).all()


def puts_us_off(what: Seen, finish_reason: str) -> bool:
    """The site asked us to wait in this visit and in so many before it that what it shows is told all the same."""
    return finish_reason.startswith(ASKED_TO_WAIT) and what.put_off_before >= _PUT_OFF_RUNS - 1


def verdict(what: Seen, finish_reason: str) -> tuple[RunVerdict, str]:
    """The verdict on one source of a run, and why."""
    if puts_us_off(what, finish_reason):
        words = f"{what.put_off_before + 1} visits running the site asked us to wait: out of reach, or hiding"
        return "partial", f"{words}; what could be read is told, nothing absent is settled"
    if finish_reason not in WHOLE:
        return (
            "partial",
            f"the visit was cut short ({_CUT.get(finish_reason, finish_reason)}); nothing absent is settled",
        )
    found = what.fit + what.gone
    if found == 0:
        return "partial", f"none of {what.total} pages could be read; nothing is settled"
    if found < what.expected * FEWER_PAGES and what.held_before < AGREEING_RUNS - 1:
        return "held", f"{found} pages could be read where {what.expected} were known; changes are held back"
    if what.standing >= FEW_CLAIMS and what.lost > what.standing * MANY_LOST:
        return "held", f"{what.lost} of {what.standing} claims were not seen all at once; changes are held back"
    left = f", {what.gone} known before are no longer there" if what.gone else ""
    return "complete", f"{what.fit} of {what.total} pages could be read{left}"
