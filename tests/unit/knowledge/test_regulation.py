import json
from datetime import date
from pathlib import Path

import pytest

from exowatch.assess.law import desk_hooks
from exowatch.errors import KnowledgeError
from exowatch.knowledge.engaging import check_law_examples, engaged_by, facts_of_example
from exowatch.knowledge.law_forms import (
    VERDICTS,
    CheckedForm,
    ExampleForm,
    ExpectsForm,
    LawFile,
    LawForm,
    NoteForm,
    WhenForm,
)
from exowatch.knowledge.load import load_knowledge
from exowatch.knowledge.provision import is_official
from exowatch.knowledge.regulation import CHECKS, law_texts, read_law
from exowatch.model.law import LawExample

LAW = load_knowledge().law
#: Every jurisdiction that the rule base was asked for.
_ASKED = "US EU IE GB CA AU KR JP BR TR DE ES FR IT RS UA RU IN CN"

RULE = {
    "id": "xx-one",
    "statute": "An Act",
    "article": "section 1",
    "words": "promising certain success",
    "when": {"acts": ["guarantee"]},
    "competent_body": "Office",
    "checked": {"level": "reported"},
    "rows": ["XX-1"],
    "reason": "made up",
    "examples": {
        "match": [{"quote": "Sure.", "acts": ["guarantee"]}],
        "not": [{"quote": "Maybe.", "acts": ["safety"]}],
    },
}


def file_of(**changes):
    return json.dumps({"jurisdiction": "NZ", "name": "Made-up land", "rules": [RULE | changes]})


def law_with(**changes):
    return read_law(law_texts(), {"regulation-nz.yml": file_of(**changes)})


@pytest.mark.parametrize("place", _ASKED.split())
def test_every_jurisdiction_asked_for_has_provisions_and_says_where_its_law_is_published(place):
    assert LAW.rules_of(place)
    assert LAW.places[place].official_hosts


def test_every_example_of_every_provision_holds():
    assert check_law_examples(LAW) == []


@pytest.mark.parametrize("rule", LAW.rules, ids=lambda rule: rule.id)
def test_one_claim_of_each_provision_gives_its_hook_on_the_desk_and_nothing_in_a_letter(rule):
    on = rule.match[0].day or rule.valid_from or date(2026, 11, 22)
    found = engaged_by(facts_of_example(rule.match[0], rule), rule.jurisdiction, on, LAW)
    assert rule in [one.rule for one in found]
    rows = {row["rule"]: row for row in desk_hooks(found, date(2026, 11, 26))}
    assert (rule.id in rows) == (rule.verification.level != "unchecked")
    assert not any(row["print"] for row in rows.values())


def test_nothing_is_shipped_as_read():
    assert {rule.verification.level for rule in LAW.rules} == {"reported", "unchecked"}


def test_no_provision_passes_judgement():
    assert [rule.id for rule in LAW.rules if VERDICTS.search(f"{rule.hook} {rule.words}")] == []


def test_a_directive_knows_what_transposes_it():
    assert "ie-si541-reg11-guarantee" in LAW.by_id["eu-2001-83-art90-b"].transposed_by
    assert all(rule.binds == "state" for rule in LAW.rules if rule.directive)


def test_a_local_provision_is_added_and_replaces_the_shipped_one_of_its_id():
    assert "xx-one" in law_with().by_id
    assert law_with(id="us-fdca-505a-disease").by_id["us-fdca-505a-disease"].statute == "An Act"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"examples": {"match": RULE["examples"]["match"]}}, "key is missing"),
        ({"examples": {"match": RULE["examples"]["match"], "not": []}}, "at least 1"),
        ({"words": "an illegal claim"}, "passes judgement"),
        ({"checked": {"level": "text_read"}}, "reported"),
        ({"when": {"acts": ["approval"], "statuses": ["not_approved"]}}, "denies an approval"),
        ({"when": {"acts": ["approval"], "stances": ["negated"]}}, "denial meets no provision"),
        ({"when": {}}, "every claim meets"),
        ({"directive": True}, "binds states"),
        ({"requires": {"en": ["x"]}}, "belong together"),
        ({"valid_from": "2026-01-01", "valid_to": "2025-01-01"}, "ends before"),
        ({"transposes": ["nothing"]}, "not there"),
        ({"transposes": ["us-fdca-505a-disease"]}, "no directive"),
    ],
)
def test_a_provision_that_is_misshapen_is_refused(changes, told):
    with pytest.raises(KnowledgeError, match=told):
        law_with(**changes)


def test_a_check_without_its_capture_is_refused():
    check = {
        "rule": "xx-one",
        "level": "text_read",
        "state": "found",
        "checked_by": "machine",
        "checked_on": "2026-11-01",
    }
    with pytest.raises(KnowledgeError, match="capture"):
        read_law(law_texts(), {"regulation-nz.yml": file_of(), CHECKS: json.dumps({"checks": [check]})})


def test_what_was_checked_when_does_not_move_the_judging_digest(tmp_path):
    (tmp_path / "regulation-nz.yml").write_text(file_of())
    before = load_knowledge(tmp_path)
    load_knowledge.cache_clear()
    (tmp_path / CHECKS).write_text("checks: []\n")
    assert load_knowledge(tmp_path).judging_digest == before.judging_digest != load_knowledge().judging_digest
    assert load_knowledge(tmp_path).reading_digest == load_knowledge().reading_digest


DAY = date(2026, 11, 26)
DOCS = (Path(__file__).parents[3] / "docs/law.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("form", [LawFile, LawForm, WhenForm, CheckedForm, ExpectsForm, NoteForm, ExampleForm])
def test_every_key_of_a_provision_is_documented(form):
    assert [key for key in form.model_fields if f"`{key}`" not in DOCS] == []


@pytest.mark.parametrize("place", sorted(LAW.places))
def test_the_table_of_what_is_shipped_is_true(place):
    rules = LAW.rules_of(place)
    levels = [sum(rule.shipped == level for rule in rules) for level in ("reported", "unchecked")]
    pages = sum(rule.expects is not None for rule in rules)
    assert f"| {place} | {LAW.places[place].name} | {levels[0]} | {levels[1]} | {pages} |" in DOCS


@pytest.mark.parametrize("rule", [rule for rule in LAW.rules if rule.expects], ids=lambda rule: rule.id)
def test_the_page_of_a_provision_stands_on_an_official_host(rule):
    assert is_official(rule.expects.url, LAW.places[rule.jurisdiction].official_hosts)


def test_every_required_sentence_has_phrases_of_its_language():
    assert LAW.required
    assert all(rule.requires for rule in LAW.required)


def test_a_local_provision_whose_example_fails_stops_the_start(tmp_path):
    wrong = {"match": RULE["examples"]["not"], "not": RULE["examples"]["match"]}
    (tmp_path / "regulation-nz.yml").write_text(file_of(examples=wrong))
    with pytest.raises(KnowledgeError, match="should engage: Maybe"):
        load_knowledge(tmp_path)


def test_what_addresses_professionals_is_met_behind_their_gate_alone():
    law = law_with(audience="professional", examples=RULE["examples"])
    said = RULE["examples"]["match"][0]

    def met(**slots):
        return engaged_by(
            facts_of_example(LawExample(said["quote"], ("guarantee",), **slots), LAW.rules[0]), "NZ", DAY, law
        )

    assert met() == ()
    assert met(gate=True)
