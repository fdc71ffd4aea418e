"""What a paper declares: its register, money and interests, what became of it; and follow-up, harms and instruments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from exowatch.extract.study.parts import Parts
from exowatch.knowledge.studies import StudyRules
from exowatch.knowledge.terms import Span
from exowatch.model.titles import mark_of, notice_of

_TRIAL = re.compile(
    r"\b(NCT\d{8}|ISRCTN\d{6,8}|EUCTR[\d-]+\S*|ChiCTR[-\w]+|CTRI/[\d/]+|ACTRN\d+|DRKS\d+|jRCT\w?\d+|UMIN\d+|IRCT\w+|"
    r"KCT\d+|TCTR\d+|RBR-\w+|CRD42\d+)\b"
)
_SPAN = re.compile(
    r"\b(?:at|after|for|over|until|to|by|follow(?:ed)?(?:-up)?(?: of| for)?|within)\s+(?:a (?:mean|median) of )?"
    r"((?:[\w-]+|\d+(?:\.\d+)?)\s(?:days?|weeks?|months?|years?))\b",
    re.IGNORECASE,
)
#: A firm by its legal form, with money or goods of its own.
_FORM = r"(?:Inc|Ltd|Co|GmbH|LLC|Corp|AG|plc|Pte|S\.?A|S\.?r\.?l|A\.?Ş|Biotech|Pharma\w*|Bio)"
_MONEY = r"(?:support|grant|fund|supplied|provided|donated|sponsor|employ|paid|fees?|product|gel|vials?)"
_FIRM = re.compile(
    rf"\b{_MONEY}\w*\b[^.]{{0,60}}?\b[A-Z][\w&-]+\s{_FORM}\b|\b[A-Z][\w&-]+\s{_FORM}\b\.?,? [^.]{{0,40}}?{_MONEY}"
)
_DAYS = {"day": 1.0, "week": 7.0, "month": 30.4, "year": 365.0}


@dataclass(frozen=True, slots=True)
class Declared:
    """Statements of a paper about itself."""

    registered: str | None
    conflict: str | None
    funding: str | None
    maker_run: bool | None
    retracted: bool
    relations: tuple[str, ...]
    follow_up: str | None
    adverse_events: str | None


def declared_of(parts: Parts, rules: StudyRules) -> Declared:
    """All of it; None where the text is silent."""
    everything = parts.everything
    stated = [one.text for one in parts.told]
    conflict = next((text for text in stated if _interest(text, rules)), None)
    none = next((text for text in stated if rules.said("no-conflict", text)), None)
    harms = next(
        (one.text for one in parts.told if one.section == "results" and rules.said("safety-told", one.text)), None
    )
    return Declared(
        registered=_register(everything, rules),
        conflict=conflict,
        funding=conflict or next((text for text in stated if rules.said("public-money", text)), None),
        maker_run=True if conflict and rules.said("maker-run", conflict) else False if conflict or none else None,
        retracted=_withdrawn(parts.title, stated, rules),
        relations=_relations(parts.title, rules),
        follow_up=_longest(parts.text("methods", "results", "aim") + " " + parts.title, rules),
        adverse_events=harms,
    )


def _withdrawn(title: str, stated: Sequence[str], rules: StudyRules) -> bool:
    """Its title or its first or last words say that the paper was withdrawn; "retraction" alone is one of a tissue."""
    mark = mark_of(title)
    if mark or notice_of(title):
        return mark == "retracted"
    return any(
        text[span.start : span.end].lower() != "retraction"
        for text in (title, " ".join([*stated[:1], *stated[-2:]]))
        for span in rules.spans("retracted", text)
    )


def _relations(title: str, rules: StudyRules) -> tuple[str, ...]:
    """What became of it, by its title."""
    mark = mark_of(title)
    said = (name for name in ("concern", "corrected") if rules.said(name, title))
    return tuple(dict.fromkeys([*([mark] if mark else []), *said]))


def _interest(text: str, rules: StudyRules) -> bool:
    return (rules.said("conflict", text) or bool(_FIRM.search(text))) and not _denied(text, rules)


def _denied(text: str, rules: StudyRules) -> bool:
    """“No competing interests” holds the words of the declaration that it denies."""
    denials = rules.spans("no-conflict", text)
    own = [span for span in rules.spans("conflict", text) if not any(_lies_in(span, denial) for denial in denials)]
    return bool(denials) and not own


def _lies_in(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _register(text: str, rules: StudyRules) -> str | None:
    number = _TRIAL.search(text)
    if number:
        return number[1]
    named = rules.spans("registered", text)
    return text[named[0].start : named[0].end] if named else None


def _longest(text: str, rules: StudyRules) -> str | None:
    """The longest span that is named, as written: how long people were looked after."""
    spans = [match[1] for match in _SPAN.finditer(text)]
    return max(spans, key=lambda span: _days(span, rules), default=None)


def _days(span: str, rules: StudyRules) -> float:
    number, unit = span.rsplit(" ", 1)
    value = None if number[0].isdecimal() else rules.numerals.value(number)
    try:
        amount = float(number) if value is None else float(value)
    except ValueError:
        return 0.0
    return amount * _DAYS[unit.lower().rstrip("s")]
