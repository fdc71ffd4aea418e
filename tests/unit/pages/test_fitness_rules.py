"""The shipped rules prove themselves; a wrong rule file is refused with file, line and rule."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from exowatch.errors import KnowledgeError
from exowatch.knowledge.fitness import (
    FITNESS_FILE,
    FitnessRules,
    Signals,
    cues_of,
    first_match,
    load_fitness,
    notice_places,
)

GOOD = FITNESS_FILE.read_text(encoding="utf-8")
RULE = """\
rules:
  - id: waiting-room
    code: shell
    phrases: ["please hold"]
    max_chars: 50
    reason: Some sites put a waiting room before the page.
    source: house
    reviewer: house
    date: 2026-11-24
    examples:
      match: [{title: "Please hold"}]
      not: [{title: "Alder"}]
cues: []
notices: []
"""


def test_a_rule_of_ones_own_loads_and_holds(tmp_path: Path) -> None:
    rules = load_fitness(_written(tmp_path, RULE))
    found = first_match(rules.rules, Signals(title="please hold the line"))
    assert found
    assert (found[0].id, found[1]) == ("waiting-room", "please hold")
    assert first_match(rules.rules, Signals(title="please holdings")) is None
    assert first_match(rules.rules, Signals(title="please hold", chars=51)) is None


@pytest.mark.parametrize(
    ("old", "new", "key", "line"),
    [
        ("Please hold", "Please wait", "waiting-room", 2),
        ('not: [{title: "Alder"}]', 'not: [{title: "please hold"}]', "waiting-room", 2),
        ('not: [{title: "Alder"}]', "not: []", "waiting-room: rules.0.examples.not", 2),
        ("code: shell", "code: broken", "waiting-room: rules.0.code", 2),
        ("reviewer: house", "reviewr: house", "waiting-room: rules.0.reviewer", 2),
        ("cues: []", "cues: [", None, 15),
        ("notices: []", "", "notices", None),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(
    tmp_path: Path, old: str, new: str, key: str | None, line: int | None
) -> None:
    path = _written(tmp_path, RULE.replace(old, new, 1))
    with pytest.raises(KnowledgeError) as told:
        load_fitness(path)
    assert told.value.file == str(path)
    assert told.value.key == key
    assert told.value.line == line


def test_an_id_used_twice_is_refused(tmp_path: Path) -> None:
    head, tail = RULE.split("cues: []")
    with pytest.raises(KnowledgeError, match="twice"):
        load_fitness(_written(tmp_path, head + head.removeprefix("rules:\n") + "cues: []" + tail))


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="cannot be read"):
        load_fitness(tmp_path / "none.yml")


def test_the_shipped_rules_load_and_travel_to_another_process(rules: FitnessRules) -> None:
    again = pickle.loads(pickle.dumps(rules))
    assert again.rules == rules.rules
    assert again.cues == rules.cues
    assert {rule.code for rule in rules.rules} >= {"challenge", "soft-404", "shell", "cookie-wall", "login-wall"}


def test_cues_are_whole_words_or_pieces_and_can_be_taken_back(rules: FitnessRules) -> None:
    assert cues_of("Site-Footer", rules) == {"footer"}
    assert cues_of("footnote", rules) == frozenset()
    assert "hidden" in cues_of("hidden", rules)
    assert "hidden" not in cues_of("hidden md:block", rules)


def test_notice_places_tell_likely_from_sure(rules: FitnessRules) -> None:
    likely, surely = notice_places(["We use cookies.", "Our cookies are baked", "Serum"], rules)
    assert (likely, surely) == ({0, 1}, {0})


def _written(folder: Path, text: str) -> Path:
    path = folder / "fitness.yml"
    path.write_text(text, encoding="utf-8")
    return path
