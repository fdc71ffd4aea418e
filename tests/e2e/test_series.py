"""A few stories of ``bench/series`` through the doors: what really changed is told, and nothing else."""

import pytest

from bench.series.captures import BAD
from bench.series.changes import CHANGES
from bench.series.heldout import HELD_OUT
from bench.series.mixed import mixed
from bench.series.noises import NOISES
from bench.series.score import score, total
from bench.series.visits import Visits

KINDS = (
    *("added-alt", "added-jsonld-service", "stronger-hedge", "stronger-guarantee", "weaker-number", "reworded-1"),
    *("moved-reworded", "removed-one", "returned", "flap-banner", "flap-strength", "stronger-disclaimer-lost"),
    *("noise-redesign", "noise-encoding", "noise-shuffled-daily", "bad-challenge-200-site", "bad-parked-page"),
    *("bad-404-a-day-page", "held-everywhere-reworded", "held-two-looks"),
)


def story_of(kind, language):
    makers = (*CHANGES, *NOISES, *BAD, *HELD_OUT)
    return next(story for story in (maker(language) for maker in makers) if story.kind == kind)


@pytest.mark.slow
def test_what_really_changed_is_flagged_and_nothing_else(tmp_path):
    stories = [story_of(kind, ("en", "fr", "ru")[n % 3]) for n, kind in enumerate(KINDS)]
    found = total(score(story, told) for story, told in Visits(tmp_path, stories).run())
    assert [note for note in found.notes if not note.startswith(("misread", "unread"))] == []
    assert (found.false, found.missed, found.false_gone, found.news_days) == (0, 0, 0, 0)
    assert found.right >= 9


@pytest.mark.slow
def test_a_long_series_of_everything_together(tmp_path):
    ((story, told),) = Visits(tmp_path, [mixed("en", 7)]).run()
    found = score(story, told)
    assert (found.false, found.missed, found.false_gone) == (0, 0, 0)
    assert found.right >= 5
