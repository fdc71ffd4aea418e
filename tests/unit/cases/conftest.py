"""Two clinics of two traders with flags, on both databases."""

import pytest

from exowatch.model.decisions import Decision
from exowatch.model.sources import Trader
from exowatch.store.migrate import ready_store
from exowatch.store.session import shared_store
from exowatch.store.write_reviews import write_decision
from tests.conftest import _refill
from tests.unit.intake.sites import DAY, make_site

HOME, HAIR = "https://quay.example/", "https://quay.example/hair"
STOPS = "Exosomes stop hair-loss in most of our patients."
CURES = "Exosomes always cure psoriasis."
MAY = "Exosomes may help with hair-loss in most of our patients."


@pytest.fixture
def sqlite_url(sqlite_database, sqlite_template):
    """For what comes after the store and is the same on every database."""
    _refill(sqlite_database, sqlite_template)
    url = f"sqlite:///{sqlite_database}"
    yield url
    shared_store(url).close()
    ready_store.cache_clear()


@pytest.fixture
def site(database_url):
    made = make_site(database_url, trader=Trader("Quay Ltd"))
    made.visit({HOME: [STOPS], HAIR: [CURES]})
    yield made
    made.desk.store.close()


@pytest.fixture
def store(site):
    return site.desk.store


def right(action="act", because=None, by="Ann Byrne"):
    return Decision("right", action, because, "as it says", by)


def wrong(because="not-a-claim", by="Ann Byrne"):
    return Decision("wrong", "no-action", because, "a heading", by)


def decide(store, made, *flag_ids, at=DAY):
    with store.writing() as db:
        return [write_decision(db, flag_id, made, at) for flag_id in flag_ids]
