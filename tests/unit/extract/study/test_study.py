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


@given(st.text(max_size=400))
def test_any_text_is_read_without_a_crash(text):
    told = study(text, text[:40])
    assert told.participants is None or told.participants > 0


@pytest.mark.parametrize(
    ("text", "design"),
    [
        ("Thirty women were needled. The left temple was then given the serum and the right one saline.", "split-face"),
        (
            "Nine databases were read. Trials were too unlike for a meta-analysis. Eleven trials were kept.",
            "systematic-review",
        ),
        ("Ninety men were allocated 1:1 to a lotion or its base; patient preference was asked for (p=0.4).", "rct"),
        ("Patients coming on even days got the mask, those on odd days water. We had 33 and 35 of them.", "controlled"),
        ("Exosomes were isolated from the saliva of 44 patients and 40 healthy people as a marker.", "cohort"),
        ("Five people took the drops; a control group was planned but never filled. The trial ended.", "before-after"),
        ("Sixty people are going to receive drops. Tears will be measured.", "protocol"),
    ],
)
def test_design_is_read_from_what_was_set_up(text, design):
    assert study(text).design == design


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        (
            "Sixty men were randomised. The wrinkle score fell by 1.1 with serum and 1.0 with base "
            "(difference 0.1, 95% CI -0.2 to 0.4). The serum was liked.",
            "null",
        ),
        ("Sixty men were randomised. Pain fell (odds ratio 1.1, 0.7-1.8). We could not show a gain.", "null"),
        (
            "Thirty people had one of three doses. Pain went down in all (p<0.01), with no difference between doses.",
            "positive",
        ),
        (
            "Eighty men were randomised to lotion or minoxidil. Density increased with both; the lotion was inferior "
            "(p<0.001).",
            "negative",
        ),
        (
            "Forty adults were randomised to vesicles or saline. Pain fell and mood did not differ. "
            "Vesicles were safe.",
            "mixed",
        ),
    ],
)
def test_direction_weighs_intervals_doses_and_comparators(text, direction):
    assert study(text).direction == direction


def test_a_harm_that_was_treated_is_no_harm_of_the_product():
    told = study(
        "A 40-year-old woman had necrosis of the nose after a filler. Vesicles were put on it daily. The wound closed.",
        "Skin necrosis treated with vesicles",
    )
    assert told.direction == "positive"


def test_a_harm_that_follows_the_product_is_its_own():
    told = study(
        "A 61-year-old man lost the sight of one eye. Sepsis followed.",
        "Loss of vision the day after a drip of exosomes",
    )
    assert told.direction == "negative"


def test_what_stands_before_the_vesicles_is_their_source():
    told = study(
        "Papilla cells of three human donors were kept with ginseng root vesicles. They grew.",
        "Cells under ginseng vesicles",
    )
    assert told.source == "plant"


def test_of_an_article_the_discussion_is_not_read():
    opening = "Methods: Forty adults were randomised to serum or base. Results: Scores fell more with serum (p=0.01)."
    others = "Others treated 900 mice with a cream. " * 400
    told = study(f"{opening}\nDiscussion\n{others}\nConclusion\nThe serum helps.")
    assert (told.design, told.subjects, told.participants) == ("rct", "human", 40)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_terms_are_found_where_their_words_stand(text):
    for spans in RULES.terms.find(f"{text} randomised {text}").values():
        assert all(0 <= span.start < span.end <= 2 * len(text) + 12 for span in spans)
    assert RULES.said("random", f"{text} randomised {text}")


@pytest.mark.parametrize(
    ("words", "value"),
    [("sixty-four", 64), ("a hundred and twelve", 112), ("1,240", 1240), ("dozen", 12), ("treinta", 30), ("²", None)],
)
def test_numbers_in_figures_and_words(words, value):
    assert RULES.numerals.value(words) == value


