"""What a file of provisions may hold, as people write it. A provision without examples of both kinds is refused."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from exowatch.codes import LANGUAGES, place_code
from exowatch.model.findings import Material, Route, SourceMaterial, Stance, Status, Tier
from exowatch.model.law import Act, Audience, Binds, Branch, Feature

Text = Annotated[str, Field(min_length=1)]
Place = Annotated[str, BeforeValidator(lambda told: place_code(str(told)))]
Url = Annotated[str, Field(pattern=r"^https?://[^/\s]+")]
#: A claim of approval that is denied never meets a provision about claimed approvals.
_DENIALS = ("not_approved", "banned", "warning")
#: Words that no output of ours says of anybody.
VERDICTS = re.compile(r"\b(?:illegal|unlawful|criminal|guilty|breach(?:es|ed)?|violat\w+)\b", re.IGNORECASE)


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CheckedForm(_Form):
    """How far the text was checked when the file was written. ``text_read`` is never shipped: the check reaches it."""

    level: Literal["reported", "unchecked"]
    url: Url | None = None
    checked_on: date | None = None


class ExpectsForm(_Form):
    url: Url
    anchors: Annotated[list[Text], Field(min_length=1)]
    terms: Annotated[list[Text], Field(min_length=1)]


class WhenForm(_Form):
    acts: list[Act] = []
    statuses: list[Status] = []
    agencies: list[Text] = []
    sources: list[SourceMaterial] = []
    routes: list[Route] = []
    materials: list[Material] = []
    tiers: list[Tier] = []
    features: list[Feature] = []
    stances: list[Stance] = ["asserted", "hedged"]
    says: dict[str, list[Text]] | None = None

    @field_validator("statuses")
    @classmethod
    def _no_denial(cls, told: list[Status]) -> list[Status]:
        denied = [one for one in told if one in _DENIALS]
        if denied:
            raise ValueError(f"{denied[0]} denies an approval: no provision is met by that")
        return told

    @field_validator("stances")
    @classmethod
    def _no_question(cls, told: list[Stance]) -> list[Stance]:
        if {"question", "negated"} & set(told) or not told:
            raise ValueError("a question or a denial meets no provision: asserted, hedged, attributed")
        return told

    @model_validator(mode="after")
    def _asks_something(self) -> WhenForm:
        if not (self.acts or self.statuses or self.sources or self.routes or self.features or self.says):
            raise ValueError("a provision that every claim meets says nothing: name acts, sources, routes or features")
        return self


class ExampleForm(_Form):
    quote: Text
    acts: list[Act] = []
    stance: Stance = "asserted"
    status: Status | None = None
    agencies: list[Text] = []
    source: SourceMaterial = "unstated"
    route: Route = "unstated"
    material: Material = "exosome"
    tier: Tier | None = None
    features: list[Feature] = []
    language: str = "en"
    gate: bool = False
    day: date | None = None


class ExamplesForm(_Form):
    match: Annotated[list[ExampleForm], Field(min_length=1)]
    not_: Annotated[list[ExampleForm], Field(min_length=1, alias="not")]


class LawForm(_Form):
    """One provision as people write it."""

    id: Text
    statute: Text
    article: str = ""
    words: Text
    when: WhenForm
    branch: Branch = "any"
    audience: Audience = "any"
    binds: Binds = "trader"
    competent_body: Text
    checked: CheckedForm
    expects: ExpectsForm | None = None
    requires: dict[str, Annotated[list[Text], Field(min_length=1)]] | None = None
    rows: Annotated[list[Text], Field(min_length=1)]
    reason: Text
    valid_from: date | None = None
    valid_to: date | None = None
    directive: bool = False
    transposes: list[Text] = []
    examples: ExamplesForm

    @field_validator("statute", "article", "words", "competent_body")
    @classmethod
    def _fair(cls, told: str) -> str:
        if VERDICTS.search(told):
            raise ValueError(f"{told!r} passes judgement: say what may engage the provision")
        return told

    @field_validator("requires")
    @classmethod
    def _languages(cls, told: dict[str, list[str]] | None) -> dict[str, list[str]] | None:
        for language in told or ():
            if language not in LANGUAGES:
                raise ValueError(f"{language!r} is no language: two letters of ISO 639-1 as en")
        return told

    @model_validator(mode="after")
    def _sound(self) -> LawForm:
        if self.valid_from and self.valid_to and self.valid_to <= self.valid_from:
            raise ValueError("it ends before it begins")
        if self.directive and self.binds != "state":
            raise ValueError(
                "a directive binds states: write `binds: state` and the transposition as a rule of its own"
            )
        if (self.requires is not None) != ("required_missing" in self.when.features):
            raise ValueError("`requires` and `when: {features: [required_missing]}` belong together")
        return self


class NoteForm(_Form):
    """What a regulator was found to say of exosomes; ``found: false`` for one that was looked at in vain."""

    regulator: Text
    found: bool
    as_of: date
    words: Text
    url: Url | None = None
    rows: list[Text] = []


class LawFile(_Form):
    """One file: a jurisdiction, where its law is published, what its regulators say, and its provisions."""

    jurisdiction: Place
    name: Text
    official_hosts: list[Annotated[str, Field(pattern=r"^[a-z0-9.-]+$")]] = []
    bodies: dict[Branch, Text] = {}
    """Who is competent here for EU law on such products."""
    notes: list[NoteForm] = []
    rules: list[LawForm] = []


class LevelForm(_Form):
    """One line of the local file of checks, written by ``exowatch knowledge law check``."""

    rule: Text
    level: Literal["text_read", "reported", "unchecked"]
    state: Literal["found", "changed", "not-found", "gone", "refused"]
    checked_by: Text
    checked_on: date
    url: Url | None = None
    capture: str | None = None
    digest: str | None = None
    section: str | None = None
    """SHA-256 of the provision's own text as it was read, folded."""
    recheck: str = ""

    @model_validator(mode="after")
    def _proven(self) -> LevelForm:
        if self.level == "text_read" and not (self.url and self.capture and self.digest and self.section):
            raise ValueError("text_read needs the capture that holds the text: url, capture, digest, section")
        return self


class EventForm(_Form):
    """What became of a provision's page between two checks."""

    rule: Text
    at: date
    kind: Text
    words: Text
    before: str | None = None
    after: str | None = None


class ChecksFile(_Form):
    checks: list[LevelForm] = []
    events: list[EventForm] = []
