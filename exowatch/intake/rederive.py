"""A stored verdict made again from the evidence and the rules of its day: the same, or told why it is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from exowatch.errors import SetupError
from exowatch.intake.desk import Desk
from exowatch.intake.evidence import Library, judged_in, library_for
from exowatch.knowledge.load import Knowledge
from exowatch.knowledge.positions import read_positions
from exowatch.knowledge.support import read_support
from exowatch.model.readings import Assessment, Search
from exowatch.model.sources import Source
from exowatch.store import borne_on, read_sets, read_sources
from exowatch.store.borne_on import Stored


@dataclass(frozen=True, slots=True)
class Rederived:
    """What was stored of a claim in one jurisdiction, and what its day's evidence and rules make of it."""

    quote: str
    source: str
    url: str
    stored: Stored
    made: Assessment
    search: Search | None
    rules_kept: bool
    """The rules of that day were kept, and are those by which it was made again."""

    @property
    def same(self) -> bool:
        """Verdict, flag and severity agree."""
        told = (self.stored.verdict, self.stored.flag, self.stored.severity)
        return told == (self.made.verdict, self.made.flag, self.made.severity)


def rederive(desk: Desk, place: int, as_of: datetime | None) -> list[Rederived]:
    """Every jurisdiction's verdict on the claim in this place (``id`` of ``exowatch claims``), as of a day or now.

    SetupError where there is no such claim, or where nothing was made of it yet on that day.
    """
    with desk.store.reading() as db:
        one = borne_on.standing_at(db, place)
        if one is None:
            raise SetupError(
                f"no claim has the number {place}", remedy="`exowatch claims --format json` shows them: id"
            )
        source = read_sources.source_of(db, one.source_id)
        stored = borne_on.stored_of(db, one.claim_id, as_of)
        if not stored or source is None:
            raise SetupError(
                "nothing was made of this claim yet at that time", key="--as-of", remedy="name a later day"
            )
        library = library_for(db, [one.claim], as_of)
        kept = {row.judging: read_sets.judging_set(db, row.judging) for row in stored}
    return [_again(desk, one, source, row, library, kept[row.judging]) for row in stored]


def _again(
    desk: Desk,
    one: borne_on.Standing,
    source: Source,
    stored: Stored,
    library: Library,
    texts: Mapping[str, str] | None,
) -> Rederived:
    knowledge = _of_that_day(desk.knowledge, stored.judging, texts)
    place, at = (stored.jurisdiction,), stored.valid_from
    (made,) = judged_in(source, one.claim, one.page_kind, one.attitude, library, knowledge, at, place)
    kept = knowledge.judging_digest == stored.judging
    return Rederived(one.claim.quote.text, one.source_id, one.url, stored, made, library.search, kept)


def _of_that_day(now: Knowledge, digest: str, texts: Mapping[str, str] | None) -> Knowledge:
    """The rules that judge, as they were; those that read are today's (a wording keeps how it was read)."""
    if digest == now.judging_digest or not texts or "support.yml" not in texts:
        return now
    return replace(
        now,
        support=read_support(Path("support.yml"), texts["support.yml"], now.studies.families),
        positions=read_positions(Path("positions.yml"), texts["positions.yml"]),
        judging_digest=digest,
    )
