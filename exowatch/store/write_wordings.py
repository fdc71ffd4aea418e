"""Writing wordings: each claim and statement as it was read, with what was made of it, each reading of it once.

How a sentence is read depends on the page around it. So a wording has a row for every stance and judgement that it was
given under one set of rules, and the places where it stands point to the one that holds there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from exowatch.changes.attach import Attached
from exowatch.model.changes import STRENGTH_MARKS, Wording
from exowatch.model.findings import Claim, Statement
from exowatch.model.readings import Assessment, Stamp
from exowatch.store.tables import assessments, claims, statements
from exowatch.store.write_assessments import write_new

Finding = Claim | Statement
#: What was made of a claim: jurisdiction, whether it is flagged, and how severe it is.
Judgement = frozenset[tuple[str, bool, str | None]]

_PUT = {
    claims: insert(claims).returning(claims.c.id, sort_by_parameter_order=True),
    statements: insert(statements).returning(statements.c.id, sort_by_parameter_order=True),
}
_KNOWN = {
    table: select(table.c.id, table.c.key, table.c.lineage_id, table.c.stance, table.c.status, *more)
    .where(
        table.c.lineage_id.in_(bindparam("older", expanding=True)),
        table.c.knowledge == bindparam("at_knowledge"),
        table.c.reader == bindparam("at_reader"),
    )
    .order_by(table.c.id)
    for table, more in ((claims, ()), (statements, (statements.c.scope,)))
}
_JUDGED = select(assessments.c.claim_id, assessments.c.jurisdiction, assessments.c.flag, assessments.c.severity).where(
    assessments.c.claim_id.in_(bindparam("of_claims", expanding=True)), assessments.c.valid_to.is_(None)
)


def write_wordings(
    db: Connection,
    stamp: Stamp,
    at: datetime,
    attached: Sequence[Attached],
    findings: Sequence[Finding],
    lineage_of: Mapping[str, int],
    judged: Mapping[int, Sequence[Assessment]],
) -> dict[str, int]:
    """Wording key → number of its row under this stamp; missing rows are written with their assessments."""
    first = {a.found.wording.key: a.found.index for a in reversed(attached)}
    older = {a.lineage_id for a in attached if a.lineage_id is not None}
    numbers: dict[str, int] = {}
    for table, kind in ((claims, Claim), (statements, Statement)):
        mine = {key: index for key, index in first.items() if isinstance(findings[index], kind)}
        held = {lineage_of[key] for key in mine} & older
        known = _known_claims(db, stamp, held) if table is claims else _known_statements(db, stamp, held)
        names = {
            key: (lineage_of[key], key, findings[index].stance, judgement(judged.get(index, ())))
            for key, index in mine.items()
        }
        numbers |= {key: known[name] for key, name in names.items() if name in known}
        fresh = [key for key in mine if key not in numbers]
        if not fresh:
            continue
        rows = [_row(findings[mine[key]], lineage_of[key], stamp) for key in fresh]
        made = db.execute(_PUT[table], rows).scalars()
        numbers.update(zip(fresh, made, strict=True))
        if table is claims:
            write_new(db, at, [(numbers[key], judged.get(mine[key], ())) for key in fresh])
    return numbers


def judgement(made: Sequence[Assessment]) -> Judgement:
    """What tells two judgements of one wording apart."""
    return frozenset((a.jurisdiction, a.flag, a.severity) for a in made)


def judgements(db: Connection, claim_ids: Collection[int]) -> dict[int, Judgement]:
    """Number of a claim's wording → what is made of it now."""
    found: dict[int, set[tuple[str, bool, str | None]]] = {claim_id: set() for claim_id in claim_ids}
    if claim_ids:
        for row in db.execute(_JUDGED, {"of_claims": list(claim_ids)}):
            found[row.claim_id].add((row.jurisdiction, row.flag, row.severity))
    return {claim_id: frozenset(made) for claim_id, made in found.items()}


_Name = tuple[int, str, str, Judgement]


def _known_claims(db: Connection, stamp: Stamp, older: Collection[int]) -> dict[_Name, int]:
    """Wordings of older lineages that were read under this stamp before → number."""
    rows = _known(db, claims, stamp, older)
    made = judgements(db, [row.id for row in rows])
    return {(row.lineage_id, row.key, row.stance, made[row.id]): row.id for row in rows}


def _known_statements(db: Connection, stamp: Stamp, older: Collection[int]) -> dict[_Name, int]:
    return {
        (row.lineage_id, statement_key(row.key, row.status, row.scope), row.stance, frozenset()): row.id
        for row in _known(db, statements, stamp, older)
    }


def _known(db: Connection, table: Any, stamp: Stamp, older: Collection[int]) -> Sequence[Any]:
    if not older:
        return ()
    asked = {"older": list(older), "at_knowledge": stamp.knowledge, "at_reader": stamp.reader}
    return db.execute(_KNOWN[table], asked).all()


def wording_for(finding: Finding) -> Wording:
    """What a finding is compared by. A statement's identity holds its status and scope: one sentence may make two."""
    if isinstance(finding, Statement):
        return Wording(
            subject="statement",
            key=statement_key(finding.key, finding.status, finding.scope),
            quote=finding.quote.text,
            stance=finding.stance,
            agencies=finding.agencies,
            status=finding.status,
        )
    return Wording(
        subject="claim",
        key=finding.key,
        quote=finding.quote.text,
        stance=finding.stance,
        strength=finding.strength,
        kinds=tuple(finding.kinds),
        conditions=tuple(c.id for c in finding.conditions),
        tier=_gravest(finding),
        agencies=finding.agencies,
        status=finding.status,
        numbers=finding.numbers,
        marks=tuple([role for role in STRENGTH_MARKS if any(cue.role == role for cue in finding.cues)]),
    )


def statement_key(key: str, status: str, scope: str) -> str:
    """The identity of a statement: its wording, status and scope."""
    return hashlib.sha256(f"{key}\0{status}\0{scope}".encode()).hexdigest()


def _row(finding: Finding, lineage_id: int, stamp: Stamp) -> dict[str, Any]:
    common = {
        "lineage_id": lineage_id,
        "key": finding.key,
        "quote": finding.quote.text,
        "language": finding.language,
        "agencies": finding.agencies,
        "status": finding.status,
        "stance": finding.stance,
        "rule_ids": finding.rule_ids,
        "knowledge": stamp.knowledge,
        "reader": stamp.reader,
    }
    if isinstance(finding, Statement):
        return common | {"scope": finding.scope, "jurisdiction": finding.jurisdiction}
    told = finding.intervention
    return common | {
        "kinds": tuple(finding.kinds),
        "subject": finding.subject,
        "source_material": told.source,
        "cells": told.cells,
        "material": told.material,
        "route": told.route,
        "product": told.product,
        "conditions": tuple(c.id for c in finding.conditions),
        "conditions_full": [{"id": c.id, "name": c.name, "tier": c.tier, "mesh": c.mesh} for c in finding.conditions],
        "tier": _gravest(finding),
        "strength": finding.strength,
        "certainty": finding.certainty,
        "numbers": finding.numbers,
        "areas": finding.areas,
        "combination": finding.combination,
        "attribution": finding.attribution,
        "framing": finding.framing,
        "evidence_offered": finding.evidence_offered,
        "cues": [{"rule_id": c.rule_id, "text": c.text, "role": c.role} for c in finding.cues],
    }


def _gravest(claim: Claim) -> str | None:
    tiers = {condition.tier for condition in claim.conditions}
    return next((tier for tier in ("serious", "medical", "cosmetic") if tier in tiers), None)
