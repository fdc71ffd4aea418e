import os
from datetime import UTC, datetime

import pytest

from exowatch.errors import WatchlistError
from exowatch.schedule.standing import Standing
from exowatch.store.migrate import ready_store
from tests.unit.schedule.nights import add_source

NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path, known_template):
    (tmp_path / "watchlist").mkdir()
    (tmp_path / "exowatch.db").write_bytes(known_template.read_bytes())
    (tmp_path / "exowatch.toml").write_text("")
    add_source(tmp_path, "one")
    yield tmp_path
    ready_store(f"sqlite:///{tmp_path / 'exowatch.db'}", 30).close()


@pytest.fixture
def standing(folder):
    return Standing(folder / "exowatch.toml", lambda: NOW, False)


def names(standing):
    return [source.id for source in standing.shift.watchlist.active]


def test_what_moved_is_read_again_and_nothing_else(folder, standing):
    first = standing.shift
    assert not standing.look_again()
    assert standing.shift is first
    add_source(folder, "two")
    assert standing.look_again()
    assert names(standing) == ["one", "two"]
    add_source(folder, "one", retired_on="2026-11-24")
    assert standing.look_again()
    assert names(standing) == ["two"]
    (folder / "exowatch.toml").write_text('[schedule]\ndigest = "0 9 * * *"\n')
    assert standing.look_again()
    assert standing.shift.config.schedule.digest == "0 9 * * *"
    assert standing.shift.stop is first.stop


def test_a_file_with_a_mistake_changes_nothing_until_it_is_mended(folder, standing, caplog):
    add_source(folder, "two")
    broken = folder / "watchlist" / "three.yml"
    broken.write_text("id: [")
    for _ in range(3):
        assert not standing.look_again()
    assert names(standing) == ["one"]
    assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 1
    broken.unlink()
    assert standing.look_again()
    assert names(standing) == ["one", "two"]


def test_a_mistake_at_the_start_is_raised(folder):
    (folder / "watchlist" / "three.yml").write_text("id: [")
    with pytest.raises(WatchlistError):
        Standing(folder / "exowatch.toml", lambda: NOW, False)


def test_another_database_is_not_taken_up_under_way(folder, standing):
    (folder / "exowatch.toml").write_text('[database]\nurl = "sqlite:///other.db"\n')
    assert not standing.look_again()
    assert standing.shift.config.database.url.endswith("exowatch.db")
    assert not (folder / "other.db").exists()


def test_a_file_that_was_only_touched_is_read_again_without_harm(folder, standing):
    os.utime(folder / "watchlist" / "one.yml", (1, 1))
    assert standing.look_again()
    assert names(standing) == ["one"]
