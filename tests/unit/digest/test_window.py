"""What a letter of the database tells: what moved after a decision, and what moved before it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from exowatch.digest.render import render
from exowatch.digest.sheet import lay_out
from exowatch.digest.write import write_digest
from exowatch.errors import SetupError
from exowatch.model.decisions import Decision
from exowatch.model.sources import Trader
from exowatch.store.tables import runs
from exowatch.store.write_reviews import write_decision
from tests.unit.intake.sites import DAY, make_site

HOME = "https://quay.example/"


@pytest.fixture
def site(database_url):
    made = make_site(database_url, trader=Trader("Quay Ltd"))
    made.desk = replace(made.desk, clock=lambda: DAY + timedelta(days=max(0, made.number - 1), hours=2))
    yield made
    made.desk.store.close()


@pytest.mark.parametrize(("days", "told"), [(0.5, ["weaker"]), (1.5, [])])
def test_only_what_moved_after_a_decision_is_told_with_it(site, days, told):
    site.visit({HOME: ["Exosomes always cure psoriasis."]})
    site.visit({HOME: ["Exosomes may cure psoriasis."]})
    flag = site.rows("flags", sort="id")[0]
    with site.desk.store.writing() as db:
        write_decision(
            db, flag["id"], Decision("right", "act", None, "as it says", "Ann Byrne"), DAY + timedelta(days=days)
        )
    letter = write_digest(site.desk, since=DAY.date().isoformat()).digest
    assert [row["kind"] for row in letter.decided] == told


def test_a_decision_that_no_longer_fits_the_words_is_to_be_made_again(site):
    site.visit({HOME: ["Our clinic opens at nine.", "Exosomes smooth wrinkles."]})
    site.visit({HOME: ["Exosomes smooth wrinkles.", "Exosomes always cure psoriasis."]})
    told = next(row for row in site.rows("flags") if row["change"] == "new")
    with site.desk.store.writing() as db:
        write_decision(db, told["id"], Decision("right", "act", None, "as it says", "Ann Byrne"), DAY)
    write_digest(site.desk)
    for words, needs in ((["Exosomes may cure psoriasis."], "1 whose words moved after a decision"), ([], "")):
        site.visit({HOME: ["Exosomes smooth wrinkles.", *words]})
        digest = write_digest(site.desk).digest
        assert (needs in lay_out(digest).needs) if needs else "after a decision" not in lay_out(digest).needs


def test_what_nobody_decided_on_is_told_in_every_letter_until_somebody_does_or_it_is_gone(site):
    before = ["Our clinic opens at nine.", "Exosomes smooth wrinkles."]
    cures = "Exosomes always cure psoriasis."
    for words in ([], [cures], [cures]):
        site.visit({HOME: [*before, *words]})
        digest = write_digest(site.desk).digest
    (flag,) = [row for row in site.rows("flags") if row["quote"] == cures]
    assert [row["id"] for row in digest.undecided] == [flag["id"]]
    sheet = lay_out(digest)
    assert "1 flag of earlier letters" in sheet.needs
    assert any(f"decided on: flag {flag['id']};" in aside for aside in sheet.asides)
    for form in ("text", "html", "md"):
        assert f"decided on: flag {flag['id']};" in " ".join(render(digest, form).decode().split())
    with site.desk.store.writing() as db:
        write_decision(db, flag["id"], Decision("right", "act", None, "as it says", "Ann Byrne"), DAY)
    site.visit({HOME: [*before, cures]})
    assert write_digest(site.desk).digest.undecided == ()


def test_beside_words_that_were_decided_on_and_replaced_stands_that_nobody_decided_on_the_others(site):
    site.visit({HOME: ["Exosomes always cure psoriasis."]})
    (flag,) = site.rows("flags")
    with site.desk.store.writing() as db:
        write_decision(db, flag["id"], Decision("right", "act", None, "as it says", "Ann Byrne"), DAY)
    site.visit({HOME: ["Exosomes may cure psoriasis."]})
    (section,) = lay_out(write_digest(site.desk).digest).sections
    (item,) = section.entries[0].items
    assert [piece.text for piece in item.context] == ["Exosomes always cure psoriasis."]
    assert item.review.startswith("a person decided on these words; the page says others now")


def test_words_that_were_replaced_before_the_letter_come_after_those_that_stand_there_and_say_so(site):
    before = ["Our clinic opens at nine.", "Exosomes smooth wrinkles."]
    for words in ([], ["Exosomes may cure psoriasis."], ["Exosomes always cure psoriasis."]):
        site.visit({HOME: [*before, *words]})
    digest = write_digest(site.desk).digest
    assert [(row["change"], row["live"]) for row in digest.flags] == [("stronger", "yes"), ("new", "no")]
    (entry,) = lay_out(digest).sections[0].entries
    assert ["no longer stand there" in item.place for item in entry.items] == [False, True]


def test_a_letter_that_tells_of_simulated_visits_says_so_under_a_real_clock(site):
    site.desk = replace(site.desk, simulated=False)
    site.visit({HOME: ["Exosomes always cure psoriasis."]})
    assert not write_digest(site.desk).digest.simulated
    with site.desk.store.writing() as db:
        db.execute(update(runs).values(simulated=True))
    later = replace(site.desk, clock=lambda: DAY + timedelta(days=2))
    quiet = write_digest(later)
    assert quiet.fresh
    assert quiet.digest.baseline, "what was there before is told again, with no visit since"
    assert quiet.digest.simulated


def test_a_letter_from_a_day_that_lies_ahead_is_refused(site):
    site.visit({HOME: ["Exosomes always cure psoriasis."]})
    assert write_digest(site.desk, since="2026-11-01").digest.baseline
    with pytest.raises(SetupError, match="2027-01-01 lies ahead"):
        write_digest(site.desk, since="2027-01-01")


def test_the_first_letter_says_that_it_is_the_first_and_not_that_nothing_is_new(site):
    site.visit({HOME: ["Exosomes always cure psoriasis."]})
    first = lay_out(write_digest(site.desk).digest)
    assert first.lead.startswith("First letter: what stands on the pages now is where we begin")
    site.visit({HOME: ["Exosomes always cure psoriasis."]})
    assert lay_out(write_digest(site.desk).digest).lead.startswith("No new claims; 1 source watched, 1 page visited")
