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


def test_a_claim_that_still_stands_on_other_pages_is_not_reworded_by_one_of_them():
    laid = lay(found(LIFTED), [standing(7, LIFT, alone=False)], {})
    assert [a.lineage_id for a in laid.attached] == [None]


def test_best_pairs_come_first_and_each_side_is_used_once():
    first = wording("Exosome therapy lifts skin.")
    laid = lay(found(LIFTED), [standing(1, first), standing(2, LIFT)], {})
    assert [a.lineage_id for a in laid.attached] == [2]
    assert [s.lineage_id for s in laid.lost] == [1]


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
