"""Which language a page, and a block of it, is in: what it declares, held against its letters and little words."""

from __future__ import annotations

import importlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from exowatch.pages.drafts import Draft
from exowatch.pages.stopwords import EKAVIAN, IJEKAVIAN, LANGUAGES_OF, VOTED

#: What the language model may answer; fewer choices, fewer wrong ones.
CHOICES = (
    "en",
    "ru",
    "uk",
    "tr",
    "sr",
    "hr",
    "es",
    "pt",
    "fr",
    "de",
    "it",
    "pl",
    "ar",
    "ko",
    "ja",
    "zh",
    "el",
    "nl",
    "bg",
)
_SAMPLE = 1500
_BLOCK_LETTERS = 60
_BLOCK_SAMPLE = 400
_FEW_LETTERS = 20
_FEW_WORDS = 3
_MODEL_LETTERS = 40
_PAGE_WORDS, _OWN_SHARE = 40, 0.02
_SOUTH_SLAVIC = {"sr", "hr", "bs", "sh", "cnr"}
_ALIASES = {"jp": "ja", "kr": "ko", "cn": "zh", "ua": "uk", "gr": "el", "iw": "he", "in": "id", "cz": "cs", "rs": "sr"}
_SCRIPTS = (
    (0x41, 0x250, "latin"),
    (0x370, 0x400, "greek"),
    (0x400, 0x530, "cyrillic"),
    (0x530, 0x590, "other"),
    (0x590, 0x600, "hebrew"),
    (0x600, 0x780, "arabic"),
    (0x780, 0x1100, "other"),
    (0x1100, 0x1200, "hangul"),
    (0x1E00, 0x1F00, "latin"),
    (0x1F00, 0x2000, "greek"),
    (0x3040, 0x3100, "kana"),
    (0x3400, 0xA000, "han"),
    (0xAC00, 0xD7B0, "hangul"),
    (0xF900, 0xFB00, "han"),
    (0xFB50, 0xFE00, "arabic"),
    (0xFE70, 0xFF00, "arabic"),
    (0xFF66, 0xFFA0, "kana"),
)
_BY_SCRIPT = {"greek": "el", "hebrew": "he", "hangul": "ko"}
_SCRIPT_OF_LANGUAGE = {
    **{code: {"cyrillic"} for code in ("ru", "uk", "bg", "be", "mk", "kk", "ky", "mn", "tg")},
    **{code: {"cyrillic", "latin"} for code in ("sr", "sh", "bs", "cnr", "uz", "az")},
    **{code: {"arabic"} for code in ("ar", "fa", "ur", "ps", "ckb")},
    "el": {"greek"},
    "he": {"hebrew"},
    "ko": {"hangul", "han"},
    "ja": {"kana", "han"},
    "zh": {"han"},
}
_OTHER_SCRIPT_LANGUAGES = {
    "hi",
    "bn",
    "th",
    "ka",
    "hy",
    "ta",
    "te",
    "ml",
    "km",
    "lo",
    "my",
    "am",
    "ne",
    "si",
    "pa",
    "gu",
}
_WORD = re.compile(r"[^\W\d_]+")


def language_code(tag: str | None) -> str | None:
    """Two or three letters of a language tag such as ``en-IE`` or ``ru_RU``; None for what is no tag."""
    found = re.match(r"\s*([A-Za-z]{2,3})(?![A-Za-z])", tag or "")
    code = found.group(1).lower() if found else None
    return _ALIASES.get(code, code) if code else None


def page_language(texts: Iterable[str], declared: str | None) -> str | None:
    """The language of the texts together; ``declared`` (a code) holds unless the text plainly contradicts it.

    None where nothing is declared and the text is too short to tell.
    """
    sample = _sample(texts)
    scripts = _scripts(sample)
    letters = sum(scripts.values())
    if letters < _FEW_LETTERS:
        return declared or (_by_script(scripts, sample) if letters else None)
    if declared and _script_fits(declared, scripts, letters):
        return _held_against(sample, declared)
    told = _by_script(scripts, sample) or _by_words(sample)
    return told or (_by_model(sample) if letters >= _MODEL_LETTERS else None) or declared


def mark_blocks(drafts: Sequence[Draft], page: str | None) -> dict[int, str]:
    """Places of drafts that are surely in another language than the page, with that language.

    Looks only at drafts of 60 letters or more that carry a lang attribute or are in another script.
    """
    latin = page not in _SCRIPT_OF_LANGUAGE and page not in _OTHER_SCRIPT_LANGUAGES
    two_scripts = "latin" in _SCRIPT_OF_LANGUAGE.get(page or "", ())
    found: dict[int, str] = {}
    for place, draft in enumerate(drafts):
        text = draft.text
        if len(text) < _BLOCK_LETTERS // 3:
            continue
        if draft.language is None and (not page or two_scripts or not _other_script(text, latin)):
            continue
        code = _block_language(text, language_code(draft.language), page)
        if code and code != page and not (code in _SOUTH_SLAVIC and page in _SOUTH_SLAVIC and not draft.language):
            found[place] = code
    return found


def _block_language(text: str, declared: str | None, page: str | None) -> str | None:
    if declared is None and text.isascii():
        return _by_words(text[:_BLOCK_SAMPLE]) if len(text) > _BLOCK_LETTERS else None
    scripts = _scripts(text[:_SAMPLE])
    letters = sum(scripts.values())
    wide = scripts["han"] + scripts["kana"] + scripts["hangul"]
    if letters + 2 * wide < _BLOCK_LETTERS or declared == page is not None:
        return None
    if declared and _script_fits(declared, scripts, letters):
        return declared if _held_against(text, declared) == declared else None
    return _by_script(scripts, text) or _by_words(text)


