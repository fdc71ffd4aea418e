from datetime import UTC, datetime, timedelta

import pytest

from exowatch.cadence import due, longest_pause, trigger_of
from exowatch.errors import ConfigError
from exowatch.model.sources import Source

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def source(name, cadence=None):
    return Source(name, name, "clinic", "IE", ("https://a.example/",), cadence=cadence)


def names(sources, last, now=NOON, timezone="UTC"):
    return [s.id for s in due(sources, last, cadence="0 3 * * *", timezone=timezone, now=now)]


def test_a_source_never_visited_is_due():
    assert names([source("a")], {}) == ["a"]


def test_a_source_visited_after_its_hour_is_not_due_again_the_same_day():
    assert names([source("a")], {"a": datetime(2026, 11, 24, 3, 1, tzinfo=UTC)}) == []
    assert names([source("a")], {"a": datetime(2026, 11, 23, 3, 1, tzinfo=UTC)}) == ["a"]


def test_a_source_has_its_own_cadence():
    last = {"a": datetime(2026, 11, 24, 9, tzinfo=UTC), "b": datetime(2026, 11, 24, 9, tzinfo=UTC)}
    assert names([source("a", "0 * * * *"), source("b")], last) == ["a"]


def test_hours_are_those_of_the_configured_zone():
    last = {"a": datetime(2026, 11, 23, 20, tzinfo=UTC)}
    early = datetime(2026, 11, 24, 1, tzinfo=UTC)
    assert names([source("a")], last, early, "UTC") == []
    assert names([source("a")], last, early, "Asia/Seoul") == []
    assert names([source("a")], {"a": datetime(2026, 11, 23, 17, tzinfo=UTC)}, early, "Asia/Seoul") == ["a"]


def test_a_cadence_that_is_no_cron_line_is_told_with_its_source():
    with pytest.raises(ConfigError, match="cadence of a"):
        names([source("a", "99 99 * * *")], {"a": NOON})


@pytest.mark.parametrize(
    ("weekday", "days"),
    [
        ("0", "Sun"),
        ("7", "Sun"),
        ("1", "Mon"),
        ("1-5", "Mon Tue Wed Thu Fri"),
        ("5-7", "Fri Sat Sun"),
        ("0-7", "Mon Tue Wed Thu Fri Sat Sun"),
        ("*/2", "Tue Thu Sat Sun"),
        ("1,wed,6", "Mon Wed Sat"),
        ("fri-sun", "Fri Sat Sun"),
    ],
)
def test_days_of_the_week_are_counted_as_cron_counts_them(weekday, days):
    trigger = trigger_of(f"0 3 * * {weekday}")
    week = [datetime(2026, 11, day, tzinfo=UTC) for day in range(23, 30)]
    fires = [day for day in week if trigger.get_next_fire_time(None, day).date() == day.date()]
    assert " ".join(day.strftime("%a") for day in fires) == days


@pytest.mark.parametrize("line", ["0 3 * * 8", "0 3 * * foo", "0 3 * *", "99 99 * * *", "0 3 30 2 *", ""])
def test_a_line_that_is_none_is_refused(line):
    with pytest.raises(ValueError, match=r"\w"):
        trigger_of(line)


@pytest.mark.parametrize(
    ("line", "pause"),
    [("0 3 * * *", 1), ("0 3 * * 1", 7), ("0 3 * * 1-5", 3), ("0 3 1 * *", 31), ("0 * * * *", 1 / 24)],
)
def test_the_longest_pause_of_a_line_is_known(line, pause):
    assert longest_pause(line) == timedelta(days=pause)
