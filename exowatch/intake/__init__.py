"""The two doors: ``take_in`` for one capture, ``close_run`` for a visit. Crawl, import and reread all pass here."""

from exowatch.intake.capture import (
    record_issue,
    record_moved_pages,
    record_outcome,
    remember_behind,
    remember_depths,
    remember_urls,
    take_in,
)
from exowatch.intake.desk import Desk, harvested_from, known_page, known_urls, open_desk, says_the_same
from exowatch.intake.findings import assessments_of
from exowatch.intake.looks import Differing, check_case, note_look
from exowatch.intake.second_look import look_again, pages_to_look_at_again
from exowatch.intake.visit import begin_run, close_run, settle_file, settle_leftovers

__all__ = [
    "Desk",
    "Differing",
    "assessments_of",
    "begin_run",
    "check_case",
    "close_run",
    "harvested_from",
    "known_page",
    "known_urls",
    "look_again",
    "note_look",
    "open_desk",
    "pages_to_look_at_again",
    "record_issue",
    "record_moved_pages",
    "record_outcome",
    "remember_behind",
    "remember_depths",
    "remember_urls",
    "says_the_same",
    "settle_file",
    "settle_leftovers",
    "take_in",
]
