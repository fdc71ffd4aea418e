"""Crawls start real processes and listen on loopback: slow, and with sockets on."""

import pytest

from tests.e2e.watch import Watch


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/crawl" in item.path.as_posix():
            item.add_marker(pytest.mark.slow)


@pytest.fixture(autouse=True)
def _commands_inside(monkeypatch):
    """Crawls are children of the process of the tests."""
    monkeypatch.setattr(Watch, "inside", True)
