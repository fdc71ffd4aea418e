"""An older database keeps its rows when it is brought up to date."""

import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import func, insert, inspect, select, text

import exowatch.store
from exowatch.errors import WrongStoreError
from exowatch.store.migrate import HEAD, existing_store, ready_store, revision_of, upgrade
from exowatch.store.read_rows import rows
from exowatch.store.session import Store
from exowatch.store.tables import assessments, claims, lineages, runs, sources, statements
from exowatch.store.views import VIEWS
from tests.postgres import fresh_database

AT = datetime(2026, 11, 24, tzinfo=UTC)
STAMP = {"knowledge": "k", "reader": "r"}
CLAIM = {"subject": "exosome", "source_material": "human", "material": "exosome", "route": "topical", "strength": 2}
ASSESSED = {"jurisdiction": "IE", "verdict": "unassessed", "flag": True, "reasons": [], "judging": "j"}

OLD_CLAIM = """INSERT INTO claims (id, lineage_id, key, quote, kinds, stance, subject, source_material, cells, material,
    route, conditions, conditions_full, agencies, strength, numbers, combination, evidence_offered, cues, rule_ids,
    knowledge, reader) VALUES (3, 7, 'a', 'Skin glows.', '', 'asserted', 'exosome', 'human', '', 'exosome', 'topical',
    '', '[]', '', 2, '', '', '', '[]', '', 'k', 'r')"""
WHEN = "'2026-11-24T00:00:00Z'"
#: As the first version wrote them: the columns of today are not those of then.
PLACED = (
    f"""INSERT INTO pages (id, source_id, url, first_seen, first_run_id, last_fit_at, fit_captures, gone_runs,
        suspect_runs, vanished) VALUES (1, 'quay', 'https://quay.example/', {WHEN}, 'run-1', {WHEN}, 1, 0, 0, FALSE)""",
    f"""INSERT INTO captures (id, source_id, run_id, url, final_url, redirect_chain, fetched_at, status,
        payload_digest, content_digest, size, warc_file, warc_offset, fitness) VALUES ('c', 'quay', 'run-1', 'u', 'u',
        '[]', {WHEN}, 200, 'p', 'd', 9, 'a.warc.gz', 0, 'ok')""",
    f"""INSERT INTO appearances (id, lineage_id, page_id, zone, claim_id, visible, speaker, locator, context,
        heading_path, first_seen, capture_id, live, misses) VALUES (1, 7, 1, 'body', 3, 'yes', 'trader', '{{}}',
        'Skin glows.', '[]', {WHEN}, 'c', TRUE, 0)""",
    f"""INSERT INTO appearances (id, lineage_id, page_id, zone, statement_id, visible, speaker, locator, context,
        heading_path, first_seen, capture_id, live, misses) VALUES (2, 7, 1, 'faq', 4, 'yes', 'trader', '{{}}',
        'Skin glows.', '[]', {WHEN}, 'c', TRUE, 0)""",
    f"""INSERT INTO flags (id, lineage_id, claim_id, claim_key, run_id, source_id, page_id, appearance_id, capture_id,
        context, heading_path, locator, change, verdict, severity, jurisdictions, reasons, raised_at, state)
        VALUES (1, 7, 3, 'a', 'run-1', 'quay', 1, 1, 'c', 'Skin glows.', '[]', '{{}}', 'baseline', 'unassessed',
        'medium', 'IE', '[]', {WHEN},
        'open')""",
)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_store(request, tmp_path):
    if request.param == "sqlite":
        made = Store(f"sqlite:///{tmp_path}/old.db")
        yield made
        made.close()
        return
    with fresh_database(request.getfixturevalue("postgres_server")) as url:
        made = Store(url)
        yield made
        made.close()


def first_version(store):
    settings = Config()
    settings.set_main_option("script_location", str(Path(exowatch.store.__file__).parent / "migrations"))
    with store.writing() as db:
        settings.attributes["connection"] = db
        command.upgrade(settings, "0001")


def fill(db):
    source = {"id": "quay", "name": "Quay", "kind": "clinic", "jurisdiction": "IE", "via": "site", "start_urls": []}
    db.execute(insert(sources).values(**source, max_pages=1))
    db.execute(insert(runs).values(id="run-1", kind="crawl", started_at=AT, fence=1, simulated=True))
    db.execute(
        insert(lineages).values(
            id=7, source_id="quay", subject="claim", state="live", current_key="a", first_seen=AT, first_run_id="run-1"
        )
    )
    words = {"lineage_id": 7, "key": "a", "quote": "Skin glows.", "stance": "asserted"}
    db.execute(text(OLD_CLAIM))
    db.execute(insert(statements).values(id=4, **words, **STAMP, status="approved", scope="all"))
    db.execute(insert(assessments).values(claim_id=3, **ASSESSED, valid_from=AT))
    for made in PLACED:
        db.execute(text(made))
    db.execute(text("CREATE VIEW v_claims AS SELECT id, quote FROM claims"))  # those of then stand in the way


