"""What the database tells ``verify`` of the archive."""

import sqlite3

import pytest
from sqlalchemy import delete
from sqlalchemy.engine import make_url

from exowatch.store.read_archived import Rows
from exowatch.store.tables import outcomes
from tests.unit.intake.sites import make_site

HOME = "https://quay.example/"
SAYS = "Exosomes cure psoriasis."


@pytest.fixture
def site(database_url):
    made = make_site(database_url)
    made.visit({HOME: [SAYS], f"{HOME}b": [SAYS]})
    yield made
    made.desk.store.close()


def test_every_record_that_a_row_names_is_told_with_what_the_row_says(site):
    rows = Rows(site.desk.store)
    assert set(rows.files()) == {"a.warc.gz"}
    told = [row for row in rows.rows("a.warc.gz") if row.record_id]
    assert {(row.run_id, row.source_id, row.url, row.status) for row in told} == {
        ("run-1", "quay", HOME, 200),
        ("run-1", "quay", f"{HOME}b", 200),
    }
    assert rows.rows("b.warc.gz") == []


def test_pages_are_told_of_sources_that_were_seen_whole(site):
    site.show(site.begin(), HOME, [SAYS])  # a visit that goes on
    rows = Rows(site.desk.store)
    assert rows.pages("run-1") == {"quay": frozenset({HOME, f"{HOME}b"})}
    assert rows.pages("run-2") == {}
    assert rows.pages("run-3") is None


def test_an_outcome_that_was_deleted_is_missed(site):
    rows = Rows(site.desk.store)
    assert rows.torn() == []
    with site.desk.store.writing() as db:
        db.execute(delete(outcomes).where(outcomes.c.url == HOME))
    (told,) = rows.torn()
    assert "the outcome written with it is gone" in told


def test_a_capture_that_was_deleted_behind_the_back_of_the_keys_is_missed(site):
    url = make_url(str(site.desk.store.engine.url))
    if url.get_backend_name() != "sqlite":
        pytest.skip("PostgreSQL refuses it")
    with sqlite3.connect(url.database) as raw:  # foreign keys are off here, as in any other program
        raw.execute("DELETE FROM captures WHERE final_url = ?", (HOME,))
    raw.close()
    told = " ".join(Rows(site.desk.store).torn())
    assert all(f"a row of {what} names capture" in told for what in ("an outcome", "a page", "a reading"))
