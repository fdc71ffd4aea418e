"""A claim may say more than was measured: a longer time, a larger figure, or against what was not tried."""

from dataclasses import replace

import pytest

from exowatch.assess import evidence_of, index_keys
from exowatch.assess.bearing import bearing_of, limits_of
from exowatch.assess.figures import days_in, largest_percentage, staying_in
from exowatch.assess.slots import slots_of
from exowatch.assess.together import weigh_together
from exowatch.errors import KnowledgeError
from exowatch.knowledge.load import HERE, load_knowledge
from exowatch.knowledge.support import read_support
from exowatch.model.findings import Result, Study
from exowatch.model.readings import Search

KNOWLEDGE = load_knowledge()
TRIAL = Study(
    key="doi:10.5555/trial",
    title="Adipose exosomes by needling for wrinkles",
    design="rct",
    subjects="human",
    participants=120,
    material="exosome",
    source="human",
    cells=("adipose stem cells",),
    route="topical_after_procedure",
    conditions=("wrinkles",),
    direction="positive",
    follow_up="six months",
    comparator="saline",
    results=(Result("Depth fell by 19% (95% CI 12 to 26)."),),
)


def bears(text, **changes):
    return bearing_of(slots_of(text, (), KNOWLEDGE), evidence_of(replace(TRIAL, **changes)), KNOWLEDGE)


@pytest.mark.parametrize(
    ("text", "changes", "verdict", "told"),
    [
        ("Needled adipose exosomes reduce wrinkles, lasting six months.", {}, "supported", ""),
        ("Needled adipose exosomes reduce wrinkles, lasting two years.", {}, "partly", "followed for six months only"),
        (
            "Needled adipose exosomes give a lasting reduction of wrinkles.",
            {"follow_up": "8 weeks"},
            "partly",
            "8 weeks",
        ),
        ("Needled adipose exosomes give a lasting reduction of wrinkles.", {"follow_up": None}, "partly", "not known"),
        ("Needled adipose exosomes reduce wrinkles in two weeks.", {"follow_up": "8 weeks"}, "supported", ""),
        ("Needled adipose exosomes reduce wrinkles by 19%.", {}, "supported", ""),
        (
            "Needled adipose exosomes reduce wrinkles by 19%.",
            {"relations": ("concern",)},
            "partly",
            "journal doubts it",
        ),
        ("Needled adipose exosomes reduce wrinkles by 60%.", {}, "partly", "largest figure told of the study is 19 %"),
        ("Needled adipose exosomes reduce wrinkles by 60%.", {"results": ()}, "supported", ""),
        ("Needled adipose exosomes reduce wrinkles better than retinol.", {}, "partly", "not against retinoid"),
        (
            "Needled adipose exosomes reduce wrinkles better than retinol.",
            {"comparator": "tretinoin cream"},
            "supported",
            "",
        ),
    ],
)
def test_nothing_beyond_what_was_measured_is_supported(text, changes, verdict, told):
    found = bears(text, **changes)
    assert (found.verdict, found.mismatches) == (verdict, ())
    assert told in found.words


@pytest.mark.parametrize(
    ("text", "days"),
    [("six months", 182.4), ("24 weeks", 168.0), ("a year", 365.0), ("a while", None), ("1.5 years", 547.5)],
)
def test_times_are_read_in_words_and_figures(text, days):
    assert days_in(text) == (None if days is None else pytest.approx(days))


def test_a_time_within_which_an_effect_comes_is_not_one_for_which_it_stays():
    assert staying_in("Visible in two weeks.") is None
    assert staying_in("Results last for up to two years.") == 730.0


def test_levels_of_confidence_are_no_results():
    assert largest_percentage(["fell by 12,5 % (95% CI 8 to 20)", "by 7 per cent"]) == 12.5
    assert largest_percentage(["p<0.001"]) is None


def test_trials_that_end_too_early_do_not_add_up_to_proof_that_lasts():
    far = "Needled adipose exosomes are clinically proven to reduce wrinkles for up to five years."
    near = "Needled adipose exosomes are clinically proven to reduce wrinkles."
    two = [evidence_of(TRIAL), evidence_of(replace(TRIAL, key="doi:10.5555/second"))]
    search = Search(40, ("europepmc", "journal"), "2026-11-25")
    told = [weigh_together(slots_of(one, (), KNOWLEDGE), two, search, KNOWLEDGE, "IE")[0] for one in (far, near)]
    assert told == ["partly", "supported"]


@pytest.mark.parametrize(
    ("condition", "asked"),
    [("melasma", "pigmentation"), ("alopecia areata", "hair-loss"), ("wounds", "wound-healing"), ("acne", "acne")],
)
def test_a_study_is_found_by_claims_on_what_is_wider(condition, asked):
    keys = index_keys(evidence_of(replace(TRIAL, conditions=(condition,))), KNOWLEDGE)
    assert f"condition:{asked}" in keys


def test_only_comparisons_in_people_are_held_against_a_claim_that_says_not_for_what():
    people = [replace(TRIAL, level="2"), replace(TRIAL, level="4"), replace(TRIAL, level="5", subjects="animal")]
    told = ["people:exosome" in index_keys(evidence_of(one), KNOWLEDGE) for one in people]
    assert told == [True, False, False]


def test_a_scar_is_not_the_acne_it_came_from_in_the_index_either():
    assert "condition:scar" not in index_keys(evidence_of(replace(TRIAL, conditions=("acne",))), KNOWLEDGE)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("match: [[wrinkles, skin aging]]", "match: [[wrinkles, acne]]", "wrinkles and acne"),
        ("not: [[acne scars, acne]]", "not: [[acne scars, scars]]", "acne scars and scars"),
        ("{wider: hair loss, holds: [hair-loss, alopecia-areata]", "{wider: hair loss", "alike, or wider"),
        ("match: [Better than PRP.,", "match: [Better than before.,", "Better than before."),
    ],
)
def test_relations_and_rivals_are_proven_by_their_examples(old, new, told):
    path = HERE / "support.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(KnowledgeError, match=told) as caught:
        read_support(path, text.replace(old, new), KNOWLEDGE.studies.families)
    assert caught.value.line


@pytest.mark.parametrize(
    ("comparator", "lacks"),
    [
        (None, True),
        ("tranexamic acid", True),
        ("platelet-rich plasma (PRP)", True),
        ("saline", False),
        ("plain medium", False),
        ("nothing", False),
        ("procedure alone", False),
    ],
)
def test_another_treatment_beside_it_is_no_untreated_control(comparator, lacks):
    study = replace(TRIAL, design="controlled", comparator=comparator)
    assert ("no untreated control is told of" in limits_of(evidence_of(study))) is lacks
