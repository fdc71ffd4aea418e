"""Amounts with their currencies, as pages of many countries print them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exowatch.report.money import Price, price_in


@pytest.mark.parametrize(
    ("text", "country", "told"),
    [
        ("€1.200,50", "IE", ("EUR", 1200.5, False)),
        ("$250", "US", ("USD", 250.0, True)),
        ("$250", "CA", ("CAD", 250.0, True)),
        ("$250", "IE", ("USD", 250.0, True)),
        ("A$399", "IE", ("AUD", 399.0, False)),
        ("R$ 1.500", "BR", ("BRL", 1500.0, False)),
        ("US$99", "CA", ("USD", 99.0, False)),
        ("¥38,000", "JP", ("JPY", 38000.0, True)),
        ("¥1980", "CN", ("CNY", 1980.0, True)),
        ("10만원", "KR", ("KRW", 100000.0, False)),
        ("5万円", "JP", ("JPY", 50000.0, False)),
        ("2500 kr", "SE", ("SEK", 2500.0, True)),
        ("2500 kr", "DK", ("DKK", 2500.0, True)),
        ("CHF 480", "CH", ("CHF", 480.0, False)),
        ("12 000 ₽", "RU", ("RUB", 12000.0, False)),
        ("3000 元", "TW", ("TWD", 3000.0, False)),
        ("3 €200", "IE", ("EUR", 200.0, False)),
        ("1500TL", "TR", ("TRY", 1500.0, False)),
        ("500kr", "SE", ("SEK", 500.0, True)),
        ("100EUR", "DE", ("EUR", 100.0, False)),
        ("300,- €", "DE", ("EUR", 300.0, False)),
        ("CHF 300.–", "CH", ("CHF", 300.0, False)),
        ("12 x 99 €, together 1.100 €", "DE", ("EUR", 1100.0, False)),
        ("Rs. 5,000", "IN", ("INR", 5000.0, False)),
        ("eur 100", "DE", ("EUR", 100.0, False)),
        ("5 евро", "RU", ("EUR", 5.0, False)),
        ("50,000원부터", "KR", ("KRW", 50000.0, False)),
        ("250 din.", "RS", ("RSD", 250.0, False)),
        ("₹ 15,000", "IN", ("INR", 15000.0, False)),
        ("statt 300 € nur 250 €", "DE", ("EUR", 250.0, False)),
        ("180 € au lieu de 220 €", "FR", ("EUR", 180.0, False)),
        ("zamiast 900 zł 700 zł", "PL", ("PLN", 700.0, False)),
        ("100 Euro", "DE", ("EUR", 100.0, False)),
        ("250 euros", "FR", ("EUR", 250.0, False)),
        ("$1,200 MXN", "US", ("MXN", 1200.0, False)),
        ("$250 CAD", "US", ("CAD", 250.0, False)),
    ],
)
def test_a_price_is_read_with_its_currency(text, country, told):
    assert price_in(text, country) == Price(*told)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("€500–€900", 500.0, 900.0),
        ("500-900 €", 500.0, 900.0),
        ("€500 to 900", 500.0, 900.0),
        ("500 bis 900 €", 500.0, 900.0),
        ("5万円〜10万円", 50000.0, 100000.0),
        ("2.500-4.500 TL", 2500.0, 4500.0),
        ("€500 and 900 visits", 500.0, None),
        ("€900–€500", 900.0, None),
    ],
)
def test_both_ends_of_a_range_are_read(text, low, high):
    told = price_in(text, "IE")
    assert (told.amount, told.high) == (low, high)


@pytest.mark.parametrize(
    ("text", "per"),
    [
        ("€350 per session", "session"),
        ("350 € pro Sitzung", "session"),
        ("1회 99,000원", "session"),
        ("3 sessions: €900", "course"),
        ("course of three €900", "course"),
        ("12 mois 90 €", "course"),
        ("99 € monatlich", "month"),
        ("€180 per vial", "vial"),
        ("€200 per area", "area"),
        ("single session €350", "session"),
        ("€350", None),
        ("€350 for your skin", None),
        ("€350, €900 per course", None),
    ],
)
def test_what_an_amount_buys_is_kept_where_the_words_say_so(text, per):
    assert price_in(text, "IE").per == per


@pytest.mark.parametrize(
    "text",
    [
        "no price",
        "250",
        "$",
        "from 3 to 5 sessions",
        "2 krem",
        "2 원장",
        "10 원인",
        "3 元素",
        "5 dinner",
        "10 leitende Ärzte",
        "20 europäische Kliniken",
        "9" * 400 + " €",
    ],
)
def test_what_is_no_amount_of_money_is_none(text):
    assert price_in(text, "US") is None


@given(st.text(max_size=80), st.sampled_from(["US", "JP", "IE"]))
def test_no_text_breaks_it(text, country):
    found = price_in(text, country)
    assert found is None or found.amount > 0
