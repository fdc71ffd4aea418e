"""What a letter tells beside a flag: the evidence that was held against its claim, and what people decided of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from exowatch.store.tables import (
    assessments,
    bearings,
    claims,
    evidence,
    flags,
    lineages,
    reviews,
    runs,
    sources,
)

Row = dict[str, Any]
#: Numbers in one question: SQLite takes no more than 32,766 values.
_PART = 5000


def considered(db: Connection, flag_ids: Sequence[int]) -> dict[int, list[Row]]:
    """Flag → the evidence that its claim was held against where its trader sits, positions of regulators first:
    ``kind``, ``authority``, ``url``, ``direction``, ``words``, ``mismatches``, ``retracted``, ``dated_on``."""
    found: dict[int, list[Row]] = {}
    for start in range(0, len(flag_ids), _PART):
        asked = (
            select(
                flags.c.id.label("flag"),
                *(evidence.c.kind, evidence.c.authority, evidence.c.url, evidence.c.retracted, evidence.c.dated_on),
                *(bearings.c.direction, bearings.c.words, bearings.c.mismatches),
            )
            .join(sources, sources.c.id == flags.c.source_id)
            .join(assessments, assessments.c.claim_id == flags.c.claim_id)
            .join(bearings, bearings.c.assessment_id == assessments.c.id)
            .join(evidence, evidence.c.id == bearings.c.evidence_id)
            .where(
                flags.c.id.in_(list(flag_ids[start : start + _PART])),
                assessments.c.valid_to.is_(None),
                assessments.c.jurisdiction == sources.c.jurisdiction,
            )
            .order_by(evidence.c.kind, evidence.c.id)
        )
        for row in db.execute(asked):
            found.setdefault(row.flag, []).append({key: value for key, value in row._mapping.items() if key != "flag"})
    return found


def stale_reviews(db: Connection) -> set[int]:
    """Flags whose last review judged other words than those that stand there now."""
    newest = select(func.max(reviews.c.id)).group_by(reviews.c.flag_id).scalar_subquery()
    asked = (
        select(reviews.c.flag_id)
        .join(flags, flags.c.id == reviews.c.flag_id)
        .join(lineages, lineages.c.id == flags.c.lineage_id)
        .where(reviews.c.id.in_(newest), lineages.c.current_key != reviews.c.claim_key)
    )
    return set(db.scalars(asked))


def decisions(db: Connection) -> dict[int, Row]:
    """Lineage → a person's last decision on one of its flags: ``reading``, ``action``, ``by``, ``at``, ``flag``."""
    asked = (
        select(
            flags.c.lineage_id,
            flags.c.id.label("flag"),
            *(reviews.c.reading, reviews.c.action, reviews.c.by, reviews.c.at),
        )
        .join(flags, flags.c.id == reviews.c.flag_id)
        .order_by(reviews.c.id)
    )
    told = {row.lineage_id: dict(row._mapping) for row in db.execute(asked)}
    return {lineage: row for lineage, row in told.items() if row["reading"] or row["action"] not in (None, "undecided")}


def raised_since(db: Connection, since: datetime) -> list[Row]:
    """Flags raised as news: when, how grave, and what a subscription asks for (jurisdictions, kinds, language)."""
    asked = (
        select(
            *(flags.c.raised_at, flags.c.severity, flags.c.jurisdictions, sources.c.jurisdiction),
            *(claims.c.kinds, claims.c.language),
        )
        .join(claims, claims.c.id == flags.c.claim_id)
        .join(sources, sources.c.id == flags.c.source_id)
        .where(flags.c.change.in_(("new", "stronger", "returned")), flags.c.raised_at >= since)
    )
    return [dict(row._mapping) for row in db.execute(asked)]


def going(db: Connection) -> list[Row]:
    """Runs that are not closed: ``kind``, ``started_at``, ``fence``."""
    asked = select(runs.c.kind, runs.c.started_at, runs.c.fence).where(runs.c.finished_at.is_(None))
    return [dict(row._mapping) for row in db.execute(asked.order_by(runs.c.fence))]
