"""Unit tests touch no network: sockets are off, but for the sockets that a local database server listens on."""

import shutil
from datetime import UTC, datetime

import pytest

from exowatch.config import Config, Database
from exowatch.intake import open_desk
from exowatch.store import write_runs


@pytest.fixture(autouse=True)
def _no_network(socket_disabled):
    """pytest-socket refuses every new socket."""


@pytest.fixture(scope="session")
def place_of_desks(tmp_path_factory):
    """Where a worker's installations stand, one after the other: one address keeps its compiled statements."""
    return tmp_path_factory.mktemp("desks") / "here"


@pytest.fixture
def place(place_of_desks):
    """The same, with nothing there."""
    shutil.rmtree(place_of_desks, ignore_errors=True)
    return place_of_desks


@pytest.fixture(scope="session")
def known_template(tmp_path_factory, sqlite_template):
    """A migrated file that holds today's rules: to keep them anew costs more than what most tests bring in."""
    file = tmp_path_factory.mktemp("known") / "exowatch.db"
    shutil.copy(sqlite_template, file)
    at = datetime(2026, 11, 1, tzinfo=UTC)
    desk = open_desk(Config(database=Database(url=f"sqlite:///{file}")), lambda: at, False)
    known = desk.knowledge
    with desk.store.writing() as db:
        for kind, digest in (("reading", known.reading_digest), ("judging", known.judging_digest)):
            write_runs.keep_knowledge(db, digest, kind, known.source_texts, at)
    desk.store.close()
    return file
