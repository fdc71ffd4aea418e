"""Page + source + knowledge → findings. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from exowatch.extract.attitude import attitude_of, warns
from exowatch.extract.certain import certain
from exowatch.extract.choosing import chosen_of
from exowatch.extract.claims import claims_in
from exowatch.extract.features import features_of
from exowatch.extract.letters import letter_in
from exowatch.extract.looked import STATUS, looked_at
from exowatch.extract.own import Own
from exowatch.extract.statements import statements_in
from exowatch.extract.studies import study_from_page
from exowatch.knowledge.load import Knowledge
from exowatch.model.findings import Claim, Statement, Study
from exowatch.model.letters import Letter
from exowatch.model.pages import Attitude, Features, Page
from exowatch.model.readings import Issue, PageKind
from exowatch.model.sources import Source


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
    letters: tuple[Letter, ...] = ()
    issues: tuple[Issue, ...] = ()


def findings(page: Page, source: Source, knowledge: Knowledge) -> Findings:
    """What the page says."""
    kind = kind_of(page, source)
    looked = looked_at(page, kind, knowledge)
    chosen = chosen_of(looked, knowledge.weights)
    accused = kind == "clinic"
    warning = warns(looked.senses, chosen.weighed, accused=accused)
    promoting = accused and not warning
    claims = certain(
        claims_in(looked, chosen.claims, page.language, promoting), chosen.claims, knowledge.weights, promoting
    )
    statements: list[Statement] = []
    for place, sense in enumerate(looked.senses):
        if sense.mask & STATUS:
            language = sense.block.language or page.language
            statements += statements_in(sense, language, looked.is_about(place))
    attitude, why = attitude_of(looked.senses, claims, chosen.weighed, warning=warning, about=looked.about and accused)
    study = study_from_page(page, knowledge.studies) if kind == "journal" else None
    letter = letter_in(page) if kind == "regulator" else None
    return Findings(
        kind=kind,
        attitude=attitude,
        attitude_why=why,
        features=features_of(
            looked.senses,
            _required(source, knowledge),
            offering=kind not in ("journal", "regulator"),
            promoting=promoting,
            unapproved={one.quote.text for one in claims if one.status == "not_approved"}
            | {one.quote.text for one in statements if one.status == "not_approved"},
            own=Own(source, page),
        ),
        claims=tuple(claims),
        statements=tuple(statements),
        studies=(study,) if study else (),
        letters=(letter,) if letter else (),
    )


def _required(source: Source, knowledge: Knowledge) -> dict[str, tuple[str, ...]]:
    """Rule → key phrases of the sentences that a seller's pages have to carry where it sits or whom it addresses."""
    if source.kind in ("journal", "regulator", "register"):
        return {}
    return {
        rule.id: tuple(phrase for phrases in (rule.requires or {}).values() for phrase in phrases)
        for rule in knowledge.law.required
        if rule.jurisdiction in source.jurisdictions
    }


def kind_of(page: Page, source: Source) -> PageKind:
    """What kind of page it is: what the watchlist says of its source, or a journal's own marks."""
    if source.kind == "journal" or "citation_title" in page.meta:
        return "journal"
    if source.kind in ("regulator", "register"):
        return "regulator"
    return "clinic" if source.kind in ("clinic", "supplier", "marketplace", "directory") else "other"
