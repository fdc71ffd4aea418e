import pytest

from exowatch.extract.numbers import numbers_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Firmer skin in 97 % of patients within three months", ("97 %", "three months")),
        ("A new look in 3–6 weeks thanks to 80 billion particles", ("3–6 weeks", "80 billion")),
        ("Ergebnisse nach vier bis sechs Wochen", ("vier bis sechs Wochen",)),
        ("Через 2 месяца, у 90 % пациентов", ("2 месяца", "90 %")),
        ("5回の施術で約70％の方が", ("5回", "70％")),
        ("%96 oranında, iki ay içinde", ("%96", "iki ay")),
        ("2개월 만에 3배", ("2개월", "3배")),
        ("One of the best on the market, on day five", ()),
        ("Call 01 234 5678", ()),
    ],
)
def test_numbers_keep_their_units_in_many_languages(text, found):
    assert numbers_in(text) == found


@pytest.mark.parametrize("text", ["7" * 200_000, "7," * 100_000, "one to " * 30_000, "7 " * 100_000])
def test_a_page_of_figures_is_read_in_a_time_that_grows_with_its_length(text):
    assert len(numbers_in(text)) <= 12
