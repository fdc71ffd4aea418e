"""What customers say of the treatment or the clinic, without their names: no patient's name is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from exowatch.extract.offers import offers_of
from exowatch.extract.sense import BIT
from exowatch.extract.shown import Shown
from exowatch.model.pages import Block

_VOICE = BIT["voice"]
_STARS = "★☆⭐"
_OTHERS = frozenset(("before_after", "endorsements", "disclaimers"))
_OPENS, _CLOSES = '"“«„「『‘”', '"”»“」』’'
_CAP = r"[A-ZÀ-ÖØ-ÞĀŁŚŞÇĞİŻŹĆŽŠĐА-ЯЁІЇЄҐΆ-Ώ\u0391-\u03A9][\w'’-]*\.?"
_CAP_WORD = r"[A-ZÀ-ÖØ-ÞĀŁŚŞÇĞİŻŹĆŽŠĐА-ЯЁІЇЄҐΆ-Ώ\u0391-\u03A9][\w'’-]+"
#: What stands behind a quotation and names its speaker: "– Anna K., 38", "Sr. Nelson, 71", "（40代女性）".
_SIGNED = re.compile(
    rf"\s*[–—―,(（-]?\s*(?:{_CAP}|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0600-\u06ff\u0e00-\u0e7f\d])"
    r"[^.!?。！？\"“”«»]{0,40}\.?\)?）?$"
)
_PROFESSIONAL = re.compile(
    r"\b(?:Dr|Prof|Doctor|Dott|Dra|Med|MD|M\.D|FRCS|Ärzt|Arzt|Facharzt|médecin|CEO|Founder|Director|доктор|"
    r"врач|лікар|Uzm|Doç|Op)\b|"
    r"院長|医師|醫師|医生|醫生|원장|전문의|دكتور|الدكتور|\bد\.",
    re.IGNORECASE,
)
#: Who says it: what follows or stands before is a name.
_SAYING = (
    "said|says|writes|wrote|told us|told me|explains|sagt|sagte|erzählt|dit|raconte|confie|dice|cuenta|racconta|"
    "diz|conta|mówi|opowiada|говорит|рассказывает|пишет|каже|розповідає|diyor|anlatıyor|λέει|kaže|zegt"
)
_NAMING = (
    r"my name is|name's|I am|I'm|ich heiße|ich bin|je m'appelle|je suis|me llamo|soy|mi chiamo|io sono|"
    r"meu nome é|me chamo|eu sou|mam na imię|nazywam się|jestem|меня зовут|мене звати|benim adım|adım|"
    r"με λένε|zovem se|mijn naam is"
)
_TITLES = r"Mr|Mrs|Ms|Miss|Frau|Herrn?|Mme|Madame|Monsieur|Sra?|Sig|Signora|Pani|Pan|Khun|Bayan|Bay|Dona|Doña|г-жа|пані"
_NAMES = rf"{_CAP}(?:\s{_CAP}){{0,3}}"
_HIDDEN = (
    (re.compile(rf"\b((?i:{_NAMING}))\s+{_NAMES}"), r"\1 […]"),
    (re.compile(rf"\b((?i:{_SAYING}))\s+{_NAMES}"), r"\1 […]"),
    (re.compile(rf"{_NAMES}(,?\s(?i:{_SAYING}))\b"), r"[…]\1"),
    (re.compile(rf"\b((?:{_TITLES})\.?)\s+{_NAMES}"), r"\1 […]"),
    (re.compile(rf"{_CAP}(\s(?:Hanım|Bey|Hanim)\b)"), r"[…]\1"),
    (re.compile(r"(我叫|我是|名叫)[\u3400-\u9fff]{2,4}(?=[，,。！!、\s]|$)"), r"\1[…]"),
    (re.compile(r"[\u3400-\u9fff\u30a0-\u30ffA-Z・.．]{1,5}(さん|さま|様)(?=[、。はがのも（(\s]|$)"), r"[…]\1"),
    (re.compile(r"[가-힣]{2,4}(\s?(?:씨|님))(?=[은는이가의,\s]|$)"), r"[…]\1"),
    (re.compile(rf"(?<=[\w,;:] ){_CAP}(?:\s{_CAP}){{1,3}}"), "[…]"),
    (re.compile(r"^[\w.-]{2,24}(?:\s\w\.)?\s?[:：]\s(?=\S)"), ""),
)
_I = re.compile(r"我|私|僕|제가|저는|나는")
"""First person in languages whose words for it are no marks of a voice yet."""
_ONLY_A_NAME = re.compile(
    rf"^(?:[»”\"’–—―-]\s*{_NAMES}[^.!?]{{0,30}}|{_NAMES},\s*(?:\d{{2}}|{_NAMES})[^.!?]{{0,12}}|[(（][^)）]*[)）])$"
)
#: An age in brackets below a voice, as East Asian pages sign: "(40代女性)", "(36歳・販売)".
_AGED = re.compile(r"[(（][^()（）]{0,12}\d\d(?:代|歳|才|岁|歲|세|대)[^()（）]{0,12}[)）]$")
_NAME_AT_THE_END = re.compile(rf"(?<=[.!?…»”\"])\s*(?:[–—―-]\s*)?{_NAMES},\s*(?:\d{{2}}|{_NAMES})[^.!?]{{0,12}}$")
#: A block that is a name and nothing else; certain where its family name is hidden, or an age stands with it.
_BELOW = re.compile(
    rf"^[–—―\-~*\s]*(?P<name>{_CAP_WORD})(?:\s{_CAP_WORD})?(?P<certain>\s[A-ZÀ-ÞА-ЯІЇЄΑ-Ω]\.?|,?\s\(?\d\d\)?)?"
    rf"(?:,\s{_CAP_WORD}(?:\s{_CAP_WORD})?)?\.?\s*$"
)
_SPOKEN = ("paragraph", "list-item", "cell")
_OFFERS = frozenset(("prices", "disclaimers", "gate", "endorsements"))
_FEWEST = 12
"""Letters of a quotation at least; half as many where a letter is a syllable or a word."""
_LONGEST_SIGNATURE = 45
_LONGEST_NAME = 120
_UNSIGNED = 3
"""Unsigned quotations of a page at most: with more it is an interview."""
_REACH = 8
"""Blocks below a heading of reviews that belong to it."""


def voices_of(shown: Sequence[Shown], *, promoting: bool) -> Iterator[tuple[Shown, str]]:
    """Sentences that a customer says, each as told without names. ``promoting``: also unsigned quotations count."""
    unsigned = [one for one in shown if _is_unsigned(one)] if promoting else []
    few = len(unsigned) <= _UNSIGNED
    loose = {id(one) for one in unsigned if one.sense.mask & _VOICE or _I.search(one.sense.text)} if few else set[int]()
    below, signed = -1, _signed_below(shown)
    for one in shown:
        block = one.sense.block
        if "testimonials.section" in one.words and (block.kind == "heading" or len(one.sense.text) <= 40):
            below = block.index
        if "testimonials.unless" in one.words:
            continue
        pictured = block.zone in ("caption", "alt")
        reviews = below >= 0 and 0 < block.index - below <= _REACH and not pictured
        quoted = block.text[:1] in _OPENS
        if quoted and one.sense.start and one.sense.start >= _end_of_quotation(block.text):
            continue  # the name below it
        if one.features & _OTHERS:
            continue
        if (
            "testimonials" in one.features
            or id(one) in loose
            or (quoted and (_is_signed(block.text) or reviews))
            or (reviews and (one.sense.mask & _VOICE or _tells_of_self(one, block)))
            or id(one) in signed
            or _AGED.search(block.text[-_LONGEST_SIGNATURE:])
            or _is_rated(one.sense.text)
        ):
            told = "" if one.sense.question else nameless(one.sense.text)
            if told:
                yield one, told


def _tells_of_self(one: Shown, block: Block) -> bool:
    """In a part of reviews or posts: he who speaks of himself, and asks nothing."""
    asks = any(mark in block.text for mark in "?？؟")
    return "testimonials.first" in one.words and block.kind in _SPOKEN and not asks


def _signed_below(shown: Sequence[Shown]) -> set[int]:
    """Sentences of a paragraph below which nothing but a name stands: "Sabine K.", "Anna, 38, Leeds", "Оксана"."""
    blocks: list[list[Shown]] = []
    for one in shown:
        if blocks and blocks[-1][0].sense.block.index == one.sense.block.index:
            blocks[-1].append(one)
        else:
            blocks.append([one])
    found = set[int]()
    for said, name in pairwise(blocks):
        block, below = said[0].sense.block, name[0].sense.block
        signature = _BELOW.match(below.text) if len(below.text) <= _LONGEST_SIGNATURE else None
        if block.kind not in _SPOKEN or block.zone in ("caption", "alt"):
            continue
        if signature is None or below.index - block.index != 1 or below.kind == "heading":
            continue
        own = any("testimonials.first" in one.words or one.sense.mask & _VOICE for one in said)
        certain = signature["certain"] or own
        if certain and _tells(block.text, signature["name"], said):
            found |= {id(one) for one in said}
    return found


def _tells(text: str, name: str, said: Sequence[Shown]) -> bool:
    """A whole sentence or more, which is not about the one who is named, and offers and limits nothing."""
    ends = text.rstrip(_CLOSES + " ").endswith((".", "!", "…", "。", "！"))
    offers = any(one.features & _OFFERS for one in said) or any(True for _ in offers_of(said))
    return ends and _is_long(text) and name not in text and not offers


def _is_rated(text: str) -> bool:
    """Stars, and more words beside them than their number."""
    return text[:1] in _STARS and _is_long("".join(filter(str.isalpha, text)))


def _is_unsigned(one: Shown) -> bool:
    text = one.sense.text
    whole = text[:1] in _OPENS and text.rstrip(".。")[-1:] in _CLOSES
    return whole and not one.sense.question and _is_long(text)


def _end_of_quotation(text: str) -> int:
    return max(text.rfind(mark, 1) for mark in _CLOSES)


def _is_signed(text: str) -> bool:
    """A whole quotation and a name that is no professional's."""
    end = _end_of_quotation(text)
    name = text[end + 1 :]
    if len(name) > _LONGEST_NAME:  # asked of each sentence of a block: two megabytes in one took minutes (2026-11-27)
        return False
    return end > 1 and _is_long(text[:end]) and bool(_SIGNED.match(name)) and not _PROFESSIONAL.search(name)


def _is_long(text: str) -> bool:
    return sum(2 if "\u3040" <= letter <= "\ud7af" else 1 for letter in text[:_FEWEST]) >= _FEWEST


def nameless(text: str) -> str:
    """What was said without the signature below it, and without names: each is ``[…]``."""
    end = _end_of_quotation(text)
    behind = text[end + 1 :]
    if end > 0 and (_SIGNED.match(behind) or (text[:1] in _OPENS and len(behind) <= _LONGEST_SIGNATURE)):
        text = text[: end + 1]
    text = re.sub(rf"\s*[–—―]\s*{_NAMES},?\s*(?:\d{{2}})?[.)]?$", "", text)
    text = "" if _ONLY_A_NAME.match(text) else _NAME_AT_THE_END.sub("", text)
    for pattern, instead in _HIDDEN:
        text = pattern.sub(instead, text)
    return text.strip()
