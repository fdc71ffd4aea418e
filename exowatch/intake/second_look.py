"""The second look at a new source: what differs between two fetches of one visit is no change, whatever it is.

A banner in rotation, or two versions of a page shown by lot, would be told as news on the second day. So the pages of a
source's first run that hold claims are fetched once more at its end. Both texts are inventory; what stands in one of
them alone is known to come and go (``exowatch.store.flapping``).
"""

from __future__ import annotations

from dataclasses import replace

from exowatch.archive.read import read_response
from exowatch.changes.attach import Attached, Laid
from exowatch.changes.suspicion import suspicion
from exowatch.intake.capture import content_digest_of, text_before
from exowatch.intake.desk import Desk
from exowatch.intake.findings import assessments_of, laid_against_page, place_of, stands_in, text_of
from exowatch.model.captures import Capture
from exowatch.model.sources import Run, Source
from exowatch.reading import read
from exowatch.store import again, flapping, read_state, write_findings, write_pages, write_runs
from exowatch.store.write_findings import reading_findings


def pages_to_look_at_again(desk: Desk, run: Run, source_id: str) -> tuple[str, ...]:
    """Pages of this run that hold claims, where it is the first of its source; none else."""
    with desk.store.reading() as db:
        if run.kind != "crawl" or read_state.has_baseline(db, source_id):
            return ()
        return read_state.pages_with_claims(db, run.id, source_id)


def look_again(desk: Desk, capture: Capture, source: Source, run: Run) -> int:
    """Lay a second capture of a page beside the first of the same run. Returns how many claims stand in one alone.

    No outcome is written: the page was seen, and seen once. What cannot be read this time says nothing.
    """
    with desk.store.reading() as db:
        state = read_state.page_state(db, source.id, capture.final_url)
    if state is None or state.capture_id is None or capture.not_modified or state.capture_id == capture.id:
        return 0
    body = read_response(desk.archive_dir, capture.warc).body
    capture = replace(capture, content_digest=content_digest_of(desk, capture, body))
    if capture.content_digest == state.content_digest is not None:
        return 0
    reading = read(capture, source, body, desk.knowledge, limit=desk.config.crawl.max_bytes)
    if not reading.page.fitness.fit or suspicion(state, reading.page):
        return 0
    judged = assessments_of(desk, reading, source)
    before, now = text_before(desk, state), text_of(reading.page)
    with desk.store.writing() as db:
        write_runs.check_fence(db, source.id, run.fence)
        laid = laid_against_page(db, source.id, state.page_id, reading, new_page=False)
        # a sentence that stands in both texts and is read in one alone was weighed by other words around it
        came = [a for a in laid.attached if _is_new(a) and not stands_in(a.found.wording, before)]
        held = {a.found.wording.key for a in laid.attached}
        gone = {
            one.lineage_id
            for one in read_state.standing_on(db, state.page_id)
            if one.live and not {one.wording.key, one.key_here} & held and not stands_in(one.wording, now)
        }
        if came:
            write_pages.write_capture(db, capture, reading.page, None)
            place = place_of(capture, run, state, state.page_id, reading)
            unmatched = Laid(tuple(again.without_match(one) for one in came), ())
            lineage_of = write_findings.write_laid(db, place, unmatched, reading_findings(reading), judged)
            gone |= set(lineage_of.values())
        flapping.remember_restless(db, sorted(gone), capture.fetched_at)
    return len(gone)


def _is_new(one: Attached) -> bool:
    return one.appearance_id is None or one.match is not None
