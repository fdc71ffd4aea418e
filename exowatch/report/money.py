"""Amounts of money as pages print them → currency (ISO 4217) and number; a sign that many countries use is read by the
country that the site sits in, and marked as assumed."""

from __future__ import annotations

import re
from typing import NamedTuple

#: What names one currency, wherever it is printed.
_PLAIN = {
    **{
        code: code
        for code in ("EUR", "USD", "GBP", "PLN", "CHF", "CAD", "AUD", "NZD", "SGD", "HKD", "JPY", "KRW", "CNY", "RMB")
    },
    **{
        code: code
        for code in ("INR", "TRY", "RUB", "UAH", "BRL", "MXN", "SEK", "NOK", "DKK", "CZK", "RSD", "THB", "AED", "TWD")
    },
    **{
        "€": "EUR",
        "£": "GBP",
        "₩": "KRW",
        "원": "KRW",
        "円": "JPY",
        "₽": "RUB",
        "руб": "RUB",
        "₹": "INR",
        "₴": "UAH",
        "грн": "UAH",
        "евро": "EUR",
        "євро": "EUR",
        "eur": "EUR",
        "usd": "USD",
        "gbp": "GBP",
        "Rs": "INR",
    },
    **{
        "₺": "TRY",
        "TL": "TRY",
        "zł": "PLN",
        "złotych": "PLN",
        "฿": "THB",
        "₫": "VND",
        "Kč": "CZK",
        "din": "RSD",
        "元": "CNY",
    },
    **{
        "US$": "USD",
        "CA$": "CAD",
        "C$": "CAD",
        "A$": "AUD",
        "AU$": "AUD",
        "NZ$": "NZD",
        "S$": "SGD",
        "HK$": "HKD",
        "NT$": "TWD",
    },
    **{"R$": "BRL", "MX$": "MXN", "lei": "RON", "Ft": "HUF"},
} | {"RMB": "CNY", **dict.fromkeys(("Euro", "euro", "EURO", "Euros", "euros"), "EUR")}
#: What several countries call their own: sign → country → currency; the last is where the country has none of them.
_SHARED = {
    "$": {
        **{
            "US": "USD",
            "CA": "CAD",
            "AU": "AUD",
            "NZ": "NZD",
            "SG": "SGD",
            "HK": "HKD",
            "TW": "TWD",
            "MX": "MXN",
            "AR": "ARS",
        },
        **{"CL": "CLP", "CO": "COP", "": "USD"},
    },
    "¥": {"JP": "JPY", "CN": "CNY", "": "JPY"},
    "￥": {"JP": "JPY", "CN": "CNY", "": "JPY"},
    "kr": {"SE": "SEK", "NO": "NOK", "DK": "DKK", "IS": "ISK", "": "SEK"},
}
#: Signs from which an amount is read, longest first.
SIGNS = sorted((*_PLAIN, *_SHARED), key=len, reverse=True)
#: A letter beside a sign of letters makes it a word: "2 krem", "5 dinner". A figure does not: "1500TL", "500kr".
_WORD_ON = {"원": "장인칙래하두료생본", "元": "素气氣旦件老首", "円": "形周熟滑盤"}
_SIGN = "|".join(
    rf"(?<![^\W\d_]){re.escape(s)}(?![^\W\d_])"
    if s.isalpha() and s.isascii()
    else re.escape(s) + (f"(?![{_WORD_ON[s]}])" if s in _WORD_ON else "")
    for s in SIGNS
)
_MANY = {"万": 10_000, "萬": 10_000, "만": 10_000, "千": 1_000, "천": 1_000, "k": 1_000}
#: More digits are a number of something else.
_DIGITS = 12
#: A sign right before another figure is that figure's: "3 €200".
_PRICE = re.compile(
    rf"(?:(?P<before>{_SIGN})\.?)?\s?(?<![\d.,])(?P<amount>\d(?:[\d.,'\s]*\d)?)(?:[.,][-–—]+)?\s?(?P<many>[万萬만千천]|k\b)?"
    rf"(?:\s?(?P<after>{_SIGN})(?!\d))?"
)


#: "12 x 99 €", "99 € monatlich": instalments.
_TIMES = re.compile(r"\d\s?[x×]\s?$", re.IGNORECASE)
_MONTHLY = re.compile(
    r"\s?(?:/|a |per |pro |par |al |por |na |im )?\s?(?:month|monthly|monat\w*|mois|mes\b|mese|mês|miesiąc\w*|maand)",
    re.IGNORECASE,
)

#: What stands before the price of earlier.
_EARLIER = re.compile(
    r"\b(?:instead of|(?:an)?statt|au lieu de|"
    r"en (?:lugar|vez) de|em vez de|invece di|zamiast|in plaats van|вместо)\s*$",
    re.IGNORECASE,
)


class Price(NamedTuple):
    """An amount; ``assumed``: its sign is used by several countries, and the site's own was taken."""

    currency: str
    amount: float
    assumed: bool


def price_in(text: str, country: str) -> Price | None:
    """The first amount with a currency in ``text``; None where there is none. ``country``: where the site sits."""
    for match in _PRICE.finditer(text):
        sign = _sign(match["before"], match["after"])
        if sign and (_TIMES.search(text, 0, match.start()) or _MONTHLY.match(text, match.end())):
            continue  # a part of the price
        if _EARLIER.search(text, max(0, match.start() - 24), match.start()):
            continue
        amount = _amount(match["amount"]) if sign else None
        if sign and amount:
            number = amount * _MANY.get(match["many"] or "", 1)
            if sign in _SHARED:
                of = _SHARED[sign]
                return Price(of.get(country, of[""]), number, True)
            # two countries write 元 and 円 for theirs: a page of Taiwan means its own
            return Price("TWD" if sign == "元" and country == "TW" else _PLAIN[sign], number, False)
    return None


def _sign(before: str | None, after: str | None) -> str | None:
    """The one that names a currency: in "$1,200 MXN" the code says whose dollars they are."""
    return after if before in _SHARED and after in _PLAIN else before or after


def _amount(text: str) -> float | None:
    """ "1.200,50" and "1,200.50" alike: the last sign before one or two digits is the decimal one."""
    if sum(letter.isdigit() for letter in text) > _DIGITS:
        return None
    cleaned = re.sub(r"[.,'\s](?=\d{3}(?:\D|$))", "", text.strip(".,")).replace(",", ".")
    try:
        return float(cleaned) or None
    except ValueError:
        return None
