"""Findings as the JSON of ``exowatch extract``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from exowatch.model.findings import Claim, Statement, Study
from exowatch.model.readings import Assessment, Reading
from exowatch.model.sources import Source


def reading_shape(reading: Reading, source: Source, judged: Sequence[Assessment]) -> dict[str, Any]:
    """One page: ``judged`` holds the assessment of each claim, in order."""
    page = reading.page
    features = asdict(reading.features)
    told = {
        "page": {
            "url": page.url,
            "title": page.title,
            "language": page.language,
            "kind": reading.kind,
            "jurisdiction": source.jurisdiction,
            "attitude": reading.attitude,
            "attitude_why": reading.attitude_why,
            "features": {key: list(value) if isinstance(value, tuple) else value for key, value in features.items()},
        },
        "claims": [claim_shape(claim, one) for claim, one in zip(reading.claims, judged, strict=True)],
        "statements": [statement_shape(statement) for statement in reading.statements],
        "study": study_shape(reading.studies[0]) if len(reading.studies) == 1 else None,
    }
    if len(reading.studies) > 1:
        told["studies"] = [study_shape(study) for study in reading.studies]
    return told


def claim_shape(claim: Claim, judged: Assessment) -> dict[str, Any]:
    """One claim with what was made of it."""
    quote = claim.quote
    return {
        "quote": quote.text,
        "kinds": list(claim.kinds),
        "stance": claim.stance,
        "conditions": [asdict(condition) for condition in claim.conditions],
        "intervention": asdict(claim.intervention) | {"cells": list(claim.intervention.cells)},
        "agencies": list(claim.agencies),
        "status": claim.status,
        "framing": claim.framing,
        "evidence_offered": list(claim.evidence_offered),
        "numbers": list(claim.numbers),
        "areas": list(claim.areas),
        "combination": list(claim.combination),
        "verdict": judged.verdict,
        "flag": judged.flag,
        "severity": judged.severity,
        "reasons": [asdict(reason) | {"cites": list(reason.cites)} for reason in judged.reasons],
        "zone": claim.zone,
        "visible": claim.visible,
        "speaker": claim.speaker,
        "heading_path": list(claim.heading_path),
        "locator": asdict(claim.locator) | {"block": quote.block_index, "start": quote.start, "end": quote.end},
    }


def statement_shape(statement: Statement) -> dict[str, Any]:
    """One regulatory statement."""
    return {
        "quote": statement.quote.text,
        "agencies": list(statement.agencies),
        "status": statement.status,
        "scope": statement.scope,
        "jurisdiction": statement.jurisdiction,
        "stance": statement.stance,
    }


def study_shape(study: Study) -> dict[str, Any]:
    """One study."""
    return {
        "doi": study.doi,
        "title": study.title,
        "language": study.language,
        "design": study.design,
        "randomised": study.randomised,
        "subjects": study.subjects,
        "participants": study.participants,
        "groups": list(study.groups),
        "product": study.product,
        "population": list(study.population),
        "interventions": list(study.interventions),
        "combination": list(study.combination),
        "material": study.material,
        "source": study.source,
        "cells": list(study.cells),
        "route": study.route,
        "comparator": study.comparator,
        "conditions": list(study.conditions),
        "outcomes": list(study.outcomes),
        "results": [asdict(result) for result in study.results],
        "direction": study.direction,
        "follow_up": study.follow_up,
        "adverse_events": study.adverse_events,
        "evidence_level": study.level,
        "level_reason": study.level_reason,
        "funding": study.funding,
        "conflict": study.conflict,
        "maker_run": study.maker_run,
        "registered": study.registered,
        "retracted": study.retracted,
        "relations": list(study.relations),
        "references": list(study.references),
    }
