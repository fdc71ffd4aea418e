"""May this visit be believed about the whole site? Complete, partial or held, with the reason in words."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from exowatch.model.sources import RunSource, RunVerdict
from exowatch.store.tables import appearances, lineages, outcomes, run_sources, runs

#: Finish reasons of a crawl that saw all it was meant to see; anything else was cut short.
WHOLE = frozenset({"finished", "closespider_pagecount", "budget", "imported"})
#: Below this share of the pages known before, a visit is held, since that is more often our failure than theirs …
FEWER_PAGES = 0.5
#: Above this share of claims lost at once, with at least FEW_CLAIMS standing, a visit is held …
MANY_LOST = 0.6
FEW_CLAIMS = 5
#: … both until so many separate runs in a row say the same.
AGREEING_RUNS = 3


@dataclass(frozen=True, slots=True)
class Seen:
    """What a visit saw of a source."""

    fit: int
    total: int
    standing: int
    """Claims that stood before or stand now."""
    lost: int
    """Those of them that no fit capture holds any more, not yet agreed on by enough runs."""
    held_before: int = 0
    """Visits in a row, up to this one, that were held."""


def seen(db: Connection, run_id: str, source_id: str) -> Seen:
    """Count the outcomes of the visit and the claims that it lost."""
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
    fit = counted.get("READ", 0) + counted.get("UNCHANGED", 0)
    return Seen(fit, sum(counted.values()), standing, lost, _held_in_a_row(db, run_id, source_id))


def _held_in_a_row(db: Connection, run_id: str, source_id: str) -> int:
    """A site that really shrank must not be held for ever: its new claims wait for a settled visit."""
    earlier = db.execute(
        select(run_sources.c.verdict)
        .join(runs, runs.c.id == run_sources.c.run_id)
        .where(run_sources.c.source_id == source_id, run_sources.c.run_id != run_id, runs.c.kind == "crawl")
        .order_by(runs.c.fence.desc())
        .limit(AGREEING_RUNS)
    ).scalars()
    return sum(1 for _ in itertools.takewhile(lambda verdict: verdict == "held", earlier))


def verdict(what: Seen, closing: RunSource, finish_reason: str) -> tuple[RunVerdict, str]:
    """The verdict on one source of a run, and why."""
    if finish_reason not in WHOLE:
        return "partial", f"the visit was cut short ({finish_reason}); nothing absent is settled"
    if what.fit == 0:
        return "partial", f"none of {what.total} pages could be read; nothing is settled"
    expected = closing.pages_expected or 0
    if what.fit < expected * FEWER_PAGES and what.held_before < AGREEING_RUNS - 1:
        return "held", f"{what.fit} pages could be read where {expected} were known; changes are held back"
    if what.standing >= FEW_CLAIMS and what.lost > what.standing * MANY_LOST:
        return "held", f"{what.lost} of {what.standing} claims were not seen all at once; changes are held back"
    return "complete", f"{what.fit} of {what.total} pages could be read"
