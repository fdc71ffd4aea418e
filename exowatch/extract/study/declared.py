"""What a paper declares: its register, money and interests, what became of it; and follow-up, harms and instruments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from exowatch.extract.study.followed import follow_up_of
from exowatch.extract.study.parts import Parts
from exowatch.knowledge.studies import StudyRules
from exowatch.knowledge.terms import Span
from exowatch.model.titles import mark_of, notice_of

_TRIAL = re.compile(
    r"\b(NCT\d{8}|ISRCTN\d{6,8}|EUCTR[\d-]+\S*|ChiCTR[-\w]+|CTRI/[\d/]+|ACTRN\d+|DRKS\d+|jRCT\w?\d+|UMIN\d+|IRCT\w+|"
    r"KCT\d+|TCTR\d+|RBR-\w+|CRD42\d+)\b"
)
#: A firm by its legal form, with money or goods of its own.
_FORM = r"(?:Inc|Ltd|Co|GmbH|LLC|Corp|AG|plc|Pte|S\.?A|S\.?r\.?l|A\.?Ş|Biotech|Pharma\w*|Bio)"
_MONEY = r"(?:support|grant|fund|supplied|provided|donated|sponsor|employ|paid|fees?|product|gel|vials?)"
_FIRM = re.compile(
    rf"\b{_MONEY}\w*\b[^.]{{0,60}}?\b[A-Z][\w&-]+\s{_FORM}\b|\b[A-Z][\w&-]+\s{_FORM}\b\.?,? [^.]{{0,40}}?{_MONEY}"
)
#: What was looked for, and not what was found.
_ENDPOINT = re.compile(r"\b(?:end ?point|outcome|objective|aim)s? (?:was|were|is|are)\b|\bwill be\b", re.IGNORECASE)
_MAYBE = re.compile(r"\b(?:should|may|might|could|must|ought)\b", re.IGNORECASE)
_PAID = re.compile(r"(?:financed|supported|sponsored|paid(?: for)?|donated) by(?: the)?|free of charge", re.IGNORECASE)
_P = re.compile(r"\bp\s*[<>=≤]", re.IGNORECASE)
#: What everybody has before anything is given.
_BEFORE = re.compile(
    r"\b(?:at baseline|at entry|demographic\w*|mean age|were similar|characteristics)\b", re.IGNORECASE
)


#: Designs that tell of other people's studies.
OVERVIEWS = ("meta-analysis", "systematic-review", "review")


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


def declared_of(parts: Parts, rules: StudyRules, design: str | None = None) -> Declared:
    """All of it; None where the text is silent."""
    everything = parts.everything
    stated = [one.text for one in parts.told]
    own = [text for text in stated if not (design in OVERVIEWS and rules.said("of-others", text))]
    conflict = next((text for text in own if _interest(text, rules)), None)
    none = next((text for text in stated if rules.said("no-conflict", text)), None)
    return Declared(
        registered=_register(everything, rules),
        conflict=conflict,
        funding=_funding(own, rules),
        maker_run=True if conflict and rules.said("maker-run", conflict) else False if conflict or none else None,
        retracted=_withdrawn(parts.title, stated, rules),
        relations=_relations(parts.title, rules),
        follow_up=None if design == "review" else follow_up_of(parts, rules, design),
        adverse_events=None if design == "review" else _harms(parts, rules, design),
    )


def _funding(stated: Sequence[str], rules: StudyRules) -> str | None:
    """Who paid, in the paper's words: money before goods; a fee or a share is an interest and no funding."""
    firm = next((text for text in stated if rules.said("public-money", text) or _FIRM.search(text)), None)
    return next((text for text in stated if rules.said("money", text)), firm)


def _harms(parts: Parts, rules: StudyRules, design: str | None) -> str | None:
    """The sentence that tells of unwanted effects: by that word, else by the name of one."""
    told = [one for one in parts.of("results") if not _BEFORE.search(one) and not _ENDPOINT.search(one)]
    rest = [one for one in parts.of("conclusion") if not _BEFORE.search(one)]
    if design in ("case-report", "case-series"):  # the whole of it is one story, but for how it begins
        told = [one.text for one in parts.told if one.section != "background"] or [one.text for one in parts.told]
    named = [one for one in told if rules.said("harm-named", one) and not _P.search(one)]
    plain = [one for one in told if rules.said("harm", one)]
    plain += named + [one for one in rest if rules.said("harm", one)]
    if not plain and design != "protocol":
        plain = [one for one in parts.of("methods") if _named_harm(one, rules) and not _ENDPOINT.search(one)]
    if not plain:
        plain = [one for one in rest if rules.said("harm-named", one) and not _MAYBE.search(one) and not _P.search(one)]
    return next(iter(plain), None)


def _named_harm(text: str, rules: StudyRules) -> bool:
    return (rules.said("harm-named", text) or rules.said("harm", text)) and not _P.search(text)


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
    if rules.said("public-body", text) and _only_money(text, rules):
        return False
    return (rules.said("conflict", text) or bool(_FIRM.search(text))) and not _denied(text, rules)


def _only_money(text: str, rules: StudyRules) -> bool:
    """The sentence names nothing but who paid: "financed by the regional councils"."""
    return not _FIRM.search(text) and all(
        _PAID.fullmatch(text[span.start : span.end]) for span in rules.spans("conflict", text)
    )


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
