"""Writing findings: each claim and statement goes to its lineage, with the place where it stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from exowatch.changes.attach import Attached, Laid
from exowatch.model.changes import Change
from exowatch.model.findings import Claim, Study
from exowatch.model.readings import Assessment, Reading, Stamp
from exowatch.store import study_identity
from exowatch.store.flapping import not_told_lately
from exowatch.store.notices import keep_notices, name_by_title
from exowatch.store.tables import appearances, changes, lineages, studies
from exowatch.store.write_pages import miss
from exowatch.store.write_wordings import Finding, write_wordings

_PUT_LINEAGES = insert(lineages).returning(lineages.c.id, sort_by_parameter_order=True)
_PUT_APPEARANCES = insert(appearances)


class Place:
    """Where and when findings are written: one page, one capture, one run."""

    __slots__ = ("at", "capture_id", "page_id", "previous_fit", "run_id", "source_id", "stamp", "url")

    def __init__(
        self,
        *,
        source_id: str,
        page_id: int,
        url: str,
        capture_id: str,
        run_id: str,
        at: datetime,
        previous_fit: datetime | None,
        stamp: Stamp,
    ) -> None:
        self.source_id, self.page_id, self.url, self.capture_id = source_id, page_id, url, capture_id
        self.run_id, self.at, self.previous_fit, self.stamp = run_id, at, previous_fit, stamp


def write_laid(
    db: Connection,
    place: Place,
    laid: Laid,
    findings: Sequence[Finding],
    judged: Mapping[int, Sequence[Assessment]],
    *,
    state: str = "candidate",
) -> dict[str, int]:
    """Write one page's comparison: fresh lineages, wordings, places, assessments, and what is lost.

    ``judged``: index of a claim in ``findings`` → its assessments. ``state``: of fresh lineages. Returns wording key →
    lineage.
    """
    lineage_of = _fresh_lineages(db, place, laid.attached, findings, state)
    wording_of = write_wordings(db, place.stamp, place.at, laid.attached, findings, lineage_of, judged)
    _places(db, place, laid.attached, findings, lineage_of, wording_of)
    _moved_wordings(db, place, laid.attached)
    if laid.lost:
        lost = tuple(standing.appearance_id for standing in laid.lost)
        miss(db, place.run_id, place.at, place.previous_fit, ids=lost)
    return lineage_of


def write_changes(db: Connection, run_id: str, found: Sequence[Change]) -> None:
    """What moved."""
    if found:
        db.execute(insert(changes), [{**asdict(change), "run_id": run_id} for change in found])


def write_studies(db: Connection, place: Place, found: Sequence[Study]) -> dict[str, tuple[str, ...]]:
    """Studies as this page gives them; a study that reads the same is left alone.

    Returns the keys of those that are new or read otherwise, each with keys that turned out to name the same study.
    """
    moved: dict[str, tuple[str, ...]] = {}
    marked: list[str] = []
    for one in found:
        key, others = study_identity.key_of(db, one)
        study = replace(one, key=key)
        body = _plain(study)
        row = db.execute(
            select(studies.c.id, studies.c.body).where(studies.c.page_id == place.page_id, studies.c.key == study.key)
        ).first()
        if row is not None and row.body == body and not others:
            continue
        moved[key] = others
        values = {
            "capture_id": place.capture_id,
            "doi": study.doi,
            "title": study.title,
            "title_key": name_by_title(study),
            "language": study.language,
            "journal": study.journal,
            "published_on": study.published_on,
            "design": study.design,
            "subjects": study.subjects,
            "participants": study.participants,
            "level": study.level,
            "retracted": study.retracted,
            "body": body,
            "last_seen": place.at,
            "knowledge": place.stamp.knowledge,
            "reader": place.stamp.reader,
        }
        if row is not None:
            db.execute(update(studies).where(studies.c.id == row.id).values(**values))
        else:
            db.execute(
                insert(studies).values(
                    key=study.key, source_id=place.source_id, page_id=place.page_id, first_seen=place.at, **values
                )
            )
        marked += keep_notices(db, study, place.at)
    for other in marked:
        moved.setdefault(other, ())
    return moved


def extend_back(db: Connection, page_id: int, keys: Collection[str], seen: datetime) -> None:
    """Wordings of this page that an older capture holds were first seen no later than then."""
    if not keys:
        return
    mine = select(lineages.c.id).where(lineages.c.current_key.in_(list(keys)))
    here = (appearances.c.page_id == page_id, appearances.c.lineage_id.in_(mine))
    found = [row.lineage_id for row in db.execute(select(appearances.c.lineage_id).where(*here))]
    db.execute(update(appearances).where(*here, appearances.c.first_seen > seen).values(first_seen=seen))
    earlier = (lineages.c.id.in_(found), lineages.c.first_seen > seen)
    db.execute(update(lineages).where(*earlier).values(first_seen=seen))


def _fresh_lineages(
    db: Connection, place: Place, attached: Sequence[Attached], findings: Sequence[Finding], state: str
) -> dict[str, int]:
    """Wording key → lineage, fresh ones created (one a key)."""
    known = {a.found.wording.key: a.lineage_id for a in attached if a.lineage_id is not None}
    fresh = {a.found.wording.key: a for a in attached if a.lineage_id is None}
    rows = [
        {
            "source_id": place.source_id,
            "subject": a.found.wording.subject,
            "state": state,
            "current_key": key,
            "first_seen": place.at,
            "first_run_id": place.run_id,
            "left_censored": False,
            "misses": 0,
        }
        for key, a in fresh.items()
    ]
    if rows:
        made = db.execute(_PUT_LINEAGES, rows).scalars()
        known.update(zip(fresh, made, strict=True))
    return known


def _places(
    db: Connection,
    place: Place,
    attached: Sequence[Attached],
    findings: Sequence[Finding],
    lineage_of: Mapping[str, int],
    wording_of: Mapping[str, int],
) -> None:
    fresh: dict[tuple[int, str], dict[str, Any]] = {}
    for one in attached:
        finding, key = findings[one.found.index], one.found.wording.key
        values = _place_values(finding, wording_of[key]) | {"capture_id": place.capture_id}
        if one.appearance_id is not None:
            back = {"live": True, "misses": 0, "miss_run_id": None, "absent_since": None, "last_seen": None}
            db.execute(update(appearances).where(appearances.c.id == one.appearance_id).values(**values, **back))
            continue
        name = (lineage_of[key], one.found.zone)
        fresh.setdefault(
            name,
            values
            | {"lineage_id": name[0], "page_id": place.page_id, "zone": name[1], "first_seen": place.at, "live": True},
        )
    if fresh:
        db.execute(_PUT_APPEARANCES, list(fresh.values()))


def _moved_wordings(db: Connection, place: Place, attached: Sequence[Attached]) -> None:
    """Rewordings: the lineage takes its new words, and the change is written with both."""
    told: set[int] = set()
    rows = []
    for one in attached:
        if one.match is None or one.before is None or one.lineage_id is None or one.lineage_id in told:
            continue
        told.add(one.lineage_id)
        if one.beside and one.match.kind != "stronger":
            continue  # what it said before is still said, and in no weaker words
        db.execute(update(lineages).where(lineages.c.id == one.lineage_id).values(current_key=one.found.wording.key))
        if one.match.kind == "same":
            continue  # nothing that a reader would see as other words
        rows.append(
            Change(
                kind=one.match.kind,
                cause="page",
                subject=one.found.wording.subject,
                source_id=place.source_id,
                url=place.url,
                lineage_id=one.lineage_id,
                before=one.before.quote,
                after=one.found.wording.quote,
                similarity=one.match.similarity,
                why=one.match.why,
                at=place.at,
            )
        )
    # words that flip to and fro are told once each way
    write_changes(db, place.run_id, not_told_lately(db, rows))


def _place_values(finding: Finding, wording_id: int) -> dict[str, Any]:
    is_claim = isinstance(finding, Claim)
    where = finding.locator
    locator = {
        "css": where.css,
        "attr": where.attr,
        "json_path": where.json_path,
        "pdf_page": where.pdf_page,
        "block": finding.quote.block_index,
        "start": finding.quote.start,
        "end": finding.quote.end,
    }
    return {
        "claim_id": wording_id if is_claim else None,
        "statement_id": None if is_claim else wording_id,
        "visible": finding.visible if isinstance(finding, Claim) else "unknown",
        "speaker": finding.speaker if isinstance(finding, Claim) else "unknown",
        "locator": locator,
        "context": finding.context or finding.quote.text,
        "heading_path": list(finding.heading_path),
    }


def _plain(study: Study) -> dict[str, Any]:
    """The study as JSON gives it back (tuples become lists)."""

    def listed(value: Any) -> Any:
        if isinstance(value, (list, tuple)):
            return [listed(v) for v in value]
        return {k: listed(v) for k, v in value.items()} if isinstance(value, dict) else value

    plain = listed(asdict(study))
    assert isinstance(plain, dict)
    return plain


def reading_findings(reading: Reading) -> tuple[Finding, ...]:
    """Claims, then statements: the order that indices in ``judged`` and ``Found`` refer to."""
    return (*reading.claims, *reading.statements)
