from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exowatch.assess.law import (
    desk_hooks,
    engaged,
    nothing_printed,
    printable,
    silence,
)
from exowatch.knowledge.engaging import engaged_by, facts_of_example
from exowatch.knowledge.law_forms import VERDICTS
from exowatch.knowledge.load import load_knowledge
from exowatch.knowledge.regulation import law_of
from exowatch.model.findings import Claim, Condition, Cue, Intervention, Quote
from exowatch.model.law import LawExample, Verification
from exowatch.model.pages import Features
from exowatch.model.sources import Source

KNOWN = load_knowledge()
LAW = KNOWN.law
TODAY = date(2026, 11, 26)
NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
CLINIC = Source("c", "c", "clinic", "IE", ())


def claim(text, *kinds, **slots):
    return Claim("k", Quote(0, 0, len(text), text), "en", kinds, slots.pop("stance", "asserted"), "exosome",
                 slots.pop("intervention", Intervention()), **slots)  # fmt: skip


def ids(found):
    return {one.rule.id for one in found}


def met(a_claim, place="IE", features=Features(), source=CLINIC, at=NOW):  # noqa: B008 - frozen
    return ids(engaged(a_claim, features, source, place, at, KNOWN))


def read(law, *names, on=TODAY, by="machine", recheck=""):
    """The law as it is where the texts of these provisions (all, where none is named) were read on a day."""
    told = Verification("text_read", by, on, "https://law.example/", "capture", "digest", recheck)
    return law_of(
        [replace(rule, verification=told) if not names or rule.id in names else rule for rule in law.rules], law.places
    )


def guarantee(law, place="IE", **slots):
    return engaged_by(
        facts_of_example(LawExample("Guaranteed.", ("guarantee",), **slots), law.rules[0]), place, TODAY, law
    )


def test_both_branches_are_shown_where_the_law_turns_on_what_the_product_is():
    found = engaged(claim("Results guaranteed.", "guarantee"), Features(), CLINIC, "IE", NOW, KNOWN)
    assert {"cosmetic", "medicine"} <= {one.rule.branch for one in found}


@pytest.mark.parametrize("place", ["IE", "DE", "ES", "FR", "IT", "PL"])
def test_a_regulation_of_the_eu_holds_in_every_member_state(place):
    assert "eu-1223-art20" in met(claim("Regenerates skin.", "efficacy"), place)


@pytest.mark.parametrize("place", ["GB", "US", "TR", "CH"])
def test_and_nowhere_else(place):
    assert not any(name.startswith("eu-") for name in met(claim("Regenerates skin.", "efficacy"), place))


def test_the_body_competent_for_eu_law_is_the_one_of_the_state_that_was_asked_about():
    found = engaged(claim("Regenerates skin.", "efficacy"), Features(), CLINIC, "IE", NOW, KNOWN)
    assert {one.body for one in found if one.rule.id == "eu-1223-art20"} == {"HPRA"}


@pytest.mark.parametrize("place", sorted(LAW.places))
@pytest.mark.parametrize("kind", ["guarantee", "disease", "efficacy", "superiority", "regulatory"])
@pytest.mark.parametrize("stance", ["negated", "question"])
def test_a_denial_or_a_question_engages_nothing(place, kind, stance):
    assert met(claim("None.", kind, stance=stance, status="approved", agencies=("FDA",)), place) == set()


@pytest.mark.parametrize("place", sorted(LAW.places))
@pytest.mark.parametrize("status", ["not_approved", "warning", "banned"])
def test_a_denied_approval_engages_no_provision_on_approvals(place, status):
    found = met(claim("Not approved by the FDA.", "regulatory", status=status, agencies=("FDA",)), place)
    assert [name for name in found if "approval" in LAW.by_id[name].when.acts and LAW.by_id[name].when.stances] == []


def test_a_true_approval_engages_spanish_law_and_no_rule_calls_it_false():
    found = met(claim("FDA approved.", "regulatory", status="approved", agencies=("FDA",)), "ES")
    assert "es-rd1907-4-5-authority" in found


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("IE", "ie-si541-reg11-guarantee"),
        ("DE", "de-hwg-3-2-guarantee"),
        ("RU", "ru-38fz-24-8-guarantee"),
        ("ES", "es-rd1907-4-4-guarantee"),
    ],
)
def test_a_guarantee_and_no_side_effects_meet_the_universal_rule(place, name):
    cue = Cue("x", "no side effects", "absolute-safety")
    assert name in met(claim("Results guaranteed.", "guarantee"), place)
    assert name in met(claim("No side effects.", "safety", cues=(cue,)), place)
    assert name not in met(claim("Well tolerated.", "safety"), place)


def test_an_attributed_sentence_engages_provisions_on_testimonials_alone():
    said = claim("“It cured me”, says Ann.", "disease", "testimonial", stance="attributed")
    found = met(said)
    assert found
    assert all(LAW.by_id[name].when.features for name in found)


def test_a_hedged_approval_is_no_claimed_approval():
    hedged = claim("May be FDA approved.", "regulatory", status="approved", agencies=("FDA",), stance="hedged")
    assert "us-ftc-approval" not in met(hedged, "US")


