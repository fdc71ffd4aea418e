"""Prices, discounts and free visits; fines, turnover, markets and postage are none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from exowatch.extract.shown import Shown
from exowatch.knowledge.bought import load_bought

_CODES = (  # noqa: SIM905
    "EUR USD GBP PLN TL TRY CHF CAD AUD NZD SGD HKD JPY KRW CNY INR SEK NOK DKK THB AED BRL MXN RSD UAH "
    "RUB KZT SAR QAR KWD CZK HUF RON"
).split()
#: Currencies by their names, as far as they follow an amount; the start of each, with any ending.
_NAMED = (  # noqa: SIM905
    "euro Euro EURO evro ευρώ евро Franken francs franchi dollar pound lira rubl рубл тенге гривен гривн zloty złot "
    "dinar din. kuna korun dirham درهم ريال دينار ليرة جنيه تومان يورو دولار baht บาท peso reais forint rupee đồng "
    "crore lakh бат лир дирхам доллар сом 美元 美金 人民币 块钱"
).split()
_SIGNS = "€£$¥￥₩₽₹₴₺₸฿₫元円원"
_MONEY = (
    rf"(?:\b(?:US|CA|AU|NZ|HK|NT|MX|R|A|S|C)?\$|\$|[{_SIGNS}]|\b(?:{'|'.join(_CODES)}|kr|Kč|lei|Ft|Rp|RM)\b|\bRs\b\.?|"
    rf"zł|руб|грн|(?:{'|'.join(map(re.escape, _NAMED))}))"
)
_CURRENCIES = (*_SIGNS, *_CODES, *_NAMED, "kr", "Kč", "zł", "руб", "грн", " lei", " Ft", "Rp", "RM", "Rs")
_AMOUNT = r"(?<![\d.,])\d{1,3}(?:[.,'\u00a0\u202f\u2009 ]\d{3})+(?:[.,]\d\d?)?(?!\d)|(?<![\d.,])\d+(?:[.,]\d\d?)?(?!\d)"
_PRICE = re.compile(rf"{_MONEY}\s?(?:{_AMOUNT})[万萬만千천]?|(?:{_AMOUNT})\s?[万萬만千천]?\s?{_MONEY}(?!\d)")
#: No treatment costs millions; markets, investments and turnover do.
_GREAT = re.compile(
    r"[\s\u00a0]?(?:million|billion|bn\b|mn\b|m\b|Mio|Mrd|milliard|millones|milhões|bilhões|milion|miliard|mld|mln|"
    r"млн|млрд|milyon|milyar|εκατ|δισ|億|亿|억|조|兆|مليون|مليار)",
    re.IGNORECASE,
)
#: "1회 9,900": a count of sessions and then a bare amount in thousands, as lists in East Asia print it.
_SESSION = re.compile(
    r"(?:[1-9一單单兩两三]\s?(?:회|次|回)|單次|单次|三次)\s?(?P<price>\d{1,3}(?:,\d{3})+)(?![\d名명人건例件億亿억])"
)
_AT_THE_END = re.compile(r"(?P<price>(?<![\d,.])\d{1,3}(?:,\d{3})+)(?:\s*[(（][^)）]*[)）])?$")
_DIGIT = re.compile(r"\d")
#: Between the two ends of a range.
_TO = re.compile(r"\s?(?:[-–—~～〜]|to|up to|bis|à|a|até|hasta|do|до|tot|ile)\s?", re.IGNORECASE)
_LOW = re.compile(rf"(?<![\d.,–-])(?:{_AMOUNT})(?:{_TO.pattern})$", re.IGNORECASE)
_HIGH = re.compile(rf"\s?[-–—~～〜]\s?(?:{_AMOUNT})(?![\d.,]*\s?(?:%|ml|min|x\b))", re.IGNORECASE)
#: Between an amount and what it buys, and the other way round.
_PER = re.compile(
    r"\s?(?:/|\(|,-)?\s?(?:(?:per|pro|je|each|every|for|für|a|an|the|one|par|la|le|por|cada|al|alla|za|na|od|за|в|"
    r"в один|на|op|voor|ein|eine|einen|une|un|una|uma|başına|للجلسة|لكل)\s)*",
    re.IGNORECASE,
)
_JOINED = re.compile(
    r"(?:\s(?:of|de|von|di|из|z|à)\s[\w ]{1,16})?[\s:：–—,|=(-]*"
    r"(?:from|ab|only|for|à partir de|dès|desde|da|od|от|nur)?\s?",
    re.IGNORECASE,
)
_BESIDE = 40
_EASTERN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_LONGEST_ITEM, _LONGEST_HEADING = 60, 40


def offers_of(shown: Sequence[Shown]) -> Iterator[tuple[Shown, str]]:
    """Each price with the sentence that it stands in; an offer without an amount as its sentence."""
    whole = "\n".join([one.sense.text for one in shown])
    here = [currency for currency in _CURRENCIES if currency in whole]
    listing = postage = False
    for one in shown:
        text = one.sense.text
        if "prices.section" in one.words and len(text) <= _LONGEST_HEADING:
            listing = bool(_EASTERN.search(text))
        if one.sense.block.kind == "heading" and len(text) <= _LONGEST_HEADING:
            postage = "prices.before" in one.words
        if postage or "prices.unless" in one.words:
            continue
        numbered = bool(_DIGIT.search(text))
        prices = list(_amounts(one, here)) or list(_listed(text, listing=listing)) if numbered else []
        for price in prices:
            yield one, price
        if not prices and "prices" in one.features:
            yield one, text


def _amounts(one: Shown, currencies: Sequence[str]) -> Iterator[str]:
    """Amounts with their currency; looked for only around a currency, since numbers are many and prices few."""
    text = one.sense.text
    postage = min([span.start for span in one.words.get("prices.before", ())], default=len(text))
    places = list[int]()
    for currency in currencies:
        place = text.find(currency)
        while place >= 0:
            places.append(place)
            place = text.find(currency, place + 1)
    found: dict[int, int] = {}
    for place in sorted(places):
        for price in _PRICE.finditer(text, max(0, place - 16), place + 20):
            if price.start() <= place < price.end() and price.start() < postage and not _GREAT.match(text, price.end()):
                found.setdefault(price.start(), price.end())
    yield from _with_words(text, _ranges(text, sorted(found.items())))


def _ranges(text: str, prices: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Amounts with the other end of their range: "€500–€900", "€500–900", "500 bis 900 €"."""
    kept: list[tuple[int, int]] = []
    for number, (start, end) in enumerate(prices):
        if kept and start < kept[-1][1]:
            continue
        if kept and _TO.fullmatch(text, kept[-1][1], start):
            kept[-1] = (kept[-1][0], end)
            continue
        before = _LOW.search(text, max(0, start - 24), start)
        if before and text[start].isdigit() and (not kept or kept[-1][1] <= before.start()):
            start = before.start() + len(before[0]) - len(before[0].lstrip())
        behind = _HIGH.match(text, end)
        following = prices[number + 1][0] if number + 1 < len(prices) else len(text)
        kept.append((start, behind.end() if behind and behind.end() <= following else end))
    return kept


def _with_words(text: str, prices: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Each amount with the words beside it that say what it buys, where they stand right before or behind it."""
    bought, reached = load_bought(), 0
    for number, (start, end) in enumerate(prices):
        following = prices[number + 1][0] if number + 1 < len(prices) else len(text)
        behind = _PER.match(text, end, min(following, end + 40))
        unit = bought.pattern.match(text, behind.end(), min(following, behind.end() + 30)) if behind else None
        before = None
        if unit is None:
            for before in bought.pattern.finditer(text, max(reached, start - _BESIDE), start):  # noqa: B007 - the last
                pass
        head = before.start() if before and _JOINED.fullmatch(text, before.end(), start) else start
        reached = unit.end() if unit else end
        yield text[head:reached].strip()


def _listed(text: str, *, listing: bool) -> Iterator[str]:
    """A bare amount of a price list."""
    price = _SESSION.search(text)
    if price is None and listing and len(text) <= _LONGEST_ITEM:
        price = _AT_THE_END.search(text)
    if price:
        yield price["price"]
