"""Whom we watch, and one visit to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

SourceKind = Literal["clinic", "supplier", "directory", "marketplace", "journal", "regulator", "register", "other"]
Via = Literal[
    "site",
    "page",
    "sitemap",
    "feed",
    "oai-pmh",
    "europepmc",
    "pubmed",
    "crossref",
    "clinicaltrials",
    "fda-warning-letters",
    "ema-json",
]
RunKind = Literal["crawl", "import", "reread", "capture"]
RunVerdict = Literal["complete", "partial", "held"]


#: Ids of sources that are on no watchlist begin so: pages of theirs were secured by hand.
MADE = "captured-"


@dataclass(frozen=True, slots=True)
class Trader:
    """The firm behind a site."""

    name: str
    registration_no: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One entry of the watchlist: a site, journal, regulator or register."""

    id: str
    name: str
    kind: SourceKind
    jurisdiction: str
    """Where it sits: ISO 3166-1 alpha-2, or EU."""
    start_urls: tuple[str, ...]
    via: Via = "site"
    audience: tuple[str, ...] = ()
    """Whom it addresses, as jurisdictions; empty: the same as ``jurisdiction``."""
    language: str | None = None
    query: str | None = None
    allow: tuple[str, ...] = ()
    """Regular expressions on the URL's path and query; a link is followed only if one matches (none: all)."""
    deny: tuple[str, ...] = ()
    cadence: str | None = None
    """Cron line; None: the configured default."""
    max_pages: int = 200
    max_depth: int = 4
    render: bool = False
    trader: Trader | None = None
    frame: str | None = None
    found_by: str | None = None
    tags: tuple[str, ...] = ()
    added_on: date | None = None
    reason: str = ""
    retired_on: date | None = None
    set: str | None = None
    metadata_prefix: str | None = None

    @property
    def jurisdictions(self) -> tuple[str, ...]:
        """Every jurisdiction whose law a claim of this source may meet: seat first, then audience."""
        return tuple(dict.fromkeys((self.jurisdiction, *self.audience)))


@dataclass(frozen=True, slots=True)
class Run:
    """One visit to one or more sources, by crawl, import, reread or capture."""

    id: str
    kind: RunKind
    source_ids: tuple[str, ...]
    started_at: datetime
    fence: int
    """Rises with every run; a write under an older fence than the source's newest is refused."""
    simulated: bool = False
    finished_at: datetime | None = None

    @property
    def single_pages(self) -> bool:
        """True for visits that see single pages, which prove nothing about the whole site: imports and captures."""
        return self.kind in ("import", "capture")


#: The finish reason of a visit whose run took as long as [limits] max_run_time allows.
OUT_OF_TIME = "out-of-time"
#: How the finish reason of a visit begins that its site cut short, by asking us to wait for longer than a visit may.
ASKED_TO_WAIT = "asked to wait"


@dataclass(frozen=True, slots=True)
class RunSource:
    """What a run came to for one of its sources."""

    run_id: str
    source_id: str
    verdict: RunVerdict | None = None
    """None until closed."""
    baseline: bool = False
    pages_expected: int | None = None
    """Live pages known before the run; None on a first visit."""
    finish_reason: str | None = None
    why: str = ""
