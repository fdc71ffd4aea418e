"""Things of a page that law names: prices, voices of patients, pictures, endorsements, disclaimers, gates."""

from __future__ import annotations

import bisect
import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from exowatch.extract.sense import BIT, Sense
from exowatch.knowledge.features import load_features
from exowatch.model.pages import Features

_CODES = "EUR USD GBP PLN TL TRY CHF CAD AUD NZD SGD HKD JPY KRW CNY INR SEK NOK DKK THB AED BRL MXN RSD UAH".split()  # noqa: SIM905
_MONEY = (
    rf"(?:\b(?:US|CA|AU|NZ|HK|NT|MX|R|A|S|C)?\$|\$|[€£¥￥₩₽₹₴₺฿₫元円원]|\b(?:{'|'.join(_CODES)}|kr|Kč|lei|Ft)\b|"
    rf"złotych|zł|руб|грн)"
)
_CURRENCIES = (*"€£$¥￥₩₽₹₴₺฿₫元円원", *_CODES, "kr", "Kč", "zł", "руб", "грн", " lei", " Ft")
_AMOUNT = r"(?<![\d.,])\d{1,3}(?:[.,'\u00a0\u202f\u2009 ]\d{3})+(?:[.,]\d\d?)?(?!\d)|(?<![\d.,])\d+(?:[.,]\d\d?)?(?!\d)"
_PRICE = re.compile(rf"{_MONEY}\s?(?:{_AMOUNT})[万萬만千천]?|(?:{_AMOUNT})\s?[万萬만千천]?\s?{_MONEY}")
_VOICE = re.compile(r"^[\"“«]?(?:I|My)\s")
_PICTURES, _DISCLAIMER, _VOICE_BIT = BIT["pictures"], BIT["disclaimer"], BIT["voice"]
#: Who says so of herself, or is said to have said it: such a voice is not kept at all.
_NAMED = re.compile(r"(?i:\bmy name is\b)|\b(?:said|says|writes|wrote) [A-Z]|\bI am [A-Z][a-z]+ [A-Z]")
#: A name under a sentence: "– Anna K."
_SIGNED = re.compile(r"\s*[–—-]\s*[^\W\d_][\w.'’-]*(?:\s[^\W\d_][\w.'’-]*){0,3},?\s*(?:\d{2})?[.)]?$")
_OPENS, _CLOSES = '"“«„「『‘', '"”»“」』’'


def features_of(senses: Sequence[Sense], required: Mapping[str, Collection[str]] | None = None) -> Features:
    """What the sentences show, each once, the first twenty of a sort (fifty prices).

    ``required``: rule → key phrases of a sentence that such a page has to carry; it is missing where none stands.
    """
    text = "\n".join([sense.text for sense in senses])
    shown = _worded(senses, text)
    folded = text.casefold()
    missing = [
        rule for rule, phrases in (required or {}).items() if not any(one.casefold() in folded for one in phrases)
    ]
    return Features(
        prices=tuple(dict.fromkeys(_prices(text)))[:50],
        testimonials=tuple(dict.fromkeys(_voices(senses)))[:20],
        before_after=_with(senses, _PICTURES),
        endorsements=tuple(shown.get("endorsements", ()))[:20],
        disclaimers=_with(senses, _DISCLAIMER),
        required_missing=tuple(missing),
        gate=next(iter(shown.get("gate", ())), None),
    )


def _worded(senses: Sequence[Sense], text: str) -> dict[str, list[str]]:
    """Feature of ``features.yml`` → sentences that show it; one pass over the page."""
    found: dict[str, list[str]] = {}
    spans = load_features().find(text)
    if not spans:
        return found
    ends, place = [], 0
    for sense in senses:
        place += len(sense.text) + 1
        ends.append(place)
    for name, where in spans.items():
        told = (senses[bisect.bisect_right(ends, span.start)].text for span in where)
        found[name] = list(dict.fromkeys(told))
    return found


def _voices(senses: Sequence[Sense]) -> Iterator[str]:
    """What customers say, without the name that stands under it: nobody's name is kept."""
    for sense in senses:
        text = sense.text
        quoted = text[:1] in _OPENS
        if (quoted and sense.mask & _VOICE_BIT) or (text[:3].lstrip('"“«')[:1] in ("I", "M") and _VOICE.match(text)):
            end = max(text.rfind(mark) for mark in _CLOSES) if quoted else -1
            told = text[: end + 1] if end > len(text) // 3 else text
            if not _NAMED.search(told):
                yield _SIGNED.sub("", told).rstrip()


def _with(senses: Sequence[Sense], bit: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys([sense.text for sense in senses if sense.mask & bit]))[:20]


def _prices(text: str) -> Iterator[str]:
    """Amounts with their currency; looked for only around a currency, since numbers are many and prices few."""
    places = list[int]()
    for currency in _CURRENCIES:
        place = text.find(currency)
        while place >= 0:
            places.append(place)
            place = text.find(currency, place + 1)
    found: dict[int, str] = {}
    for place in sorted(places):
        for price in _PRICE.finditer(text, max(0, place - 16), place + 20):
            if price.start() <= place < price.end():
                found.setdefault(price.start(), price[0].strip())
    yield from (found[start] for start in sorted(found))
