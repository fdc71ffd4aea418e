"""Letters that really travel: a mail server on loopback, and an installation that speaks to it."""

import pytest

from tests.mail import desks


@pytest.fixture
def office(database_url, tmp_path):
    """Makes an installation; its connections are given back at the end."""
    made = []

    def make(*given, **how):
        made.append(desks.office(database_url, tmp_path, *given, **how))
        return made[-1]

    yield make
    for one in made:
        one.desk.store.close()
