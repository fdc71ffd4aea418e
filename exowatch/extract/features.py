"""Things of a page that law names: prices, voices of patients, pictures, endorsements, disclaimers, gates."""

from __future__ import annotations

import bisect
import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from exowatch.extract.sense import BIT, Sense
from exowatch.knowledge.features import load_features
from exowatch.model.pages import Features

_MONEY = r"(?:[€£$¥₩₽]|\b(?:EUR|USD|GBP|PLN|TL)\b|złotych|zł|руб)"
_CURRENCIES = (*"€£$¥₩₽", "EUR", "USD", "GBP", "PLN", "TL", "zł", "руб")
_PRICE = re.compile(rf"{_MONEY}\s?\d[\d.,]*|\d[\d.,]*\s?{_MONEY}")
_VOICE = re.compile(r"^[\"“«]?(?:I|My)\s")
_PICTURES, _DISCLAIMER, _VOICE_BIT = BIT["pictures"], BIT["disclaimer"], BIT["voice"]
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
            yield text[: end + 1] if end > len(text) // 3 else text


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
