"""How long those in a study were looked after: the latest moment at which somebody was seen, as written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from exowatch.extract.study.parts import Parts
from exowatch.knowledge.studies import StudyRules

_UNIT = (
    r"(?:h|hours?|days?|weeks?|months?|years?|días?|semanas?|meses|mes|años?|Tagen?|Wochen?|Monaten?|Jahren?|jours?|"
    r"semaines?|mois|dias?|anos?|gün|hafta|ay|дн\w+|недел\w+|месяц\w*)"
)
#: A word that every span holds; asked first, since most sentences hold none.
_ANY = re.compile(
    r"hour|day|week|month|year| h\b|día|semana|mes|año|Tag|Woche|Monat|Jahr|jour|mois|dia|ano|gün|hafta|\bay\b|дн|"
    r"недел|месяц|月|个|개월|週|周|주|日|일|年|년",
    re.IGNORECASE,
)
_LONG = rf"(?:[^\W\d_][\w-]*|\d+(?:\.\d+)?)[\s-]{_UNIT}"
#: "at twelve weeks", "12 weeks later", "three months after the last one", "a 12-week trial"
_SPAN = re.compile(
    r"\b(?P<before>at|after|for|over|until|to|by|follow(?:ed)?(?:-up)?(?: of| for)?|within|in|was|during|por|durante|"
    r"tras|a los|nach|über|après|pendant|após|через|в течение)\s+(?:a (?:mean|median) of |up to |about |the )?"
    rf"(?P<span>{_LONG})\b|\b(?P<later>{_LONG})\s(?:later|after (?:the )?(?:last|end|final|treatment|baseline|surgery)|"
    r"of (?:follow|observation)|follow-up|nach der|nach dem|später|después|plus tard|après|dopo|depois|после|sonra)|"
    r"\b(?P<whole>(?:\d+|[a-z]+)-(?:week|month|year)s?)\b(?= (?:findings|results|trial|study|parallel|follow|randomi|"
    r"open|appearance|split|outcome|observation|course|interval|data))",
    re.IGNORECASE,
)
_VISIT = re.compile(
    r"\b(?P<unit>day|week|month|year)s?\s+(?:\d+(?:,\s|\sand\s|,\sand\s|\sor\s|\sto\s)(?=\d+\b(?!\s?%)))*"
    r"(?P<number>\d+|(?!day|week|month|year)[a-z]+)\b(?!\s?%)",
    re.IGNORECASE,
)
#: Told so loosely, it counts where nothing more exact is told.
_HALF_A_YEAR = re.compile(r"\b(?:after|at|over|for) half a year\b", re.IGNORECASE)
_GERMAN = dict(
    zip(
        ("zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"),
        range(2, 13),
        strict=True,
    )
)
_EASTERN = re.compile(
    r"(\d+)\s?(か月|ヶ月|カ月|ヵ月|个月|개월|週|周|주|日|일|年|년)(?:間|间)?(?:後|后|間|间|후|の|时|時)?"
)
_EAST = {"か": "months", "ヶ": "months", "カ": "months", "ヵ": "months", "个": "months", "개": "months", "週": "weeks"}
_EAST |= {"周": "weeks", "주": "weeks", "日": "days", "일": "days", "年": "years", "년": "years"}
#: How a unit begins, the longest first, and its days.
_LENGTHS = (
    (("month", "monat", "mes", "mois", "месяц", "ay"), 30.4),
    (("year", "jahr", "añ", "an"), 365.0),
    (("week", "woche", "semana", "semaine", "недел"), 7.0),
    (("hafta",), 7.0),
    (("h",), 1 / 24),
    (("day", "tag", "jour", "dia", "día", "gün", "дн"), 1.0),
)
#: "at 16 weeks 23 of 34": the number before is that of the weeks.
_COUNTED = re.compile(r"(?:\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|a))[\s-]$", re.IGNORECASE)
#: Words right behind a span that make it one of another time.
_NOT_AFTER = re.compile(
    r"^\W{0,2}(?:before|earlier|ago|old|of age|previous\w*|prior|sooner|shorter|de edad)\b", re.IGNORECASE
)
_NOT_BEFORE = re.compile(
    r"\b(?:aged?|older than|younger than|duration of disease|disease duration|ulcer|since|shorte\w+|reduced|sooner|"
    r"earlier|registry|difference|instilled on|given on|injected on|excluded are|any laser|experience|persisting|"
    r"lasted|lasting|had an? [\w ]+|had had|who had|edad)\b[^.;:]{0,24}$",
    re.IGNORECASE,
)
#: Nobody is looked after for longer, in days.
_PLAUSIBLE = 3700.0


def follow_up_of(parts: Parts, rules: StudyRules, design: str | None = None) -> str | None:
    """The longest span that is told of the people, animals or cells under study, as written."""
    told = (parts.title, *parts.of("aim", "methods", "results", "conclusion"))
    if design in ("protocol", "case-report", "case-series"):
        told = (parts.title, *(one.text for one in parts.told))
    found = _longest(told, rules) or _longest((one.text for one in parts.told), rules)
    return found or ("half a year" if _HALF_A_YEAR.search(parts.everything) else None)


def _longest(texts: Iterable[str], rules: StudyRules) -> str | None:
    spans = [span for text in texts for span in _spans(text)]
    found = [(days, span) for span in spans if 0 < (days := _days(span, rules)) <= _PLAUSIBLE]
    return max(found, key=lambda one: one[0])[1] if found else None


def _spans(text: str) -> Iterator[str]:
    if not _ANY.search(text):
        return
    for match in _SPAN.finditer(text):
        span = match["span"] or match["later"] or match["whole"]
        told = text[max(0, match.start() - 40) : match.start()] + (match["before"] or "")
        if not _NOT_AFTER.search(text[match.end() :]) and not _NOT_BEFORE.search(
            told.removesuffix(match["before"] or "")
        ):
            yield span.replace("-", " ")
    for match in _VISIT.finditer(text):
        told = text[max(0, match.start() - 40) : match.start()]
        if not _NOT_BEFORE.search(told) and not _COUNTED.search(told):
            yield f"{match['number']} {match['unit']}s"
    for match in _EASTERN.finditer(text):
        yield f"{match[1]} {_EAST[match[2][0]]}"


def _days(span: str, rules: StudyRules) -> float:
    """How long a span is; 0 where its first word is no number."""
    number, _, unit = span.replace("-", " ").rpartition(" ")
    if not number or not unit:
        return 0.0
    if number.lower() in ("a", "an", "one", "un", "una", "ein", "einem"):
        return _length(unit)
    value = None if number[0].isdecimal() else rules.numerals.value(number.lower()) or _GERMAN.get(number.lower())
    try:
        amount = float(number) if value is None else float(value)
    except ValueError:
        return 0.0
    return amount * _length(unit)


def _length(unit: str) -> float:
    low = unit.lower()
    return next((days for beginnings, days in _LENGTHS if low.startswith(beginnings)), 0.0)
