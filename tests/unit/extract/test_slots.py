"""What a claim says of product, place on the body, amounts, and reasons to believe it."""

import pytest

from tests.unit.extract.reading import claim_of, judged


def test_a_product_is_named_with_its_maker_where_that_is_known():
    claim = claim_of("ASCE+ smooths wrinkles of the face.")
    assert claim.intervention.product == "ASCE+ (ExoCoBio)"
    assert claim.subject == "exosome"
    assert claim_of("Hanheal exosomes smooth wrinkles.").intervention.product == "Hanheal"
    assert claim_of("Exosomes smooth wrinkles.").intervention.product is None


@pytest.mark.parametrize(
    ("sentence", "language", "areas"),
    [
        ("Exosomes smooth wrinkles of the face and neck.", "en", {"face", "neck"}),
        ("Exosomen stärken das Haar und beruhigen die Kopfhaut.", "de", {"scalp"}),
        ("Экзосомы разглаживают морщины вокруг глаз.", "ru", {"eyes"}),
        ("エクソソームは頭皮の毛包を活性化し、発毛を促します。", "ja", {"scalp"}),
        ("Exosomes smooth deep wrinkles.", "en", set()),
    ],
)
def test_a_place_on_the_body_is_named_in_the_language_of_the_page(sentence, language, areas):
    claim = claim_of(sentence, language=language)
    assert claim is not None
    assert set(claim.areas) == areas


def test_a_claim_carries_its_amounts_and_what_is_offered_as_evidence():
    claim = claim_of("Clinical studies show that exosomes smooth wrinkles in 90 % of patients within three months.")
    assert claim.numbers == ("90 %", "three months")
    assert "study" in claim.evidence_offered
    assert claim_of("Our exosomes are FDA approved for hair loss.").evidence_offered == ("regulator",)
    assert claim_of("Our exosomes are not FDA approved.").evidence_offered == ()


def test_an_approval_that_no_word_denies_is_asserted():
    claim = claim_of("Our exosome serum is FDA approved for hair loss.")
    assert (claim.stance, claim.status, claim.agencies) == ("asserted", "approved", ("FDA",))
    assert judged("Our exosome serum is FDA approved for hair loss.").flag


def test_redness_told_as_a_risk_is_no_promise_and_redness_denied_is_one():
    assert claim_of("After exosomes mild redness and swelling may occur.").framing == "risk-disclosure"
    assert claim_of("After exosomes there is no redness and no swelling at all.").framing != "risk-disclosure"
