"""Fixtures of all tests: both databases under one name, each test on a fresh copy of a migrated one."""

from __future__ import annotations

import gc
import os
import sqlite3
from contextlib import closing

import pytest
from hypothesis import settings

from exowatch.store.migrate import ready_store, upgrade
from exowatch.store.session import Store, shared_store
from exowatch.store.tables import metadata
from tests.postgres import emptied, fresh_database, server

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command line does, here before numpy comes
for _name in [name for name in os.environ if name.startswith("EXOWATCH_") and not name.startswith("EXOWATCH_TEST_")]:
    del os.environ[_name]  # a developer's own settings must not reach the tests


#: What holds for any text is tried with few texts in `make test` and with many in `make test-all`, which names the
#: profile ``thorough``. For tests of which one example takes a tenth of a second; the others say how many they try.
settings.register_profile("few", max_examples=20, deadline=None)
settings.register_profile("thorough", max_examples=100, deadline=None)
settings.load_profile("few")

#: Files whose tests look at one run: each is sent to one worker, so that the run is made once.
ONE_RUN = (
    "tests/crawl/test_second_look.py",
    "tests/e2e/test_demo.py",
    "tests/e2e/test_seeds.py",
    "tests/e2e/test_odd_site.py",
    "tests/crawl/test_browser.py",
    "tests/crawl/test_capture.py",
    "tests/unit/test_training.py",
)


#: Fast tests are dealt by the file: to deal each by itself took longer than many of them take.
FAST = ("tests/unit/", "tests/recorded/")
#: Tests that need the words of every language in turn, made ready once.
ONE_ROOM = "tests/unit/extract/"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """How tests are dealt to workers (pytest-xdist 3.8 no longer heeds its own group marks under pytest 9.2)."""
    from xdist.scheduler import LoadScopeScheduling

    class OneRunTogether(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            file = nodeid.partition("::")[0]
            if file.startswith(ONE_ROOM):
                return ONE_ROOM
            return file if file in ONE_RUN or file.startswith(FAST) else nodeid

    return OneRunTogether(config, log)


def pytest_collection_modifyitems(items):
    for item in items:
        param = getattr(item, "callspec", None)
        if "postgres_server" in item.fixturenames or (param and "postgresql" in param.params.values()):
            item.add_marker(pytest.mark.slow)


def pytest_collection_finish():
    """Modules and tests live as long as the run: the collector need not walk them again and again (a tenth of it)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def compiled_rules(tmp_path_factory):
    """One cache of compiled rules for all tests and the processes they start: compiling takes a second each time."""
    home = tmp_path_factory.getbasetemp()
    home = home.parent if "PYTEST_XDIST_WORKER" in os.environ else home
    os.environ["XDG_CACHE_HOME"] = str(home / "cache")


@pytest.fixture(scope="session")
def postgres_server():
    """One PostgreSQL server a worker that needs it."""
    with server() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_server):
    """The name of a migrated database to copy: migrating anew for every test took four times as long."""
    with fresh_database(postgres_server) as url:
        _migrate(url)
        yield url


@pytest.fixture(scope="session")
def postgres_database(postgres_server, postgres_template):
    """A database a worker, emptied after each test: copying the template for each took three times as long."""
    with fresh_database(postgres_server, template=postgres_template) as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    """A migrated file to copy."""
    file = tmp_path_factory.mktemp("template") / "exowatch.db"
    _migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def sqlite_database(tmp_path_factory, sqlite_template):
    """A place for a file a worker, made as the template is for each test: one address keeps its statements."""
    return tmp_path_factory.mktemp("database") / "exowatch.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request):
    """A database of each kind with its tables and no rows: whatever uses this runs on both.

    Its address is the same for all tests of a worker, so that SQLAlchemy compiles each statement once.
    """
    if request.param == "sqlite":
        file = request.getfixturevalue("sqlite_database")
        _refill(file, request.getfixturevalue("sqlite_template"))
        url = f"sqlite:///{file}"
        yield url
        shared_store(url).close()
    else:
        url = request.getfixturevalue("postgres_database")
        yield url
        shared_store(url).close()
        emptied(url, [table.name for table in metadata.sorted_tables])
    ready_store.cache_clear()


def _refill(file, template):
    """The template's pages into the file, as SQLite writes them: whoever still has it open can do it no harm."""
    with closing(sqlite3.connect(template)) as full, closing(sqlite3.connect(file)) as db:
        full.backup(db)


def _migrate(url: str) -> None:
    store = Store(url)
    upgrade(store)
    store.close()
