"""A guess at the charset of bytes that are not UTF-8 and that nobody labelled truly."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

_SAMPLE = 20_000
_CYRILLIC = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэёіїєђјљњћџ"
_LATIN_COMMON = "’“”„–—«»…•€®°· "
_HAN_SIMPLIFIED = (
    "的一是不在了有和人这中大为上个国我以要他时来用们生到作地于出就"
    "分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
)
_HAN_TRADITIONAL = (
    "的一是不在了有和人這中大為上個國我以要他時來用們生到作地於出就"
    "分對成會可主發年動同工也能下過子說產種面而方後多定行學法所民得經"
)
_HAN_JAPANESE = "日一大年人中出本者生治療美容肌細胞効果"
_KANA = "".join(map(chr, range(0x3041, 0x30FF)))
_GREEK = "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώ"
_ARABIC = "".join(map(chr, range(0x0621, 0x064B)))
_HEBREW = "".join(map(chr, range(0x05D0, 0x05EB)))
#: Charset to the non-ASCII characters that its pages are mostly made of.
_EXPECTED: dict[str, frozenset[str]] = {
    "cp1251": frozenset(_CYRILLIC),
    "koi8-r": frozenset(_CYRILLIC),
    "cp932": frozenset(_KANA + _HAN_JAPANESE),
    "euc_jp": frozenset(_KANA + _HAN_JAPANESE),
    "gb18030": frozenset(_HAN_SIMPLIFIED + "，。、"),
    "big5hkscs": frozenset(_HAN_TRADITIONAL + "，。、"),
    "cp1253": frozenset(_GREEK),
    "cp1256": frozenset(_ARABIC),
    "cp1255": frozenset(_HEBREW),
    "cp1252": frozenset("éèàáíóúñçäöüßâêôîãõœùïëæøåÉÀÄÖÜÇÁÍÓÚ¿¡" + _LATIN_COMMON),
    "cp1250": frozenset("ąćęłńśźżčšžđěřůýőűŁŚŻČŠŽĐáéíóú" + _LATIN_COMMON),
    "cp1254": frozenset("ğışİçöüâîûĞŞÇÖÜ" + _LATIN_COMMON),
}
#: What the page's own lang attribute suggests; used where the score leaves room.
_BY_LANGUAGE = {
    "ru": "cp1251",
    "uk": "cp1251",
    "bg": "cp1251",
    "ja": "cp932",
    "ko": "cp949",
    "zh": "gb18030",
    "el": "cp1253",
    "ar": "cp1256",
    "he": "cp1255",
    "tr": "cp1254",
    "pl": "cp1250",
    "hr": "cp1250",
    "cs": "cp1250",
    "hu": "cp1250",
    "sr": "cp1250",
}
_LATIN = {"cp1252", "cp1250", "cp1254"}
_ENOUGH, _SURE = 0.25, 0.75
_PAIR, _ROW = 2.2, 3.5
_HIGH = re.compile(rb"[\x80-\xff]+")
_TAGS = re.compile(rb"<[^<>]*>")
_HAN_WEIGHT = {"gb18030": 4.0, "big5hkscs": 4.0}


def guessed(body: bytes, language: str | None = None) -> str:
    """The charset whose usual letters the first 20,000 bytes of text come nearest to; cp1252 where none does.

    ``language``: two letters from the page's lang attribute, a hint only.
    """
    name, score = _best(body, language)
    return name if score > _ENOUGH else _BY_LANGUAGE.get(language or "", "cp1252")


def surely_another(body: bytes, language: str | None = None) -> bool:
    """True where text labelled windows-1252 is plainly of another script."""
    name, score = _best(body, language)
    return name not in _LATIN and score > _SURE


@lru_cache(maxsize=16)
def _expected(name: str) -> frozenset[str]:
    if name != "cp949":
        return _EXPECTED[name]
    # of 11,172 possible syllables the standard's 2,350 are the ones that people write
    syllables = map(chr, range(0xAC00, 0xD7A4))
    return frozenset(syllable for syllable in syllables if len(syllable.encode("euc_kr")) == 2)


def _best(body: bytes, language: str | None) -> tuple[str, float]:
    sample = _TAGS.sub(b" ", body[: 4 * _SAMPLE])[:_SAMPLE]
    runs = _HIGH.findall(sample)
    length = sum(map(len, runs)) / len(runs) if runs else 0.0
    # accents stand alone in a word; letters of another script come in rows
    names = [name for name in (*_EXPECTED, "cp949") if (length < _ROW if name in _LATIN else length >= _PAIR)]
    scores = {name: _score(sample, name) for name in names}
    hint = _BY_LANGUAGE.get(language or "")
    if hint in scores:
        scores[hint] += 0.15
    best = max(scores, key=lambda name: scores[name], default="cp1252")
    return best, scores.get(best, 0.0)


def _score(sample: bytes, name: str) -> float:
    """Share of the non-ASCII characters that are usual ones; each broken one counts five against."""
    letters = Counter(sample.decode(name, "replace"))
    high = {letter: count for letter, count in letters.items() if letter >= "\x80"}
    total = sum(high.values())
    if not total:
        return 0.0
    usual = sum(count for letter, count in high.items() if letter in _expected(name))
    return min(1.0, usual * _HAN_WEIGHT.get(name, 1.0) / total) - 5 * high.get("\ufffd", 0) / total
