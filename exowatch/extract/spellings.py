"""Other ways in which a term of a language is written: Serbian in its two alphabets, and without its own letters."""

from __future__ import annotations

from collections.abc import Iterator

_LATIN = (*"abvgdđežzijkl", "lj", *"mn", "nj", *"oprstćufhcč", "dž", "š")
_CYRILLIC = "абвгдђежзијклљмнњопрстћуфхцчџш"
_TO_LATIN = str.maketrans(dict(zip(_CYRILLIC, _LATIN, strict=True)))
_TO_CYRILLIC = dict(zip(_LATIN, _CYRILLIC, strict=True))
_PAIRS = ("lj", "nj", "dž")
#: Languages in which đ is also written dj.
_WITH_DJ = ("sr", "hr", "bs")


def spellings(term: str, language: str) -> Iterator[str]:
    """The term, and how else it is written."""
    yield term
    latin = term
    if language == "sr":
        low = term.lower()
        latin = low.translate(_TO_LATIN)
        if latin != low:
            yield latin
        elif not _foreign(low):
            yield _cyrillic(low)
    if language in _WITH_DJ and "đ" in latin:
        yield latin.replace("đ", "dj")


def _foreign(term: str) -> bool:
    """A name or an English word stays in its own letters."""
    return any(letter in term for letter in "qwxy") or not any(letter.isalpha() for letter in term)


def _cyrillic(term: str) -> str:
    for pair in _PAIRS:
        term = term.replace(pair, _TO_CYRILLIC[pair])
    return "".join(_TO_CYRILLIC.get(letter, letter) for letter in term)
