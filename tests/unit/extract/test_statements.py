import pytest

from tests.unit.extract.reading import read


def told(sentence):
    _, found = read(sentence)
    return {(tuple(s.agencies), s.status) for s in found.statements if s.zone != "title"}


@pytest.mark.parametrize(
    ("sentence", "agencies", "status"),
    [
        ("No exosome product has been approved by the FDA or the EMA.", ("FDA", "EMA"), "not_approved"),
        ("The FDA has approved our exosome serum.", ("FDA",), "approved"),
        ("Exosomes must not be injected.", (), "banned"),
        ("Exosomes may be used for cosmetic purposes only, says the HPRA.", ("HPRA",), "other"),
        ("The FDA warns about exosome products.", ("FDA",), "warning"),
        ("Our exosomes are not authorised by the MHRA.", ("MHRA",), "not_approved"),
        ("Exosomes are unapproved drugs, says the FDA.", ("FDA",), "not_approved"),
        ("Exosomes are creams to the HPRA and need no approval.", ("HPRA",), "other"),
        ("The FDA says that injecting exosomes is not lawful.", ("FDA",), "banned"),
    ],
)
def test_a_statement_names_agency_and_status(sentence, agencies, status):
    assert (agencies, status) in told(sentence)


def test_a_denial_is_never_an_approval():
    for sentence in ("There are no FDA-approved exosomes.", "Exosomes have never been approved by the FDA."):
        assert "approved" not in {status for _, status in told(sentence)}
