"""`knowledge check FILE`: a proposal is tried with the whole set, and it is said how to accept it."""

import pytest
import yaml
from click.testing import CliRunner

from exowatch.cli import command
from exowatch.errors import KnowledgeError

RULE = {
    "id": "glow-vest",
    "role": "condition",
    "tier": "cosmetic",
    "name": "vest glow",
    "reason": "a test",
    "source": "flag 18",
    "reviewer": "Ann Byrne",
    "date": "2026-11-01",
    "terms": {"en": ["vest glow"]},
    "examples": {"match": ["For a vest glow."], "not": ["A glow of skin."]},
}


@pytest.fixture
def check(tmp_path, monkeypatch):
    """Writes these rules as a proposal and has it checked; exit code, and what was said."""
    monkeypatch.chdir(tmp_path)

    def asked(*rows, name="proposed.yml"):
        (tmp_path / name).write_text(yaml.safe_dump(list(rows), sort_keys=False))
        done = CliRunner().invoke(command, ["knowledge", "check", name], catch_exceptions=False, standalone_mode=False)
        return done.return_value, done.output

    return asked


@pytest.fixture
def rules(tmp_path):
    (tmp_path / "exowatch.toml").write_text('[knowledge]\ndir = "rules"\n')
    (tmp_path / "rules").mkdir()
    return tmp_path / "rules"


def test_a_proposal_that_holds_says_how_to_accept_it_where_no_folder_is_named(check):
    code, told = check(RULE)
    assert code == 0
    assert "proposed.yml: 1 rule, every example holds, and the whole set loads with it" in told
    assert '[knowledge] dir = "rules"' in told
    assert "knowledge diff --flags" in told


def test_where_a_folder_is_named_the_proposal_goes_there_and_does_until_then_nothing(check, rules):
    code, told = check(RULE)
    assert code == 0
    assert f"cp proposed.yml {rules}/" in told
    assert list(rules.iterdir()) == []


def test_each_example_that_fails_is_named_by_its_line(check, rules):
    bad = RULE | {"examples": {"match": ["For a glow.", "For a vest glow."], "not": ["No vest glow here."]}}
    code, told = check(bad)
    assert code == 2
    first, second, *rest = told.splitlines()
    assert first.startswith("proposed.yml:14: rule glow-vest: should match: For a glow.")
    assert second.startswith("proposed.yml:17: rule glow-vest: should not match: No vest glow here.")
    assert "2 examples FAIL" in rest[0]
    assert "not to be accepted" in rest[1]
    assert "cp " not in told


def test_a_mistake_of_form_is_told_of_the_file_itself(check):
    with pytest.raises(KnowledgeError, match=r"proposed\.yml:2.*rule glow-vest"):
        check(RULE | {"role": "wizard"})
    with pytest.raises(KnowledgeError, match="holds no rule"):
        check()
    with pytest.raises(KnowledgeError, match=r"end in \.yml"):
        check(RULE, name="proposed.txt")


def test_a_rule_that_stands_in_another_local_file_is_named(check, rules):
    (rules / "mine.yml").write_text(yaml.safe_dump([RULE, RULE | {"id": "other-vest"}]))
    code, told = check(RULE)
    assert code == 0
    assert "take rule glow-vest out of your mine.yml" in told


def test_what_lies_in_the_folder_already_is_tried_in_its_own_place(check, rules):
    code, told = check(RULE, name="rules/mine.yml")
    assert code == 0
    assert "is in use" in told


def test_a_proposal_that_puts_an_unknown_rule_out_of_use_is_refused(check):
    kept = ("role", "reason", "source", "reviewer", "date")
    gone = {name: RULE[name] for name in kept} | {"id": "none-such", "disable": True}
    with pytest.raises(KnowledgeError, match=r"proposed\.yml.*nothing to put out of use"):
        check(gone)
