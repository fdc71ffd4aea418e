from datetime import UTC, datetime

import pytest

from exowatch.cadence import due
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
