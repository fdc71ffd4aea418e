"""A capture may be fit by itself and still not speak for its page: half the text, or another language."""

from __future__ import annotations

from exowatch.model.changes import PageState
from exowatch.model.pages import Page

#: A page that lost more than half of its text is more often a failed template than an edit (design.md, rule 3).
SHRUNK = 0.5
#: Below this many characters a page is too short for its length to mean anything.
SHORT = 400
#: Runs with agreeing captures after which the new look is believed: the first and two further ones.
AGREEING_RUNS = 3


def suspicion(state: PageState, page: Page) -> str | None:
    """Why absences in ``page`` must be held back; None where it looks like the page we know."""
    if state.capture_id is None:
        return None
    if state.language and page.language and state.language != page.language:
        return f"the page was {state.language} and is now {page.language}"
    before = state.text_length or 0
    if before >= SHORT and page.text_length < before * SHRUNK:
        return f"the page held {before} characters and now holds {page.text_length}"
    return None


def likeness(page: Page) -> str:
    """A coarse name for how a suspicious page looks, so that later captures can agree with it."""
    return f"{page.language or '?'}:{page.text_length // 200}"


def believed(state: PageState, page: Page) -> bool:
    """True when this capture and enough earlier ones, in separate runs, agree on the new look."""
    return state.suspect_like == likeness(page) and state.suspect_runs + 1 >= AGREEING_RUNS
