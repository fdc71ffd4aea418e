"""The findings of a fit capture are laid against what stood on its page, and written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from exowatch.changes.attach import Found, Laid, lay
from exowatch.intake.desk import Desk
from exowatch.intake.evidence import hold_positions, hold_studies, judged_in, library_for
from exowatch.intake.precedents import precedents_of, with_precedent
from exowatch.knowledge.load import Knowledge
from exowatch.model.captures import Capture
from exowatch.model.changes import Cause, PageState, Wording
from exowatch.model.keys import letters, wording_key
from exowatch.model.pages import Page
from exowatch.model.readings import Assessment, Reading
from exowatch.model.sources import Run, Source
from exowatch.store import again, disclaimers, read_state, weighing, write_findings, write_letters, write_pages
from exowatch.store.session import Books
from exowatch.store.write_findings import Place, reading_findings
from exowatch.store.write_wordings import wording_for

_STOOD = "the sentence stood there before; it is read so since "
_AROUND = "the words around it changed"


def assessments_of(desk: Desk, reading: Reading, source: Source) -> dict[int, list[Assessment]]:
    """Index of each claim → its assessment in every jurisdiction of the source."""
    as_of = desk.clock()
    with desk.store.reading() as db:
        library = library_for(db, reading.claims)
        cited = precedents_of(db, desk.store.url) if reading.claims else None
    made = {
        index: judged_in(source, claim, reading.kind, reading.attitude, library, desk.knowledge, as_of)
        for index, claim in enumerate(reading.claims)
    }
    return {index: with_precedent(reading.claims[index], told, cited) for index, told in made.items()}


def write_findings_of(
    db: Books,
    capture: Capture,
    run: Run,
    state: PageState | None,
    page_id: int,
    reading: Reading,
    judged: Mapping[int, Sequence[Assessment]],
    knowledge: Knowledge,
    text_before: str = "",
    source: Source | None = None,
) -> None:
    """A fit capture becomes the page's present text: claims, statements and studies to their lineages.

    ``text_before``: what the page said before (``text_of``). How a sentence weighs depends on the words around it, so
    one that stands on both pages word for word is neither new nor gone, whatever it weighs now.
    """
    laid = laid_against_page(db, capture.source_id, page_id, reading, new_page=state is None)
    place = place_of(capture, run, state, page_id, reading)
    turned, before = _turned(db, page_id, reading), weighing.stood_before(db, laid.attached)
    stood = tuple(a for a in laid.attached if a.lineage_id is None and stands_in(a.found.wording, text_before))
    text = text_of(reading.page) if text_before or laid.lost or laid.waiting else ""
    unsaid = disclaimers.disclaimers_lost(db, page_id, reading, laid, text) if text_before else []
    lost = tuple(standing for standing in laid.lost if not stands_in(standing.wording, text))
    told = Laid(tuple(a for a in laid.attached if a not in stood), lost)
    write_findings.write_laid(db, place, told, reading_findings(reading), judged)
    weighing.tell_weighed(db, place, told.attached, reading_findings(reading), judged, before, turned)
    disclaimers.tell_lost_disclaimers(db, place, told.attached, reading_findings(reading), judged, unsaid, text_before)
    if stood:
        known = Laid(stood, ())
        write_findings.write_laid(db, place, known, reading_findings(reading), judged, state="live")
        cause: Cause = "page" if turned else "reader"
        again.tell_differences(db, place, known, run, cause, f"{_STOOD}{turned or _AROUND}")
    write_pages.stand_again(db, [one.appearance_id for one in laid.waiting if stands_in(one.wording, text)])
    if state is not None:
        write_pages.still_missing(db, page_id, run.id)
    moved = write_findings.write_studies(db, place, reading.studies)
    hold_studies(db, moved, knowledge, run.id, capture.fetched_at)
    write_letters.write_letters(db, place, reading.letters)
    if source is not None:
        hold_positions(db, reading, source, capture.final_url, knowledge, run.id, capture.fetched_at)
    reading_id = write_pages.write_reading(db, page_id, reading, run.id, capture.fetched_at)
    write_pages.page_now_reads(db, page_id, capture, reading, reading_id, run.id)


def _turned(db: Books, page_id: int, reading: Reading) -> str:
    """How the page turned, in words; empty where it promotes as before, or does not as before."""
    before = weighing.attitude_before(db, page_id)
    if before is None or (before == "promotes") == (reading.attitude == "promotes"):
        return ""
    return f"the page turned ({before} → {reading.attitude})"


def text_of(page: Page) -> str:
    """All that a page says, the letters of one block a line: quotes, dashes, signs and spaces make no other words."""
    return "\n".join([letters(block.text) for block in page.blocks])


def stands_in(wording: Wording, text: str) -> bool:
    """The wording is one sentence (no answer that borrows its question's meaning) and the text holds it."""
    return bool(text) and wording.key == wording_key(wording.quote) and letters(wording.quote) in text


def write_findings_of_the_past(db: Books, capture: Capture, state: PageState, reading: Reading) -> None:
    """An older capture of the page: wordings that it holds were there that early."""
    keys = {wording_for(finding).key for finding in reading_findings(reading)}
    write_findings.extend_back(db, state.page_id, keys, capture.fetched_at)


def laid_against_page(db: Books, source_id: str, page_id: int, reading: Reading, *, new_page: bool) -> Laid:
    """The reading's findings against the wordings that stand on the page and, by exact words, on the whole source."""
    found = [Found(i, finding.zone, wording_for(finding)) for i, finding in enumerate(reading_findings(reading))]
    standing = () if new_page else read_state.standing_on(db, page_id)
    here = {key for one in standing for key in (one.wording.key, one.key_here)}
    elsewhere = read_state.lineages_by_key(db, source_id, {f.wording.key for f in found} - here)
    return lay(found, standing, elsewhere)


def place_of(capture: Capture, run: Run, state: PageState | None, page_id: int, reading: Reading) -> Place:
    """Where and when the findings of this reading are written."""
    return Place(
        source_id=capture.source_id,
        page_id=page_id,
        url=capture.final_url,
        capture_id=capture.id,
        run_id=run.id,
        at=capture.fetched_at,
        previous_fit=state.fetched_at if state else None,
        stamp=reading.stamp,
    )
