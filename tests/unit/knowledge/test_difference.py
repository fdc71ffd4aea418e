from dataclasses import replace

from exowatch.knowledge.difference import Difference, differing_files, differing_rules
from exowatch.knowledge.load import load_knowledge, rules_of
from exowatch.knowledge.schema import Rule

GLEAM = Rule("gleam", "effect", {"en": ("gleam*", "shine")}, kind="efficacy", match=("It gleams.",), not_=("No.",))


def test_the_same_rules_do_not_differ():
    assert differing_rules({"gleam": GLEAM}, {"gleam": replace(GLEAM)}) == []


def test_rules_that_came_and_went_are_named():
    told = differing_rules({"a": GLEAM}, {"b": GLEAM})
    assert told == [Difference("a", "removed", "role effect"), Difference("b", "added", "role effect")]


def test_a_rule_that_changed_is_told_part_by_part_and_word_by_word():
    other = replace(GLEAM, kind="safety", terms={"en": ("shine", "glow"), "de": ("glanz",)}, match=("It glows.",))
    (told,) = differing_rules({"gleam": GLEAM}, {"gleam": other})
    assert told.what == "kind efficacy → safety; examples; de: +glanz; en: +glow, -gleam*"


def test_files_without_rules_are_told_by_name():
    old, new = {"fitness.yml": "a", "same.yml": "b", "effects.yml": "c"}, {"fitness.yml": "x", "same.yml": "b"}
    assert differing_files(old, new, ("effects.yml",)) == [Difference("fitness.yml", "changed")]


def test_the_rules_of_a_kept_set_are_the_rules_of_then(tmp_path):
    why = "reason: not ours, source: us, reviewer: us, date: 2026-11-24"
    (tmp_path / "ours.yml").write_text(f"- {{id: hedge, role: hedge, {why}, disable: true}}\n")
    known = load_knowledge(tmp_path)
    assert differing_rules(rules_of(known.source_texts), {rule.id: rule for rule in known.rules}) == []
