"""Things of a page that law names and that are no claims: prices, voices of patients, pictures, disclaimers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from exowatch.extract.sense import BIT, Sense
from exowatch.model.pages import Features

_MONEY = r"(?:[€£$¥₩₽]|\b(?:EUR|USD|GBP|PLN|TL)\b|złotych|zł|руб)"
_CURRENCIES = (*"€£$¥₩₽", "EUR", "USD", "GBP", "PLN", "TL", "zł", "руб")
_PRICE = re.compile(rf"{_MONEY}\s?\d[\d.,]*|\d[\d.,]*\s?{_MONEY}")
_VOICE = re.compile(r"^[\"“«]?(?:I|My)\s")
_PICTURES, _DISCLAIMER = BIT["pictures"], BIT["disclaimer"]


def features_of(senses: Sequence[Sense]) -> Features:
    """What the sentences show, each once, the first twenty of a sort (fifty prices)."""
    text = "\n".join([sense.text for sense in senses])
    voices = [s.text for s in senses if s.text[:3].lstrip('"“«')[:1] in ("I", "M") and _VOICE.match(s.text)]
    return Features(
        prices=tuple(dict.fromkeys(_prices(text)))[:50],
        testimonials=tuple(dict.fromkeys(voices))[:20],
        before_after=_with(senses, _PICTURES),
        disclaimers=_with(senses, _DISCLAIMER),
    )


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
    for place in sorted(places):
        price = _PRICE.search(text, max(0, place - 14), place + 20)
        if price:
            yield price[0].strip()
