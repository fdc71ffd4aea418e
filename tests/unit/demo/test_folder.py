"""The demo's folder: made, made again, and never somebody else's."""

from __future__ import annotations

import contextlib
import sqlite3

import pytest

from exowatch.config import load_config
from exowatch.demo.folder import MARKER, make_folder
from exowatch.demo.pages import site_facts
from exowatch.errors import SetupError
from exowatch.watchlist import load_watchlist

ORIGINS = {fact["site"]: f"http://127.0.0.{11 + place}:8123" for place, fact in enumerate(site_facts())}
PAIRS = tuple(origin.removeprefix("http://") for origin in ORIGINS.values())


def test_configuration_and_watchlist_are_such_as_a_user_would_write(tmp_path):
    config = load_config(make_folder(tmp_path / "demo", ORIGINS, PAIRS), {})
    assert config.crawl.allow_addresses == PAIRS
    assert config.crawl.delay == 0
    assert config.digest.dir == tmp_path / "demo" / "digests"
    sources = load_watchlist(config.watchlist.dir).sources
    assert {source.id: source.start_urls for source in sources} == {k: (f"{v}/",) for k, v in ORIGINS.items()}


def test_a_second_demo_clears_what_the_first_left_and_nothing_else(tmp_path):
    make_folder(tmp_path, ORIGINS, PAIRS)
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "old.warc.gz").touch()
    (tmp_path / "exowatch.db").touch()
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    make_folder(tmp_path, ORIGINS, PAIRS)
    assert sorted(path.name for path in tmp_path.iterdir()) == [MARKER, "exowatch.toml", "notes.txt", "watchlist"]


def test_a_link_in_the_folder_is_removed_and_what_it_leads_to_is_kept(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept.txt").touch()
    demo = tmp_path / "demo"
    make_folder(demo, ORIGINS, PAIRS)
    (demo / "archive").symlink_to(elsewhere)
    make_folder(demo, ORIGINS, PAIRS)
    assert (elsewhere / "kept.txt").exists()


def test_a_folder_with_other_things_in_it_is_refused_untouched(tmp_path):
    (tmp_path / "exowatch.toml").write_text("[crawl]\n", encoding="utf-8")
    with pytest.raises(SetupError, match="no demo wrote") as told:
        make_folder(tmp_path, ORIGINS, PAIRS)
    assert told.value.remedy
    assert [path.name for path in tmp_path.iterdir()] == ["exowatch.toml"]


def test_a_file_in_its_place_is_refused(tmp_path):
    place = tmp_path / "demo"
    place.touch()
    with pytest.raises(SetupError, match="is a file"):
        make_folder(place, ORIGINS, PAIRS)


def test_a_folder_in_which_somebody_decided_is_refused_untouched(tmp_path):
    make_folder(tmp_path, ORIGINS, PAIRS)
    with contextlib.closing(sqlite3.connect(tmp_path / "exowatch.db")) as db:
        db.execute("CREATE TABLE reviews (id INTEGER)")
        db.execute("CREATE TABLE cases (id INTEGER)")
        db.commit()
    make_folder(tmp_path, ORIGINS, PAIRS)  # nobody has decided anything
    with contextlib.closing(sqlite3.connect(tmp_path / "exowatch.db")) as db:
        db.execute("CREATE TABLE reviews (id INTEGER)")
        db.execute("CREATE TABLE cases (id INTEGER)")
        db.execute("INSERT INTO reviews VALUES (1)")
        db.commit()
    with pytest.raises(SetupError, match="1 decisions or cases"):
        make_folder(tmp_path, ORIGINS, PAIRS)
    assert (tmp_path / "exowatch.db").is_file()
