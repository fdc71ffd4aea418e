"""The first door: one archived capture is read and stored, in one short transaction."""

from __future__ import annotations

import hashlib
import traceback
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from exowatch.archive.read import read_response
from exowatch.changes.suspicion import believed, claims_missing, likeness, suspicion
from exowatch.errors import ExoWatchError, UnreadableError
from exowatch.intake.again import read_again
from exowatch.intake.desk import Desk
from exowatch.intake.findings import assessments_of, text_of, write_findings_of, write_findings_of_the_past
from exowatch.model.captures import Capture, Outcome, OutcomeResult
from exowatch.model.changes import PageState
from exowatch.model.readings import Assessment, Issue, Reading
from exowatch.model.sources import Run, Source
from exowatch.pages.decode import decoded
from exowatch.reading import page_of, read
from exowatch.store import behind, moved_pages, read_state, write_pages, write_runs


def take_in(desk: Desk, capture: Capture, source: Source, run: Run) -> Outcome:
    """Read one archived capture and store what it says; idempotent a run and page.

    A bug in reading becomes an UNFIT outcome and an issue with its traceback: one page must not end a crawl, and the
    bytes are safe. RecordError is never caught: what cannot be kept must stop the visit.
    """
    with desk.store.reading() as db:
        if read_state.has_outcome(db, run.id, source.id, capture.final_url):
            return _outcome(capture, run, "UNCHANGED", "taken-in", "this page was taken in before in this run")
        state = read_state.page_state(db, source.id, capture.final_url)
    known = state if state and state.capture_id else None
    if known and capture.not_modified and capture.revisit_of == known.capture_id:
        return _stands(desk, capture, run, known, "not-modified")
    body = read_response(desk.archive_dir, capture.warc).body
    capture = replace(capture, content_digest=content_digest_of(desk, capture, body))
    # a capture of a clock that was ahead is not newer for ever: what is captured now comes after it
    older = known is not None and known.fetched_at is not None and capture.fetched_at < known.fetched_at <= desk.clock()
    if known and not older and known.content_digest == capture.content_digest is not None and capture.status == 200:
        return _stands(desk, capture, run, known, "same-body")
    try:
        if known and older:
            return _extend_history(desk, capture, source, run, known, body)
        if known and (known.knowledge, known.reader) != (desk.stamp.knowledge, desk.stamp.reader):
            read_again(desk, source, run, known)
        reading = read(capture, source, body, desk.knowledge, limit=desk.config.crawl.max_bytes)
        judged = assessments_of(desk, reading, source)
        earlier = known or _led_here(desk, capture)
        before = text_before(desk, earlier) if earlier else ""
    except ExoWatchError:
        raise
    except Exception as bug:  # noqa: BLE001 - one of the two doors where bugs are caught (design.md, Errors)
        return _broken(desk, capture, source, run, bug)
    return _store(desk, capture, source, run, state, reading, judged, before)


def text_before(desk: Desk, known: PageState) -> str:
    """What the page said in the capture that holds its present text."""
    assert known.capture_id is not None
    with desk.store.reading() as db:
        capture, place = read_state.capture_place(db, known.capture_id)
    body = read_response(desk.archive_dir, place).body
    return text_of(page_of(capture, body, desk.knowledge, desk.config.crawl.max_bytes))


def _led_here(desk: Desk, capture: Capture) -> PageState | None:
    """A page read earlier that now leads to this one: its sentences are not new here."""
    with desk.store.reading() as db:
        states = (read_state.page_state(db, capture.source_id, url) for url in capture.redirect_chain)
        return next((state for state in states if state and state.capture_id), None)


def record_outcome(desk: Desk, outcome: Outcome) -> None:
    """Write the outcome of an exchange that left no capture (failed, disallowed)."""
    at = outcome.at or desk.clock()
    with desk.store.writing() as db:
        if not read_state.has_outcome(db, outcome.run_id, outcome.source_id, outcome.url):
            write_pages.meet_page(db, outcome.source_id, outcome.url, outcome.run_id, at)
            write_pages.write_outcome(db, replace(outcome, at=at))


def record_issue(desk: Desk, run: Run, issue: Issue) -> None:
    """Write something of this run that an operator should look at."""
    with desk.store.writing() as db:
        write_runs.write_issues(db, [issue], run.id, desk.clock())


def remember_urls(desk: Desk, run: Run, source_id: str, urls: Sequence[str], why: str) -> None:
    """Remember URLs that were seen but left out (``why``: budget, depth, pattern): they are no news one day."""
    if urls:
        with desk.store.writing() as db:
            write_runs.write_frontier(db, run.id, source_id, urls, why)


def remember_behind(
    desk: Desk, run: Run, source_id: str, found: Mapping[str, str | None], sitemaps: Collection[str]
) -> None:
    """Remember links first met on inventory that is read only now (``store.behind``): they are no news either."""
    with desk.store.writing() as db:
        behind.remember_behind(db, run, source_id, found, sitemaps)


def remember_depths(desk: Desk, source_id: str, depths: Mapping[str, int]) -> None:
    """Keep how deep pages (by URL) stand on their site, where no earlier visit has told."""
    if depths:
        with desk.store.writing() as db:
            write_pages.keep_depths(db, source_id, depths)


def record_moved_pages(desk: Desk, run: Run, source_id: str, led: Mapping[str, str]) -> None:
    """Tell of pages (address asked for → address it led to) that they do not stand where they stood."""
    if led:
        with desk.store.writing() as db:
            write_runs.check_fence(db, source_id, run.fence)
            moved_pages.tell_moved_pages(db, run, source_id, led, desk.clock())


