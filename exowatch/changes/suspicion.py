"""A capture may be fit by itself and not speak for its page: half the text, another language, most claims missing."""

from __future__ import annotations

from collections.abc import Collection

from exowatch.model.changes import PageState
from exowatch.model.pages import Page

#: A page that lost more than half of its text is more often a failed template than an edit (design.md, rule 3).
SHRUNK = 0.5
#: Below this many characters a page is too short for its length to mean anything.
SHORT = 400
#: A page that held at least so many claims and keeps no more than this share of them, with nothing new said in their
#: place, is more often an error page or a cut one than an edit.
FEW_CLAIMS, KEPT = 3, 0.4
#: A page that keeps no claim at all, and no more than this share of its lines, is another page for once.
LINES_KEPT, LONG_LINE = 0.25, 15
#: Runs with agreeing captures after which the new look is believed: the first and two further ones.
AGREEING_RUNS = 3
_STEP = 200


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


def claims_missing(held: Collection[str], found: Collection[str], before: str, now: str) -> str | None:
    """Why too many claims are missing to be believed at once; None: not too many, or something came in their place.

    ``held``, ``found``: keys of what the page held and of what is found there now, both without what stands elsewhere
    on its source. ``before``, ``now``: its text then and now, the letters of one block a line.
    """
    kept = set(held) & set(found)
    if not held or set(found) - kept:
        return None
    told = f"{len(held) - len(kept)} of {len(held)} claims are missing, and none came in their place"
    if len(held) >= FEW_CLAIMS and len(kept) <= len(held) * KEPT:
        return told
    lines = [line for line in before.split("\n") if len(line) >= LONG_LINE]
    stand = sum(line in now for line in lines)
    if not kept and lines and stand <= len(lines) * LINES_KEPT:
        return f"{told}; {stand} of {len(lines)} lines of text are left"
    return None


def likeness(page: Page) -> str:
    """A coarse name for how a suspicious page looks, so that later captures can agree with it."""
    return f"{page.language or '?'}:{page.text_length // _STEP}"


def agree(one: str | None, other: str) -> bool:
    """Two looks are the same: a counter or a date more must not make another page of it."""
    if one is None:
        return False
    (language, size), (other_language, other_size) = one.split(":"), other.split(":")
    return language == other_language and abs(int(size) - int(other_size)) <= 1


def believed(state: PageState, page: Page) -> bool:
    """True when this capture and enough earlier ones, in separate runs, agree on the new look."""
    return agree(state.suspect_like, likeness(page)) and state.suspect_runs + 1 >= AGREEING_RUNS
