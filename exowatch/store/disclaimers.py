"""A page that takes back its promise no more promises more: told of the claim that the words stood beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select

from exowatch.changes.attach import Attached, Laid
from exowatch.model.changes import Change
from exowatch.model.findings import Claim
from exowatch.model.keys import letters
from exowatch.model.readings import Assessment, Reading
from exowatch.store.flapping import not_told_lately
from exowatch.store.tables import changes, page_features
from exowatch.store.write_findings import Place, write_changes
from exowatch.store.write_wordings import Finding

_WHY = "a disclaimer is no longer on the page"


def disclaimers_lost(db: Connection, page_id: int, reading: Reading, laid: Laid, text_now: str) -> list[str]:
    """Disclaimers that the page showed, and words that its product is not approved, once none of either is left."""
    if reading.features.disclaimers or any(one.status == "not_approved" for one in reading.statements):
        return []
    stands = page_features.c.gone_at.is_(None)
    shown = (page_features.c.page_id == page_id, page_features.c.feature == "disclaimers", stands)
    gone = list(db.scalars(select(page_features.c.text).where(*shown).order_by(page_features.c.id)))
    gone += [one.wording.quote for one in laid.lost if one.wording.status == "not_approved"]
    return [text for text in dict.fromkeys(gone) if letters(text) not in text_now]


def tell_lost_disclaimers(
    db: Connection,
    place: Place,
    attached: Sequence[Attached],
    findings: Sequence[Finding],
    judged: Mapping[int, Sequence[Assessment]],
    lost: Sequence[str],
    text_before: str,
) -> None:
    """Tell that a claim is stronger: of each page the one that the first lost disclaimer stood beside.

    ``text_before``: what the page said, the letters of one block a line. The same disclaimer taken from many pages of
    a site in one run is told once.
    """
    claims = [one for one in attached if _sells(one, findings, judged)]
    if not lost or not claims:
        return
    before = lost[0]
    told = (changes.c.run_id == place.run_id, changes.c.source_id == place.source_id, changes.c.before == before)
    if db.scalar(select(select(changes.c.id).where(*told).exists())):
        return
    one = _beside(claims, before, text_before)
    change = Change(
        kind="stronger",
        cause="page",
        subject="claim",
        source_id=place.source_id,
        url=place.url,
        lineage_id=one.lineage_id,
        before=before,
        after=one.found.wording.quote,
        similarity=None,
        why=_WHY,
        at=place.at,
    )
    write_changes(db, place.run_id, not_told_lately(db, [change]))


def _sells(one: Attached, findings: Sequence[Finding], judged: Mapping[int, Sequence[Assessment]]) -> bool:
    """A claim that stood there before, in the same words, and that a person is to look at."""
    stood = one.lineage_id is not None and one.match is None and isinstance(findings[one.found.index], Claim)
    return stood and any(assessment.flag for assessment in judged.get(one.found.index, ()))


def _beside(claims: Sequence[Attached], disclaimer: str, text_before: str) -> Attached:
    """The claim in the disclaimer's own block, or else the nearest one, those before it first."""
    lines = text_before.split("\n")
    there = _line(disclaimer, lines)

    def distance(one: Attached) -> tuple[int, bool]:
        line = _line(one.found.wording.quote, lines)
        return abs(there - line), line > there

    return min(claims, key=distance)


def _line(text: str, lines: Sequence[str]) -> int:
    wanted = letters(text)
    return next((number for number, line in enumerate(lines) if wanted in line), len(lines))
