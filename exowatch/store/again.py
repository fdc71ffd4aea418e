"""Writing what differs when an old capture is read again: told with its cause, settled at once, never news."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, select, update

from exowatch.changes.attach import Attached, Laid
from exowatch.model.changes import Cause, Change, ChangeKind, Wording
from exowatch.model.readings import Reading
from exowatch.model.sources import Run
from exowatch.store.flagging import raise_flags
from exowatch.store.tables import appearances, lineages, pages
from exowatch.store.write_findings import Place, write_changes


def without_match(one: Attached) -> Attached:
    """The same bytes cannot have been reworded: a new cut of a sentence is a finding of its own."""
    if one.match is None:
        return one
    return replace(one, lineage_id=None, appearance_id=None, before=None, match=None)


def page_is_read_as(db: Connection, page_id: int, reading_id: int, reading: Reading) -> None:
    """The page's present reading is this one; its capture and dates stay."""
    db.execute(
        update(pages)
        .where(pages.c.id == page_id)
        .values(
            reading_id=reading_id,
            kind=reading.kind,
            language=reading.page.language,
            attitude=reading.attitude,
            attitude_why=reading.attitude_why,
            text_length=reading.page.text_length,
        )
    )


def tell_differences(db: Connection, place: Place, laid: Laid, run: Run, cause: Cause, why: str = "") -> int:
    """Write what the rules or the program now find or no longer find. Returns how many findings differ.

    ``why``: in words; None given, that rules or program changed while the page stood still, and what they find
    now is put before a person. What the page itself did (cause *page*) is flagged by ``close_run``, as any other
    change of it; what words around a sentence did to its reading is written down alone.
    """
    at, rules_moved = run.started_at, not why
    why = why or f"the {'rules' if cause == 'knowledge' else 'reading program'} changed; the page stood still"
    appeared = {a.found.wording.key: a.found.wording for a in laid.attached if a.lineage_id is None or a.match}
    lost = {s.lineage_id: s for s in laid.lost}
    told = [_change("new", w, None, place, cause, run, why, after=w.quote) for w in appeared.values()]
    found = {
        row.current_key: row.id
        for row in db.execute(
            select(lineages.c.id, lineages.c.current_key).where(
                lineages.c.source_id == place.source_id, lineages.c.current_key.in_(list(appeared))
            )
        )
    }
    told = [replace(change, lineage_id=found[key]) for key, change in zip(appeared, told, strict=True)]
    for standing in lost.values():
        told.append(
            _change("gone", standing.wording, standing.lineage_id, place, cause, run, why, standing.wording.quote)
        )
    if lost:
        ids = [s.appearance_id for s in laid.lost]
        db.execute(update(appearances).where(appearances.c.id.in_(ids)).values(live=False, last_seen=at))
        here = select(appearances.c.id).where(appearances.c.lineage_id == lineages.c.id, appearances.c.live).exists()
        db.execute(update(lineages).where(lineages.c.id.in_(list(lost)), ~here).values(state="gone", last_seen=at))
    write_changes(db, run.id, told)
    if rules_moved:
        claims_now = {found[key]: ("reassessed", None) for key, w in appeared.items() if w.subject == "claim"}
        raise_flags(db, claims_now, run.id, place.source_id, at)  # type: ignore[arg-type]  # the literal is narrowed
    return len(told)


def _change(
    kind: ChangeKind,
    wording: Wording,
    lineage_id: int | None,
    place: Place,
    cause: Cause,
    at_run: Run,
    why: str,
    before: str | None = None,
    after: str | None = None,
) -> Change:
    return Change(
        kind=kind,
        cause=cause,
        subject=wording.subject,
        source_id=place.source_id,
        url=place.url,
        lineage_id=lineage_id,
        before=before,
        after=after,
        similarity=None,
        why=why,
        at=at_run.started_at,
    )
