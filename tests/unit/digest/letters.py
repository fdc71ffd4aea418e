"""Rows as the listings give them, written by hand, for letters under test."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from exowatch.digest.compose import Letter, Rows, compose
from exowatch.model.changes import Digest

DAY1 = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
DAY2 = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
EVENING = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)
SEARCH = "14 studies held, from 2 journals, harvested up to 2026-11-23; none is about this use."


def flag(**given: Any) -> dict[str, Any]:
    """A row of ``exowatch flags``."""
    row = {
        "id": 41,
        "source": "harbour-skin",
        "trader": "Harbour Skin Ltd",
        "url": "https://harbour-skin.example/exosomes",
        "page_title": "Exosome facial | Harbour Skin",
        "quote": "Exosomes make wrinkles around the eyes shallower.",
        "context": "We needle first. Exosomes make wrinkles around the eyes shallower. Allow an hour.",
        "heading_path": ["Treatments", "Exosome facial"],
        "zone": "body",
        "visible": "yes",
        "speaker": "trader",
        "kinds": ["efficacy"],
        "stance": "asserted",
        "conditions": [{"id": "wrinkles", "name": "wrinkles", "tier": "cosmetic"}],
        "agencies": [],
        "status": None,
        "severity": "medium",
        "verdict": "unsupported",
        "reasons": [
            {
                "rule": "cosmetic-effect",
                "words": "A cosmetic effect is asserted without evidence for this product.",
                "cites": [],
            },
            {"rule": "support.search", "words": SEARCH, "cites": []},
        ],
        "change": "new",
        "raised_at": DAY2,
        "first_seen": DAY2,
        "last_seen": DAY2,
        "jurisdiction": "IE",
        "language": "en",
        "capture_id": "0f3c1a52-6f0e-4a0e-9a15-2f7f2f4fd001",
        "body_digest": "sha256:" + "4be1" * 16,
        "lineage_id": 410,
        "case_id": None,
        "knowledge": "9c" * 32,
        "reader": "1d" * 32,
        "state": "open",
        "review": None,
    }
    return {**row, **given}


def change(**given: Any) -> dict[str, Any]:
    """A row of ``exowatch changes``."""
    row = {
        "id": 7,
        "source": "harbour-skin",
        "url": "https://harbour-skin.example/exosomes",
        "subject": "claim",
        "kind": "reworded",
        "cause": "page",
        "before": "Our serum calms a red face.",
        "after": "Our serum settles a red face.",
        "at": EVENING,
    }
    return {**row, **given}


def coverage(**given: Any) -> dict[str, Any]:
    """A row of coverage."""
    row = {
        "source": "harbour-skin",
        "name": "Harbour Skin",
        "kind": "clinic",
        "jurisdiction": "IE",
        "verdict": "complete",
        "seen": 6,
        "read": 2,
        "unchanged": 4,
        "unfit": 0,
        "failed": 0,
        "disallowed": 0,
        "last_fit_at": EVENING,
    }
    return {**row, **given}


def letter(**given: Any) -> Letter:
    """The orders for a letter of the second day's evening."""
    orders = {"until": EVENING, "since": DAY1, "knowledge": "9c" * 32, "simulated": True}
    return Letter(**{**orders, **given})


def quiet() -> Digest:
    """A letter of a day without news."""
    return compose(Rows(coverage=[coverage(read=0, unchanged=6)]), letter(simulated=False))


def busy() -> Digest:
    """A letter with something under every heading."""
    return compose(_busy_rows(), letter())


