"""Runs beside each other: beginning, and settling what killed ones left."""

import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from exowatch.config import Archive, Config, Watchlist
from exowatch.intake import begin_run, close_run, record_moved_pages, settle_leftovers
from exowatch.store import read_state, write_runs
from tests.unit.intake.sites import make_site

HOME, GLOW = "https://quay.example/", "Your skin glows after one session with our exosome serum."
FILE = """id: {name}
name: {name}
kind: clinic
jurisdiction: IE
start_urls: ["https://{name}.example/"]
reason: test
"""


class Lock:
    """A run lock that lets its holder touch the sources named."""

    def __init__(self, *names):
        self.names = names

    @contextmanager
    def ours(self, source_id):
        yield source_id in self.names


@pytest.fixture
def site(database_url, tmp_path):
    made = make_site(database_url)
    (tmp_path / "watchlist").mkdir()
    for name in ("quay", "pier"):
        (tmp_path / "watchlist" / f"{name}.yml").write_text(FILE.format(name=name))
    config = Config(archive=Archive(dir=tmp_path / "archive"), watchlist=Watchlist(dir=tmp_path / "watchlist"))
    rules = SimpleNamespace(reading_digest="r", judging_digest="j", source_texts={})
    made.desk = replace(made.desk, config=config, knowledge=rules)
    yield made
    made.desk.store.close()


def verdict(site, run):
    with site.desk.store.reading() as db:
        return read_state.run_source(db, run.id, "quay")[0].verdict


def test_a_run_that_still_goes_under_another_lock_is_no_leftover(site):
    run = site.begin()
    site.show(run, HOME, [GLOW])
    settle_leftovers(site.desk, Lock("pier"))
    assert verdict(site, run) is None
    settle_leftovers(site.desk, Lock("pier", "quay"))
    assert verdict(site, run) == "partial"


def test_a_source_that_is_retired_is_so_in_the_database_and_runs_on_it_go_on(site, tmp_path):
    begin_run(site.desk, "crawl", [site.source])
    pier = begin_run(site.desk, "crawl", [replace(site.source, id="pier")])
    retired = FILE.format(name="pier") + "retired_on: 2026-11-01\n"
    (tmp_path / "watchlist" / "pier.yml").write_text(retired)
    begin_run(site.desk, "crawl", [site.source])
    with site.desk.store.writing() as db:
        rows = db.exec_driver_sql("SELECT id, retired_on FROM v_sources ORDER BY id").all()
        write_runs.check_fence(db, "pier", pier.fence)
    assert [(name, str(day)) for name, day in rows] == [("pier", "2026-11-01"), ("quay", "None")]


def test_runs_that_begin_together_get_fences_of_their_own(site):
    together, runs, errors = threading.Barrier(6), [], []
    pier = replace(site.source, id="pier")

    def begin(kind, source):
        together.wait()
        try:
            runs.append(begin_run(site.desk, kind, [source]))
        except Exception as error:  # noqa: BLE001 - a thread's error must reach the test
            errors.append(error)

    threads = [
        threading.Thread(target=begin, args=(kind, source))
        for kind in ("crawl", "import", "reread")
        for source in (site.source, pier)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sorted(run.fence for run in runs) == [1, 2, 3, 4, 5, 6]


def test_what_a_run_reads_in_its_first_second_is_not_older_than_the_run(site):
    old, new = f"{HOME}old", f"{HOME}new"
    for began, url, led in (("06:00:00.1", old, {}), ("07:00:00.4", new, {old: new})):
        moment = datetime.fromisoformat(f"2026-11-24T{began}00+00:00")
        site.desk = replace(site.desk, clock=lambda moment=moment: moment)
        run = begin_run(site.desk, "crawl", [site.source])
        for place, told in ((HOME, []), (url, [GLOW])):
            site.show(run, place, told, fetched_at=moment + timedelta(milliseconds=200))
        record_moved_pages(site.desk, run, "quay", led)
        close_run(site.desk, run, {"quay": "finished"})
    assert site.changes() == [("moved", GLOW, GLOW)]
