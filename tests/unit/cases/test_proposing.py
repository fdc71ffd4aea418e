from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from sqlalchemy import update

from exowatch.cases.proposing import propose, refuse_to_break
from exowatch.errors import KnowledgeError, SetupError
from exowatch.extract.proof import load_proven
from exowatch.knowledge.load import load_knowledge
from exowatch.store.tables import claims
from tests.unit.cases.conftest import STOPS, decide, right, wrong

KNOWN = load_knowledge()


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


def fired(store, quote=STOPS, rules=("exosome", "hair-loss"), kinds=("efficacy",)):
    """What was read out of the sentence of flag 1."""
    cues = [{"rule_id": rule, "role": "x", "text": "y"} for rule in rules]
    with store.writing() as db:
        told = {"quote": quote, "rule_ids": tuple(rules), "cues": cues, "kinds": kinds}
        db.execute(update(claims).where(claims.c.id == 1).values(**told))


def rules_in(made):
    return {row["id"]: row for row in yaml.safe_load(made.text)}


@pytest.mark.parametrize(("because", "rule"), [("not-a-claim", "hair-loss"), ("not-exosome", "exosome")])
def test_the_sentence_becomes_a_counter_example_of_the_rules_that_fired(store, because, rule):
    fired(store)
    decide(store, wrong(because), 1)
    made = propose(store, KNOWN, 1)
    assert made.rules == (rule,)
    row = rules_in(made)[rule]
    old = next(one for one in KNOWN.rules if one.id == rule)
    assert row["examples"]["not"] == [*old.not_, STOPS]
    assert row["examples"]["match"] == list(old.match)
    assert {language: tuple(terms) for language, terms in row["terms"].items()} == dict(old.terms)
    assert (row["reviewer"], str(row["date"])) == ("Ann Byrne", "2026-11-01")
    assert row["source"].endswith("; flag 1")


def test_it_is_said_that_todays_rules_refuse_it_and_by_which_words(store, tmp_path):
    fired(store)
    decide(store, wrong(), 1)
    made = propose(store, KNOWN, 1)
    assert made.failing == (f"hair-loss: should not match: {STOPS}",)
    assert "# AS IT STANDS IT DOES NOT LOAD" in made.text
    assert "# hair-loss (condition) finds it by en: hair" in made.text
    (tmp_path / "proposed.yml").write_text(made.text)
    with pytest.raises(KnowledgeError, match="should not match"):
        load_proven(tmp_path)
    with pytest.raises(KnowledgeError, match="refuse the proposal"):
        refuse_to_break(made, tmp_path / "new.yml", tmp_path)
    refuse_to_break(made, tmp_path / "new.yml", tmp_path / "rules")


def test_once_the_terms_are_narrowed_it_loads_and_keeps_the_sentence_out(store, tmp_path):
    fired(store, "Our horizon is wide.", ("hair-loss",))
    decide(store, wrong(), 1)
    made = propose(store, KNOWN, 1)
    assert made.failing == ()
    (tmp_path / "proposed.yml").write_text(made.text)
    known = load_proven(tmp_path)
    assert "Our horizon is wide." in next(rule for rule in known.rules if rule.id == "hair-loss").not_


def test_a_rule_of_the_local_folder_is_to_be_replaced_there(store, tmp_path):
    fired(store)
    decide(store, wrong(), 1)
    own = "- {id: hair-loss, role: condition, name: hair-loss, tier: cosmetic, reason: r, source: s, reviewer: us,"
    own += " date: 2026-11-01, terms: {en: [hair-loss]}, examples: {match: [hair-loss], not: [skin]}}\n"
    (tmp_path / "ours.yml").write_text(own)
    made = propose(store, load_knowledge(tmp_path), 1)
    assert made.notes == ("rule hair-loss stands in your own ours.yml: replace it there (one id, one rule)",)
    assert rules_in(made)["hair-loss"]["terms"] == {"en": ["hair-loss"]}


def test_a_wrong_stance_names_the_rules_that_turned_it_or_says_what_to_add(store):
    fired(store, "Exosomes may not stop hair-loss.", ("hair-loss", "negation"))
    decide(store, wrong("wrong-stance"), 1)
    turning = [rule.id for rule in KNOWN.rules if rule.id == "negation"]
    made = propose(store, KNOWN, 1)
    assert list(made.rules) == (turning or ["hair-loss"])
    assert "add that word to a rule of the role negation" in made.text


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (None, "nobody has decided yet"),
        (right(), "read rightly"),
        (wrong("wrong-trader"), "wrong-trader"),
        (replace(wrong(), because=None), "no reason is given"),
    ],
)
def test_only_what_was_read_wrongly_is_proposed(store, made, said):
    if made:
        decide(store, wrong(), 1)
        decide(store, made, 1)
    with pytest.raises(SetupError, match=said):
        propose(store, KNOWN, 1)


def test_where_no_rule_fired_nothing_is_proposed(store):
    fired(store, rules=())
    decide(store, wrong(), 1)
    with pytest.raises(SetupError, match="no rule that a counter-example could narrow"):
        propose(store, KNOWN, 1)
    with pytest.raises(SetupError, match="no flag 99"):
        propose(store, KNOWN, 99)


def test_no_more_than_the_sentence_is_copied_and_no_address(store):
    long = "Write to ann.byrne@clinic.example or +353 1 555 0100: " + "hair-loss ends here. " * 40
    fired(store, long, ("hair-loss",), ("testimonial",))
    decide(store, wrong(), 1)
    made = propose(store, KNOWN, 1)
    (copied,) = [one for one in rules_in(made)["hair-loss"]["examples"]["not"] if "name@example.org" in one]
    assert len(copied) <= 300
    assert "byrne" not in made.text.replace("Ann Byrne", "")
    assert "555 0100" not in made.text
    assert any("patient" in note for note in made.notes)
    assert any("was cut" in note for note in made.notes)


@pytest.mark.parametrize(
    "quote", ["hair-loss\n- id: evil\n  role: subject", "hair-loss \x1b[2J \u202e: # [x] {y} 'q' \"z\""]
)
def test_hostile_sentences_stay_one_example(store, quote):
    fired(store, quote, ("hair-loss",))
    decide(store, wrong(), 1)
    made = propose(store, KNOWN, 1)
    assert list(rules_in(made)) == ["hair-loss"]
    assert "\x1b" not in made.text
    assert "\u202e" not in made.text


def test_rules_are_as_they_were(store):
    before = {path: path.read_bytes() for path in Path("exowatch/knowledge").glob("*.yml")}
    fired(store)
    decide(store, wrong(), 1)
    propose(store, KNOWN, 1)
    assert {path: path.read_bytes() for path in Path("exowatch/knowledge").glob("*.yml")} == before
