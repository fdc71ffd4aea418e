"""A run that was killed is told as interrupted until another one settles it; a run that goes is not."""

import pytest
from click.testing import CliRunner

from exowatch.cli import command
from exowatch.config import Config, Database
from exowatch.store.lock import hold_lock
from tests.unit.intake.sites import make_site

HOME, GLOW = "https://quay.example/", "Your skin glows after one session with our exosome serum."


@pytest.fixture
def site(database_url, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "exowatch.toml").write_text(f'[database]\nurl = "{database_url}"\n')
    made = make_site(database_url)
    made.visit({HOME: [GLOW]})
    yield made
    made.desk.store.close()


def told(*words):
    done = CliRunner().invoke(command, words, catch_exceptions=False)
    return " ".join(done.output.split())


def test_a_killed_run_is_told_and_one_that_goes_is_not(site, database_url):
    assert "interrupted" not in told("digest") + told("doctor")
    site.begin()
    with hold_lock(Config(database=Database(url=database_url)), ["quay"]):
        assert "interrupted" not in told("digest") + told("doctor")
    for words in (("doctor",), ("digest",), ("digest", "--since", "2026-11-01")):
        said = told(*words)
        assert "the crawl that began 2026-11-02 06:00 UTC (1 source) was interrupted and never closed" in said
        assert "takes in what it archived" in said


def test_a_letter_after_it_was_settled_tells_it_no_more(site):
    from exowatch.intake import close_run

    run = site.begin()
    assert "interrupted" in told("digest")
    assert "nothing was settled since the last letter" in told("digest")
    close_run(site.desk, run, {"quay": "killed"})
    assert "interrupted" not in told("digest") + told("doctor")
