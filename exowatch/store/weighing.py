"""Sentences that stand as they stood and are weighed otherwise now: told with their cause.

The page's attitude turned, the words around a sentence changed its stance, it was put where visitors see it, or it
was copied to a page that promotes: these are changes of the page. Whatever else moves a weight is a matter of reading.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from exowatch.changes.attach import Attached
from exowatch.changes.direction import direction
from exowatch.model.changes import Cause, Change, ChangeKind, Wording
from exowatch.model.findings import Claim
from exowatch.model.keys import letters
from exowatch.model.readings import SEVERITIES, Assessment
from exowatch.store.flagging import parts
from exowatch.store.flapping import not_told_lately
from exowatch.store.read_state import wording_columns, wording_of
from exowatch.store.tables import appearances, claims, lineages, pages, statements
from exowatch.store.write_findings import Place, write_changes
from exowatch.store.write_wordings import Finding, Judgement, judgement, judgements


@dataclass(frozen=True, slots=True)
class Stood:
    """How a claim stood in one place before this capture."""

    page_id: int
    wording: Wording
    weight: int
    visible: str
    around: tuple[str, tuple[str, ...]]
    """Its paragraph and the headings above it."""


def attitude_before(db: Connection, page_id: int) -> str | None:
    """The attitude of the page's present text; None: never read fit."""
    return db.execute(select(pages.c.attitude).where(pages.c.id == page_id)).scalar()


def stood_before(db: Connection, attached: Sequence[Attached]) -> dict[int, list[Stood]]:
    """Settled lineages whose words did not move → every place where they stand, before this capture is written."""
    kept = [a.lineage_id for a in attached if a.lineage_id is not None and a.match is None]
    rows: list[Any] = []
    for part in parts(list(dict.fromkeys(kept))):
        rows += db.execute(
            select(appearances, *wording_columns())
            .select_from(appearances)
            .join(lineages, lineages.c.id == appearances.c.lineage_id)
            .join(claims, claims.c.id == appearances.c.claim_id)
            .outerjoin(statements, statements.c.id == appearances.c.statement_id)
            .where(lineages.c.id.in_(part), lineages.c.state.in_(("live", "unconfirmed")), appearances.c.live)
        )
    made = judgements(db, {row.claim_id for row in rows})
    found: dict[int, list[Stood]] = {}
    for row in rows:
        around = (row.context, tuple(row.heading_path))
        one = Stood(row.page_id, wording_of(row), _weight(made[row.claim_id]), row.visible, around)
        found.setdefault(row.lineage_id, []).append(one)
    return found


def tell_weighed(
    db: Connection,
    place: Place,
    attached: Sequence[Attached],
    findings: Sequence[Finding],
    judged: Mapping[int, Sequence[Assessment]],
    before: Mapping[int, Sequence[Stood]],
    turned: str,
) -> None:
    """Tell which claims weigh more or less than anywhere on the source ``before``.

    ``turned``: how the page's attitude turned, in words; empty where it did not. What the page changed waits
    for ``close_run`` to be flagged. What only reading changed is written down and put before nobody: a sentence near
    the line weighs otherwise each time that a word around it moves, and neither its words nor the rules did.
    """
    told: dict[int, Change] = {}
    for one in attached:
        finding = findings[one.found.index]
        stood = before.get(one.lineage_id or 0)
        if not stood or one.lineage_id in told or not isinstance(finding, Claim):
            continue
        weight = _weight(judgement(judged.get(one.found.index, ())))
        kind, cause, why = _moved(stood, place.page_id, finding, one.found.wording, weight, turned)
        if kind is not None:
            told[one.lineage_id or 0] = _change(kind, cause, why, place, one)
    write_changes(db, place.run_id, not_told_lately(db, list(told.values())))


def _moved(
    stood: Sequence[Stood], page_id: int, finding: Claim, wording: Wording, weight: int, turned: str
) -> tuple[ChangeKind | None, Cause, str]:
    """Which way the claim moved (None: it did not), whether the page or its reading did it, and why in words."""
    here = [one for one in stood if one.page_id == page_id]
    heaviest = max(one.weight for one in stood)
    if not here:  # it stands on another page already, and now on this one as well
        why = f"it stands on this page too: {_words(heaviest)} → {_words(weight)}"
        return ("stronger" if weight > heaviest else None), "page", why
    was = max(here, key=lambda one: one.weight)
    if letters(was.wording.quote) != letters(wording.quote):
        return None, "page", ""  # other words stood here: what became of them is told where it was met
    if weight > heaviest or weight < was.weight:
        kind: ChangeKind = "stronger" if weight > was.weight else "weaker"
        told = f"{_words(was.weight)} → {_words(weight)}"
        if turned:
            return kind, "page", f"{turned}; {told}"
        if was.visible != finding.visible:
            return kind, "page", f"visible: {was.visible} → {finding.visible}; {told}"
    moved = direction(was.wording, wording)[0] if was.wording.stance != wording.stance else "reworded"
    around = (finding.context or finding.quote.text, tuple(finding.heading_path))
    if moved != "reworded" and around != was.around:
        return moved, "page", f"the words around it changed its stance: {was.wording.stance} → {wording.stance}"
    if weight and not heaviest:
        return "stronger", "reader", f"the words around it changed: {_words(heaviest)} → {_words(weight)}"
    return None, "reader", ""


def _change(kind: ChangeKind, cause: Cause, why: str, place: Place, one: Attached) -> Change:
    quote = one.found.wording.quote
    return Change(
        kind=kind,
        cause=cause,
        subject="claim",
        source_id=place.source_id,
        url=place.url,
        lineage_id=one.lineage_id,
        before=quote,
        after=quote,
        similarity=None,
        why=why,
        at=place.at,
    )


def _weight(made: Judgement) -> int:
    """0: not flagged; the graver, the more."""
    return max(
        (len(SEVERITIES) - SEVERITIES.index(severity) for _, flag, severity in made if flag and severity),
        default=0,
    )


def _words(weight: int) -> str:
    return SEVERITIES[len(SEVERITIES) - weight] if weight else "no marketing claim"
