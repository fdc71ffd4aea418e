"""What moved between two visits, and what is put before a person."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from exowatch.model.readings import Severity

ChangeKind = Literal[
    "new",
    "stronger",
    "weaker",
    "reworded",
    "moved",
    "gone",
    "returned",
    "verdict",
    "position",
    "vanished",
]
Cause = Literal["page", "knowledge", "reader", "evidence", "rule"]
Subject = Literal["claim", "statement", "study", "page"]
LineageState = Literal["candidate", "live", "unconfirmed", "gone", "flapping"]
#: Roles of words that a promise is stronger with, or (hedge) weaker.
STRENGTH_MARKS = ("guarantee", "absolute-safety", "superiority", "hedge")
FlagChange = Literal["baseline", "new", "stronger", "returned", "reassessed"]


@dataclass(frozen=True, slots=True)
class Match:
    """Two wordings held to be one claim, and why."""

    similarity: float
    kind: Literal["same", "reworded", "stronger", "weaker"]
    why: str


@dataclass(frozen=True, slots=True)
class Wording:
    """What two wordings are compared by: the words and the slots that no similarity sees."""

    subject: Subject
    key: str
    quote: str
    stance: str
    strength: int = 0
    kinds: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    tier: str | None = None
    agencies: tuple[str, ...] = ()
    status: str | None = None
    numbers: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    """Roles of words in it that make it stronger or weaker whatever was learned: ``STRENGTH_MARKS``."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A wording that the store holds on a page, before a new capture is compared with it."""

    appearance_id: int
    lineage_id: int
    zone: str
    wording: Wording
    state: LineageState
    live: bool
    alone: bool
    """True: these words of the lineage stand on no other page, so that a rewording here is a rewording of it."""
    key_here: str = ""
    """Key of the words in this very place, where the lineage stands in others as well; else that of ``wording``."""


@dataclass(frozen=True, slots=True)
class PageState:
    """Where a page stood before this capture."""

    page_id: int
    url: str
    capture_id: str | None
    """Capture that holds its present text; None: never read fit."""
    content_digest: str | None
    fetched_at: datetime | None
    language: str | None
    text_length: int | None
    knowledge: str | None
    reader: str | None
    suspect_runs: int
    suspect_like: str | None
    gone_runs: int


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that moved."""

    kind: ChangeKind
    cause: Cause
    subject: Subject
    source_id: str
    url: str
    lineage_id: int | None
    before: str | None
    after: str | None
    similarity: float | None
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a reader wants to be told. Empty: everything."""

    jurisdictions: tuple[str, ...] = ()
    threshold: Severity = "medium"
    """Graver or equal flags are told one by one; lesser ones are counted."""
    kinds: tuple[str, ...] = ()
    """Kinds of claims, as ``disease``."""
    languages: tuple[str, ...] = ()

    @property
    def place(self) -> str | None:
        """The one jurisdiction that is wanted; None: several, or all."""
        return self.jurisdictions[0] if len(self.jurisdictions) == 1 else None

    @property
    def digest(self) -> str:
        """The same for equal wishes, whatever their order (SHA-256)."""
        wishes = [sorted(self.jurisdictions), self.threshold, sorted(self.kinds), sorted(self.languages)]
        return hashlib.sha256(json.dumps(wishes).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Digest:
    """One letter: what a jurisdiction's reader should know since the letter before."""

    jurisdiction: str | None
    """None: everything."""
    since: datetime | None
    """None: from the beginning."""
    until: datetime
    simulated: bool
    flags: tuple[dict[str, Any], ...]
    """Rows of ``exowatch flags`` raised in the window as news (new, stronger, returned), gravest first."""
    baseline: tuple[dict[str, Any], ...]
    """The oldest undecided flags that stood there when the source was first read, at most as many as configured."""
    baseline_count: int
    reassessed: tuple[dict[str, Any], ...]
    changes: tuple[dict[str, Any], ...]
    """Rows of ``exowatch changes`` in the window that are not told by a flag above."""
    statements: tuple[dict[str, Any], ...]
    """Regulatory statements first seen in the window."""
    studies: tuple[dict[str, Any], ...]
    coverage: tuple[dict[str, Any], ...]
    """One row a source: source, name, kind, jurisdiction, verdict, seen, read, unchanged, unfit, failed, disallowed,
    last_fit_at."""
    unfit: tuple[dict[str, Any], ...]
    """Outcomes that were UNFIT, FAILED or DISALLOWED: source, url, result, code, detail, at."""
    issues: tuple[dict[str, Any], ...]
    counts: dict[str, int]
    """Flags of the window by severity, and low ones held back under the threshold as ``below_threshold``; those that
    were settled before the letter as ``decided_before`` and ``withdrawn``."""
    knowledge: str
    previous_id: int | None = None
    unconfirmed: tuple[dict[str, Any], ...] = ()
    """Rows of claims that the newest fit captures lack, but that are not yet held to be gone."""
    law: tuple[str, ...] = ()
    """Where no provision can be named, and which regulators have said nothing, in words, one a jurisdiction."""
    jurisdictions: tuple[str, ...] = ()
    """All that were asked for; empty: everything."""
    places: tuple[dict[str, Any], ...] = ()
    """News by jurisdiction: ``jurisdiction`` and a count a severity."""
    days: tuple[dict[str, Any], ...] = ()
    """Flags raised as news on each of the last 30 days: ``day`` and a count a severity, oldest first."""
    decided: tuple[dict[str, Any], ...] = ()
    """Changes of claims that a person had decided on: gone, weaker, reworded, stronger or returned since."""
    cases: tuple[dict[str, Any], ...] = ()
    """What moved in cases that wait for an answer, and deadlines that are near."""
    refusing: tuple[dict[str, Any], ...] = ()
    """Sources that exclude, block or challenge us: source, name, code, pages, since when."""
    shown: tuple[int, ...] = ()
    """Flags of the baseline that letters of this round have shown; they wait until the others were."""
    running: tuple[str, ...] = ()
    """Runs that were going while the letter was composed: what they settle is in the next one."""
    left_out: int = 0
    """Flags of the window and of the baseline outside what was asked for."""
    undecided: tuple[dict[str, Any], ...] = ()
    """Critical and high news of letters before that nobody has decided on: id, severity, source, url, quote, raised_at
    and lineage_id, gravest and oldest first."""
    subscription: dict[str, Any] | None = None
    """What was asked for: jurisdictions, threshold, kinds, languages; None: a letter of an earlier version."""
