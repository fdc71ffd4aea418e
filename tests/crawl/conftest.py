"""Crawls start real processes and listen on loopback: slow, and with sockets on."""

import pytest


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/crawl" in item.path.as_posix():
            item.add_marker(pytest.mark.slow)
