"""What rules make of claims that stand as they stood: judged anew, told with the cause, past judgements kept.

Only what moved is told; a judgement that came out as before is marked as holding under today's rules as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select, update

from exowatch.changes.attach import Attached
from exowatch.model.changes import Cause, Change
from exowatch.model.readings import SEVERITIES, Assessment, Severity
from exowatch.store.flagging import parts, raise_flags
from exowatch.store.tables import appearances, assessments, claims, lineages, pages, readings
from exowatch.store.write_assessments import bring_under, held
from exowatch.store.write_findings import Place, write_changes

Made = frozenset[tuple[str, bool, str | None, str]]
"""Jurisdiction, whether it is flagged, severity, verdict."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What was made of one lineage on one page, and by which rows of wordings."""

    made: Made
    claim_ids: frozenset[int]


def pages_out_of_date(
    db: Connection, knowledge: str, reader: str, judging: str, after: str | None
) -> list[tuple[str, str]]:
    """(source, URL) of live pages read under another stamp, or with claims judged under other rules.

    ``after``: only pages last read fit from then on.
    """
    otherwise = (
        select(appearances.c.page_id)
        .join(assessments, assessments.c.claim_id == appearances.c.claim_id)
        .where(appearances.c.live, assessments.c.valid_to.is_(None), assessments.c.judging != judging)
    )
    stale = or_(readings.c.knowledge != knowledge, readings.c.reader != reader, pages.c.id.in_(otherwise))
    query = (
        select(pages.c.source_id, pages.c.url)
        .join(readings, readings.c.id == pages.c.reading_id)
        .where(~pages.c.vanished, stale)
        .order_by(pages.c.id)
    )
    if after is not None:
        query = query.where(pages.c.last_fit_at >= datetime.fromisoformat(after))
    return [(row.source_id, row.url) for row in db.execute(query)]


def judged_on(db: Connection, page_id: int) -> dict[int, Judged]:
    """Settled lineage that stands on the page → what is made of it there."""
    rows = db.execute(
        select(appearances.c.lineage_id, appearances.c.claim_id, assessments)
        .join(lineages, lineages.c.id == appearances.c.lineage_id)
        .join(assessments, assessments.c.claim_id == appearances.c.claim_id)
        .where(
            appearances.c.page_id == page_id,
            appearances.c.live,
            assessments.c.valid_to.is_(None),
            lineages.c.state.in_(("live", "unconfirmed")),
        )
    )
    made: dict[int, set[Any]] = {}
    ids: dict[int, set[int]] = {}
    for row in rows:
        made.setdefault(row.lineage_id, set()).add((row.jurisdiction, row.flag, row.severity, row.verdict))
        ids.setdefault(row.lineage_id, set()).add(row.claim_id)
    return {lineage: Judged(frozenset(told), frozenset(ids[lineage])) for lineage, told in made.items()}


def tell_judgements(
    db: Connection,
    place: Place,
    attached: Sequence[Attached],
    judged: Mapping[int, Sequence[Assessment]],
    before: Mapping[int, Judged],
    cause: Cause,
    at: datetime,
) -> int:
    """Write what moved against ``before``, and put before a person, as reassessed, what is graver now.

    Called when the page's wordings are written. ``judged``: index of a finding → its assessments. Returns how many
    claims are judged otherwise.
    """
    now: dict[int, list[Assessment]] = {}
    quotes: dict[int, str] = {}
    for one in attached:
        if one.lineage_id is not None and one.lineage_id in before and one.match is None:
            now.setdefault(one.lineage_id, []).extend(judged.get(one.found.index, ()))
            quotes[one.lineage_id] = one.found.wording.quote
    after = {
        lineage: frozenset((a.jurisdiction, a.flag, a.severity, a.verdict) for a in now[lineage]) for lineage in now
    }
    moved = {lineage: told for lineage, told in after.items() if told != before[lineage].made}
    what = "the rules that judge" if cause == "rule" else "the rules" if cause == "knowledge" else "the reading program"
    told = [
        Change(
            kind="verdict",
            cause=cause,
            subject="claim",
            source_id=place.source_id,
            url=place.url,
            lineage_id=lineage,
            before=quotes[lineage],
            after=quotes[lineage],
            similarity=None,
            why=f"{what} changed; the page stood still: {in_words(before[lineage].made)} → {in_words(made)}",
            at=at,
        )
        for lineage, made in moved.items()
    ]
    write_changes(db, place.run_id, told)
    _renew(db, place.page_id, attached, judged, before, at)
    worse = {lineage: ("reassessed", None) for lineage, made in moved.items() if graver(made, before[lineage].made)}
    raise_flags(db, worse, place.run_id, place.source_id, at)  # type: ignore[arg-type]  # the literal is narrowed
    return len(told)


def _renew(
    db: Connection,
    page_id: int,
    attached: Sequence[Attached],
    judged: Mapping[int, Sequence[Assessment]],
    before: Mapping[int, Judged],
    at: datetime,
) -> None:
    """Bring the assessments of the page's wordings under today's rules; end those of wordings that stand nowhere."""
    index = {(one.lineage_id, one.found.zone): one.found.index for one in attached}
    here = (appearances.c.page_id == page_id, appearances.c.live, appearances.c.claim_id.is_not(None))
    places = db.execute(select(appearances.c.lineage_id, appearances.c.zone, appearances.c.claim_id).where(*here)).all()
    new = {row.claim_id: judged.get(index.get((row.lineage_id, row.zone), -1), ()) for row in places}
    for claim_id, made in new.items():
        if made and any(row.judging != made[0].judging_digest for row in held(db, [claim_id])):
            bring_under(db, claim_id, made, at)
    left = [claim_id for one in before.values() for claim_id in one.claim_ids - set(new)]
    for some in parts(left):
        stands = select(appearances.c.id).where(appearances.c.claim_id == claims.c.id, appearances.c.live).exists()
        idle = select(claims.c.id).where(claims.c.id.in_(some), ~stands)
        ended = update(assessments).where(assessments.c.claim_id.in_(idle), assessments.c.valid_to.is_(None))
        db.execute(ended.values(valid_to=at))


def _weight(made: Made) -> int:
    return max((len(SEVERITIES) - SEVERITIES.index(_severity(s)) for _, flag, s, _ in made if flag and s), default=0)


def _severity(told: str) -> Severity:
    return next(one for one in SEVERITIES if one == told)


def graver(now: Made, before: Made) -> bool:
    """It weighs more, or it is flagged with a verdict that it did not have."""
    verdicts = {verdict for _, flag, _, verdict in now if flag} - {verdict for *_, verdict in before}
    return _weight(now) > _weight(before) or bool(verdicts)


def in_words(made: Made) -> str:
    """The gravest flag and the verdicts of a judgement."""
    weight = _weight(made)
    verdicts = ", ".join(sorted({verdict for *_, verdict in made}))
    return f"{SEVERITIES[len(SEVERITIES) - weight] if weight else 'no marketing claim'} ({verdicts})"
