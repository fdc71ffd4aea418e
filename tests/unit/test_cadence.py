from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exowatch.cadence import firing_after, instant, longest_pause, trigger_of

DUBLIN = ZoneInfo("Europe/Dublin")
#: Zones whose clocks change by an hour, by half of one, in the other half of the year, by a whole day once, and never.
ZONES = ("Europe/Dublin", "Australia/Lord_Howe", "America/St_Johns", "America/Santiago", "Pacific/Apia", "UTC")
LINES = ("0 3 * * *", "30 1 * * *", "30 0 * * *", "0 * * * *", "*/20 * * * *", "0 2 * * 0", "15 1,2 * * sun")


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def firings(line, zone, after, until):
    found = []
    while (after := firing_after(line, zone, after)) <= until:
        found.append(after)
    return found


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


def test_a_time_that_the_clocks_skip_is_fired_once_when_they_have_skipped_it():
    # on 28 March 2027 the clocks of Dublin go from 01:00 to 02:00
    found = firings("30 1 * * *", DUBLIN, utc("2027-03-26T12:00"), utc("2027-03-30T12:00"))
    assert found == [utc("2027-03-27T01:30"), utc("2027-03-28T01:00"), utc("2027-03-29T00:30"), utc("2027-03-30T00:30")]


def test_a_time_that_the_clocks_show_twice_is_fired_the_first_time_alone():
    # on 31 October 2027 they go from 02:00 back to 01:00
    found = firings("30 1 * * *", DUBLIN, utc("2027-10-29T12:00"), utc("2027-11-01T12:00"))
    assert found == [utc("2027-10-30T00:30"), utc("2027-10-31T00:30"), utc("2027-11-01T01:30")]


def test_many_times_within_a_skipped_hour_are_fired_as_one():
    found = firings("*/20 * * * *", DUBLIN, utc("2027-03-28T00:30"), utc("2027-03-28T01:40"))
    assert found == [utc("2027-03-28T00:40"), utc("2027-03-28T01:00"), utc("2027-03-28T01:20"), utc("2027-03-28T01:40")]


def test_a_day_that_a_place_left_out_is_over_when_the_next_begins():
    # Samoa had no 30 December 2011
    assert instant(datetime.fromisoformat("2011-12-30T12:00"), ZoneInfo("Pacific/Apia")) == utc("2011-12-30T10:00")


@given(
    st.sampled_from(LINES),
    st.sampled_from(ZONES),
    st.integers(0, 2 * 365 * 86400).map(lambda seconds: utc("2026-01-01") + timedelta(seconds=seconds)),
)
def test_after_each_moment_each_time_on_the_wall_is_fired_once_and_in_order(line, zone, moment):
    zone = ZoneInfo(zone)
    found = firings(line, zone, moment, moment + timedelta(days=3))
    assert found == sorted(set(found))
    assert all(one > moment for one in found)
    # what fires in between is the same from wherever one looks
    for one in found[:-1]:
        assert firing_after(line, zone, one - timedelta(seconds=1)) == one
    days = [one.astimezone(zone).date() for one in found]
    if line in ("0 3 * * *", "30 1 * * *", "30 0 * * *"):
        assert len(days) == len(set(days))
        assert len(days) in (2, 3, 4)
