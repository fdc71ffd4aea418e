"""A claim held against studies: slots, mismatches, what each says and what they say together."""

from dataclasses import replace

import pytest

from exowatch.assess import evidence_of
from exowatch.assess.bearing import bearing_of
from exowatch.assess.slots import slots_of
from exowatch.assess.together import weigh_together
from exowatch.knowledge.load import load_knowledge
from exowatch.model.findings import Study
from exowatch.model.readings import Search
from tests.unit.extract.reading import judged

KNOWLEDGE = load_knowledge()
GEL = Study(
    key="doi:10.5555/gel",
    title="Adipose exosome gel after laser for acne scars",
    design="split-face",
    subjects="human",
    participants=25,
    material="exosome",
    source="human",
    cells=("adipose stem cells",),
    route="topical_after_procedure",
    conditions=("acne scars",),
    direction="positive",
    level="2",
)
ENOUGH = Search(40, ("europepmc", "journal"), "2026-11-25")


def bears(text, study=GEL, *around, jurisdiction="*"):
    return bearing_of(slots_of(text, around, KNOWLEDGE), evidence_of(study), KNOWLEDGE, jurisdiction)


@pytest.mark.parametrize(
    ("text", "about", "mismatches"),
    [
        ("Rose exosome drips erase acne scars.", "Rosa damascena exosomes, intravenous", {"source", "route"}),
        ("Umbilical cord exosome gel after laser reduces acne scars.", "", {"source"}),
        ("Polynucleotide after laser reduces acne scars.", "", {"material"}),
        ("Adipose exosome gel after laser regrows hair.", "", {"condition"}),
        ("Adipose exosome gel reduces acne scars.", "Gel after fractional laser", set()),
        ("Exosomes reduce acne scars.", "", set()),
    ],
)
def test_a_mismatch_is_said_where_both_state_a_value(text, about, mismatches):
    told = bears(text, GEL, about)
    assert set(told.mismatches) == mismatches
    assert (told.verdict == "unsupported") == bool(mismatches)


@pytest.mark.parametrize("subjects", ["animal", "in_vitro"])
def test_work_on_animals_or_cells_supports_no_effect_in_patients(subjects):
    lab = replace(GEL, subjects=subjects, design="animal", participants=None)
    assert bears("Adipose exosomes reduce acne scars.", lab).mismatches == ("species",)
    assert bears("In mice, adipose exosomes reduced acne scars.", lab).verdict == "supported"


@pytest.mark.parametrize(
    ("text", "changes", "verdict"),
    [
        ("Adipose exosome gel after laser reduces acne scars.", {}, "supported"),
        ("Adipose exosome gel after laser removes acne scars permanently.", {}, "partly"),
        ("Adipose exosome gel after laser is clinically proven to reduce acne scars.", {}, "partly"),
        ("Adipose exosome gel after laser may reduce acne scars.", {"design": "controlled"}, "supported"),
        ("Adipose exosome gel after laser reduces acne scars.", {"design": "before-after"}, "partly"),
        ("Adipose exosome gel after laser reduces acne scars.", {"direction": "null"}, "contradicted"),
        ("Adipose exosome gel after laser reduces acne scars.", {"direction": "negative"}, "contradicted"),
        ("Adipose exosome gel after laser reduces acne scars for life.", {"direction": "mixed"}, "contradicted"),
        ("Adipose exosome gel after laser reduces acne scars.", {"retracted": True}, "unsupported"),
        (
            "Adipose exosome gel after laser reduces acne scars.",
            {"design": "protocol", "direction": "none"},
            "unsupported",
        ),
        ("Our exosome gel after laser has no side effects.", {"direction": "negative"}, "contradicted"),
    ],
)
def test_the_wording_must_be_no_stronger_than_the_result(text, changes, verdict):
    assert bears(text, replace(GEL, **changes)).verdict == verdict


def test_a_claim_that_names_no_condition_is_not_called_supported():
    assert bears("Our adipose exosome gel works wonders after laser.").verdict != "supported"


