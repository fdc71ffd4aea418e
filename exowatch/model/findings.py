"""What is read out of a page: claims, regulatory statements, studies. Each finding quotes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from exowatch.model.pages import Locator, Visible, Zone

ClaimKind = Literal[
    "efficacy", "disease", "safety", "superiority", "guarantee", "mechanism", "regulatory", "testimonial"
]
Stance = Literal["asserted", "hedged", "negated", "attributed", "question"]
Tier = Literal["cosmetic", "medical", "serious"]
Status = Literal[
    "approved",
    "not_approved",
    "cleared",
    "registered",
    "compliant",
    "warning",
    "trial",
    "banned",
    "other",
]
SourceMaterial = Literal["human", "animal", "plant", "autologous", "unstated"]
Material = Literal["exosome", "conditioned_medium", "secretome", "prp", "polynucleotide", "stem_cells", "other"]
Route = Literal["topical", "topical_after_procedure", "injection", "intravenous", "other", "unstated"]
Speaker = Literal["trader", "customer", "third_party", "unknown"]


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch of a block. ``text == block.text[start:end]`` always holds (code points)."""

    block_index: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition or concern named by a claim."""

    id: str
    name: str
    tier: Tier
    mesh: str | None = None


@dataclass(frozen=True, slots=True)
class Intervention:
    """What is said to act."""

    source: SourceMaterial = "unstated"
    cells: tuple[str, ...] = ()
    material: Material = "exosome"
    route: Route = "unstated"
    product: str | None = None
    """As the knowledge names it, with its maker in brackets where known."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that triggered or changed a reading, and the rule they belong to."""

    rule_id: str
    text: str
    role: str
    """subject, effect, condition, hedge, negation, attribution, question, guarantee, status, agency …"""


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing a page tells its reader about an exosome product or treatment."""

    key: str
    """Names the wording: see ``exowatch.model.keys.wording_key``."""
    quote: Quote
    language: str | None
    kinds: tuple[ClaimKind, ...]
    stance: Stance
    subject: str
    """What the sentence is about, as a knowledge id (exosome, prp …)."""
    intervention: Intervention
    conditions: tuple[Condition, ...] = ()
    agencies: tuple[str, ...] = ()
    status: Status | None = None
    strength: int = 0
    """0 hedged title … 5 guarantee: orders wordings of one lineage (stronger, weaker)."""
    numbers: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    """Where on the body, as ids: face, eyes, scalp, neck, hands, body, intimate, joints."""
    combination: tuple[str, ...] = ()
    attribution: str | None = None
    framing: str | None = None
    evidence_offered: tuple[str, ...] = ()
    zone: Zone = "body"
    visible: Visible = "unknown"
    speaker: Speaker = "unknown"
    locator: Locator = Locator()
    context: str = ""
    """The whole block the quote stands in."""
    heading_path: tuple[str, ...] = ()
    cues: tuple[Cue, ...] = ()
    rule_ids: tuple[str, ...] = ()
    certainty: float | None = None
    """How likely it is, 0 to 1, that the sentence claims something in the stance that was read; None: not weighed."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody says a regulator holds: approved, warned, for cosmetic use only …"""

    key: str
    quote: Quote
    agencies: tuple[str, ...]
    status: Status
    scope: str
    """What it covers, as a short id or phrase (injection, human-derived, all exosome products)."""
    jurisdiction: str | None
    stance: Stance
    language: str | None = None
    zone: Zone = "body"
    locator: Locator = Locator()
    context: str = ""
    heading_path: tuple[str, ...] = ()
    rule_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """One reported result of a study."""

    quote: str
    p: str | None = None
    interval: str | None = None


@dataclass(frozen=True, slots=True)
class Study:
    """One study as its article page or record gives it. Unknown fields are None or empty, never guessed."""

    key: str
    """``doi:…`` where there is a DOI, else ``url:…``."""
    title: str
    doi: str | None = None
    identifiers: tuple[str, ...] = ()
    language: str | None = None
    journal: str | None = None
    published_on: str | None = None
    design: str | None = None
    randomised: bool | None = None
    """None: not stated."""
    subjects: Literal["human", "animal", "in_vitro"] | None = None
    participants: int | None = None
    groups: tuple[int, ...] = ()
    population: tuple[str, ...] = ()
    """Who took part, in a few words: ``women``, ``aged 27 to 39``."""
    material: str | None = None
    source: str | None = None
    cells: tuple[str, ...] = ()
    route: str | None = None
    product: str | None = None
    interventions: tuple[str, ...] = ()
    """What the treated got; then, where it is told, what the others got."""
    combination: tuple[str, ...] = ()
    comparator: str | None = None
    conditions: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    results: tuple[Result, ...] = ()
    direction: str | None = None
    follow_up: str | None = None
    adverse_events: str | None = None
    funding: str | None = None
    conflict: str | None = None
    maker_run: bool | None = None
    registered: str | None = None
    retracted: bool = False
    relations: tuple[str, ...] = ()
    notices: tuple[tuple[str, str], ...] = ()
    """Of a notice: the study that it is about, and retracted, concern or corrected."""
    level: str | None = None
    level_reason: str = ""
    references: tuple[str, ...] = ()
    """DOIs of its references, lower case, in order."""
    quote: Quote | None = None
    rule_ids: tuple[str, ...] = ()
    record: dict[str, Any] = field(default_factory=dict)
    """The bibliographic or register record in its own names, where it came from an API."""
