"""Things of a page that law names: prices, voices of customers, pictures, endorsements, disclaimers, gates."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from exowatch.extract.offers import offers_of
from exowatch.extract.own import Own, without_own
from exowatch.extract.sense import Sense
from exowatch.extract.shown import Shown, shown_in, shows
from exowatch.extract.voices import voices_of
from exowatch.model.pages import FeaturePlace, Features

_MOST, _MOST_PRICES = 20, 50
"""Of a sort at most."""
_LONGEST = 200
"""Letters that are kept of a sentence."""
#: A caption or the text of a picture that names its moment.
_MOMENT = re.compile(
    r"\b(?:before|after|vorher|nachher|avant|après|antes|después|depois|prima|dopo|przed|po \d|"
    r"öncesi|sonrası|до|после|після|pre|posle|voor en na|nafoto)\b|"
    r"施術前|施術後|术前|术后|術前|術後|시술 전|시술 후|قبل|بعد",
    re.IGNORECASE,
)


def features_of(
    senses: Sequence[Sense],
    required: Mapping[str, Collection[str]] | None = None,
    *,
    offering: bool = True,
    promoting: bool = True,
    unapproved: Collection[str] = (),
    own: Own | None = None,
) -> Features:
    """What the sentences show, each once, the first twenty of a sort (fifty prices), with where it stands.

    ``required``: rule → key phrases of a sentence that such a page has to carry; it is missing where none stands.
    ``offering``: the page may sell; journals and regulators do not, and show no more than a gate. ``promoting``: it
    praises, so that words which limit a promise are its own. ``unapproved``: sentences that say so of its product.
    ``own``: the site's own names, whose praise is no endorsement.
    """
    shown = shown_in(senses)
    places = list(_places(shown, unapproved, own, promoting=promoting)) if offering else []
    gates = list(_first("gate", ((one, one.sense.text) for one in shown if "gate" in one.features)))
    places += gates
    folded = "\n".join([sense.text for sense in senses]).casefold() if required else ""
    missing = [
        rule for rule, phrases in (required or {}).items() if not any(one.casefold() in folded for one in phrases)
    ]

    def told(name: str) -> tuple[str, ...]:
        return tuple(one.text for one in places if one.feature == name)

    return Features(
        prices=told("prices"),
        testimonials=told("testimonials"),
        before_after=told("before_after"),
        endorsements=told("endorsements"),
        disclaimers=told("disclaimers"),
        required_missing=tuple(missing),
        gate=gates[0].text if gates else None,
        places=tuple(places),
    )


def _places(
    shown: Sequence[Shown], unapproved: Collection[str], own_names: Own | None, *, promoting: bool
) -> Iterator[FeaturePlace]:
    yield from _first("prices", offers_of(shown), _MOST_PRICES)
    yield from _first("testimonials", voices_of(shown, promoting=promoting))
    yield from _first("before_after", ((one, one.sense.text) for one in shown if _pictured(one)))
    praised = (one for one in shown if "endorsements" in one.features and not _of_own(one.sense.text, own_names))
    yield from _first("endorsements", ((one, one.sense.text) for one in praised))
    own = frozenset(unapproved) if promoting else frozenset()
    limits = (one for one in shown if "disclaimers" in one.features or one.sense.text in own)
    yield from _first("disclaimers", ((one, one.sense.text) for one in limits))


def _of_own(text: str, own: Own | None) -> bool:
    """Nobody but the site's own people praises it there."""
    left = without_own(text, own) if own else None
    return left is not None and not shows("endorsements", left)


def _pictured(one: Shown) -> bool:
    if "before_after" in one.features:
        return True
    block = one.sense.block
    is_picture = block.kind == "caption" or block.zone in ("caption", "alt")
    return is_picture and "before_after.unless" not in one.words and bool(_MOMENT.search(one.sense.text))


def _first(name: str, found: Iterator[tuple[Shown, str]], most: int = _MOST) -> Iterator[FeaturePlace]:
    """Each text once, where it stands first."""
    seen: set[str] = set()
    for one, told in found:
        text = _short(told)
        if text not in seen and len(seen) < most:
            seen.add(text)
            yield _at(name, one, text)


def _at(name: str, one: Shown, text: str) -> FeaturePlace:
    sense = one.sense
    end = sense.start + len(sense.text)
    return FeaturePlace(name, text, sense.block.index, sense.start, end, sense.block.zone, sense.block.locator.css)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rsplit(" ", 1)[0] + "…"
