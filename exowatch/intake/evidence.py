"""Evidence at the desk: studies that were read are held, claims find what bears on them, and its news finds them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from exowatch.assess import asked_keys, assess, evidence_of, index_keys
from exowatch.assess.positions import positions_in
from exowatch.intake.desk import Desk
from exowatch.intake.precedents import precedents_of, with_precedent
from exowatch.knowledge.load import Knowledge
from exowatch.model.changes import Change
from exowatch.model.findings import Claim, Study
from exowatch.model.keys import OF_AGENCY
from exowatch.model.pages import Attitude
from exowatch.model.readings import Assessment, Evidence, PageKind, Reading, Search
from exowatch.model.sources import Run, Source
from exowatch.store import (
    borne_on,
    held_evidence,
    read_sources,
    reassessing,
    search_made,
    study_identity,
    write_findings,
)
from exowatch.store.session import Books

#: Claims that are assessed again in one transaction.
_AT_ONCE = 200
_NO_MATERIAL = (None, "none", "other")


@dataclass(frozen=True, slots=True)
class Library:
    """What may bear on some claims, by key, and the search that was made."""

    search: Search | None
    by_key: Mapping[str, Sequence[Evidence]]

    def for_claim(self, claim: Claim) -> list[Evidence]:
        """The evidence that the claim asks for, each piece once."""
        found = {one.id: one for key in asked_keys(claim) for one in self.by_key.get(key, ())}
        return list(found.values())


def library_for(db: Books, claims: Sequence[Claim], as_of: datetime | None = None) -> Library:
    """What is held (or was, at ``as_of``) about what these claims ask for."""
    search = search_made.search_made(db, as_of)
    keys = {key for claim in claims for key in asked_keys(claim)}
    if search is None:  # positions bear on claims before any study is held
        keys = {key for key in keys if key.startswith(OF_AGENCY)}
    by_key: dict[str, list[Evidence]] = {}
    for key, held in held_evidence.candidates(db, keys, as_of):
        by_key.setdefault(key, []).append(held)
    return Library(search, by_key)


def judged_in(
    source: Source,
    claim: Claim,
    kind: PageKind,
    attitude: Attitude,
    library: Library,
    knowledge: Knowledge,
    at: datetime,
    places: Sequence[str] | None = None,
) -> list[Assessment]:
    """The claim held against what is in the library, in each of ``places`` (all jurisdictions of the source)."""
    evidence = library.for_claim(claim)
    return [
        assess(
            claim,
            source=source,
            kind=kind,
            attitude=attitude,
            jurisdiction=place,
            evidence=evidence,
            knowledge=knowledge,
            as_of=at,
            search=library.search,
        )
        for place in (source.jurisdictions if places is None else places)
    ]


def hold_studies(
    db: Books, moved: Mapping[str, tuple[str, ...]], knowledge: Knowledge, run_id: str, at: datetime
) -> None:
    """Hold as evidence what was read of studies (key → keys that turned out to be the same), as all sources give them.

    News of it waits until ``reassess``.
    """
    for key, others in moved.items():
        for other in others:
            held_evidence.let_go(db, other, run_id, at)
        found = study_identity.whole(db, key)
        if found is not None:
            study, sources = found
            if study.material in _NO_MATERIAL or _only_tells(study):  # of another matter, or a notice: no evidence
                held_evidence.let_go(db, key, run_id, at)
                continue
            what = evidence_of(study)
            held_evidence.hold(db, what, index_keys(what, knowledge), sources, run_id, at)


def _only_tells(study: Study) -> bool:
    """A notice and nothing else; a trial that is published anew in a corrected form names the first one, too."""
    tried = study.direction not in (None, "none") and bool(study.participants or study.results)
    return bool(study.notices) and not tried


def hold_positions(
    db: Books, reading: Reading, source: Source, url: str, knowledge: Knowledge, run_id: str, at: datetime
) -> None:
    """Hold what a regulator's page says of all exosome products; what it says no more is let go.

    What came or went is told as a change of kind ``position``, but for the inventory of the source.
    """
    if source.kind != "regulator":
        return
    found = {one.id: one for one in positions_in(reading.statements, url, source.id, reading.page.published_on)}
    held = {one.id: one for one in held_evidence.positions_on(db, url)}
    gone = [one for key, one in held.items() if key not in found]
    for one in gone:
        held_evidence.let_go(db, one.id, run_id, at)
    for one in found.values():
        held_evidence.hold(db, one, index_keys(one, knowledge), (source.id,), run_id, at)
    came = [one for key, one in found.items() if key not in held]
    if read_sources.has_baseline(db, source.id):
        write_findings.write_changes(db, run_id, list(_moved_positions(source.id, url, gone, came, at)))


def _moved_positions(
    source_id: str, url: str, gone: Sequence[Evidence], came: Sequence[Evidence], at: datetime
) -> Iterator[Change]:
    """One change a position: an agency's old words beside its new ones."""
    left = list(gone)
    for one in came:
        before = next((old for old in left if old.authority == one.authority), None)
        if before is not None:
            left.remove(before)
        new = "in other words now" if before else "and had not said so here before"
        why = f"{one.authority} says so of all exosome products, {new}"
        yield _position(source_id, url, before, one, why, at)
    for old in left:
        yield _position(source_id, url, old, None, f"the page no longer says what {old.authority} held", at)


def _position(
    source_id: str, url: str, before: Evidence | None, after: Evidence | None, why: str, at: datetime
) -> Change:
    words = (before.title if before else None, after.title if after else None)
    return Change("position", "page", "statement", source_id, url, None, *words, None, why, at)


def reassess(desk: Desk, run: Run) -> int:
    """Hold standing claims against the evidence that came, changed or went; returns how many verdicts moved.

    Only claims that the news bears on are touched. What is not done when the process dies is done by the next run.
    """
    with desk.store.reading() as db:
        moves = borne_on.waiting(db)
        touched = borne_on.borne_on(db, {move.key for move in moves}) if moves else {}
        waited = reassessing.unassessed_so_far(db, desk.knowledge.support) if moves else []
        touched |= {claim_id: set[str]() for claim_id in waited if claim_id not in touched}
    why = {move.key: move for move in moves}
    moved, names = 0, sorted(touched)
    for start in range(0, len(names), _AT_ONCE):
        moved += _assess_again(desk, run, names[start : start + _AT_ONCE], touched, why)
    if moves:
        with desk.store.writing() as db:
            borne_on.settled(db, moves, desk.clock())
    return moved


def _assess_again(
    desk: Desk,
    run: Run,
    claim_ids: Sequence[int],
    touched: Mapping[int, set[str]],
    why: Mapping[str, borne_on.Move],
) -> int:
    at = desk.clock()
    with desk.store.writing() as db:
        standing = borne_on.standing(db, claim_ids)
        library = library_for(db, [one.claim for one in standing])
        cited = precedents_of(db, desk.store.url)
        told: list[Change] = []
        sources: dict[str, Source | None] = {}
        for one in standing:
            if one.source_id not in sources:
                sources[one.source_id] = read_sources.source_of(db, one.source_id)
            source = sources[one.source_id]
            if source is None:
                continue
            judged = judged_in(source, one.claim, one.page_kind, one.attitude, library, desk.knowledge, at)
            made = with_precedent(one.claim, judged, cited)
            causes = [why[key] for key in sorted(touched[one.claim_id]) if key in why]
            told += reassessing.write_anew(db, one, made, causes, run.id, at)
    return len(told)
