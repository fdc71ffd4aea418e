"""Whose name is the site's own: a clinic's own doctor praises what he sells, and that is no endorsement by another."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

from exowatch.model.pages import Page
from exowatch.model.sources import Source

_CAP = r"[A-ZÀ-ÖØ-ÞĀŁŚŞÇĞİŻŹĆŽŠĐА-ЯЁІЇЄҐΆ-Ώ\u0391-\u03A9][\w'’-]+"
_TITLE = (
    r"(?:Dr|Drs|Prof|Professor|Doctor|Mr|Ms|Mrs|Dott(?:\.ssa|oressa|or)?|Dra|Doç|Uzm|Op|Dipl|Med|PD|Priv|Доктор|доктор|"
    r"Д-р|д-р|Проф|проф|Δρ|Lek|lek|Nurse|Sister)"
)
#: "Dr Anna Smith", "Prof. Dr. med. Huber", "Op. Dr. Ayşe Yılmaz"
_NAMED = re.compile(
    rf"\b(?:{_TITLE}\.?\s?(?:(?:med|hab|n\. med)\.\s?)?)+"
    rf"(?P<name>(?:(?:[A-Z]\.|v[ao]n|de|di|da|el|al)\s)*{_CAP}(?:[\s-](?:(?:v[ao]n|de|di|da|el)\s)?{_CAP}){{0,2}})"
)
#: What stands around a name and says what he is.
_AROUND = re.compile(
    r"(?:\b(?:the|an?|der|die|le|la|el|il)\s)?(?:\b[\w-]+\s){0,2}\b[\w-]*(?:dermatolog|surgeon|professor|physician|"
    r"doctor|hautarzt|hautärztin|dermatólog|chirurg|director|founder|дерматолог|врач)[\w-]*\s$",
    re.IGNORECASE,
)
_BESIDE = re.compile(r"^,\s[^,.;]{3,60},")
#: Words that say whose a person is, near the name.
_OURS = (
    r"(?:our|unser\w*|notre|nuestr\w+|noss\w|nostr\w|nasz\w*|наш\w*|founder|founded|co-founder|medical director|"
    r"clinic director|lead (?:doctor|clinician|surgeon)|clinic lead|practice owner|owner|gründer\w*|inhaber\w*|"
    r"praxisinhaber\w*|ärztliche leitung|leitung|fondateur|fondatrice|directeur|directrice|fundador\w*|"
    r"director\w* médic\w*|fondator\w*|titolare|direttor\w* sanitari\w*|proprietári\w*|właściciel\w*|основатель\w*|"
    r"главный врач|главврач|kurucu\w*|başhekim\w*|meet|team|book with|"
    r"consultations? with|treated by|performed by|carried out by|sprechstunde)"
)
_LEAST = 4


class Own:
    """The names that a page shows to be the site's own."""

    def __init__(self, source: Source, page: Page) -> None:
        host = re.sub(r"^www\.", "", urlsplit(page.url).hostname or "")
        self._host = re.sub(r"[^a-z0-9]", "", _plain(host.rsplit(".", 1)[0]))
        called = [source.name, source.trader.name if source.trader else "", page.title or ""]
        self._words = {word for text in called for word in _words(text)}
        self._told = "\n".join(block.text for block in page.blocks)

    def holds(self, name: str) -> bool:
        """The surname is part of what site, trader, page or address are called, or the page says whose doctor it is."""
        surname = _plain(re.split(r"[\s]", name.strip())[-1])
        if surname in self._words or (len(surname) >= _LEAST and surname in self._host):
            return True
        spelt = rf"\b{re.escape(name)}\b"
        near = rf"\b{_OURS}\b[^.!?\n]{{0,40}}{spelt}|{spelt}(?:,| is| and)[^.!?\n]{{0,30}}\b{_OURS}\b"
        return bool(re.search(near, self._told, re.IGNORECASE))


def without_own(text: str, own: Own) -> str | None:
    """The sentence with "we" for each of the site's own people; None where it names none of them."""
    said, end, met = [], 0, False
    for match in _NAMED.finditer(text):
        if not own.holds(match["name"]):
            continue
        met = True
        before = _AROUND.sub("", text[end : match.start()])
        said.append(f"{before}we")
        beside = _BESIDE.match(text[match.end() :])
        end = match.end() + (beside.end() if beside else 0)
    return "".join([*said, text[end:]]) if met else None


def _words(text: str) -> set[str]:
    return {word for word in re.split(r"[^\w]+", _plain(text)) if len(word) >= _LEAST - 1}


def _plain(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(one))
