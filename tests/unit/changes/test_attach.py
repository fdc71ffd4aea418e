from dataclasses import replace

from exowatch.changes.attach import Found, lay
from exowatch.changes.direction import direction, may_be_one
from exowatch.model.changes import Standing, Wording


def wording(quote, **slots):
    return Wording("claim", quote.lower(), quote, **({"stance": "asserted", "strength": 2} | slots))


def standing(number, one, zone="body", **facts):
    return Standing(number, number, zone, one, **({"state": "live", "live": True, "alone": True} | facts))


def found(*wordings, zone="body"):
    return [Found(i, zone, one) for i, one in enumerate(wordings)]


LIFT = wording("Exosome therapy lifts and firms tired skin.")
LIFTED = wording("Tired skin is lifted and firmed by exosome therapy.")
PRICE = wording("A course of three sessions shows the best results.")


def test_equal_words_attach_to_their_lineage():
    laid = lay(found(LIFT), [standing(7, LIFT)], {})
    assert [(a.lineage_id, a.appearance_id, a.match) for a in laid.attached] == [(7, 7, None)]
    assert laid.lost == ()


def test_equal_words_known_elsewhere_on_the_site_attach_there():
    laid = lay(found(LIFT), [], {LIFT.key: 3})
    assert [(a.lineage_id, a.appearance_id) for a in laid.attached] == [(3, None)]


def test_other_words_for_the_same_thing_attach_with_a_reason():
    (one,) = lay(found(LIFTED), [standing(7, LIFT)], {}).attached
    assert one.lineage_id == 7
    assert one.before == LIFT
    assert one.match is not None
    assert one.match.kind == "reworded"
    assert one.match.similarity > 0.35


def test_a_sentence_about_something_else_is_fresh_and_the_old_one_is_lost():
    laid = lay(found(PRICE), [standing(7, LIFT)], {})
    assert [a.lineage_id for a in laid.attached] == [None]
    assert [s.lineage_id for s in laid.lost] == [7]


def test_a_denial_is_never_a_rewording_of_the_claim():
    approved = wording("Our exosomes are FDA approved.", agencies=("FDA",), status="approved")
    denied = wording("Our exosomes are not FDA approved.", agencies=("FDA",), status="not_approved", stance="negated")
    assert not may_be_one(approved, denied)
    assert [a.lineage_id for a in lay(found(denied), [standing(1, approved)], {}).attached] == [None]


def test_the_same_words_about_another_disease_are_another_claim():
    hair = wording("Exosomes reverse alopecia in weeks.", conditions=("alopecia",), tier="medical")
    joints = wording("Exosomes reverse arthritis in weeks.", conditions=("arthritis",), tier="medical")
    assert [a.lineage_id for a in lay(found(joints), [standing(1, hair)], {}).attached] == [None]


def test_a_claim_reworded_on_one_of_its_pages_is_that_claim_while_its_words_still_stand_on_the_others():
    (one,) = lay(found(LIFTED), [standing(7, LIFT, alone=False)], {}).attached
    assert (one.lineage_id, one.beside) == (7, True)


def test_a_claim_reworded_in_the_text_is_that_claim_while_the_description_keeps_its_words():
    places = [standing(7, LIFT), replace(standing(7, LIFT, zone="description"), appearance_id=8)]
    laid = lay([*found(LIFTED), Found(1, "description", LIFT)], places, {})
    assert [(a.lineage_id, a.appearance_id, a.beside) for a in laid.attached] == [(7, 7, True), (7, 8, False)]
    assert laid.lost == ()


def test_words_that_stand_in_one_place_are_known_by_the_words_of_that_place():
    one = replace(standing(7, LIFT), key_here=LIFTED.key)
    assert [(a.lineage_id, a.match) for a in lay(found(LIFTED), [one], {}).attached] == [(7, None)]


def test_words_that_the_claim_had_once_come_back_as_a_rewording_of_it():
    (one,) = lay(found(LIFTED), [standing(7, PRICE)], {LIFTED.key: 7}).attached
    assert (one.lineage_id, one.before, one.match and one.match.kind) == (7, PRICE, "reworded")


def test_other_quotes_and_dashes_are_the_same_words():
    curly = wording("“Exosome therapy” lifts and firms – tired skin")
    (one,) = lay(found(curly), [standing(7, LIFT)], {}).attached
    assert (one.lineage_id, one.match and one.match.kind) == (7, "same")


def test_best_pairs_come_first_and_each_side_is_used_once():
    first = wording("Exosome therapy lifts skin.")
    laid = lay(found(LIFTED), [standing(1, first), standing(2, LIFT)], {})
    assert [a.lineage_id for a in laid.attached] == [2]
    assert [s.lineage_id for s in laid.lost] == [1]