def test_a_filled_database_shows_its_rows_in_every_view_after_the_upgrade(empty_store):
    first_version(empty_store)
    with empty_store.writing() as db:
        fill(db)
    upgrade(empty_store)
    with empty_store.reading() as db:
        counted = {name: db.execute(text(f"SELECT COUNT(*) FROM {name}")).scalar() for name in VIEWS}
        (claim,) = rows(db, "v_claims")
        (flag,) = rows(db, "v_flags")
    assert {name for name, count in counted.items() if not count} == {
        "v_changes", "v_coverage", "v_frames", "v_looks", "v_page_features", "v_readings", "v_reviews", "v_cases",
            "v_case_events",
        "v_studies",
    }  # fmt: skip
    told = (claim["quote"], claim["verdict"], claim["flag"], claim["live"], claim["last_seen"])
    assert told == ("Skin glows.", "unassessed", True, "yes", "2026-11-24T00:00:00Z")
    assert (flag["quote"], flag["change"], flag["live"]) == ("Skin glows.", "baseline", "yes")


def test_a_wording_may_have_two_judgements_and_the_old_ones_stay(empty_store):
    first_version(empty_store)
    with empty_store.writing() as db:
        fill(db)
    upgrade(empty_store)
    assert revision_of(empty_store) == HEAD
    with empty_store.writing() as db:
        joined = select(claims.c.quote).join(assessments, assessments.c.claim_id == claims.c.id)
        assert db.execute(joined).scalars().all() == ["Skin glows."]
        again = {"lineage_id": 7, "key": "a", "quote": "Skin glows.", "stance": "hedged"}
        db.execute(insert(claims).values(id=30, **again, **CLAIM, **STAMP, conditions_full=[], cues=[]))
        db.execute(insert(statements).values(id=40, **again, **STAMP, status="approved", scope="all"))
        assert db.execute(select(func.count()).select_from(statements)).scalar() == 2
    with empty_store.reading() as db:
        for table in ("claims", "statements"):
            names = {index["name"] for index in inspect(db).get_indexes(table)}
            assert names == {f"ix_{table}_key", f"ix_{table}_lineage_id"}
            assert len(inspect(db).get_foreign_keys(table)) == 1


def test_a_database_of_a_newer_program_is_left_alone(tmp_path, sqlite_template):
    shutil.copy(sqlite_template, tmp_path / "a.db")
    store = Store(f"sqlite:///{tmp_path / 'a.db'}")
    with store.writing() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for door in (lambda: upgrade(store), lambda: existing_store(store.url)):
        with pytest.raises(WrongStoreError, match="newer ExoWatch"):
            door()
    store.close()


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
@pytest.mark.parametrize("used", [False, True])
def test_a_file_of_another_program_is_left_as_it_is_to_the_byte(tmp_path, mode, used):
    file = tmp_path / "places.sqlite"
    theirs = sqlite3.connect(file)
    theirs.execute(f"PRAGMA journal_mode={mode}")
    theirs.executescript("CREATE TABLE alembic_version (version_num); CREATE TABLE moz_places (id)")
    theirs.execute("INSERT INTO alembic_version VALUES ('ae1027a6acf')")
    theirs.commit()
    if not used:
        theirs.close()
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir() if not path.name.endswith("-shm")}
    url = f"sqlite:///{file}"
    ready_store.cache_clear()
    for door in (ready_store, existing_store):
        with pytest.raises(WrongStoreError, match="another program's: it holds alembic_version, moz_places"):
            door(url)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if not path.name.endswith("-shm")} == before
    theirs.close()


def test_a_server_database_of_another_program_is_left_alone(postgres_server):
    with fresh_database(postgres_server) as url:
        store = Store(url)
        with store.writing() as db:
            db.execute(text("CREATE TABLE orders (id INTEGER)"))
        with pytest.raises(WrongStoreError, match="it holds orders and nothing of ExoWatch"):
            upgrade(store)
        with store.reading() as db:
            assert inspect(db).get_table_names() == ["orders"]
        store.close()
