"""Finding terms in a sentence: words, stems and phrases, in any script, with offsets into the original text.

Text is folded letter by letter (case, accents kept, confusables, zero-width), so that offsets stay true. Terms of
languages that write no spaces are found anywhere; all others from word to word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from exowatch.knowledge.schema import Rule

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*|[%+]", re.UNICODE)
_SPACELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
#: Letters of other alphabets that look like Latin ones and are used to dodge filters, and the reverse.
_LOOK = str.maketrans("ıİ", "ii")
_ARABIC = str.maketrans("أإآىة", "اااي\u0647")
_CYRILLIC_LOOK = dict(zip("аеорсухі", "aeopcyxi", strict=True))
#: Arabic letters that are written together with the word they stand before.
_CLITICS = ("وال", "بال", "كال", "فال", "لل", "ال", "و", "ف", "ب", "ل", "ك")


@dataclass(frozen=True, slots=True)
class Hit:
    """One term found: the rule, and where in the text (code points)."""

    rule: Rule
    start: int
    end: int


def folded(text: str) -> str:
    """``text`` letter by letter in one case and one form; as long as ``text`` itself."""
    return "".join(_letter(letter) for letter in text)


def _letter(letter: str) -> str:
    if letter.isascii():
        return letter.lower()
    made = unicodedata.normalize("NFKC", letter).translate(_LOOK).translate(_ARABIC).replace("ё", "е").lower()
    return made if len(made) == 1 else made[:1] or letter


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int


def tokens(text: str) -> list[_Token]:
    """Words of a folded text. A word in which Latin and Cyrillic letters are mixed is read as Latin."""
    found = []
    for match in _WORD.finditer(text.replace("\u200b", " ")):
        word = match[0].replace("’", "'")
        if not word.isascii() and re.search("[a-z]", word) and re.search("[а-я]", word):
            word = "".join(_CYRILLIC_LOOK.get(letter, letter) for letter in word)
        found.append(_Token(word, match.start(), match.end()))
    return found


class Matcher:
    """All terms of many rules, ready to be found in one pass."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._exact: dict[str, list[tuple[Rule, list[str]]]] = {}
        self._stems: dict[str, list[tuple[Rule, list[str]]]] = {}
        self._endings: list[tuple[Rule, str]] = []
        anywhere: dict[str, list[Rule]] = {}
        for rule in rules:
            for term in rule.terms:
                plain = folded(term)
                if _SPACELESS.search(plain):
                    anywhere.setdefault(plain.replace("*", "").replace(" ", ""), []).append(rule)
                else:
                    self._add(rule, plain)
        self._anywhere = anywhere
        words = sorted(anywhere, key=len, reverse=True)
        self._cjk = re.compile("|".join(map(re.escape, words))) if words else None
        self._lengths = sorted({len(stem) for stem in self._stems}, reverse=True)

    def _add(self, rule: Rule, term: str) -> None:
        if term.startswith("*"):
            self._endings.append((rule, term[1:]))
            return
        parts = [part for part in re.split(r"[\s]+", term) if part]
        words = [w for part in parts for w in _split(part)]
        if not words:
            return
        first, rest = words[0], words[1:]
        home = self._stems if first.endswith("*") else self._exact
        home.setdefault(first.rstrip("*"), []).append((rule, rest))

    def hits(self, text: str) -> list[Hit]:
        """Every term found in ``text``; where terms of one role overlap, the longer one stays."""
        plain = folded(text)
        words = tokens(plain)
        found: list[Hit] = []
        for place, word in enumerate(words):
            for spelling in _spellings(word.text):
                self._at(words, place, spelling, found)
        if self._cjk and _SPACELESS.search(plain):
            tight, places = _tightened(plain)
            for match in self._cjk.finditer(tight):
                start, end = places[match.start()], places[match.end() - 1] + 1
                found += [Hit(rule, start, end) for rule in self._anywhere[match[0]]]
        return _longest(found)

    def _at(self, words: list[_Token], place: int, spelling: str, found: list[Hit]) -> None:
        for rule, rest in self._exact.get(spelling, ()):
            self._try(words, place, rule, rest, found)
        for length in self._lengths:
            if length <= len(spelling):
                for rule, rest in self._stems.get(spelling[:length], ()):
                    self._try(words, place, rule, rest, found)
        for rule, ending in self._endings:
            if spelling.endswith(ending) and len(spelling) > len(ending):
                found.append(Hit(rule, words[place].start, words[place].end))

    @staticmethod
    def _try(words: list[_Token], place: int, rule: Rule, rest: list[str], found: list[Hit]) -> None:
        last = place + len(rest)
        if last >= len(words):
            return
        for offset, wanted in enumerate(rest, start=1):
            word = words[place + offset].text
            if not (word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted):
                return
        found.append(Hit(rule, words[place].start, words[last].end))


def _split(part: str) -> list[str]:
    star = part.endswith("*")
    words = [match[0] for match in _WORD.finditer(part.rstrip("*"))]
    if words and star:
        words[-1] += "*"
    return words


def _spellings(word: str) -> list[str]:
    """A word as it stands, its parts where hyphens join them, and without Arabic clitics."""
    found = [word]
    if "-" in word and not word.startswith(("non-", "un-", "no-")):
        found += word.split("-")
    if word.endswith("'s"):
        found.append(word[:-2])
    if "\u0600" <= word[0] <= "\u06ff":
        found += [word[len(c) :] for c in _CLITICS if word.startswith(c) and len(word) > len(c) + 2]
    return found


def _tightened(text: str) -> tuple[str, list[int]]:
    """``text`` without spaces (Korean spacing is unreliable), and where each letter stood."""
    places = [i for i, letter in enumerate(text) if not letter.isspace()]
    return "".join(text[i] for i in places), places


def _longest(found: list[Hit]) -> list[Hit]:
    kept: list[Hit] = []
    for hit in sorted(set(found), key=lambda h: (h.start, h.start - h.end)):
        if any(k.rule.role == hit.rule.role and k.start <= hit.start and hit.end <= k.end and k != hit for k in kept):
            continue
        kept.append(hit)
    return kept
