"""Two crawls that close in any order beside letters that are composed at any moment: each reader is told all, once."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from exowatch.digest.write import compose_letter, keep, write_digest
from exowatch.intake import close_run
from exowatch.model.changes import Subscription
from exowatch.store.covers import Covers
from exowatch.store.read_digest import letter_by_number
from exowatch.store.tables import changes, flags, outcomes
from tests.unit.intake.sites import DAY, Site, make_site, statement

HOME = "https://quay.example/"
EVERYTHING = Subscription(threshold="low")
#: A step of the first site, or of the second (begin, read, close, and so on); a letter to Ann, or to Bea.
STEPS = st.lists(st.sampled_from(["quay", "pier", "quay", "pier", "ann", "bea"]), min_size=12, max_size=26)


#: Each is weeks of visits and letters, which take as long as four of other tests.
FEW = settings.default.max_examples // 4


class Visits:
    """A site that is visited again and again, a step at a time; each visit finds something new, and a wall."""

    def __init__(self, site: Site) -> None:
        self.site, self.run, self.sentences, self.shown = site, None, ["Exosomes cure psoriasis."], False

    def step(self) -> None:
        if self.run is None:
            self.run, self.shown = self.site.begin(), False
        elif not self.shown:
            self.shown = True
            home, number = self.site.source.start_urls[0], self.site.number
            self.sentences.append(f"Exosomes always cure psoriasis in {number} weeks of {number} treatments.")
            self.sentences.append(statement(f"The FDA has not approved exosomes of kind {number}."))
            self.site.show(self.run, home, self.sentences)
            self.site.show(self.run, f"{home}wall/{number}", "challenge")
        else:
            close_run(self.site.desk, self.run, {self.site.source.id: "finished"})
            self.run = None

    def end(self) -> None:
        while self.run is not None:
            self.step()


class Reader:
    """Who is sent letter after letter, each from where the one before ended."""

    def __init__(self, desk) -> None:
        self.desk, self.told, self.last = desk, Counter(), None

    def letter(self) -> None:
        with self.desk.store.reading() as db:
            before = letter_by_number(db, self.last) if self.last else None
        made = compose_letter(self.desk, EVERYTHING, before.covers if before else Covers(), self.last)
        with self.desk.store.writing() as db:
            self.last = keep(db, made.digest, made.covers, EVERYTHING)
        told = [one for row in made.digest.flags for one in (row, *row.get("also", ()))]
        self.told += Counter(f"flag {row['id']}" for row in told)
        self.told += Counter(f"change {row['id']}" for row in made.digest.changes)
        self.told += Counter(f"wall {row['url']}" for row in made.digest.unfit)
        self.told += Counter(f"statement {row['quote']}" for row in made.digest.statements)


def another(site: Site, name: str) -> Site:
    source = replace(site.source, id=name, start_urls=(f"https://{name}.example/",))
    return Site(site.desk, source, number=100)


def all_there_is(site: Site) -> set[str]:
    """What is news by now: flags, changes that no flag tells, pages behind a wall, statements that were not there."""
    with site.desk.store.reading() as db:
        raised = db.execute(select(flags.c.id, flags.c.lineage_id).where(flags.c.change != "baseline")).all()
        moved = db.execute(select(changes)).all()
        walls = db.scalars(select(outcomes.c.url).where(outcomes.c.result == "UNFIT")).all()
    flagged = {row.lineage_id for row in raised}
    rest = [f"change {row.id}" for row in moved if not (row.kind == "new" and row.lineage_id in flagged)]
    said = [f"statement {row.after}" for row in moved if (row.subject, row.kind) == ("statement", "new")]
    return {*(f"flag {row.id}" for row in raised), *rest, *said, *(f"wall {url}" for url in walls)}


@settings(max_examples=FEW, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_what_settles_in_any_order_is_told_to_each_reader_once(fresh_site, steps):
    site = fresh_site()
    quay, pier = Visits(site), Visits(another(site, "pier"))
    ann, bea = Reader(site.desk), Reader(site.desk)
    acts = {"quay": quay.step, "pier": pier.step, "ann": ann.letter, "bea": bea.letter}
    for step in [*["quay"] * 3, *["pier"] * 3, *steps]:
        acts[step]()
    for visits in (pier, quay):
        visits.end()
    for reader in (ann, bea):
        reader.letter()
        assert reader.told == Counter(all_there_is(site))


@pytest.fixture
def fresh_site(sqlite_database, sqlite_template):
    from tests.conftest import _refill

    made = []

    def fresh():
        for one in made:
            one.desk.store.close()
        _refill(sqlite_database, sqlite_template)
        made[:] = [make_site(f"sqlite:///{sqlite_database}")]
        return made[0]

    yield fresh
    for one in made:
        one.desk.store.close()


@pytest.fixture
def site(database_url):
    made = make_site(database_url)
    made.visit({HOME: ["Exosomes cure psoriasis."]})
    yield made
    made.desk.store.close()


def test_what_settles_while_a_letter_is_composed_is_in_the_next_one_alone(site):
    told = Counter()

    def settling():
        """The clock is asked in the midst of composing."""
        if site.number < 3:
            always = [f"Exosomes always cure psoriasis for {n} years." for n in range(site.number)]
            site.visit({HOME: ["Exosomes cure psoriasis.", *always]})
        return DAY + timedelta(days=5)

    busy = replace(site.desk, clock=settling)
    for _ in range(4):
        written = write_digest(busy)
        told += Counter(row["id"] for row in written.digest.flags if written.fresh)
    assert told == Counter({2: 1, 3: 1})


def test_a_statement_of_a_first_visit_that_still_goes_is_not_told_as_new(database_url):
    site = make_site(database_url)
    visit, reader = Visits(site), Reader(site.desk)
    for act in (visit.step, visit.step, reader.letter, visit.step, reader.letter, *[visit.step] * 3, reader.letter):
        act()
    site.desk.store.close()
    assert [name for name in reader.told if name.startswith("statement")] == [
        "statement The FDA has not approved exosomes of kind 2."
    ]
