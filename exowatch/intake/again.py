"""Reading an old capture again under today's rules, so that like is compared with like.

What differs between the old reading and this one was never on the page: its cause is *knowledge* or *reader*, and it
is no news about anybody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from exowatch.archive.read import read_response
from exowatch.changes.attach import Laid
from exowatch.intake.desk import Desk
from exowatch.intake.evidence import hold_studies
from exowatch.intake.findings import assessments_of, laid_against_page, place_of
from exowatch.knowledge.load import Knowledge
from exowatch.model.captures import Capture
from exowatch.model.changes import Cause, PageState
from exowatch.model.readings import Assessment, Reading
from exowatch.model.sources import Run, Source
from exowatch.reading import read
from exowatch.store import again, read_state, rejudge, write_findings, write_pages, write_runs
from exowatch.store.session import Books
from exowatch.store.write_findings import reading_findings


def read_again(desk: Desk, source: Source, run: Run, state: PageState) -> int:
    """Read the page's present capture under the desk's stamp; returns how many findings differ."""
    assert state.capture_id is not None
    with desk.store.reading() as db:
        capture, place = read_state.capture_place(db, state.capture_id)
    body = read_response(desk.archive_dir, place).body
    reading = read(capture, source, body, desk.knowledge, limit=desk.config.crawl.max_bytes)
    judged = assessments_of(desk, reading, source)
    cause: Cause = "rule"
    if (state.knowledge, state.reader) != (desk.stamp.knowledge, desk.stamp.reader):
        cause = "knowledge" if state.knowledge != desk.stamp.knowledge else "reader"
    with desk.store.writing() as db:
        write_runs.check_fence(db, source.id, run.fence)
        return _write(db, capture, run, state, reading, judged, cause, desk.knowledge)


def _write(
    db: Books,
    capture: Capture,
    run: Run,
    state: PageState,
    reading: Reading,
    judged: Mapping[int, Sequence[Assessment]],
    cause: Cause,
    knowledge: Knowledge,
) -> int:
    laid = laid_against_page(db, capture.source_id, state.page_id, reading, new_page=False)
    place = place_of(capture, run, state, state.page_id, reading)
    judged_before = rejudge.judged_on(db, state.page_id)
    unmatched = Laid(tuple(again.without_match(one) for one in laid.attached), ())
    write_findings.write_laid(db, place, unmatched, reading_findings(reading), judged, state="live")
    moved = write_findings.write_studies(db, place, reading.studies)
    hold_studies(db, moved, knowledge, run.id, run.started_at)
    reading_id = write_pages.write_reading(db, state.page_id, reading, run.id, run.started_at)
    again.page_is_read_as(db, state.page_id, reading_id, reading)
    told = again.tell_differences(db, place, laid, run, cause)
    return told + rejudge.tell_judgements(db, place, laid.attached, judged, judged_before, cause, run.started_at)
