"""The daily letter from the command line: one at a time, and one a day where nothing happens."""

import json
from datetime import date

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from exowatch.cases import handling
from exowatch.cli import command
from exowatch.config import Config, Database
from exowatch.errors import BusyError
from exowatch.model.decisions import Step
from exowatch.model.sources import Trader
from exowatch.store.lock import hold_jobs
from exowatch.store.tables import digests
from tests.unit.intake.sites import DAY, make_site

HOME = "https://quay.example/"


@pytest.fixture
def site(database_url, tmp_path, monkeypatch):
    """A site with critical claims on seven pages, read two days before the letters."""
    (tmp_path / "exowatch.toml").write_text(f'[database]\nurl = "{database_url}"\n[digest]\nbaseline_per_day = 3\n')
    monkeypatch.chdir(tmp_path)
    made = make_site(database_url, trader=Trader("Quay Ltd"))
    made.visit({f"{HOME}{n}": [f"Exosomes stop alzheimer of kind {n}."] for n in range(7)})
    yield made
    made.desk.store.close()


@pytest.fixture
def letter(monkeypatch):
    """The letter of a day of November at 8, and what was said beside it."""

    def told(day: int, *words: str, hour: int = 8):
        monkeypatch.setenv("EXOWATCH_NOW", f"2026-11-{day:02}T{hour:02}:00:00Z")
        done = CliRunner().invoke(command, ["digest", "--format", "json", *words], catch_exceptions=False)
        return json.loads(done.stdout), done.stderr

    return told


def kept(site) -> int:
    with site.desk.store.reading() as db:
        return db.scalar(select(func.count()).select_from(digests))


def test_two_at_once_keep_one_letter(site, letter, database_url):
    with hold_jobs(Config(database=Database(url=database_url)), ["digest"]):
        with pytest.raises(BusyError, match="another program is composing letters"):
            letter(3)
        assert letter(3, "--since", "2026-11-01")[0]["baseline"], "what is not kept waits for nobody"
    assert kept(site) == 0
    letter(3)
    assert kept(site) == 1


def test_a_quiet_day_goes_on_with_what_was_there_before(site, letter):
    first, _ = letter(3)
    again, said = letter(3, hour=20)
    assert again == first
    assert "this is that letter again" in said
    later = [letter(day)[0] for day in (4, 5)]
    shown = [sorted(row["url"] for row in one["baseline"]) for one in (first, *later)]
    assert [len(urls) for urls in shown] == [3, 3, 1]
    assert len({url for urls in shown for url in urls}) == 7
    assert kept(site) == 3


def test_a_day_on_which_nothing_was_visited_says_so_and_what_is_watched(site, letter, monkeypatch):
    letter(3)
    monkeypatch.setenv("EXOWATCH_NOW", "2026-11-04T08:00:00Z")
    said = " ".join(CliRunner().invoke(command, ["digest"], catch_exceptions=False).stdout.split())
    assert "No page was visited: nothing can be said of the 1 source watched." in said
    assert "ALREADY THERE WHEN WE BEGAN" in said
    assert "not visited; last fit visit 2026-11-01" in said


def test_a_quiet_day_tells_a_deadline_that_came_near(site, letter):
    step = Step(deadline=date(2026, 11, 9))
    handling.open_case(site.desk.store, (1,), None, step, "Ann Byrne", DAY)
    words = {day: [row["words"] for row in letter(day)[0]["cases"]] for day in (3, 4, 9, 10)}
    assert words == {
        3: [],
        4: ["an answer is due 2026-11-09: in 5 days"],
        9: ["an answer is due 2026-11-09: today"],
        10: ["an answer is due 2026-11-09: overdue"],
    }