@pytest.mark.parametrize("kind", ["journal", "regulator", "register"])
def test_who_advertises_nothing_engages_nothing(kind):
    assert met(claim("Guaranteed.", "guarantee"), source=replace(CLINIC, kind=kind)) == set()


def test_what_was_in_force_on_that_day_counts():
    sick = claim("Treats arthritis.", "disease", conditions=(Condition("a", "arthritis", "medical"),))
    assert "gb-hmr-279-2012" in met(sick, "GB", at=datetime(2023, 1, 1, tzinfo=UTC))
    assert "gb-hmr-279" in met(sick, "GB") - {"gb-hmr-279-2012"}


def test_page_features_engage_provisions_on_them():
    plain = claim("Calms redness.", "efficacy")
    assert met(plain, "TR", Features(prices=("€90",))) - met(plain, "TR") == {"tr-promotion-2025-prices"}
    assert "tr-promotion-2025-sentence" in met(plain, "TR", Features(required_missing=("tr-promotion-2025-sentence",)))


def test_nothing_that_was_not_read_is_printed_and_nothing_unchecked_is_shown():
    found = engaged(claim("Guaranteed cure.", "guarantee", "disease"), Features(), CLINIC, "IE", NOW, KNOWN)
    assert printable(found, TODAY) == ()
    rows = desk_hooks(found, TODAY)
    assert rows
    assert {row["level"] for row in rows} == {"reported"}
    assert "no law hook can be printed yet" in nothing_printed(found, "IE")


def test_a_provision_that_was_read_is_printed_with_who_looked():
    law = read(LAW, "ie-si541-reg11-guarantee")
    (one,) = printable(guarantee(law), TODAY)
    assert one.words.startswith("if it is a medicine: may engage Regulation 11")
    assert one.words.endswith("; verify (machine-checked, not by a lawyer)")
    (other,) = printable(guarantee(read(LAW, "ie-si541-reg11-guarantee", by="Ann Example")), TODAY)
    assert other.words.endswith("; verify (checked by Ann Example)")


@pytest.mark.parametrize(("days", "again"), [(0, False), (179, False), (180, True), (900, True)])
def test_a_check_is_good_for_180_days(days, again):
    law = read(LAW, "ie-si541-reg11-guarantee", on=date.fromordinal(TODAY.toordinal() - days))
    (one,) = printable(guarantee(law), TODAY)
    assert one.recheck is again
    assert one.words.startswith("recheck: ") is again


def test_a_text_that_changed_prints_recheck():
    (one,) = printable(guarantee(read(LAW, "ie-si541-reg11-guarantee", recheck="its text changed")), TODAY)
    assert one.words.startswith("recheck: ")
    assert "may engage" not in one.words


def test_a_directive_is_printed_beside_what_transposes_it_and_never_alone():
    assert printable(guarantee(read(LAW, "eu-2001-83-art90-b")), TODAY) == ()
    (one,) = printable(guarantee(read(LAW, "eu-2001-83-art90-b", "ie-si541-reg11-guarantee")), TODAY)
    assert "transposing Article 90(b), Directive 2001/83/EC" in one.words


def test_what_addresses_the_public_is_not_printed_behind_a_gate_for_professionals():
    found = guarantee(read(LAW), gate=True)
    assert found
    assert not [one for one in printable(found, TODAY) if LAW.by_id[one.rule_id].audience == "public"]
    assert any(row["doubt"] for row in desk_hooks(found, TODAY))


def test_a_regulator_without_a_statement_is_told_as_that():
    assert silence(LAW, "IE") == ("HPRA: no statement found as of 2026-11-22",)


@given(st.data())
def test_nothing_printed_passes_judgement_or_binds_a_state(data):
    rule = data.draw(st.sampled_from(LAW.rules))
    days = data.draw(st.integers(0, 400))
    recheck = data.draw(st.sampled_from(["", "its text changed"]))
    law = read(LAW, on=date.fromordinal(TODAY.toordinal() - days), recheck=recheck)
    example = data.draw(st.sampled_from((*rule.match, *rule.not_)))
    place = data.draw(st.sampled_from(sorted(LAW.places)))
    for one in printable(engaged_by(facts_of_example(example, rule), place, TODAY, law), TODAY):
        assert not VERDICTS.search(one.words)
        assert ("may engage" in one.words and "verify" in one.words) or one.words.startswith("recheck: ")
        assert law.by_id[one.rule_id].binds == "trader"


def test_intervention_slots_decide():
    human = claim("Human exosomes firm.", "efficacy", intervention=Intervention(source="human", route="topical"))
    plant = claim("Rose exosomes firm.", "efficacy", intervention=Intervention(source="plant", route="topical"))
    assert "eu-1223-art14-human-origin" in met(human) - met(plant)


def test_what_was_found_later_does_not_count_for_a_day_before():
    law = read(LAW, "ie-si541-reg11-guarantee", on=TODAY)
    before = date(2026, 11, 1)
    assert printable(guarantee(law), before) == ()
    (row,) = [row for row in desk_hooks(guarantee(law), before) if row["rule"] == "ie-si541-reg11-guarantee"]
    assert (row["level"], row["print"]) == ("reported", False)
