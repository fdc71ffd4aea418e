"""Whole runs start real processes and listen on loopback: slow, and with sockets on."""

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[3] / "shared"


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/e2e" in item.path.as_posix():
            item.add_marker(pytest.mark.slow)


@pytest.fixture
def shared():
    """The labelled material beside the project, where it is there."""
    if not SHARED.is_dir():
        pytest.skip("the material beside the project is not here")
    return SHARED
