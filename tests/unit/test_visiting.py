from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exowatch.errors import ConfigError
from exowatch.model.sources import Source
from exowatch.sections import Schedule
from exowatch.visiting import QUIET, Visits, due, next_visit, pause_of

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)
NIGHT = datetime(2026, 11, 24, 3, 4, tzinfo=UTC)


def source(name="a", cadence=None, kind="clinic"):
    return Source(name, name, kind, "IE", ("https://a.example/",), cadence=cadence)


def names(sources, last, now=NOON, timezone="UTC"):
    visits = {name: Visits(when) for name, when in last.items()}
    return [s.id for s in due(sources, visits, Schedule(timezone=timezone), now)]


def pause(*moved, settled=True, cadence=None, kind="clinic", schedule=None):
    return pause_of(source(cadence=cadence, kind=kind), Visits(NOON, moved, settled), schedule or Schedule())


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


def test_claims_that_move_halve_the_pause_down_to_the_shortest():
    assert [pause(*[True] * n) for n in (0, 1, 2, 3)] == [DAY, DAY / 2, DAY / 2, DAY / 2]
    often = Schedule(shortest=2)
    assert [DAY / pause(*[True] * n, schedule=often) for n in (1, 2, 3, 4, 9)] == [2, 4, 8, 12, 12]


def test_one_quiet_visit_puts_the_pause_back():
    assert pause(True, True, False) == DAY


def test_after_a_quiet_week_each_further_quiet_visit_adds_a_day_up_to_the_longest():
    found = [pause(*[False] * n) / DAY for n in range(QUIET, QUIET + 9)]
    assert found == [1, 2, 3, 4, 5, 6, 7, 7, 7]


def test_a_site_is_not_left_alone_while_an_absence_waits_to_be_proven():
    assert pause(*[False] * 12, settled=False) == DAY


@pytest.mark.parametrize("moved", [[True] * 3, [False] * 12])
def test_a_cadence_in_the_watchlist_is_kept_as_it_is(moved):
    assert pause(*moved, cadence="0 3 * * *") == DAY
    assert pause(*moved, cadence="0 3 * * 1") == 7 * DAY


@pytest.mark.parametrize("kind", ["regulator", "register", "journal"])
def test_news_of_regulators_are_awaited_at_their_cadence(kind):
    assert pause(*[False] * 12, kind=kind) == DAY
    assert pause(True, kind=kind) == DAY


def test_a_longer_pause_leaves_out_whole_firings_and_keeps_the_hour():
    quiet = Visits(NIGHT, (False,) * 9)
    assert next_visit(source(), quiet, Schedule()) == datetime(2026, 11, 27, 3, tzinfo=UTC)
    late = Visits(NIGHT + timedelta(hours=11), (False,) * 8)
    assert next_visit(source(), late, Schedule()) == datetime(2026, 11, 26, 3, tzinfo=UTC)


def test_a_shorter_pause_comes_between_two_firings():
    moving = Visits(NIGHT, (True,))
    assert next_visit(source(), moving, Schedule()) == NIGHT + timedelta(hours=12)
    again = Visits(NIGHT + timedelta(hours=12), (True, True))
    assert next_visit(source(), again, Schedule()) == datetime(2026, 11, 25, 3, tzinfo=UTC)


@given(
    st.lists(st.booleans(), max_size=60),
    st.booleans(),
    st.sampled_from([None, "0 3 * * *", "0 */4 * * *", "0 3 * * 1"]),
    st.sampled_from(["clinic", "regulator"]),
    st.integers(1, 200),
    st.integers(1, 2000),
)
def test_the_pause_never_leaves_its_bounds(moved, settled, line, kind, shortest, longest):
    schedule = Schedule(cadence=line or "0 3 * * *", shortest=shortest, longest=longest)
    own = pause_of(source(kind="journal"), Visits(NOON), schedule)
    found = pause_of(source(kind=kind), Visits(NOON, tuple(moved), settled), schedule)
    assert min(own, timedelta(hours=shortest)) <= found <= max(own, timedelta(hours=longest))
    after = next_visit(source(kind=kind), Visits(NOON, tuple(moved), settled), schedule)
    assert NOON < after <= NOON + found + own