def _other_script(text: str, latin: bool) -> bool:
    """A cheap look: the share of ASCII is what a text of that script would not have."""
    if text.isascii():
        return not latin
    ascii_part = len(text.encode("ascii", "ignore"))
    return ascii_part < 0.4 * len(text) if latin else ascii_part > 0.8 * len(text)


def _sample(texts: Iterable[str]) -> str:
    pieces, size = [], 0
    for text in texts:
        pieces.append(text[:_SAMPLE])
        size += len(text)
        if size > _SAMPLE:
            break
    return " ".join(pieces)[:_SAMPLE]


def _scripts(text: str) -> Counter[str]:
    """Letters of the text by script."""
    found: Counter[str] = Counter()
    for char, count in Counter(text).items():
        script = _script_of(char)
        if script:
            found[script] += count
    return found


@lru_cache(maxsize=4096)
def _script_of(char: str) -> str | None:
    if not char.isalpha():
        return None
    code = ord(char)
    return next((name for low, high, name in _SCRIPTS if low <= code < high), "other")


def _script_fits(code: str, scripts: Counter[str], letters: int) -> bool:
    if code in _OTHER_SCRIPT_LANGUAGES:
        return scripts["other"] >= 0.3 * letters
    own = _SCRIPT_OF_LANGUAGE.get(code, {"latin"})
    share = sum(scripts[name] for name in own) / letters
    if code == "zh" and scripts["kana"] > 0.1 * letters:
        return False
    if code == "ja" and not scripts["kana"]:
        return scripts["han"] < 40
    # Latin names and product words are common on pages in other scripts; the reverse is rare
    return share >= (0.5 if own == {"latin"} else 0.3)


def _by_script(scripts: Counter[str], text: str) -> str | None:
    """The language where the script alone tells it; None for Latin letters."""
    letters = sum(scripts.values())
    if scripts["latin"] > 0.7 * letters:
        return None
    if scripts["kana"] > 0.05 * (scripts["kana"] + scripts["han"]) and scripts["kana"] + scripts["han"] > 0.3 * letters:
        return "ja"
    name = max((name for name in scripts if name != "latin"), key=lambda name: scripts[name], default="latin")
    if name == "han":
        return "zh"
    if name == "cyrillic":
        return _cyrillic(text)
    if name == "arabic":
        return "fa" if re.search(r"[پچژگ]", text) and len(re.findall(r"[پچژگ]", text)) > 0.01 * letters else "ar"
    return _BY_SCRIPT.get(name)


def _cyrillic(text: str) -> str:
    low = text.lower()
    if re.search(r"[ђјљњћџ]", low):
        return "sr"
    if re.search(r"[іїєґ]", low):
        return "uk"
    if re.search(r"[ыэё]", low) or "ъ" not in low:
        return "ru"
    return "bg"


def _votes(text: str) -> tuple[Counter[str], Counter[str], int]:
    """Everyday words of each language in the text, how many different ones, and how many words there are."""
    words = _WORD.findall(text[:_SAMPLE].casefold())
    votes: Counter[str] = Counter()
    different: Counter[str] = Counter()
    for word, count in Counter(words).items():
        for language in LANGUAGES_OF.get(word, ()):
            votes[language] += count
            different[language] += 1
    return votes, different, len(words)


def _held_against(text: str, declared: str) -> str:
    """``declared``, or what the little words say when they say something else plainly."""
    votes, different, words = _votes(text)
    own = max(votes[name] for name in _vote_names(declared))
    best, count = votes.most_common(1)[0] if votes else ("", 0)
    if declared in VOTED and words >= _PAGE_WORDS and own < _OWN_SHARE * words:
        return _by_words(text) or _by_model(text)  # a text without the little words of its language is in another one
    if best in _vote_names(declared) or count < 5:
        return declared
    plain = different[best] >= _FEW_WORDS and (
        count >= 3 * own + 3 and count >= 0.15 * words
        if declared in VOTED or declared in _SOUTH_SLAVIC
        else (count >= 0.3 * words and count >= 12)
    )
    return _named(best, text) if plain else declared


def _by_words(text: str) -> str | None:
    votes, different, words = _votes(text)
    if not votes:
        return None
    (best, count), (_, second) = [*votes.most_common(2), ("", 0)][:2]
    clear = count >= 4 and count >= 0.12 * words and count >= 1.5 * second
    return _named(best, text) if clear and different[best] >= _FEW_WORDS else None


def _vote_names(code: str) -> tuple[str, ...]:
    return ("sh", "sr-cyrl") if code in _SOUTH_SLAVIC else (code,)


def _named(vote: str, text: str) -> str:
    if vote == "sr-cyrl":
        return "sr"
    if vote != "sh":
        return vote
    words = _WORD.findall(text.casefold())
    return "sr" if sum(w in EKAVIAN for w in words) > sum(w in IJEKAVIAN for w in words) else "hr"


def _by_model(text: str) -> str:
    return _named_by_model(_model().classify(text[:_SAMPLE])[0])


def _named_by_model(label: object) -> str:
    return "sr" if label in ("sh", "bs") else str(label)


@lru_cache(maxsize=1)
def _model() -> Any:
    """py3langid costs a good half second and 130 MB to load: only for texts that nothing else can tell."""
    langid = importlib.import_module("py3langid.langid")
    model = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE)
    known = set(model.labels)
    model.set_languages([code for code in CHOICES if code in known])
    return model
