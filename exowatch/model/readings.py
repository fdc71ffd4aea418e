"""What one capture says under one state of the rules, and what the evidence says of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from exowatch.model.findings import Claim, Statement, Study
from exowatch.model.letters import Letter
from exowatch.model.pages import Attitude, Features, Page

Verdict = Literal["supported", "partly", "unsupported", "contradicted", "unassessed"]
Severity = Literal["critical", "high", "medium", "low"]
SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low")
"""Gravest first."""
PageKind = Literal["clinic", "journal", "regulator", "article", "other"]


@dataclass(frozen=True, slots=True)
class Issue:
    """Something an operator should look at; a row, never a log line alone."""

    code: str
    room: str
    message: str
    source_id: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Stamp:
    """Under which rules and which program something was read."""

    knowledge: str
    """The reading digest: vocabulary, frames, context, fitness."""
    reader: str
    """Digest of the program's reading rooms and of its parser and language model versions."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Findings of one capture: a pure function of bytes, source facts and knowledge."""

    capture_id: str
    stamp: Stamp
    page: Page
    kind: PageKind = "other"
    attitude: Attitude = "neutral"
    attitude_why: str = ""
    features: Features = field(default_factory=Features)
    claims: tuple[Claim, ...] = ()
    statements: tuple[Statement, ...] = ()
    studies: tuple[Study, ...] = ()
    letters: tuple[Letter, ...] = ()
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a verdict or flag is as it is, in a sentence a regulator can use."""

    rule: str
    words: str
    cites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bearing:
    """How one piece of evidence bears on a claim, slot by slot."""

    evidence_id: str
    match: dict[str, bool]
    """Slots that both state → whether they agree: source, material, route, condition, species."""
    mismatches: tuple[str, ...] = ()
    direction: str | None = None
    verdict: Verdict = "unassessed"
    """What this piece alone says of the claim."""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A study, a regulator's position or a label that may bear on claims."""

    id: str
    kind: Literal["study", "position", "label"]
    authority: str
    jurisdiction: str | None
    covers: dict[str, tuple[str, ...]]
    """Slot (source, cells, material, route, condition, species) → what it is about; a slot not stated is missing."""
    grade: str | None
    url: str
    dated_on: str | None
    verified: str
    title: str = ""
    design: str | None = None
    direction: str | None = None
    participants: int | None = None
    follow_up: str | None = None
    comparator: str | None = None
    product: str | None = None
    combination: tuple[str, ...] = ()
    retracted: bool = False
    concern: bool = False
    conflict: bool = False
    maker_run: bool = False
    harms: bool = False
    """It reports harm."""


@dataclass(frozen=True, slots=True)
class Search:
    """What had been searched when a claim was assessed."""

    studies: int
    sources: tuple[str, ...]
    until: str | None
    """Day up to which every one of the sources had been harvested."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the evidence and the rules make of one claim in one jurisdiction."""

    claim_key: str
    jurisdiction: str
    verdict: Verdict
    flag: bool
    severity: Severity | None
    """None where no flag would be raised."""
    reasons: tuple[Reason, ...]
    judging_digest: str
    bearings: tuple[Bearing, ...] = ()
    asked: tuple[str, ...] = ()
    """What evidence the claim asks for, as keys by which it is found."""
    valid_from: datetime | None = None
    valid_to: datetime | None = None
