"""The site's own doctor praises what he sells: no endorsement by another. A "no." before a number denies nothing."""

import pytest

from exowatch.extract.own import Own, without_own
from exowatch.knowledge.load import load_knowledge
from exowatch.model.sources import Source, Trader
from exowatch.pages.page import read_page
from exowatch.reading import reading_of

PRAISE = "<p>Our exosome facial renews the skin and reduces wrinkles. Book today.</p>"


def page_of(body, title="Exosome facials", url="https://glow.example/exo", language="en"):
    html = f"<html lang={language}><head><title>{title}</title></head><body><main>{PRAISE}{body}</main></body></html>"
    return read_page(
        html.encode(),
        url=url,
        content_type="text/html; charset=utf-8",
        status=200,
        truncated=None,
        fitness=load_knowledge().fitness,
    )


def source_of(name="Glow", trader=None):
    return Source("glow", name, "clinic", "IE", ("https://glow.example/",), trader=trader and Trader(trader))


def endorsed(body, name="Glow", trader=None, **page):
    read = reading_of(page_of(body, **page), source_of(name, trader), "c", load_knowledge())
    return read.features.endorsements


SMITH = "<p>Dermatologist Dr Anna Smith recommends this serum.</p>"


def test_praise_of_a_doctor_from_elsewhere_is_an_endorsement():
    assert endorsed(SMITH) == ("Dermatologist Dr Anna Smith recommends this serum.",)


@pytest.mark.parametrize(
    "whose",
    [
        {"name": "Smith Aesthetics"},
        {"trader": "Dr A. Smith Ltd"},
        {"title": "Facials | Dr Smith Clinic"},
        {"url": "https://www.drsmith.example/exo"},
    ],
)
def test_praise_of_whom_the_site_is_called_after_is_none(whose):
    assert endorsed(SMITH, **whose) == ()


@pytest.mark.parametrize(
    "said", ["Meet our founder Dr Anna Smith.", "Dr Anna Smith is our medical director.", "Book with Dr Anna Smith."]
)
def test_praise_of_whom_the_page_calls_its_own_is_none(said):
    assert endorsed(f"<p>{said}</p>{SMITH}") == ()


def test_praise_by_others_beside_the_own_doctor_stays():
    body = "<p>Loved by celebrities, says Dr Smith.</p><p>Dermatologist Dr Okoro recommends it, as does Dr Smith.</p>"
    assert len(endorsed(body, name="Smith Aesthetics")) == 2


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Dr. med. Jonas Huber verwendet das Serum.", "we verwendet das Serum."),
        ("The surgeon Prof. Huber uses it.", "we uses it."),
        ("Dr Huber, consultant dermatologist, uses it.", "we uses it."),
        ("Dr Jones uses it.", None),
    ],
)
def test_own_people_are_left_out_with_what_they_are(text, left):
    assert without_own(text, Own(source_of("Huber Dermatologie"), page_of(""))) == left


@pytest.mark.parametrize(
    "text",
    [
        "Our clinic holds HIQA licence no. 123.",
        "The exosome serum is registered with the HPRA, registration no. 12345.",
        "MFDS approval No. 22-1000 for our exosomes.",
        "Ruhsat No: 4567.",
        "CE certificate no 1234.",
    ],
)
def test_a_number_sign_denies_no_status(text):
    read = reading_of(page_of(f"<p>{text}</p>"), source_of(), "c", load_knowledge())
    assert read.features.disclaimers == ()
    assert {one.status for one in read.statements} <= {"approved", "registered"}
    assert all(one.stance == "asserted" for one in read.claims if one.quote.text == text)


@pytest.mark.parametrize("text", ["No licence was granted for this exosome product.", "There is no approval."])
def test_a_denial_still_denies(text):
    read = reading_of(page_of(f"<p>{text}</p>"), source_of(), "c", load_knowledge())
    assert read.features.disclaimers == (text,) or {one.status for one in read.statements} == {"not_approved"}
