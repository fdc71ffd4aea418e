"""Finding terms in a sentence: words, stems and phrases, in any script, with offsets into the original text.

Text is folded letter by letter (case, accents kept, confusables, zero-width), so that offsets stay true. Terms of
languages that write no spaces are found anywhere; all others from word to word.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from exowatch.knowledge.schema import Rule

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*|[%+]", re.UNICODE)
_PLAIN_WORD = re.compile(r"[a-z0-9]+(?:[-'][a-z0-9]+)*|[%+]")
_SPACELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
#: Letters of other alphabets that look like Latin ones and are used to dodge filters, and the reverse.
_LOOK = str.maketrans("ıİ", "ii")
_ARABIC = str.maketrans("أإآىة", "اااي\u0647")
_LATIN, _CYRILLIC = re.compile("[a-z]"), re.compile("[а-я]")
#: Words whose candidates a matcher remembers.
_KEPT = 50_000
_CYRILLIC_LOOK = dict(zip("аеорсухі", "aeopcyxi", strict=True))
#: Arabic letters that are written together with the word they stand before.
_CLITICS = ("وال", "بال", "كال", "فال", "لل", "ال", "و", "ف", "ب", "ل", "ك")


class Hit(NamedTuple):
    """One term found: the rule, and where in the text (code points)."""

    rule: Rule
    start: int
    end: int


def folded(text: str) -> str:
    """``text`` letter by letter in one case and one form; as long as ``text`` itself."""
    return text.lower() if text.isascii() else "".join(map(_letter, text))


@functools.lru_cache(maxsize=8192)
def _letter(letter: str) -> str:
    if letter.isascii():
        return letter.lower()
    made = unicodedata.normalize("NFKC", letter).translate(_LOOK).translate(_ARABIC).replace("ё", "е").lower()
    return made if len(made) == 1 else made[:1] or letter


#: A word of a folded text: its letters, and where it starts and ends.
Token = tuple[str, int, int]


def tokens(text: str) -> list[Token]:
    """Words of a folded text. A word in which Latin and Cyrillic letters are mixed is read as Latin."""
    if text.isascii():
        return [(match[0], match.start(), match.end()) for match in _PLAIN_WORD.finditer(text)]
    plain = text.replace("\u200b", " ").replace("’", "'")
    return [(_unmixed(match[0]), match.start(), match.end()) for match in _WORD.finditer(plain)]


def _unmixed(word: str) -> str:
    if word.isascii() or not (_LATIN.search(word) and _CYRILLIC.search(word)):
        return word
    return "".join(_CYRILLIC_LOOK.get(letter, letter) for letter in word)


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
        self._known: dict[str, tuple[tuple[Rule, list[str]], ...]] = {}

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
        known, look = self._known, self._candidates
        for place, token in enumerate(words):
            candidates = known.get(token[0])
            for rule, rest in look(token[0]) if candidates is None else candidates:
                if rest:
                    self._try(words, place, rule, rest, found)
                else:
                    found.append(Hit(rule, token[1], token[2]))
        if self._cjk and not plain.isascii() and _SPACELESS.search(plain):
            tight, places = _tightened(plain)
            for match in self._cjk.finditer(tight):
                start, end = places[match.start()], places[match.end() - 1] + 1
                found += [Hit(rule, start, end) for rule in self._anywhere[match[0]]]
        return _longest(found)

    def _candidates(self, word: str) -> tuple[tuple[Rule, list[str]], ...]:
        """Terms that may begin with this word, whichever way it is spelt. Words repeat, so the answer is kept."""
        known = self._known.get(word)
        if known is None:
            if len(self._known) > _KEPT:
                self._known.clear()
            known = self._known[word] = tuple(self._look_up(word))
        return known

    def _look_up(self, word: str) -> Iterator[tuple[Rule, list[str]]]:
        for spelling in _spellings(word):
            yield from self._exact.get(spelling, ())
            for length in self._lengths:
                if length <= len(spelling):
                    yield from self._stems.get(spelling[:length], ())
            for rule, ending in self._endings:
                if spelling.endswith(ending) and len(spelling) > len(ending):
                    yield rule, []

    @staticmethod
    def _try(words: list[Token], place: int, rule: Rule, rest: list[str], found: list[Hit]) -> None:
        last = place + len(rest)
        if last >= len(words):
            return
        for offset, wanted in enumerate(rest, start=1):
            word = words[place + offset][0]
            if not (word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted):
                return
        found.append(Hit(rule, words[place][1], words[last][2]))


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
    if len(found) < 2:
        return found
    kept: list[Hit] = []
    for hit in sorted(set(found), key=lambda h: (h.start, h.start - h.end)):
        if any(k.rule.role == hit.rule.role and k.start <= hit.start and hit.end <= k.end and k != hit for k in kept):
            continue
        kept.append(hit)
    return kept
