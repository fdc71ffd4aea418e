"""Verdicts that moved because evidence did: written beside what was and told with their cause; flags follow them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from exowatch.knowledge.support import Support
from exowatch.model.changes import Change
from exowatch.model.readings import Assessment
from exowatch.store.borne_on import Move, Standing, asking_for_studies
from exowatch.store.flagging import raise_flags
from exowatch.store.rejudge import graver, in_words
from exowatch.store.search_made import search_made
from exowatch.store.tables import assessments, evidence, flags
from exowatch.store.write_assessments import bring_under, held
from exowatch.store.write_findings import write_changes


def unassessed_so_far(db: Connection, support: Support) -> list[int]:
    """Standing wording that waits for enough to be searched, once it is; none before, and none afterwards.

    What is said of an agency alone waits for no study: it stays unassessed, however much is searched.
    """
    search = search_made(db)
    if search is None or search.studies < support.least_studies or len(search.sources) < support.least_sources:
        return []
    waits = (assessments.c.valid_to.is_(None), assessments.c.verdict == "unassessed")
    return asking_for_studies(db, select(assessments.c.claim_id).where(*waits))


def write_anew(
    db: Connection, one: Standing, made: Sequence[Assessment], causes: Sequence[Move], run_id: str, at: datetime
) -> list[Change]:
    """Write what is made of a claim now; the change that is told, where its verdict or its flag moved."""
    before = _made(held(db, [one.claim_id]))
    if not bring_under(db, one.claim_id, made, at):
        return []
    after = frozenset((a.jurisdiction, a.flag, a.severity, a.verdict) for a in made)
    if after == before:
        return []
    change = Change(
        kind="verdict",
        cause="evidence",
        subject="claim",
        source_id=one.source_id,
        url=one.url,
        lineage_id=one.lineage_id,
        before=one.claim.quote.text,
        after=one.claim.quote.text,
        similarity=None,
        why=f"{_cause(db, causes)}; the page stood still: {in_words(before)} → {in_words(after)}",
        at=at,
    )
    write_changes(db, run_id, [change])
    if graver(after, before):
        raise_flags(db, {one.lineage_id: ("reassessed", None)}, run_id, one.source_id, at)
    elif not any(flag for _, flag, _, _ in after):
        _withdraw(db, one, next((r.words for a in made for r in a.reasons if r.rule == "flag.supported"), ""))
    return [change]


def _made(rows: Sequence[Any]) -> frozenset[tuple[str, bool, Any, str]]:
    return frozenset((row.jurisdiction, row.flag, row.severity, row.verdict) for row in rows)


def _cause(db: Connection, causes: Sequence[Move]) -> str:
    """What moved, in words: the evidence by its title."""
    if not causes:
        return "enough has been searched by now"
    first = causes[0]
    states = select(evidence).where(evidence.c.key == first.key).order_by(evidence.c.id.desc()).limit(2)
    row, before = (*db.execute(states).all(), None, None)[:2]
    title = (row.body.get("title") if row else None) or first.key
    what = "retracted" if row and row.retracted else "reinstated" if before and before.retracted else first.why
    more = f" and {len(causes) - 1} more" if len(causes) > 1 else ""
    return f"evidence {what}: {title} ({first.key}){more}"


def _withdraw(db: Connection, one: Standing, why: str) -> None:
    """A flag that nobody has decided on yet is withdrawn where evidence now supports its wording."""
    open_ones = (flags.c.lineage_id == one.lineage_id, flags.c.claim_id == one.claim_id, flags.c.state == "open")
    if why:
        db.execute(update(flags).where(*open_ones).values(state="withdrawn", state_why=why))
