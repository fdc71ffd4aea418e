"""The chart of the last 30 days."""

import io
from dataclasses import replace

import pytest
from PIL import Image

from exowatch.digest.chart import chart_words, drawn
from exowatch.digest.render import as_html, as_mail
from tests.unit.digest.letters import busy, quiet

DAYS = [(f"2026-11-{day:02}", (day % 2, 0, day % 3, 0)) for day in range(1, 31)]


def test_the_chart_is_a_small_picture_with_a_bar_a_day():
    made = drawn(DAYS)
    picture = Image.open(io.BytesIO(made)).convert("RGB")
    assert picture.size == (1200, 240)
    assert len(made) < 10_000
    reds = sum(1 for x in range(0, 1200) if picture.getpixel((x, 195)) == (138, 28, 28))
    assert reds > 300


def test_days_without_a_flag_still_make_a_picture():
    assert drawn([("2026-11-01", (0, 0, 0, 0))])
    assert drawn([])


def test_who_does_not_see_it_is_told_the_same():
    words = chart_words(DAYS)
    assert "15 critical" in words
    assert "2026-11-05 (3)" in words


@pytest.mark.parametrize("days", [[], [(day, (0, 0, 0, 0)) for day, _ in DAYS]])
def test_days_without_a_flag_are_told_as_such(days):
    words = chart_words(days)
    assert words == ("No flag was raised from 2026-11-01 to 2026-11-30." if days else "No days to show.")


def test_a_mail_carries_its_picture_and_asks_for_nothing():
    digest = replace(busy(), days=({"day": "2026-11-24", "critical": 1, "high": 0, "medium": 2, "low": 0},))
    mail = as_mail(digest)
    assert [name for name, _ in mail.pictures] == ["days@exowatch"]
    assert "cid:days@exowatch" in mail.html
    assert "http-equiv" in mail.html
    assert "<script" not in mail.html
    assert as_mail(quiet()).pictures == ()
    assert "data:image/png" not in as_html(quiet())
