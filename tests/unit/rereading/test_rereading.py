"""Reading again: nothing where rules stood still; where they moved, each difference with its cause, and no news."""

import dataclasses

import pytest

from exowatch.intake import again
from exowatch.model.readings import Stamp
from exowatch.rereading import reread_pages
from tests.unit.importing.foreign_files import HOME, SAYS, Warc, page

APPROVED = "Our exosomes are FDA-approved."
FLAGS = "SELECT change, verdict, severity FROM flags ORDER BY id"
CHANGES = "SELECT kind, cause, subject FROM changes ORDER BY id"


@pytest.fixture
def here(imports):
    """An installation that holds two pages; no position of a regulator was known when they were judged."""
    path = imports.folder / "x.warc.gz"
    path.write_bytes(Warc().answer(HOME, page(SAYS, APPROVED)).answer(HOME + "b", page(APPROVED)).bytes())
    imports.told = imports.desk.knowledge
    rules = dataclasses.replace(imports.told, positions=(), judging_digest="before")
    imports.desk = dataclasses.replace(imports.desk, knowledge=rules)
    imports.take(path)
    imports.before = imports.sql(FLAGS)
    return imports


def with_positions(here):
    here.desk = dataclasses.replace(here.desk, knowledge=here.told)
    return reread_pages(here.desk)


def test_unchanged_rules_read_nothing_again(here):
    done = reread_pages(here.desk)
    assert (done.pages, done.differences) == (0, 0)
    assert here.sql(CHANGES) == []


def test_a_rule_that_only_judges_reassesses_what_it_concerns_and_makes_no_news(here):
    done = with_positions(here)
    assert (done.pages, done.differences) == (2, 1)  # one claim, which stands on both pages
    assert here.sql(CHANGES) == [("verdict", "rule", "claim")]
    assert here.sql(FLAGS)[len(here.before) :] == [("reassessed", "contradicted", "critical")]
    assert {change for change, *_ in here.before} == {"baseline"}
    ((why, before, after),) = here.sql("SELECT DISTINCT why, before, after FROM changes")
    assert "critical (unassessed) → critical (contradicted)" in why
    assert before == after == APPROVED


def test_reading_again_converges(here):
    with_positions(here)
    done = reread_pages(here.desk)
    assert (done.pages, done.differences) == (0, 0)


def test_past_judgements_are_kept_with_their_span(here):
    with_positions(here)
    mine = "FROM assessments a JOIN claims c ON c.id = a.claim_id WHERE c.quote LIKE '%FDA%'"
    assert here.sql(f"SELECT DISTINCT verdict, valid_to IS NULL {mine} ORDER BY 2") == [
        ("unassessed", 0),
        ("contradicted", 1),
    ]
    assert here.sql("SELECT DISTINCT judging FROM assessments WHERE valid_to IS NULL") == [
        (here.desk.knowledge.judging_digest,)
    ]


def test_a_rule_that_concerns_nothing_here_is_told_of_nothing(here):
    here.desk = dataclasses.replace(
        here.desk, knowledge=dataclasses.replace(here.desk.knowledge, judging_digest="other")
    )
    done = reread_pages(here.desk)
    assert (done.pages, done.differences) == (2, 0)
    assert here.sql(CHANGES) == []
    assert here.sql(FLAGS) == here.before
    assert reread_pages(here.desk).pages == 0


@pytest.mark.parametrize("cause", ["knowledge", "reader"])
def test_a_change_of_reading_that_moves_only_the_judgement_is_told_with_its_cause(here, monkeypatch, cause):
    real = again.read
    moves = {"knowledge": Stamp("k2", here.desk.stamp.reader), "reader": Stamp(here.desk.stamp.knowledge, "r2")}

    def other(attitude, stamp):
        def read(*args, **more):
            return dataclasses.replace(real(*args, **more), attitude=attitude, stamp=stamp)

        monkeypatch.setattr(again, "read", read)
        here.desk = dataclasses.replace(here.desk, stamp=stamp)
        return reread_pages(here.desk)

    first = other("criticises", moves[cause])
    count = first.differences
    assert count > 0
    assert here.sql(CHANGES) == [("verdict", cause, "claim")] * count
    assert here.sql(FLAGS) == here.before
    back = other("promotes", Stamp("k3", moves[cause].reader))
    assert back.differences == count
    new = here.sql(FLAGS)[len(here.before) :]
    assert {change for change, *_ in new} == {"reassessed"}
    assert len(new) == len(here.before)
