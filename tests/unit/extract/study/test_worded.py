"""Results told in words: a measure with its movement, and denials of an effect that are no denials of harm."""

import json
from pathlib import Path

import pytest

from exowatch.extract.study.sign import sign_of
from exowatch.extract.study.worded import denied, moved
from exowatch.knowledge.studies import load_studies

RULES = load_studies()
CLAUSES = Path(__file__).parents[3] / "gold" / "clauses.jsonl"


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("Itch subsided within days.", "positive"),
        ("Hair density declined under treatment.", "negative"),
        ("Less pain was felt.", "positive"),
        ("Shed hairs decreased.", "positive"),
        ("Redness was reduced, and elasticity rose.", "positive"),
        ("Redness was reduced, and elasticity fell.", "split"),
        ("The score went from 12 to 5.", None),
        ("The elevation index was 1.3.", None),
        ("Severity went from 12 to 5.", "positive"),
        ("Elasticity went from 12 to 5.", "negative"),
        ("Patients came back monthly.", None),
    ],
)
def test_a_movement_is_good_or_bad_by_its_measure(text, way):
    assert moved(text, RULES) == way


@pytest.mark.parametrize(
    "text",
    [
        "No benefit of the serum was seen.",
        "The two halves improved to the same degree.",
        "Depth of lines stayed at baseline values.",
        "Only two of the women had any regrowth.",
        "An effect could not be confirmed.",
    ],
)
def test_an_effect_is_denied_in_many_ways(text):
    assert denied(text, RULES)


@pytest.mark.parametrize(
    "text",
    [
        "No adverse events occurred.",
        "No infection was seen, and closure was faster.",
        "The gel was not sterile, but pain improved.",
        "No firm conclusion on benefit is possible.",
        "Hair had not grown under minoxidil.",
    ],
)
def test_a_denial_of_harm_or_of_knowledge_is_no_denial_of_an_effect(text):
    assert not denied(text, RULES)


def test_clauses_written_for_it_are_read_mostly_rightly():
    told = [json.loads(line) for line in CLAUSES.read_text(encoding="utf-8").splitlines()]
    plain = [one for one in told if one["sign"] != "mixed"]  # one clause has one sign
    right = sum((sign_of(one["text"], RULES) or "none") == one["sign"] for one in plain)
    assert right / len(plain) > 0.8, "0.87 on 2026-11-27; with word lists alone it was 0.56"


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Pain fell in both (p<0.001), without a difference between groups (p=0.6).", "null"),
        ("Depth fell from 30 to 24 µm (p<0.01 each against baseline, p=0.65 between arms).", "null"),
        ("Improved in 19, unchanged in 4 and worse in 1.", "positive"),
        ("Improved in 4, unchanged in 19 and worse in 1.", "null"),
        ("The gain lasted no more than six weeks, and pain had fallen.", "positive"),
        ("The gel did not protect.", "null"),
        ("not after exosomes (4.1; −2.0 to 10.2).", "null"),
        ("Remission occurred in 5 versus 4 (P = 1.0).", "null"),
    ],
)
def test_a_clause_has_one_sign(text, sign):
    assert sign_of(text, RULES) == sign


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Relapse was told of 25 and 13 (odds ratio 2.36; 95% CI 1.10-5.06).", "negative"),
        ("Relapse was told of 13 and 25 (odds ratio 0.42; 95% CI 0.20-0.91).", "positive"),
        ("Closure was seen in 19 and nine (risk ratio 2.05; 95% CI 1.08 to 3.90).", "positive"),
        ("The gel shortened healing and lowered the need for grafts.", "positive"),
    ],
)
def test_a_ratio_is_good_or_bad_by_its_measure(text, sign):
    assert sign_of(text, RULES) == sign
