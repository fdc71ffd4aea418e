"""What a page is about: promises of other things on the same site are no claims about exosomes."""

from tests.unit.extract.reading import read

UNNAMED = (
    "An interview about the newest thing in skin care.",
    "These tiny vesicles come from human fat stem cells.",
    "They reduce wrinkles and repair damaged skin within two weeks.",
    "They make cells divide and raise collagen.",
    "Please ring us for an appointment.",
)
FILLERS = (
    "Dermal fillers by our doctors",
    "Hyaluronic acid fillers smooth deep wrinkles at once.",
    "Laser and PRP repair damaged skin and reduce scars.",
    "Botox is a proven and safe treatment of sweating.",
    "Our laser brings firm and radiant skin.",
)


def told(found):
    return [claim.quote.text for claim in found.claims]


def test_a_page_that_speaks_of_vesicles_and_never_names_exosomes_is_read():
    _, found = read(*UNNAMED, title="Skin clinic")
    assert "They reduce wrinkles and repair damaged skin within two weeks." in told(found)
    assert "Please ring us for an appointment." not in told(found)


def test_a_page_about_other_treatments_that_never_names_exosomes_says_nothing_of_them():
    _, found = read(*FILLERS, title="Fillers and lasers")
    assert not told(found)


def test_a_regulators_letter_that_never_names_exosomes_is_read():
    letter = (
        "This letter tells you that your product is an unapproved new drug.",
        "Your website says that it treats arthritis and heals damaged joints.",
        "You should answer within fifteen working days.",
    )
    _, found = read(*letter, title="Warning letter", kind="regulator")
    assert "This letter tells you that your product is an unapproved new drug." in told(found)
