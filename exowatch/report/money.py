"""Amounts of money as pages print them → currency (ISO 4217) and number; a sign that many countries use is read by the
country that the site sits in, and marked as assumed."""

from __future__ import annotations

import re
from typing import NamedTuple

from exowatch.knowledge.bought import load_bought

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


#: "12 x 99 €": instalments.
_TIMES = re.compile(r"\d\s?[x×]\s?$", re.IGNORECASE)
#: "€500–€900", "500 bis 900 €": the two ends of a range.
_TO = re.compile(r"\s?(?:[-–—~～〜]|to|up to|bis|à|a|até|hasta|do|до|tot|ile)\s?$", re.IGNORECASE)
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
    high: float | None = None
    """The other end of a range."""
    per: str | None = None
    """What it buys (``knowledge/bought.yml``): session, course, month …; None where the words do not say."""


def price_in(text: str, country: str) -> Price | None:
    """The first amount with a currency in ``text``; None where there is none. ``country``: where the site sits."""
    found = list(_PRICE.finditer(text))
    for place, match in enumerate(found):
        sign = _sign(match["before"], match["after"])
        ends = found[place + 1] if place + 1 < len(found) else None
        ranging = ends and _TO.fullmatch(text, match.end(), ends.start()) is not None
        if ends and ranging:
            sign = sign or _sign(ends["before"], ends["after"])
        if sign and _TIMES.search(text, 0, match.start()):
            continue  # a part of the price
        if _EARLIER.search(text, max(0, match.start() - 24), match.start()):
            continue
        amount = _number(match) if sign else None
        if sign and amount:
            high = _number(ends) if ends and ranging else None
            currency, assumed = _currency(sign, country)
            whole = (text[: match.start()], text[ends.end() if ends and ranging else match.end() :])
            return Price(currency, amount, assumed, high if high and high > amount else None, _per(*whole))
    return None


def _per(before: str, behind: str) -> str | None:
    """What the amount buys: by the words behind it, up to the next amount, else by those before it."""
    bought = load_bought()
    told = _PRICE.split(behind, maxsplit=1)[0][:40]
    return bought.in_text(told) or bought.in_text(before[-40:])


def _currency(sign: str, country: str) -> tuple[str, bool]:
    if sign in _SHARED:
        of = _SHARED[sign]
        return of.get(country, of[""]), True
    # two countries write 元 and 円 for theirs: a page of Taiwan means its own
    return "TWD" if sign == "元" and country == "TW" else _PLAIN[sign], False


def _number(match: re.Match[str]) -> float | None:
    amount = _amount(match["amount"])
    return amount * _MANY.get(match["many"] or "", 1) if amount else None


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
