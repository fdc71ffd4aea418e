"""Fixtures of all tests: both databases under one name, and a home of its own for caches."""

from __future__ import annotations

import os

import pytest

from tests.postgres import fresh_database, server

for _name in [name for name in os.environ if name.startswith("EXOWATCH_") and not name.startswith("EXOWATCH_TEST_")]:
    del os.environ[_name]  # a developer's own settings must not reach the tests


@pytest.fixture(scope="session")
def postgres_server():
    """One PostgreSQL server a worker that needs it."""
    with server() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.xdist_group("postgresql"))])
def database_url(request, tmp_path):
    """An empty database of each kind: whatever uses this runs on both."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'exowatch.db'}"
    else:
        with fresh_database(request.getfixturevalue("postgres_server")) as url:
            yield url
