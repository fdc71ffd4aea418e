"""Provisions of law that a claim or a page may meet, as records: what each asks for, and how far its text was checked.

Nothing here says that a law was broken: a provision "may engage", and a person verifies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from exowatch.model.findings import Material, Route, SourceMaterial, Stance, Status, Tier

Level = Literal["text_read", "reported", "unchecked"]
"""``text_read``: the provision's own text on an official page, kept as a capture. ``reported``: by a secondary source.
``unchecked``: background knowledge that nobody looked up."""
Branch = Literal["cosmetic", "medicine", "device", "any"]
"""What the product has to be for the provision to apply; the law turns on it and a program cannot decide it."""
Binds = Literal["trader", "state"]
Audience = Literal["public", "professional", "any"]
Act = Literal[
    "efficacy",
    "disease",
    "safety",
    "superiority",
    "guarantee",
    "mechanism",
    "regulatory",
    "testimonial",
    "absolute-safety",
    "approval",
]
"""What a claim does, as law sorts it: the kinds of claims, "no side effects at all", and a claimed approval, clearance
or registration."""
Feature = Literal["prices", "testimonials", "before_after", "endorsements", "required_missing"]


@dataclass(frozen=True, slots=True)
class Verification:
    """How far a provision's text was checked, by whom and when."""

    level: Level
    checked_by: str | None = None
    """``machine``, or the name of the person who did."""
    checked_on: date | None = None
    url: str | None = None
    """The official page where the text was found; else where it is said to stand."""
    capture: str | None = None
    """Id of the capture that holds the page, and its content digest."""
    digest: str | None = None
    recheck: str = ""
    """Why it has to be looked at again; empty: no reason is known."""


@dataclass(frozen=True, slots=True)
class Expects:
    """What an official page has to hold to be the provision's: how it is headed, and key words beneath."""

    url: str
    anchors: tuple[str, ...]
    """Ways in which its heading may be written, as "Article 90"."""
    terms: tuple[str, ...]
    """Words of ours for its subject, all of which have to stand in it."""


@dataclass(frozen=True, slots=True)
class When:
    """What has to be so for a provision to be met. An empty set asks nothing."""

    acts: frozenset[Act] = frozenset()
    statuses: frozenset[Status] = frozenset()
    agencies: frozenset[str] = frozenset()
    """Agencies as the knowledge names them; ``*``: any, but one has to be named."""
    sources: frozenset[SourceMaterial] = frozenset()
    routes: frozenset[Route] = frozenset()
    materials: frozenset[Material] = frozenset()
    tiers: frozenset[Tier] = frozenset()
    features: frozenset[Feature] = frozenset()
    """At least one of these was found on the page."""
    stances: frozenset[Stance] = frozenset({"asserted", "hedged"})
    says: Mapping[str, tuple[str, ...]] | None = None
    """Language → words, one of which has to stand in the claim; ``*``: in any language."""


@dataclass(frozen=True, slots=True)
class LawExample:
    """A made-up claim on a page, in slots, that has to meet a provision or must not."""

    quote: str
    acts: tuple[Act, ...]
    stance: Stance = "asserted"
    status: Status | None = None
    agencies: tuple[str, ...] = ()
    source: SourceMaterial = "unstated"
    route: Route = "unstated"
    material: Material = "exosome"
    tier: Tier | None = None
    features: tuple[Feature, ...] = ()
    language: str = "en"
    gate: bool = False
    day: date | None = None
    """The day of the claim; None: while the rule is in force."""


@dataclass(frozen=True, slots=True, eq=False)
class LawRule:
    """One provision, or a regulator's binding position, with what it asks for."""

    id: str
    jurisdiction: str
    statute: str
    article: str
    words: str
    """What may engage it, in a short clause: "promises certain success"."""
    when: When
    branch: Branch
    audience: Audience
    binds: Binds
    competent_body: str
    verification: Verification
    shipped: Level
    """The level it was written with, whatever a check found since."""
    rows: tuple[str, ...]
    """Rows of the fact sheet that it rests on."""
    reason: str
    valid_from: date | None = None
    valid_to: date | None = None
    """The first day on which it no longer holds."""
    transposes: tuple[str, ...] = ()
    transposed_by: tuple[str, ...] = ()
    """Found from ``transposes`` of the others."""
    directive: bool = False
    expects: Expects | None = None
    requires: Mapping[str, tuple[str, ...]] | None = None
    """For a sentence that a page has to carry: language → phrases of ours by which it is recognised."""
    match: tuple[LawExample, ...] = ()
    not_: tuple[LawExample, ...] = ()

    @property
    def hook(self) -> str:
        return f"{self.article}, {self.statute}" if self.article else self.statute

    def in_force(self, on: date) -> bool:
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on < self.valid_to)


@dataclass(frozen=True, slots=True)
class RegulatorNote:
    """What was looked for at a regulator, and whether it has said anything of exosomes."""

    regulator: str
    found: bool
    as_of: date
    words: str
    url: str | None = None
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """What is known of one jurisdiction besides its provisions."""

    code: str
    name: str
    official_hosts: tuple[str, ...]
    """Hosts on which its law or its regulators publish; subdomains count."""
    notes: tuple[RegulatorNote, ...] = ()
    bodies: Mapping[str, str] = field(default_factory=dict)
    """Branch → who is competent here for law of the EU."""


@dataclass(frozen=True, slots=True)
class Engaged:
    """A provision that a claim may engage in a jurisdiction. ``jurisdiction`` is the one that was asked about."""

    rule: LawRule
    jurisdiction: str
    body: str
    """Who is competent for it there."""
    doubt: str = ""
    """Why it may not apply after all, as "the page asks for professionals only"; then it is not printed."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A provision as a letter may print it."""

    rule_id: str
    jurisdiction: str
    words: str
    url: str
    checked_on: date
    recheck: bool
