"""Unit tests touch no network: sockets are off, but for the sockets that a local database server listens on."""

import pytest


@pytest.fixture(autouse=True)
def _no_network(socket_disabled):
    """pytest-socket refuses every new socket."""
