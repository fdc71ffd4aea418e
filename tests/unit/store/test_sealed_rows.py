"""Rows have one digest on every database, and it moves with whatever must not."""

import pytest

from exowatch.store import sealed_rows
from exowatch.store.tables import metadata
from tests.unit.intake.sites import make_site


@pytest.fixture
def site(database_url):
    made = make_site(database_url)
    made.visit({"https://quay.example/": ["Exosomes always cure psoriasis ₂ 「皮膚」.", "Exosomes may help wrinkles."]})
    yield made
    made.desk.store.close()


def test_a_row_has_the_same_digest_on_every_database(site):
    with site.desk.store.reading() as db:
        found = {table: sealed_rows.fresh_rows(db, table, 0, ())[0] for table in ("claims", "flags", "assessments")}
    told = {table: [digest[:8] for _, digest in sorted(rows.items())] for table, rows in found.items()}
    assert told == EXPECTED


#: If this moves, manifests that were sealed before can no longer be held against the rows: sealed columns are for good.
EXPECTED = {
    "claims": ["b9e1571d", "727fa577"],
    "flags": ["7004824b", "ce1f99a8"],
    "assessments": ["2a09376e", "ee93fe3c"],
}


def test_rows_are_listed_once_and_what_comes_late_is_found(site):
    with site.desk.store.reading() as db:
        found, until, gaps = sealed_rows.fresh_rows(db, "claims", 0, ())
        assert (sorted(found), until, gaps) == ([1, 2], 2, ())
        assert sealed_rows.fresh_rows(db, "claims", until, gaps) == ({}, 2, ())
        assert sealed_rows.fresh_rows(db, "claims", 2, (1,))[0].keys() == {1}
        done, until, going = sealed_rows.fresh_runs(db, 0, ())
        assert (done, going) == (["run-1"], ())
        assert sealed_rows.fresh_runs(db, until, going) == ([], until, ())
    site.begin()
    with site.desk.store.reading() as db:
        done, later, going = sealed_rows.fresh_runs(db, until, ())
        assert (done, going) == ([], (later,))


def test_a_column_that_there_is_none_of_is_told(site):
    with site.desk.store.reading() as db, pytest.raises(LookupError):
        sealed_rows.digests_of(db, "claims", ("id", "colour"), [1])
    asked = sealed_rows.SealedStore(site.desk.store)
    with pytest.raises(LookupError):
        asked.digests("nothing", ("id",), [1])
    assert asked.numbers_until("nothing", 5) == ()


def test_every_sealed_column_is_one_of_its_table():
    for table, columns in {**sealed_rows.SEALED, "outcomes": sealed_rows.OUTCOMES}.items():
        assert set(columns) <= set(metadata.tables[table].c.keys())
        assert "lineage_id" not in columns, "which lineage a wording belongs to may move"
