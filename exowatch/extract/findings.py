"""Page + source + knowledge → findings. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from exowatch.extract.attitude import attitude_of
from exowatch.extract.claims import Around, claim_in
from exowatch.extract.features import features_of
from exowatch.extract.sense import BIT, Sense, senses_of
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
SUBJECT, OTHER, STATUS = BIT["subject"], BIT["other"], BIT["status"]


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
    senses = list(senses_of(list(_readable(page)), knowledge))
    page_about = _page_about(senses)
    elsewhere = _other_headings(senses)
    questions: dict[int, Sense] = {}
    for sense in senses:
        block = sense.block
        if block.kind == "question":
            questions.setdefault(block.index, sense)
        question = questions.get(block.question_index) if block.question_index is not None else None
        if not sense.mask and question is None:
            continue
        about = page_about and (block.heading_path[-1] if block.heading_path else "") not in elsewhere
        language = block.language or page.language
        around = Around(block, about, language, question)
        claim = _answer(sense, around) or claim_in(sense, around)
        if claim:
            claims.append(claim)
        if sense.mask & STATUS:
            statements += statements_in(sense, language, about)
    attitude, why = attitude_of(senses, claims)
    study = study_from_page(page, knowledge.studies) if kind == "journal" else None
    return Findings(
        kind=kind,
        attitude=attitude,
        attitude_why=why,
        features=features_of(senses),
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


def _page_about(senses: Sequence[Sense]) -> bool:
    """The page is about exosomes: its title or main heading says so, or its text does so often."""
    body, named = set[int](), set[int]()
    for sense in senses:
        block = sense.block
        says = sense.mask & SUBJECT
        if says and (block.zone == "title" or (block.kind == "heading" and block.level <= 1)):
            return True
        if block.zone != "footer":
            body.add(block.index)
            if says:
                named.add(block.index)
    return len(named) >= 2 and len(named) >= len(body) * 0.06


def _other_headings(senses: Sequence[Sense]) -> frozenset[str]:
    """Headings that are about another treatment."""
    return frozenset(
        sense.block.text
        for sense in senses
        if sense.block.kind in ("heading", "question") and sense.mask & OTHER and not sense.mask & SUBJECT
    )


def _answer(sense: Sense, around: Around) -> Claim | None:
    """ "Yes, absolutely." takes the meaning of the question before it."""
    if around.question is None or not _YES_NO.match(sense.text.strip()):
        return None
    asked = around.question
    meant = claim_in(asked, around, answered=True)
    if meant is None:
        return None
    quote = Quote(around.block.index, sense.start, sense.start + len(sense.text), sense.text)
    stance: Stance = "negated" if _NO.match(sense.text.strip()) else "asserted"
    key = wording_key(f"{asked.text} {sense.text}")
    return replace(meant, quote=quote, key=key, stance=stance, context=f"{asked.text} {around.block.text}")
