import json

import pytest

from exowatch.errors import KnowledgeError
from exowatch.knowledge import cache
from exowatch.knowledge.cache import cached_rules, keep_rules
from exowatch.knowledge.load import load_knowledge
from exowatch.knowledge.weights import weights_from
from exowatch.knowledge.words import read_words, word_texts

HEAD = "language: de\nreviewer: us\ndate: 2026-11-25\n"


def test_every_shipped_word_file_names_rules_that_exist_and_a_language_that_is_its_name():
    known = {rule.id: rule for rule in load_knowledge().rules}
    for name, text in word_texts().items():
        language, terms = read_words(name, text, known)
        assert name == f"words/{language}.yml"
        assert all(terms.values()), name


def test_words_of_a_language_join_those_of_their_rule():
    cure = next(rule for rule in load_knowledge().rules if rule.id == "cure")
    assert {"beseitig*", "kurier*"} <= set(cure.terms["de"])  # of the rule's own file, and of words/de.yml


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"{HEAD}terms:\n  no-such-rule: [a]\n", "no-such-rule"),
        (f"{HEAD}terms: [a]\n", "not a word file"),
        (f"{HEAD}extra: 1\nterms: {{}}\n", "not a word file"),
        ("language: [", "not a word file"),
        (f"{HEAD}language: fr\nterms: {{}}\n", "stands twice"),
        (f"{HEAD}terms:\n  cure: [a]\n  cure: [b]\n", "stands twice"),
        (f"{HEAD}terms: {{}}\n".replace("de", "klingon"), "no language"),
    ],
)
def test_a_misshapen_word_file_is_refused_with_its_name(text, told):
    with pytest.raises(KnowledgeError, match=told) as caught:
        read_words("words/de.yml", text, {"cure": None})
    assert caught.value.file == "words/de.yml"
    assert caught.value.line is not None


def test_a_word_file_that_names_no_rule_is_refused_with_its_line():
    with pytest.raises(KnowledgeError) as caught:
        read_words("words/de.yml", f"{HEAD}terms:\n  no-such-rule: [a]\n", {})
    assert caught.value.line == 5


def test_rules_from_the_cache_are_the_rules_that_were_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    rules = list(load_knowledge().rules)
    keep_rules("a" * 64, rules)
    kept = cached_rules("a" * 64)
    assert kept is not None
    assert [(r.id, r.role, r.terms, r.match, r.not_, r.tier) for r in kept] == [
        (r.id, r.role, dict(r.terms), r.match, r.not_, r.tier) for r in rules
    ]
    keep_rules("b" * 64, rules[:1])
    assert len(list((tmp_path / "exowatch").iterdir())) == 1


@pytest.mark.parametrize("spoiled", ["", "[1]", '[{"id": 1}]', json.dumps([{"terms": 3}])])
def test_a_spoiled_cache_is_passed_over(tmp_path, monkeypatch, spoiled):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    place = cache._place("c" * 64)
    place.parent.mkdir()
    place.write_text(spoiled)
    assert cached_rules("c" * 64) is None


def test_a_place_that_cannot_be_written_costs_nothing_but_time(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    keep_rules("d" * 64, [])
    assert cached_rules("d" * 64) is None


@pytest.mark.parametrize("data", [b"", b"no numbers", b"PK\x03\x04"])
def test_weights_that_are_none_are_refused_with_a_remedy(data):
    with pytest.raises(KnowledgeError, match="no weights") as caught:
        weights_from(data, "weights.npz")
    assert "exowatch.training" in (caught.value.remedy or "")
