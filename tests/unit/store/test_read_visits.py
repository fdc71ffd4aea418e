from datetime import timedelta

import pytest

from exowatch.intake import close_run
from exowatch.model.sources import Source
from exowatch.sections import Schedule
from exowatch.store.read_visits import recent_visits
from exowatch.visiting import Visits, pause_of
from tests.unit.intake.sites import DAY, make_site

HOME, OTHER = "https://quay.example/", "https://quay.example/more"
HAIR = "Exosomes stop hair-loss in most of our patients."
SKIN = "Exosomes cure wounds within a week."


@pytest.fixture
def site(database_url):
    made = make_site(database_url)
    yield made
    made.desk.store.close()


def visits(site):
    with site.desk.store.reading() as db:
        return recent_visits(db).get("quay", Visits())


def test_visits_after_the_baseline_say_whether_claims_moved(site):
    assert visits(site) == Visits()
    site.visit({HOME: [HAIR]})
    assert visits(site) == Visits(DAY, (), True)
    site.visit({HOME: [HAIR, SKIN]})
    site.visit({HOME: [HAIR, SKIN]})
    assert visits(site) == Visits(DAY + timedelta(days=2), (True, False), True)


def test_an_absence_that_waits_to_be_proven_is_not_settled(site):
    for sentences in ([HAIR, SKIN], [HAIR, SKIN], [HAIR]):
        site.visit({HOME: sentences})
    assert not visits(site).settled
    site.visit({HOME: [HAIR]})
    assert visits(site).settled
    assert visits(site).moved[-1], "it is gone"


def test_a_visit_that_was_not_whole_is_neither_quiet_nor_settled(site):
    site.visit({HOME: [HAIR]})
    site.visit({HOME: [HAIR]})
    site.visit({HOME: [HAIR]}, finish="stopped")
    assert visits(site).moved == (False,)
    assert not visits(site).settled


def test_a_visit_that_was_killed_counts_for_nothing(site):
    site.visit({HOME: [HAIR]})
    run = site.begin()
    site.show(run, HOME, [HAIR])
    close_run(site.desk, run, {"quay": "killed"})
    assert visits(site) == Visits(DAY, (), True)


def test_only_the_newest_visits_are_looked_at_and_they_are_enough(site):
    site.visit({HOME: [HAIR]})
    for _ in range(45):
        site.visit({HOME: [HAIR]})
    seen = visits(site)
    assert len(seen.moved) <= 40
    source = Source("quay", "Quay", "clinic", "IE", (HOME,))
    assert pause_of(source, seen, Schedule()) == timedelta(days=7)