def test_signs_that_come_back_are_the_same_words_still():
    curly = wording("“Exosome therapy” lifts and firms – tired skin")
    (one,) = lay(found(LIFT), [standing(7, curly)], {LIFT.key: 7}).attached
    assert (one.lineage_id, one.match and one.match.kind) == (7, "same")


def test_the_number_of_an_item_makes_no_other_words():
    (one,) = lay(found(wording(f"3. {LIFT.quote}")), [standing(7, LIFT)], {}).attached
    assert one.match is not None
    assert one.match.kind == "same"


def test_the_pairing_fits_best_as_a_whole():
    before = [
        wording("Exosomes smooth fine lines around the eyes."),
        wording("Exosomes smooth fine lines around the mouth and the eyes."),
    ]
    after = [
        wording("Fine lines around the eyes are smoothed by exosomes."),
        wording("Fine lines around the mouth and the eyes are smoothed by exosomes."),
    ]
    laid = lay(found(*reversed(after)), [standing(1, before[0]), standing(2, before[1])], {})
    assert [a.lineage_id for a in laid.attached] == [2, 1]


def test_the_sentence_as_it_was_about_something_graver_is_that_claim_made_stronger():
    eczema = wording("Exosome therapy improves the signs of eczema.", conditions=("eczema",), tier="medical")
    grave = wording("Exosome therapy improves the signs of dementia.", conditions=("dementia",), tier="serious")
    (one,) = lay(found(grave), [standing(1, eczema)], {}).attached
    assert (one.lineage_id, one.match and one.match.kind) == (1, "stronger")


def test_a_word_that_promises_success_is_stronger_whatever_was_learned():
    before = wording("Exosome needling gives visible lifting.")
    after = wording("Exosome needling gives guaranteed visible lifting.", marks=("guarantee",))
    assert direction(before, after) == ("stronger", "a guarantee was added")
    assert direction(after, before)[0] == "weaker"


def test_a_word_of_doubt_that_goes_makes_the_claim_stronger():
    before = wording("Exosomes might smooth lines.", marks=("hedge",))
    assert direction(before, wording("Exosomes smooth lines."))[0] == "stronger"


def test_standing_with_the_law_is_a_ladder():
    plain = wording("Our exosomes are made in Korea.")
    registered = wording("Our exosomes are registered with the FDA.", status="registered", agencies=("FDA",))
    approved = wording("Our exosomes are approved by the FDA.", status="approved", agencies=("FDA",))
    assert direction(plain, registered)[0] == direction(registered, approved)[0] == "stronger"
    assert direction(approved, registered)[0] == "weaker"


def test_words_that_set_a_claim_above_others_make_it_stronger():
    before, after = wording("Exosomes firm skin."), wording("Exosomes firm skin best.", marks=("superiority",))
    assert (direction(before, after)[0], direction(after, before)[0]) == ("stronger", "weaker")


def test_a_shorter_time_is_no_weaker_promise():
    before = wording("Fuller hair in 12 weeks.", numbers=("12 weeks",))
    assert direction(before, wording("Fuller hair in 6 weeks.", numbers=("6 weeks",)))[0] == "reworded"
    assert direction(before, wording("Fuller hair for 20 weeks.", numbers=("20 weeks",)))[0] == "stronger"


def test_numbers_of_different_things_are_not_compared():
    before = wording("Fuller hair in 12 weeks.", numbers=("12 weeks",))
    after = wording("Hair grows by 40 %.", numbers=("40 %",))
    assert direction(before, after)[0] == "reworded"


def test_direction_is_told_by_slots_and_never_by_words():
    mild = wording("Exosomes may calm eczema.", stance="hedged", strength=1, conditions=("eczema",), tier="medical")
    bold = wording("Exosomes calm eczema.", strength=3, conditions=("eczema",), tier="medical")
    grave = wording("Exosomes calm multiple sclerosis.", strength=4, conditions=("ms",), tier="serious")
    assert direction(mild, bold)[0] == "stronger"
    assert direction(bold, mild)[0] == "weaker"
    assert direction(bold, grave)[0] == "stronger"
    assert direction(bold, bold)[0] == "reworded"


def test_a_raised_number_is_stronger():
    before = wording("Hair density grows by 20 %.", numbers=("20 %",))
    after = wording("Hair density grows by 35 %.", numbers=("35 %",))
    assert direction(before, after)[0] == "stronger"
    assert direction(after, before)[0] == "weaker"