def _busy_rows() -> Rows:
    stopping = "Exosome infusions stop the progression of Parkinson's disease."
    return Rows(
        flags=[
            flag(
                id=52,
                source="mesa-longevity",
                trader={"name": "Mesa Longevity LLC"},
                url="https://mesa-longevity.example/neuro",
                page_title="Brain health infusions",
                quote=stopping,
                context=f"Dr Hale explains the plan in a first call. {stopping} Most guests stay for three days.",
                heading_path=["Programmes", "Brain health"],
                kinds=["efficacy", "disease"],
                conditions=[{"id": "parkinson", "name": "Parkinson's disease", "tier": "serious"}],
                severity="critical",
                verdict="unassessed",
                reasons=[
                    {
                        "rule": "serious-disease",
                        "words": "A serious disease is named as treated; this may engage 15 USC 45(a) and 52.",
                        "cites": ["FTC-1"],
                    }
                ],
                jurisdiction="US",
                lineage_id=520,
            ),
            flag(
                id=53,
                source="mesa-longevity",
                trader={"name": "Mesa Longevity LLC"},
                url="https://mesa-longevity.example/joints",
                page_title="Joint programme",
                quote="Exosome injections stop knee pain within a month.",
                context="Exosome injections stop knee pain within a month. Ask for the price list.",
                kinds=["efficacy", "disease"],
                conditions=[{"id": "knee-pain", "name": "knee pain", "tier": "medical"}],
                severity="high",
                change="stronger",
                jurisdiction="US",
                lineage_id=530,
            ),
            *(flag(id=60 + n, lineage_id=600 + n, quote=f"Exosomes brighten the skin in {n} days.") for n in range(5)),
            flag(id=70, visible="no", zone="jsonld", quote="Exosomes erase acne.", lineage_id=700),
            flag(id=71, severity="low", lineage_id=710),
            *(
                flag(
                    id=n, change="baseline", severity="high", raised_at=DAY1, lineage_id=n, url=f"https://a.example/{n}"
                )
                for n in range(1, 9)
            ),
            flag(id=80, change="reassessed", verdict="partly", lineage_id=800),
        ],
        changes=[
            change(
                kind="stronger",
                lineage_id=530,
                before="Exosome injections may help with knee pain.",
                after="Exosome injections stop knee pain within a month.",
                why="a hedge was dropped",
            ),
            change(),
            change(
                kind="gone",
                before="Exosomes thicken thinning hair.",
                after=None,
                absent_since=DAY2,
                last_fit_at=datetime(2026, 11, 24, 18, 0, tzinfo=UTC),
                misses=2,
            ),
            change(kind="weaker", cause="knowledge", before="Safe for all.", after="Safe for all."),
        ],
        unconfirmed=[
            {
                "source": "harbour-skin",
                "url": "https://harbour-skin.example/scalp",
                "quote": "Exosomes wake sleeping follicles.",
                "absent_since": EVENING,
                "last_fit_at": EVENING,
                "misses": 1,
                "language": "en",
            }
        ],
        statements=[
            {
                "source": "inspectorate",
                "url": "https://inspectorate.example/s/12",
                "quote": "No exosome product has been approved by the FDA.",
                "context": "We are asked this weekly. No exosome product has been approved by the FDA.",
                "agencies": ["FDA"],
                "status": "not_approved",
                "scope": "all exosome products",
                "jurisdiction": "US",
                "first_seen": DAY2,
                "language": "en",
            }
        ],
        studies=[
            {
                "source": "annals",
                "url": "https://annals.example/a/9",
                "title": "Topical vesicles after laser: a split-face pilot",
                "doi": "10.5555/annals.9",
                "design": "split_face",
                "subjects": "human",
                "participants": 18,
                "evidence_level": "low",
                "first_seen": DAY2,
            }
        ],
        coverage=[
            coverage(),
            coverage(source="mesa-longevity", name="Mesa Longevity", jurisdiction="US", verdict="partial", unfit=1),
            coverage(source="inspectorate", name="Inspectorate", kind="regulator", unchanged=5, read=1),
        ],
        outcomes=[
            {
                "source": "mesa-longevity",
                "url": "https://mesa-longevity.example/prices",
                "result": "UNFIT",
                "code": "challenge",
                "detail": "HTTP 403",
                "at": DAY2,
            }
        ],
        issues=[{"code": "I-UNKNOWN-UNIT", "source": "annals", "message": "a result has a unit that no rule knows"}],
    )
