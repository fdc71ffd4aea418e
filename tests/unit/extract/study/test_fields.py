"""What a study says beside its design: comparator, scales and measures, follow-up, harms, money, interests, people."""

import pytest

from bench.study_fields import LISTS, PHRASES, measured
from exowatch.extract.study import study_from_text
from exowatch.knowledge.studies import load_studies

RULES = load_studies()
ARMS = "Forty adults were randomised to a gel with adipose exosomes or to {}. Redness fell by 20% and 12% (p=0.03)."
SERIES = "Twenty women had four sessions of adipose exosomes after microneedling. {}"


def study(text, title="Exosomes in a trial", language="en"):
    return study_from_text(text, title, language, RULES)


@pytest.mark.parametrize(
    ("others", "name"),
    [
        ("petrolatum on the other cheek", "petrolatum"),
        ("silver sulfadiazine", "silver dressing"),
        ("topical tranexamic acid", "tranexamic acid"),
        ("the empty hydrogel", "vehicle"),
        ("no treatment", "nothing"),
    ],
)
def test_what_the_others_got_is_told_by_its_name(others, name):
    assert study(ARMS.format(others)).comparator == name


def test_who_is_said_to_lack_is_no_comparator():
    assert study(SERIES.format("Pores shrank. Without women given saline we cannot tell why.")).comparator is None


@pytest.mark.parametrize(
    ("words", "span"),
    [
        ("Twelve weeks later pores were smaller.", "Twelve weeks"),
        ("Pores were counted at baseline, week 4 and week 24.", "24 weeks"),
        ("At 16 weeks 12 of 20 had smaller pores.", "16 weeks"),
        ("Pores were counted three months after the last session.", "three months"),
        ("Pores shrank within six weeks in women who had had them for two years.", "six weeks"),
        ("Pores were counted at 8 weeks. Mean duration of disease was 8.4 years.", "8 weeks"),
        ("Pores were smaller at 8 weeks in those aged 40 to 63 years.", "8 weeks"),
    ],
)
def test_follow_up_is_the_latest_visit_and_no_age_or_duration_of_disease(words, span):
    assert study(SERIES.format(words)).follow_up == span


@pytest.mark.parametrize(
    ("language", "words", "span"),
    [("es", "Los poros se contaron a los tres meses.", "tres meses"), ("ja", "6か月後に測定した。", "6 months")],
)
def test_follow_up_in_other_languages(language, words, span):
    assert study(words, "Exosomas", language).follow_up == span


@pytest.mark.parametrize(
    "words",
    ["No adverse events occurred.", "Contact eczema appeared in three patients.", "One clot in a vein occurred."],
)
def test_harms_are_told_in_the_sentence_that_names_them(words):
    assert study(ARMS.format("saline") + " " + words).adverse_events == words


def test_a_measure_that_fell_is_no_harm():
    assert study(ARMS.format("saline") + " Itch dropped by 3 points (p=0.02).").adverse_events is None


def test_money_and_interest_are_two_things():
    shares = "One author holds shares in the company developing these vesicles."
    told = study(f"{ARMS.format('saline')} {shares}")
    assert (told.funding, told.conflict) == (None, shares)
    public = "The registry is financed by the regional councils."
    told = study(f"{ARMS.format('saline')} {public}")
    assert (told.funding, told.conflict) == (public, None)


def test_who_paid_for_the_trials_under_review_is_no_interest_of_the_review():
    text = "We searched four databases and kept 21 reports. Most reports were paid for by makers."
    told = study(text, "Exosomes in clinics: a systematic review")
    assert (told.funding, told.conflict) == (None, None)


def test_scales_by_name_or_shape_and_what_was_measured():
    told = study(ARMS.format("saline") + " The Ashcroft score fell. LPPAI from 5.6 went to 1.8. GAIS was alike.")
    assert set(told.outcomes) == {"GAIS", "Ashcroft score", "LPPAI", "redness", "fibrosis"}


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Sixteen mothers had exosome gel on one side.", ("women",)),
        ("Thirty frail people over 75 had drips of exosomes.", ("older people", "aged over 75")),
        ("Sesenta mujeres con melasma usaron exosomas.", ("women",)),
        ("Ten volunteers (men; median age 31) had exosomes injected.", ("men", "median age 31")),
        ("Women and men 18 to 50 had exosomes injected.", ("women", "men", "aged 18 to 50")),
    ],
)
def test_who_took_part_is_told_as_named(text, people):
    assert study(text).population == people


def test_the_one_of_a_case_report_is_told_by_what_she_is_called():
    text = "A 61-year-old teacher was given exosomes by drip. The next morning the sight of her right eye was gone."
    assert study(text, "Loss of vision after a drip: case report").population == ("women", "aged 61")


@pytest.mark.parametrize("draw", [1, 2, 3])
def test_the_labelled_studies_are_read_as_well_as_they_were(draw):
    told = measured(draw=draw)
    for name in PHRASES + LISTS:
        one = told[name]
        assert one["right"] / (one["right"] + one["wrong"]) >= 0.75, name
        assert one["found"] / (one["found"] + one["lacking"]) >= 0.65, name


@pytest.mark.parametrize(
    "words",
    [
        "There was no placebo level.",
        "The highest dose will be carried on to a placebo-controlled trial.",
    ],
)
def test_a_comparator_that_is_lacking_or_still_to_come_is_none(words):
    text = f"Eighteen people entered three dose levels of six each. {words}"
    assert study(text, "Dose finding with vesicles").comparator in (None, "another dose")


def test_an_endpoint_is_no_harm_that_was_found():
    text = "Redness fell (p=0.03). The primary endpoint was the number of adverse events. Bruising was seen in two."
    assert study(f"{ARMS.format('saline')} {text}").adverse_events == "Bruising was seen in two."


def test_half_a_year_counts_where_nothing_more_exact_is_told():
    assert study(SERIES.format("After half a year pores were smaller.")).follow_up == "half a year"
    assert study(SERIES.format("By week 24 pores were smaller. They lasted for half a year.")).follow_up == "24 weeks"


def test_a_share_beside_a_visit_is_no_visit():
    text = "Improved were 82% at month 3 and 34% at month 12."
    assert study(SERIES.format(text)).follow_up == "12 months"


def test_what_is_given_with_the_treatment_is_no_comparator():
    text = "Sixty people took part in two groups: 30 had exosomes injected and 30 exosomes with PDRN."
    assert study(text).comparator is None
