"""Studies are read by what was done: people who began, the deciding outcome, what was given and how."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exowatch.extract.study import study_from_text
from exowatch.knowledge.studies import load_studies

RULES = load_studies()


def study(text, title="Vesicles in scars"):
    return study_from_text(text, title, "en", RULES)


@pytest.mark.parametrize(
    ("text", "design"),
    [
        ("Sixty women were randomised to a serum (n=30) or its base (n=30).", "rct"),
        ("One half of the face had the serum, the other half the base, by lot. Twenty adults took part.", "split-face"),
        (
            "Forty patients had the serum and the control group of 40 patients had saline, by order of arrival.",
            "controlled",
        ),
        ("We went through the records of 90 women who had had the serum.", "cohort"),
        ("Twenty women had the serum. There was no control group. Scores fell (p<0.01).", "before-after"),
        ("A 44-year-old woman came with nodules after exosomes had been injected.", "case-report"),
        ("Forty mice were burned and treated with vesicles.", "animal"),
        ("HaCaT cells were incubated with vesicles. Proliferation rose.", "in-vitro"),
        ("We searched four databases. Eleven studies with 300 people were found.", "systematic-review"),
        ("Ninety adults will be randomised. Counts will be taken at week 24.", "protocol"),
        (
            "Six people came to what was planned as a randomised trial; all of them were given the active serum.",
            "before-after",
        ),
        ("Twelve men inhaled vesicles and saline in random order, a crossover trial.", "rct"),
    ],
)
def test_design_is_what_was_done(text, design):
    assert study(text).design == design


def test_those_who_began_count_and_not_those_screened_or_finished():
    told = study(
        "Ninety people were screened and sixty-four were randomised; 58 completed week 24. Two women had a rash."
    )
    assert told.participants == 64


def test_two_arms_add_up():
    told = study("Fifty-two children were treated, 27 with the spray and 25 without, as controls.")
    assert (told.participants, told.groups) == (52, (27, 25))


def test_knees_and_patch_tests_are_no_participants():
    text = (
        "Irritation was checked in 30 people by a patch test. Separately, 20 adults used the gel; 40 knees were seen."
    )
    assert study(text).participants == 20


def test_patients_of_a_veterinary_hospital_are_animals():
    assert study("Thirty patients, all dogs, were randomly assigned to drops. No dog was harmed.").subjects == "animal"


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        (
            "Sixty women were randomised to serum or base. Wrinkles shrank more with serum (p=0.01). It helps.",
            "positive",
        ),
        (
            "Sixty women were randomised to serum or base. Wrinkle depth did not differ (p=0.6). It is no better.",
            "null",
        ),
        (
            "Sixty women were randomised to balm or petrolatum. Redness lasted longer with balm (p=0.01).",
            "negative",
        ),
        (
            "Forty women had serum, without controls. Scores rose at week 4, and were back at baseline at month 9.",
            "mixed",
        ),
        ("Adults will be randomised to serum or base. Scores will be taken.", "none"),
        (
            "Forty adults had one cheek treated, the other not, by lot. Blinded graders found redness alike. "
            "We conclude that the gel improves satisfaction.",
            "null",
        ),
    ],
)
def test_direction_is_that_of_the_deciding_outcome(text, direction):
    assert study(text).direction == direction


def test_exosomes_of_stem_cells_are_no_stem_cells():
    told = study("Thirty men had injections of exosomes from adipose stem cells into the scalp.")
    assert (told.material, told.source, told.cells, told.route) == (
        "exosome",
        "human",
        ("adipose stem cells",),
        "injection",
    )


def test_an_unpurified_supernatant_is_conditioned_medium_whatever_it_is_called():
    told = study("Thirty women used an exosome lotion, a crude supernatant of adipose stem cells.")
    assert told.material == "conditioned_medium"


def test_a_gel_after_laser_is_topical_after_a_procedure():
    told = study("Twenty-five adults had CO2 laser and then a gel with rose exosomes or a plain gel, by lot.")
    assert (told.source, told.route) == ("plant", "topical_after_procedure")


def test_vesicles_that_were_only_measured_are_no_treatment():
    told = study(
        "Serum exosomes of 64 people with psoriasis were measured as a biomarker.", "Serum exosomes as a biomarker"
    )
    assert (told.material, told.route, told.direction) == ("none", "none", "none")


@pytest.mark.parametrize(
    ("text", "conflict"),
    [
        ("The maker supplied the vials.", True),
        ("Support: grant from Regenora Inc.", True),
        ("Two authors are employees of the company.", True),
        ("The authors declare no competing interests.", False),
        ("A university grant paid for the study.", False),
    ],
)
def test_money_of_the_maker_is_a_conflict(text, conflict):
    assert (study(f"Twenty women had the serum. {text}").conflict is not None) == conflict


def test_register_retraction_and_level_are_told():
    told = study("Sixty men were randomised to vesicles or saline. NCT09990001.", "RETRACTED: vesicles for hair loss")
    assert (told.registered, told.retracted, told.level, told.conditions) == ("NCT09990001", True, "2", ("hair loss",))
    assert "by lot" in told.level_reason


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_read_without_a_crash(text):
    told = study(text, text[:40])
    assert told.participants is None or told.participants > 0
