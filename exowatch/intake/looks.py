"""Two looks at one page, by crawler and browser: what was read is looked for in both, and where they differ is kept.

A sentence that scripts put there, or take away, is one that some people see and others do not; who relies on it has to
know. A sentence that only the other look holds was not read from this page, and is told to the operator.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from exowatch.archive.read import read_response
from exowatch.errors import SetupError
from exowatch.intake.capture import content_digest_of
from exowatch.intake.desk import Desk
from exowatch.intake.findings import text_of
from exowatch.model.captures import Beside, Capture, Outcome
from exowatch.model.keys import letters, wording_key
from exowatch.model.pages import Page
from exowatch.model.readings import Issue
from exowatch.model.sources import Run, Source
from exowatch.reading import page_of, reading_of
from exowatch.store import read_evidence, read_state, write_looks, write_pages, write_runs

#: Sentences of the other look that are kept.
_MOST = 20


@dataclass(frozen=True, slots=True)
class Differing:
    """Where the two looks differ."""

    browser_lacks: tuple[str, ...] = ()
    """Sentences read that the browser does not show."""
    crawler_lacks: tuple[str, ...] = ()
    """Sentences read that the page as it was sent does not hold."""
    unread: tuple[str, ...] = ()
    """Sentences of the other look alone that would count as claims."""


def check_case(desk: Desk, case_id: int | None) -> None:
    """SetupError where pages are to be secured for a case that there is none of."""
    if case_id is None:
        return
    with desk.store.reading() as db:
        there = read_evidence.flags_of_case(db, case_id) is not None
    if not there:
        raise SetupError(f"there is no case {case_id}", key="--case", remedy="leave it out; what is secured is kept")


def note_look(desk: Desk, capture: Capture, source: Source, run: Run, beside: Beside, outcome: Outcome) -> Differing:
    """Keep that the page was looked at twice, or secured for a person. Call it after ``take_in`` of ``capture``.

    A page that a person asked for has a row of its own even where it says what it said before.
    """
    page = _page(desk, capture)
    found = _differing(desk, capture, source, page, beside.capture) if beside.capture else Differing()
    with desk.store.writing() as db:
        write_runs.check_fence(db, source.id, run.fence)
        if beside.secured:
            body = read_response(desk.archive_dir, capture.warc).body
            secured = replace(capture, content_digest=content_digest_of(desk, capture, body))
            write_pages.write_capture(db, secured, page, None)
        name = (source.id, capture.final_url)
        before = write_looks.newest_looks(db, [name]).get(name)
        write_looks.write_look(
            db,
            run_id=run.id,
            capture=capture,
            beside=beside,
            holds=outcome.capture_id,
            browser_lacks=_keys(found.browser_lacks),
            crawler_lacks=_keys(found.crawler_lacks),
            unread=list(found.unread),
        )
        if set(found.unread) - set(before["unread"] if before else ()):  # what was told is not told every day
            write_runs.write_issues(db, [_issue(capture, found)], run.id, capture.fetched_at)
    return found


def _page(desk: Desk, capture: Capture) -> Page:
    body = read_response(desk.archive_dir, capture.warc).body
    return page_of(capture, body, desk.knowledge, desk.config.crawl.max_bytes)


def _differing(desk: Desk, capture: Capture, source: Source, page: Page, other: Capture) -> Differing:
    other_page = _page(desk, other)
    if not (page.fitness.fit and other_page.fitness.fit):
        return Differing()
    mine, theirs = text_of(page), text_of(other_page)
    with desk.store.reading() as db:
        state = read_state.page_state(db, source.id, capture.final_url)
        standing = read_state.standing_on(db, state.page_id) if state else ()
    quotes = dict.fromkeys(one.wording.quote for one in standing if one.live and one.wording.subject == "claim")
    lacking = tuple(quote for quote in quotes if letters(quote) in mine and letters(quote) not in theirs)
    read = reading_of(other_page, source, other.id, desk.knowledge)
    unread = tuple(dict.fromkeys(one.quote.text for one in read.claims if letters(one.quote.text) not in mine))
    sides = {"crawler_lacks" if capture.rendered else "browser_lacks": lacking}
    return Differing(unread=unread[:_MOST], **sides)


def _keys(quotes: tuple[str, ...]) -> list[str]:
    return [wording_key(quote) for quote in quotes]


def _issue(capture: Capture, found: Differing) -> Issue:
    said = "; ".join(found.unread)[:1500]
    if capture.rendered:
        code, words = "browser-hides", f"the page as it was sent holds claims that a browser does not show: {said}"
    else:
        words = f"a browser shows claims that the page as it was sent does not hold: {said}"
        code, words = "browser-shows-more", f"{words} (set `render: true` for the source to have them read)"
    return Issue(code, "intake", words, capture.source_id, capture.final_url)
