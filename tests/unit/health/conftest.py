"""A watched site on both databases, whose clock goes with its visits."""

from dataclasses import replace
from datetime import timedelta

import pytest

from exowatch.model.sources import Trader
from tests.unit.intake.sites import DAY, make_site


@pytest.fixture
def site(database_url):
    made = make_site(database_url, trader=Trader("Quay Ltd"))
    made.desk = replace(made.desk, clock=lambda: DAY + timedelta(days=max(0, made.number - 1), hours=1))
    yield made
    made.desk.store.close()
