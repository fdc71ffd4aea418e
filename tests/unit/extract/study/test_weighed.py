"""What is weighed of a study: the rules' answer stands unless another is likelier, and short texts are theirs."""

import json
from pathlib import Path

import numpy as np
import pytest

from exowatch.errors import KnowledgeError
from exowatch.evaluate import evaluate
from exowatch.extract.study import study_from_text
from exowatch.extract.study.numbered import Candidate, candidates_of
from exowatch.extract.study.parts import parts_of
from exowatch.extract.study.weighed import answered, chances, people_weighed, weighable, words_of
from exowatch.knowledge.load import load_knowledge
from exowatch.knowledge.studies import load_studies
from exowatch.knowledge.study_weights import shipped_study_weights, study_weights_from
from exowatch.training_studies import HEADS, abstracts_of, asked, learn

RULES = load_studies()
GOLD = Path(__file__).parents[3] / "gold" / "studies.jsonl"
LONG = "Forty women with dull skin used a serum with vesicles from roses every evening for twelve weeks. " * 4


def some(count, tmp_path):
    lines = [line for line in GOLD.read_text(encoding="utf-8").splitlines() if json.loads(line)["language"] == "en"]
    file = tmp_path / "some.jsonl"
    file.write_text("\n".join(lines[:count]), encoding="utf-8")
    return abstracts_of([file], RULES)


def test_the_chances_of_each_question_sum_up_to_one():
    told = chances({"direction=null": 1.0}, LONG, shipped_study_weights())
    assert set(told) == set(HEADS)
    assert all(abs(sum(answers.values()) - 1) < 1e-4 for answers in told.values())


@pytest.mark.parametrize(
    ("chance", "answer"),
    [({"rct": 0.5, "cohort": 0.3}, "cohort"), ({"rct": 0.7, "cohort": 0.3}, "rct"), ({"rct": 0.9}, "rct")],
)
def test_another_design_must_be_twice_as_likely_as_that_of_the_rules(chance, answer):
    assert answered("design", {"design": chance}, "cohort") == answer


def test_where_the_rules_say_nothing_the_likeliest_answer_is_given():
    assert answered("design", {"design": {"rct": 0.3, "cohort": 0.4}}, None) == "cohort"


@pytest.mark.parametrize(
    ("text", "language", "long_enough"),
    [(LONG, "en", True), (LONG, "de", False), (LONG, None, False), ("Short.", "en", False)],
)
def test_only_whole_abstracts_in_english_are_weighed(text, language, long_enough):
    assert weighable(text, language) is long_enough


def test_words_and_pairs_are_counted():
    assert words_of("Pain fell, pain fell") == {" pain": 2, " fell": 2, " pain fell": 2, " fell pain": 1}


def test_no_study_is_called_randomised_that_does_not_say_so():
    text = (
        "Sixty adults with tired skin attended two clinics. At one of them thirty got the vesicle serum, at the other "
        "thirty got the plain serum, each twice daily for eight weeks. Elasticity by cutometer was the primary outcome "
        "and assessors were blinded. It rose by 9% with vesicles and by 3% without (p = 0.01). Placebo looked the same."
    )
    assert study_from_text(text, "Serum against plain serum", "en", RULES).design != "rct"


def test_the_same_abstracts_give_the_same_weights(tmp_path):
    abstracts = some(60, tmp_path)
    one, two = learn(abstracts), learn(abstracts)
    assert one.rows == two.rows
    assert np.array_equal(one.table, two.table)


def test_each_abstract_asked_is_read_by_what_the_others_taught(tmp_path):
    shares = asked(some(40, tmp_path), [])
    assert set(shares) == {*HEADS, "participants"}
    assert all(0 <= share <= 1 for pair in shares.values() for share in pair)


def test_weights_are_read_as_they_were_written(tmp_path):
    made = learn(some(40, tmp_path))
    kept = study_weights_from(made.as_bytes(), "made.npz")
    assert kept.rows == made.rows
    assert kept.heads == made.heads
    assert np.allclose(kept.table, made.table, atol=0.01)


@pytest.mark.parametrize("data", [b"", b"no weights", b"PK\x03\x04"])
def test_a_file_that_holds_no_weights_is_refused_by_name(data):
    with pytest.raises(KnowledgeError, match=r"broken\.npz"):
        study_weights_from(data, "broken.npz")


def test_of_several_numbers_the_one_whose_neighbours_speak_for_people_is_given():
    text = (
        "We screened 212 women and randomised 64 patients with crow's feet at three hospitals; 61 came to the last "
        "visit at week 24. Thirty-two were drawn to a vesicle cream and 32 to its base. Wrinkle depth "
        "fell by 18% with vesicles and by 5% with the base (p = 0.01). Four patients had redness. Elasticity stayed."
    )
    assert study_from_text(text, "A vesicle cream for crow's feet", "en", RULES).participants == 64


def test_no_number_is_given_where_none_is_likely():
    weights = shipped_study_weights()
    worst = sorted(weights.number_rows, key=lambda trait: float(weights.numbers[weights.number_rows[trait]]))[:5]
    assert people_weighed([Candidate(7, frozenset(worst))], weights) is None
    assert people_weighed([], shipped_study_weights()) is None


def test_a_number_of_people_is_told_from_shares_years_and_decimals():
    parts = parts_of("Trial", "In 2021 we enrolled 40 women; 35% smoked and the mean was 1.5.", RULES)
    found = {one.number: one.traits for one in candidates_of(parts, RULES, "rct", (), 40)}
    assert set(found) == {2021, 40}
    assert {"of people", "as rules"} <= found[40]
    assert "a year" in found[2021]


def test_a_route_that_the_text_names_is_never_replaced():
    text = (
        "Thirty adults with oily skin were randomised. Fifteen rubbed a cream with vesicles into the face each night "
        "and fifteen rubbed in its base. Nothing else was used at any visit during the twelve weeks, and the jars were "
        "weighed. Sebum fell by a third with vesicles and by a tenth with the base (p = 0.02)."
    )
    assert study_from_text(text, "A topical cream for oily skin", "en", RULES).route == "topical"


def test_studies_without_pages_are_evaluated(tmp_path):
    line = GOLD.read_text(encoding="utf-8").splitlines()[0]
    (tmp_path / "studies.jsonl").write_text(line + "\n", encoding="utf-8")
    report = evaluate(tmp_path, load_knowledge())
    assert set(report.scores) == {"studies"}
    assert report.scores["studies"]["design"].n == 1