@pytest.mark.parametrize(
    ("text", "changes", "told"),
    [
        ("Exosome gel after laser reduces acne scars.", {}, "the claim does not say where the material comes from"),
        ("Adipose exosomes reduce acne scars.", {}, "the claim does not say how it is given"),
        ("Adipose exosome gel after laser reduces acne scars.", {"route": "unstated"}, "the study does not say how"),
        ("Adipose exosome gel after laser reduces acne scars.", {"cells": ()}, "the study does not say from which"),
    ],
)
def test_what_only_one_of_both_states_is_no_mismatch_and_no_support(text, changes, told):
    found = bears(text, replace(GEL, **changes))
    assert (found.verdict, found.mismatches) == ("partly", ())
    assert told in found.words


@pytest.mark.parametrize(("told", "verdict"), [(None, "unsupported"), ("No harm was seen.", "partly")])
def test_silence_on_harm_shows_no_safety(told, verdict):
    assert bears("Our adipose exosome gel after laser is safe.", replace(GEL, adverse_events=told)).verdict == verdict


def test_an_overview_supports_without_naming_one_product():
    overview = replace(GEL, design="systematic-review", source=None, cells=(), route="unstated")
    assert bears("Exosomes may reduce acne scars.", overview).verdict == "supported"


def test_conflicting_studies_show_as_conflict():
    null = replace(GEL, key="doi:10.5555/null", direction="null")
    slots = slots_of("Adipose exosome gel after laser reduces acne scars.", (), KNOWLEDGE)
    verdict, reasons, kept = weigh_together(slots, [evidence_of(GEL), evidence_of(null)], ENOUGH, KNOWLEDGE, "IE")
    assert verdict == "partly"
    assert "conflict" in reasons[0].words
    assert {one.verdict for one in kept} == {"supported", "contradicted"}


def test_too_little_searched_is_unassessed_and_says_how_little():
    slots = slots_of("Adipose exosome gel after laser reduces acne scars.", (), KNOWLEDGE)
    verdict, reasons, kept = weigh_together(slots, [evidence_of(GEL)], Search(3, ("one",), None), KNOWLEDGE, "IE")
    assert (verdict, len(kept)) == ("unassessed", 1)
    assert "no evidence search yet: 3 studies held from" in reasons[0].words


def test_unsupported_carries_its_search():
    slots = slots_of("Exosomes cure psoriasis.", (), KNOWLEDGE)
    verdict, reasons, _ = weigh_together(slots, [], ENOUGH, KNOWLEDGE, "IE")
    assert verdict == "unsupported"
    assert "40 studies from 2 sources (europepmc, journal), harvested up to 2026-11-25" in reasons[0].words


def test_limits_of_a_study_are_said():
    small = replace(
        GEL, design="before-after", participants=63, product="Hanheal", combination=("PDRN",), maker_run=True
    )
    words = bears("Adipose exosome gel after laser reduces acne scars.", small).words
    for told in ("63 participants", "no untreated comparison", "product Hanheal", "PDRN", "run by the maker"):
        assert told in words


def test_more_than_one_independent_trial_is_needed_for_proven():
    big = replace(GEL, design="rct", participants=120)
    slots = slots_of("Adipose exosome gel after laser is clinically proven to reduce acne scars.", (), KNOWLEDGE)
    one = [evidence_of(big)]
    two = [*one, evidence_of(replace(big, key="doi:10.5555/second"))]
    makers = [*one, evidence_of(replace(big, key="doi:10.5555/third", maker_run=True))]
    told = [weigh_together(slots, found, ENOUGH, KNOWLEDGE, "IE")[0] for found in (one, two, makers)]
    assert told == ["partly", "supported", "partly"]


def test_a_supported_claim_is_not_put_before_a_person():
    told = judged("Adipose exosome gel after laser reduces acne scars.", evidence=[evidence_of(GEL)], search=ENOUGH)
    assert (told.verdict, told.flag, told.severity) == ("supported", False, None)
    assert told.reasons[-1].rule == "flag.supported"
    assert "condition:scar" in told.asked


def test_what_a_page_denies_is_held_against_nothing():
    told = judged("Exosomes do not cure acne scars.", evidence=[evidence_of(GEL)], search=ENOUGH)
    assert (told.verdict, told.bearings, told.asked) == ("unassessed", (), ())
