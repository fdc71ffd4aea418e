"""Which standing claims news of evidence bears on, rebuilt from their rows: the page stood still, nothing is read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, or_, select, update

from exowatch.model.findings import Claim, Condition, Cue, Intervention, Quote
from exowatch.model.keys import OF_AGENCY
from exowatch.store.flagging import parts
from exowatch.store.tables import (
    appearances,
    assessments,
    claim_keys,
    claims,
    evidence,
    evidence_keys,
    evidence_moves,
    lineages,
    pages,
)


@dataclass(frozen=True, slots=True)
class Move:
    """News of one piece of evidence that waits for claims to be held against it."""

    id: int
    key: str
    why: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A claim as its page was last read, in the place that speaks for it."""

    claim_id: int
    lineage_id: int
    source_id: str
    url: str
    page_kind: Any
    attitude: Any
    claim: Claim


def waiting(db: Connection) -> list[Move]:
    """News of evidence that no claim was held against yet, oldest first."""
    asked = select(evidence_moves).where(evidence_moves.c.settled_at.is_(None)).order_by(evidence_moves.c.id)
    return [Move(row.id, row.evidence_key, row.why) for row in db.execute(asked)]


def settled(db: Connection, moves: Sequence[Move], at: datetime) -> None:
    """All claims that these bear on were assessed again."""
    for part in parts([move.id for move in moves]):
        db.execute(update(evidence_moves).where(evidence_moves.c.id.in_(part)).values(settled_at=at))


def borne_on(db: Connection, keys: Collection[str]) -> dict[int, set[str]]:
    """Standing wording that asks for what any state of these pieces of evidence is about → keys of those pieces."""
    found: dict[int, set[str]] = {}
    for part in parts(sorted(keys)):
        rows = db.execute(
            select(claim_keys.c.claim_id, evidence.c.key)
            .select_from(evidence)
            .join(evidence_keys, evidence_keys.c.evidence_id == evidence.c.id)
            .join(claim_keys, claim_keys.c.key == evidence_keys.c.key)
            .where(evidence.c.key.in_(part), _stands())
            .distinct()
        )
        for row in rows:
            found.setdefault(row.claim_id, set()).add(row.key)
    return found


def asking_for_studies(db: Connection, among: Select[Any]) -> list[int]:
    """The standing wordings of these (a choice of claim ids) that ask for more than what an agency says."""
    asked = select(claim_keys.c.claim_id).where(
        claim_keys.c.claim_id.in_(among), claim_keys.c.key.not_like(f"{OF_AGENCY}%"), _stands()
    )
    return list(db.execute(asked.distinct()).scalars())


def _stands() -> Any:
    return (
        select(appearances.c.id)
        .where(appearances.c.claim_id == claim_keys.c.claim_id, appearances.c.live)
        .correlate(claim_keys)
        .exists()
    )


def standing(db: Connection, claim_ids: Sequence[int]) -> list[Standing]:
    """These wordings as claims again, one place of each."""
    found: dict[int, Standing] = {}
    for part in parts(claim_ids):
        rows = db.execute(
            _placed().where(claims.c.id.in_(part), appearances.c.live).order_by(claims.c.id, appearances.c.id)
        )
        for row in rows:
            if row.id not in found:
                found[row.id] = _standing(row)
    return list(found.values())


def _placed() -> Select[Any]:
    return (
        select(
            claims,
            lineages.c.source_id,
            pages.c.url,
            pages.c.kind.label("page_kind"),
            pages.c.attitude,
            *(appearances.c[name] for name in ("zone", "visible", "speaker", "context", "heading_path")),
        )
        .join(appearances, appearances.c.claim_id == claims.c.id)
        .join(lineages, lineages.c.id == claims.c.lineage_id)
        .join(pages, pages.c.id == appearances.c.page_id)
    )


def _standing(row: Any) -> Standing:
    kind, attitude = row.page_kind or "other", row.attitude or "neutral"
    return Standing(row.id, row.lineage_id, row.source_id, row.url, kind, attitude, claim_of(row))


def claim_of(row: Any) -> Claim:
    """A row of ``claims`` and one place of it as the claim that was read. Its quote has no block any more (-1)."""
    return Claim(
        key=row.key,
        quote=Quote(-1, 0, len(row.quote), row.quote),
        language=row.language,
        kinds=row.kinds,
        stance=row.stance,
        subject=row.subject,
        intervention=Intervention(row.source_material, row.cells, row.material, row.route, row.product),
        conditions=tuple(Condition(c["id"], c["name"], c["tier"], c["mesh"]) for c in row.conditions_full),
        agencies=row.agencies,
        status=row.status,
        strength=row.strength,
        numbers=row.numbers,
        areas=row.areas,
        combination=row.combination,
        attribution=row.attribution,
        framing=row.framing,
        evidence_offered=row.evidence_offered,
        zone=row.zone,
        visible=row.visible,
        speaker=row.speaker,
        context=row.context,
        heading_path=tuple(row.heading_path),
        cues=tuple(Cue(c["rule_id"], c["text"], c["role"]) for c in row.cues),
        rule_ids=row.rule_ids,
        certainty=row.certainty,
    )


@dataclass(frozen=True, slots=True)
class Stored:
    """An assessment as it was stored."""

    jurisdiction: str
    verdict: str
    flag: bool
    severity: str | None
    judging: str
    valid_from: datetime


def standing_at(db: Connection, place: int) -> Standing | None:
    """The claim that stands, or last stood, in this place."""
    row = db.execute(_placed().where(appearances.c.id == place)).first()
    return None if row is None else _standing(row)


def stored_of(db: Connection, claim_id: int, as_of: datetime | None) -> list[Stored]:
    """What was made of a wording in each jurisdiction, now or at ``as_of``."""
    held: Any = assessments.c.valid_to.is_(None)
    if as_of is not None:
        ended = or_(assessments.c.valid_to.is_(None), assessments.c.valid_to > as_of)
        held = and_(assessments.c.valid_from <= as_of, ended)
    asked = select(assessments).where(assessments.c.claim_id == claim_id, held).order_by(assessments.c.jurisdiction)
    return [
        Stored(row.jurisdiction, row.verdict, row.flag, row.severity, row.judging, row.valid_from)
        for row in db.execute(asked)
    ]
