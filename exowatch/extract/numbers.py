"""Numbers with their units in a sentence: shares, multiples, spans of time, sessions, amounts."""

from __future__ import annotations

import re

#: Units by what they measure; those of languages that write without spaces may follow a figure at once.
_UNITS = (
    # shares and multiples
    "%|％|٪|percent|per cent|prozent|pour ?cent|por ciento|por cento|per ?cento|procent|процент\\w*|відсотк\\w*|yüzde|"
    "x|×|times|-?fold|-?fach|mal|fois|veces|vezes|volte|keer|razy|раз\\w*|kat|배|倍|"
    # time and sessions
    "hours?|days?|weeks?|months?|years?|sessions?|treatments?|visits?|"
    "stunden?|tage?n?|wochen?|monate?n?|jahre?n?|sitzung(?:en)?|"
    "heures?|jours?|semaines?|mois|ans|années?|séances?|"
    "horas?|días?|semanas?|mes(?:es)?|años?|sesion(?:es)?|sesión|"
    "ore|giorn[io]|settiman[ae]|mes[ei]|ann[io]|sedut[ae]|"
    "dias?|mês|anos?|sess(?:ão|ões)|uur|dag(?:en)?|weken|maand(?:en)?|jaar|behandeling(?:en)?|"
    "godzin\\w*|dni|dzień|tygod\\w*|miesi\\w*|lat|rok\\w*|zabieg\\w*|"
    "час\\w*|дн\\w*|день|недел\\w*|месяц\\w*|лет|год\\w*|сеанс\\w*|процедур\\w*|"
    "годин\\w*|дні\\w*|тижн\\w*|місяц\\w*|рок\\w*|років|"
    "saat\\w*|gün\\w*|hafta\\w*|ay|ayda|yıl\\w*|seans\\w*|"
    "ημέρες|ώρες|εβδομάδ\\w*|μήν\\w*|χρόνια|συνεδρί\\w*|"
    "sat[ia]?|dan[a]?|nedelj\\w*|mesec\\w*|godin\\w*|tretman\\w*|tjed\\w*|mjesec\\w*|ted\\w*|let|"
    "أيام|يوم\\w*|أسابيع|أسبوع\\w*|أشهر|شهر\\w*|سنوات|سنة|جلسات|جلسة|"
    "時間|日間?|週間?|か月|ヶ月|カ月|ヵ月|個月|个月|年間?|回|次|天|周|小时|"
    "시간|일|주|개월|년|회|"
    # amounts
    "billion|million|thousand|trillion|milliarden?|millionen|milliards?|millions?|millones|miliardi|milioni|bilhões|"
    "миллиард\\w*|миллион\\w*|мільярд\\w*|мільйон\\w*|milyar|milyon|億|亿|万|萬|억|만|"
    "mg|µg|ml|cc|mm|nm|particles|vials?|patients?|people|clients?"
)
#: Small numbers that are no other word in a language nearby (Turkish "on" is ten, and an English preposition).
_SMALL_WORDS = (
    "one two three four five six seven eight nine ten twelve several "
    "zwei drei vier fünf sechs acht zehn zwölf deux trois quatre cinq dix douze dos tres cuatro cinco seis diez "
    "due tre quattro cinque sei dieci dois duas três quatro twee drie vier zes dwa dwie trzy cztery sześć "
    "два две двух три трёх трех четыре пять шесть дві чотири шість iki üç dört beş altı"
)
_SMALL = frozenset(_SMALL_WORDS.split())
_TO = "to|bis|à|a|do|до|of"
#: Bounded, and never begun inside a longer run: a page of digits must not cost the square of its length.
_FIGURE = r"(?<![\d.,])\d(?:[\d.,\u00a0]{0,14}\d)?"
_FIGURES = re.compile(
    rf"{_FIGURE}(?:\s?[-–—〜~]\s?{_FIGURE}| (?:{_TO}) {_FIGURE})?[\s\u00a0]?(?:{_UNITS})(?![a-z])", re.IGNORECASE
)
_WORDS = re.compile(
    rf"\b(?:{'|'.join(sorted(_SMALL))})(?: (?:{_TO}) (?:{'|'.join(sorted(_SMALL))}))?[\s\u00a0](?:{_UNITS})(?![a-z])",
    re.IGNORECASE,
)
_TURKISH = re.compile(r"%\s?\d[\d.,]*")
_DIGIT = re.compile(r"\d")
#: A sentence holds few; more are a table.
_MOST = 12


def numbers_in(text: str) -> tuple[str, ...]:
    """Every number with its unit, as written, in order, at most twelve."""
    found = list[tuple[int, str]]()
    if _DIGIT.search(text):
        found += [(match.start(), match[0].strip()) for p in (_FIGURES, _TURKISH) for match in p.finditer(text)]
    if not _SMALL.isdisjoint(text.lower().split()):
        found += [(match.start(), match[0].strip()) for match in _WORDS.finditer(text)]
    return tuple(dict.fromkeys([words for _, words in sorted(found)]))[:_MOST] if found else ()
