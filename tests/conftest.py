"""Fixtures of all tests: both databases under one name, each test on a fresh copy of a migrated one."""

from __future__ import annotations

import os
import shutil

import pytest

from exowatch.store.migrate import ready_store, upgrade
from exowatch.store.session import Store, shared_store
from tests.postgres import fresh_database, server

for _name in [name for name in os.environ if name.startswith("EXOWATCH_") and not name.startswith("EXOWATCH_TEST_")]:
    del os.environ[_name]  # a developer's own settings must not reach the tests


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
def sqlite_template(tmp_path_factory):
    """A migrated file to copy."""
    file = tmp_path_factory.mktemp("template") / "exowatch.db"
    _migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.xdist_group("postgresql"))])
def database_url(request, tmp_path):
    """A database of each kind with its tables and no rows: whatever uses this runs on both."""
    if request.param == "sqlite":
        file = tmp_path / "exowatch.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
    else:
        template = request.getfixturevalue("postgres_template")
        with fresh_database(request.getfixturevalue("postgres_server"), template=template) as url:
            yield url
            shared_store(url).close()
    ready_store.cache_clear()
    shared_store.cache_clear()


def _migrate(url: str) -> None:
    store = Store(url)
    upgrade(store)
    store.close()
