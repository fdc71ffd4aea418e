"""Results in figures: what an interval holds, and on which side of the others the treated lie."""

import pytest

from exowatch.extract.study import study_from_text
from exowatch.extract.study.compared import alike, arms_told, interval_told, ordered_told
from exowatch.knowledge.studies import load_studies

RULES = load_studies()


def study(text, title="Vesicles for the knee"):
    return study_from_text(text, title, "en", RULES)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The difference was -0.3 (95% CI -1.1 to 0.5).", "null"),
        ("The difference was −2.0 points (95% CI −3.1 to −0.9).", "apart"),
        ("Odds ratio 2.1 (95% CI 1.2–3.8).", "apart"),
        ("Hazard ratio 0.9, 0.6 to 1.4.", "null"),
        ("Mean age was 44 (95% CI 41 to 47).", None),
        ("Pain fell.", None),
    ],
)
def test_an_interval_says_whether_no_difference_lies_in_it(text, told):
    assert interval_told(text) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Pain was 20 mm on the vesicle side and 41 mm on the saline side.", "positive"),
        ("Pain was 41 mm with the vesicles and 20 mm with saline.", "negative"),
        ("Hair density stood at 131 with the serum against 112 with placebo.", "positive"),
        ("With placebo nothing moved.", None),
        ("Closure was seen in 9 of 20 control patients and in 16 of 20 treated with the gel.", "positive"),
        ("Redness was 2.0 with the gel and 2.0 with the vehicle.", "null"),
        ("Itch fell by 50% with exosomes and 12% with placebo.", "positive"),
        ("The ratio of A to B was 12 with exosomes and 4 with saline.", None),
    ],
)
def test_figures_point_where_the_measure_says(text, told):
    assert arms_told(text, RULES) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Relapses numbered 4 versus 11.", "positive"),
        ("Relapses numbered 11 versus 4.", "negative"),
        ("Complete closure was seen in 18 and 7.", "positive"),
        ("Complete closure was seen in 18 and 17.", None),
        ("Pain was 7.1 before and 3.4 after treatment.", None),
        ("In controls pain was 7.1 versus 3.4.", None),
    ],
)
def test_of_two_figures_without_arms_the_first_is_of_the_treated(text, told):
    assert ordered_told(text, RULES) == told


def test_two_figures_that_hardly_differ_are_alike():
    assert alike("The score averaged 2.3 and 2.4.")
    assert not alike("The score averaged 2.3 and 3.4.")
    assert not alike("Nobody was lost.")


def test_a_gain_that_a_later_visit_lacks_is_mixed():
    told = study(
        "Forty adults were randomised to vesicles or saline. On day 30 the pain score was 2.1 with "
        "vesicles and 4.0 with "
        "saline (p=0.001). On day 180 it was 3.9 and 4.0 (p=0.81)."
    )
    assert told.direction == "mixed"


def test_two_outcomes_of_equal_rank_that_part_are_mixed():
    told = study(
        "Sixty adults were randomised to vesicles or saline. The co-primary outcomes were pain and "
        "cartilage. Pain fell "
        "(difference -9, 95% CI -14 to -4). Cartilage did not differ."
    )
    assert told.direction == "mixed"


@pytest.mark.parametrize(
    ("end", "direction"),
    [("The interval lay wholly above the margin.", "positive"), ("Non-inferiority could not be shown.", "null")],
)
def test_no_worse_than_a_treatment_in_use_is_positive_where_that_was_asked(end, direction):
    text = (
        "Eighty adults were randomised in a non-inferiority trial of powder and PRP. The difference was "
        f"0.1 (95% CI -0.2 to 0.4). {end}"
    )
    assert study(text).direction == direction


def test_safety_that_was_the_only_question_and_was_found_is_positive():
    told = study(
        "The endpoint was any dose-limiting toxicity. Fifteen adults were infused with one of three "
        "doses. No serious event occurred."
    )
    assert told.direction == "positive"


def test_headings_without_a_colon_are_headings():
    told = study(
        "Background Twelve women in other studies improved. Methods Fifty women were randomised. "
        "Results Counts rose (p<0.01). "
        "Conclusion It helps."
    )
    assert told.participants == 50


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("In one room they had the mist (25 men), in the other saline (25 men).", 50),
        ("All women could add a vial; 30 did and 34 had needling only.", 64),
        ("In hospital A, 18 patients had the gel. In hospital B, 20 patients had gauze.", 38),
        (
            "Five trials with 287 participants were pooled in a meta-analysis. About 700 people would have "
            "to be studied.",
            287,
        ),
        ("Fifty women had the serum. Biopsies from five consenting women were stained.", 50),
    ],
)
def test_people_are_counted_where_no_total_is_printed(text, people):
    assert study(text).participants == people


@pytest.mark.parametrize(
    ("text", "design"),
    [
        (
            "The serum was patted onto one temple of 24 women and its base onto the other; coin-flip "
            "envelopes decided.",
            "split-face",
        ),
        ("Patient 1 came with nodules on both cheeks after injected exosomes; patient 2 with the same.", "case-series"),
        ("Thirty adults were randomised, ten to each of 10, 30 and 90 µg of vesicles, injected once.", "controlled"),
        ("Sixty-three people with harm were found among the notifications to a national register.", "cohort"),
    ],
)
def test_designs_are_seen_in_plain_words(text, design):
    assert study(text).design == design


def test_vesicles_taken_from_people_are_nothing_given():
    told = study(
        "Exosomal miR-1 was measured. We isolated exosomes from the plasma of 44 patients and 40 "
        "healthy donors. Nothing but "
        "routine care was given to anybody.",
        "Exosomal miR-1 in psoriasis",
    )
    assert (told.material, told.participants, told.direction) == ("none", 84, "none")


def test_who_took_part_is_told_in_a_few_words():
    told = study("Eighteen women aged 27 to 39 were enrolled and had vesicles injected. Mean age was 31.5 years.")
    assert told.population == ("women", "aged 27 to 39", "mean age 31.5")


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("Women between 20 and 40 years took part.", ("aged 20 to 40",)),
        ("Women aged 20-40 took part.", ("aged 20 to 40",)),
        ("20 to 40 year old women took part.", ("aged 20 to 40",)),
        ("Women were given between 20 and 40 mg.", ()),
        ("Women had between 10 and 15 sessions.", ()),
        ("Women were followed for 2 to 3 years.", ()),
    ],
)
def test_ages_are_told_beside_years_alone(text, ages):
    assert study(text).population == ("women", *ages)


def test_animals_are_no_population():
    assert study("Forty mice were burned and treated with vesicles.").population == ()


def test_what_each_side_was_given_is_told():
    told = study("Sixty women were randomised to injections of adipose exosomes or saline, versus saline alone.")
    assert told.interventions == ("exosomes of adipose stem cells, injected", "saline")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("At week 4 EASI was 38% lower with exosomes and 22% lower with the base.", "positive"),
        ("At week 4 EASI was 12% lower with exosomes and 22% lower with the base.", "negative"),
    ],
)
def test_by_how_much_a_score_is_lower_is_a_gain(text, told):
    assert arms_told(text, RULES) == told