def test_arms_in_brackets_and_listed_groups_add_up():
    told = study("Patients with patchy loss were randomised to vesicles (22) or triamcinolone (21).")
    assert (told.participants, told.groups) == (43, (22, 21))
    listed = study("Blood was taken of 70 patients with psoriasis, 40 with eczema and 35 healthy persons.")
    assert listed.participants == 145


def test_places_are_no_participants():
    told = study("At eleven intensive care units adults were randomised to vesicles (n=82) or saline (n=41).")
    assert told.participants == 123


def test_a_register_entry_is_a_protocol():
    text = "Status: recruiting. Estimated enrollment: 45 participants. Results posted: none."
    assert study(text).design == "protocol"


def test_what_stands_before_the_first_heading_is_told_apart_by_words():
    told = study(
        "Twenty-one women had needling on both flanks. The serum was put on one flank, nothing on the other. "
        "Improvement was seen on 13 treated flanks vs 5 untreated (p=0.01). Conclusion: It helps. Funding: university."
    )
    assert (told.design, told.participants, told.direction) == ("split-face", 21, "positive")


def test_what_each_arm_gained_says_nothing_where_the_arms_do_not_differ():
    told = study(
        "Twenty-six men were enrolled. The right half of the scalp had vesicles, the left half plasma. Density "
        "rose from "
        ""
        "118 to 132 on the right half (p<0.001) and from 119 to 133 on the left half (p<0.001). There was no "
        "significant "
        "difference between the halves. Pain was lower on the right half."
    )
    assert told.direction == "null"


def test_spots_that_faded_are_no_gain_that_was_lost():
    told = study(
        "Forty women were randomised to serum or base. The grade fell by 0.9 with the serum and by 0.3 with the base "
        "(p=0.03). Spots faded more with the serum."
    )
    assert told.direction == "positive"


def test_a_mechanism_that_is_blocked_is_no_outcome():
    told = study(
        "Dermal cells were incubated with vesicles. Collagen rose by 40% (p<0.01). Blocking the receptor abolished the "
        "effect.",
        "Vesicles and dermal cells",
    )
    assert told.direction == "positive"


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Of 52 women assessed for eligibility forty-four were treated with vesicles.", 44),
        ("Of 51 women screened, thirty-four with melasma agreed to take part.", 34),
        ("We screened 311 patients and randomized 162 with mild disease.", 162),
        ("Group A consisted of 68 women and group B of 66.", 134),
        ("Fifty-four children were allocated the cream and twenty-seven the base.", 81),
        ("Men were offered either. Thirty-one chose the combination and 35 plasma alone.", 66),
    ],
)
def test_people_are_counted_in_the_ways_that_papers_tell_them(text, people):
    assert study(f"{text} Scores fell (p<0.01).").participants == people


def test_the_first_sentence_of_a_conclusion_says_what_it_comes_to():
    told = study(
        "RESULTS Staining fell by 1.9 grades in treated eyes and by 0.6 in control eyes (P<0.001). METHODS Forty "
        "patients "
        "were randomised. CONCLUSION The drops relieved symptoms. Tear secretion was unaltered."
    )
    assert told.direction == "positive"


def test_two_defects_of_each_mouth_are_two_treatments_in_the_same_people():
    told = study(
        "Twenty-two patients, each with two bone defects on opposite sides of the mouth, took part. A coin "
        "decided which "
        "defect was filled; the other had the sponge alone. Gain was 3.6 mm and 2.3 mm (p=0.001)."
    )
    assert told.design == "split-face"


def test_two_eyes_that_were_treated_alike_are_no_comparison():
    told = study("Fourteen patients (28 eyes) had drops for two weeks. Scores fell from 58 to 34 (P<0.001).")
    assert told.design == "before-after"


def test_a_title_that_asks_whether_it_is_non_inferior_tells_no_harm():
    told = study(
        "Ninety people were randomised to plasma (n=45) or saline (n=45). Pain was 3.1 and 3.2 (p=0.7 between groups). "
        "Soreness was commoner after plasma.",
        "Plasma for the knee: non-inferior relief?",
    )
    assert told.direction == "null"