def content_digest_of(desk: Desk, capture: Capture, body: bytes) -> str | None:
    """Digest of the body, content coding undone; None where it will not decode."""
    try:
        plain = decoded(body, capture.content_encoding, desk.config.crawl.max_bytes)
    except UnreadableError:
        return None
    return f"sha256:{hashlib.sha256(plain).hexdigest()}"


def _outcome(
    capture: Capture, run: Run, result: OutcomeResult, code: str, detail: str, holds: str | None = None
) -> Outcome:
    return Outcome(
        run_id=run.id,
        source_id=capture.source_id,
        url=capture.final_url,
        result=result,
        code=code,
        detail=detail,
        capture_id=holds or capture.id,
        warc=capture.warc,
        at=capture.fetched_at,
    )


def _stands(desk: Desk, capture: Capture, run: Run, state: PageState, code: str) -> Outcome:
    """The page says what it said: its dates move, nothing is read."""
    outcome = _outcome(capture, run, "UNCHANGED", code, "the page is as it was", holds=state.capture_id)
    with desk.store.writing() as db:
        write_runs.check_fence(db, capture.source_id, run.fence)
        if state.gone_runs:
            write_pages.page_is_back(db, state.page_id, state.gone_runs)
        write_pages.page_stands(db, state.page_id, capture.fetched_at, run.id)
        write_pages.write_outcome(db, outcome)
    return outcome


def _store(
    desk: Desk,
    capture: Capture,
    source: Source,
    run: Run,
    state: PageState | None,
    reading: Reading,
    judged: Mapping[int, Sequence[Assessment]],
    before: str = "",
) -> Outcome:
    page, at = reading.page, capture.fetched_at
    doubt = _doubt(desk, state, reading, source.id, before) if state and page.fitness.fit else None
    if doubt and state and believed(state, page):
        doubt = None
    if page.fitness.fit:
        outcome = _outcome(capture, run, "READ", "suspicious" if doubt else "ok", doubt or "")
    elif page.fitness.code == "gone" and (state is None or state.capture_id is None):
        outcome = _outcome(capture, run, "UNFIT", "no-page", page.fitness.why)
    else:
        outcome = _outcome(capture, run, "UNFIT", page.fitness.code, page.fitness.why)
    with desk.store.writing() as db:
        write_runs.check_fence(db, source.id, run.fence)
        page_id = state.page_id if state else write_pages.meet_page(db, source.id, capture.final_url, run.id, at)
        write_pages.write_capture(db, capture, page, doubt)
        write_pages.write_outcome(db, outcome)
        write_runs.write_issues(db, reading.issues, run.id, at)
        if page.fitness.fit and not doubt:
            write_findings_of(db, capture, run, state, page_id, reading, judged, desk.knowledge, before, source)
        elif doubt and state:
            write_pages.page_looks_wrong(db, state, likeness(page))
            issue = Issue("suspicious-capture", "changes", doubt, source.id, capture.final_url)
            write_runs.write_issues(db, [issue], run.id, at)
        elif state and page.fitness.code == "gone":
            write_pages.page_is_missing(db, state, run.id, at)
    return outcome


def _doubt(desk: Desk, state: PageState, reading: Reading, source_id: str, before: str) -> str | None:
    """Why this capture does not speak for its page (``before``: what it said); None: it does, as far as can be seen."""
    if state.capture_id is None:
        return None
    doubt = suspicion(state, reading.page)
    if doubt is None:
        found = {claim.key for claim in reading.claims}
        with desk.store.reading() as db:
            held = read_state.claims_only_on(db, state.page_id)
            if len(found & held) < len(held):
                found -= read_state.claims_elsewhere(db, source_id, state.page_id, found - held)
                doubt = claims_missing(held, found, before, text_of(reading.page))
            if doubt is None and 2 * len(found & held) < len(held):
                other = read_state.page_with_text(db, source_id, state.page_id, reading.page.text_digest)
                doubt = f"it shows what {other} shows" if other else None
    return doubt


def _extend_history(desk: Desk, capture: Capture, source: Source, run: Run, state: PageState, body: bytes) -> Outcome:
    """A capture older than what is known: it can only say that a claim stood there before. It makes no news."""
    reading = read(capture, source, body, desk.knowledge, limit=desk.config.crawl.max_bytes)
    fit = reading.page.fitness.fit
    code = "older" if fit else reading.page.fitness.code
    outcome = _outcome(capture, run, "READ" if fit else "UNFIT", code, "older than what is known of this page")
    with desk.store.writing() as db:
        write_runs.check_fence(db, source.id, run.fence)
        write_pages.write_capture(db, capture, reading.page, None)
        write_pages.write_outcome(db, outcome)
        if fit:
            write_pages.write_reading(db, state.page_id, reading, run.id, capture.fetched_at)
            write_findings_of_the_past(db, capture, state, reading)
    return outcome


def _broken(desk: Desk, capture: Capture, source: Source, run: Run, bug: Exception) -> Outcome:
    """A bug in reading: told to the operator with its traceback, and the page is unfit this time."""
    told = "".join(traceback.format_exception(bug))[-4000:]
    outcome = _outcome(capture, run, "UNFIT", "reader-error", f"{type(bug).__name__}: {bug}"[:500])
    with desk.store.writing() as db:
        write_pages.meet_page(db, source.id, capture.final_url, run.id, capture.fetched_at)
        write_pages.write_outcome(db, replace(outcome, capture_id=None))
        issue = Issue("reader-error", "reading", told, source.id, capture.final_url)
        write_runs.write_issues(db, [issue], run.id, desk.clock())
    return outcome
