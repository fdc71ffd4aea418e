"""Page + source + knowledge → findings. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from exowatch.extract.attitude import attitude_of
from exowatch.extract.claims import Around, claim_in
from exowatch.extract.sense import Sense, names_subject, sense_of
from exowatch.extract.sentences import sentences
from exowatch.extract.statements import statements_in
from exowatch.extract.studies import study_from_page
from exowatch.knowledge.load import Knowledge
from exowatch.model.findings import Claim, Quote, Stance, Statement, Study
from exowatch.model.keys import wording_key
from exowatch.model.pages import Attitude, Block, Features, Page
from exowatch.model.readings import Issue, PageKind
from exowatch.model.sources import Source

_REFERENCES = re.compile(
    r"^(references|bibliography|literature|further reading|how to cite|for citation|список литературы|література|"
    r"для цитирования|referencias|références|literatur|bibliografia|参考文献|참고문헌)\b",
    re.IGNORECASE,
)
_YES_NO = re.compile(
    r"^(yes|no|absolutely|of course|certainly|sí|si|oui|ja|nein|non|да|нет|はい|네|是的)\b[\w\s,!]{0,30}[.!]?$", re.I
)
_NO = re.compile(r"^(no|nein|non|нет)\b", re.I)
#: Sentences longer than this are lists or data, read only at their beginning: no rule may take long over one.
_LONGEST = 1500


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything read out of one page."""

    kind: PageKind
    attitude: Attitude
    attitude_why: str
    features: Features = field(default_factory=Features)
    claims: tuple[Claim, ...] = ()
    statements: tuple[Statement, ...] = ()
    studies: tuple[Study, ...] = ()
    issues: tuple[Issue, ...] = ()


def findings(page: Page, source: Source, knowledge: Knowledge) -> Findings:
    """What the page says."""
    kind = _kind(page, source)
    claims: list[Claim] = []
    statements: list[Statement] = []
    told: list[tuple[Block, Sense]] = []
    page_about = _page_about(page, knowledge)
    elsewhere = _other_headings(page, knowledge)
    senses: dict[int, Sense] = {}
    for block in _readable(page):
        about = page_about and (block.heading_path[-1] if block.heading_path else "") not in elsewhere
        question = senses.get(block.question_index) if block.question_index is not None else None
        language = block.language or page.language
        for start, end in sentences(block.text):
            sense = sense_of(block.text[start : min(end, start + _LONGEST)], knowledge)
            senses.setdefault(block.index, sense)
            told.append((block, sense))
            if not sense.hits and question is None:
                continue
            around = Around(block, about, language, question)
            claim = _answer(sense, start, around) or claim_in(sense, start, around)
            if claim:
                claims.append(claim)
            statements += statements_in(sense, start, block, language, about)
    attitude, why = attitude_of(told, claims)
    study = study_from_page(page, knowledge.studies) if kind == "journal" else None
    return Findings(
        kind=kind,
        attitude=attitude,
        attitude_why=why,
        features=_features(told),
        claims=tuple(claims),
        statements=tuple(statements),
        studies=(study,) if study else (),
    )


def _readable(page: Page) -> Iterator[Block]:
    for block in page.blocks:
        if block.zone in ("nav", "notice") or any(_REFERENCES.match(h.strip()) for h in block.heading_path):
            continue
        yield block


def _kind(page: Page, source: Source) -> PageKind:
    if source.kind == "journal" or "citation_title" in page.meta:
        return "journal"
    if source.kind in ("regulator", "register"):
        return "regulator"
    return "clinic" if source.kind in ("clinic", "supplier", "marketplace", "directory") else "other"


def _page_about(page: Page, knowledge: Knowledge) -> bool:
    """The page is about exosomes: its title or main heading says so, or its text does so often."""
    for block in page.blocks:
        main = block.zone == "title" or (block.kind == "heading" and block.level <= 1)
        if main and names_subject(block.text[:300], knowledge):
            return True
    body = [block for block in page.blocks if block.zone not in ("nav", "notice", "footer")]
    named = sum(1 for block in body if names_subject(block.text[:600], knowledge))
    return named >= 2 and named >= len(body) * 0.06


def _other_headings(page: Page, knowledge: Knowledge) -> frozenset[str]:
    """Headings that are about another treatment."""
    headings = {block.heading_path[-1] for block in page.blocks if block.heading_path}
    senses = ((heading, sense_of(heading[:200], knowledge)) for heading in headings)
    return frozenset(heading for heading, sense in senses if sense.of("other") and not sense.of("subject"))


def _answer(sense: Sense, start: int, around: Around) -> Claim | None:
    """ "Yes, absolutely." takes the meaning of the question before it."""
    if around.question is None or not _YES_NO.match(sense.text.strip()):
        return None
    asked = around.question
    meant = claim_in(asked._replace(question=False), 0, around)
    if meant is None:
        return None
    quote = Quote(around.block.index, start, start + len(sense.text), sense.text)
    stance: Stance = "negated" if _NO.match(sense.text.strip()) else "asserted"
    key = wording_key(f"{asked.text} {sense.text}")
    return replace(meant, quote=quote, key=key, stance=stance, context=f"{asked.text} {around.block.text}")


_MONEY = r"(?:[€£$¥₩₽]|\b(?:EUR|USD|GBP|PLN|TL)\b|złotych|zł|руб)"
_CURRENCY = re.compile(_MONEY)
_PRICE = re.compile(rf"{_MONEY}\s?\d[\d.,]*|\d[\d.,]*\s?{_MONEY}")
_VARY = re.compile(
    r"results (?:may|can)? ?vary|individual results|not intended to diagnose|consult (?:a|your) (?:doctor|physician)",
    re.I,
)


_VOICE = re.compile(r"^[\"“«]?(?:I|My)\s")
_PICTURES = re.compile(r"before (?:and|&) after", re.IGNORECASE)


def _features(told: list[tuple[Block, Sense]]) -> Features:
    text = "\n".join(sense.text for _, sense in told)
    voices = [
        sense.text for _, sense in told if sense.text[:3].lstrip('"“«')[:1] in ("I", "M") and _VOICE.match(sense.text)
    ]
    return Features(
        prices=tuple(dict.fromkeys(_prices(text)))[:50],
        testimonials=tuple(dict.fromkeys(voices))[:20],
        before_after=_lines_with(_PICTURES, text),
        disclaimers=_lines_with(_VARY, text),
    )


def _prices(text: str) -> Iterator[str]:
    """Amounts with their currency; looked for only around a currency, since numbers are many and prices few."""
    for found in _CURRENCY.finditer(text):
        price = _PRICE.search(text, max(0, found.start() - 14), found.end() + 16)
        if price:
            yield price[0].strip()


def _lines_with(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    """Sentences in which the pattern is found, each once."""
    found: dict[str, None] = {}
    for match in pattern.finditer(text):
        start, end = text.rfind("\n", 0, match.start()) + 1, text.find("\n", match.end())
        found[text[start : end if end >= 0 else len(text)]] = None
    return tuple(found)[:20]
