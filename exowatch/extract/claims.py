"""A sentence → at most one claim: what it is about, what it promises, for which condition, and in which stance."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from exowatch.extract.match import Hit
from exowatch.extract.sense import BIT, Sense
from exowatch.model.findings import Claim, ClaimKind, Condition, Intervention, Quote, Stance, Status
from exowatch.model.keys import wording_key
from exowatch.model.pages import Block, Visible

_NUMBER = re.compile(
    r"\d+(?:[.,]\d+)?\s?(?:%|percent|x\b|times|billion|million|years|weeks|months|days|sessions)", re.I
)
_FIRST_PERSON = re.compile(r"^[\"“«]?(?:I|My|I've|I’m)\s")
_MAIN = ("absolute-safety", "guarantee", "status", "safety", "superiority", "effect", "use", "mechanism")
#: Without any of these a sentence promises nothing.
_PROMISING = functools.reduce(int.__or__, (BIT[role] for role in _MAIN))
_KIND_ORDER: tuple[ClaimKind, ...] = (
    "regulatory",
    "disease",
    "efficacy",
    "safety",
    "superiority",
    "guarantee",
    "mechanism",
    "testimonial",
)
_STATUS: dict[str, Status] = {
    "approved": "approved",
    "cleared": "cleared",
    "registered": "registered",
    "compliant": "compliant",
    "trial": "trial",
}


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a sentence."""

    block: Block
    about: bool
    """The headings, the question or the page are about exosomes and no other treatment comes between."""
    language: str | None
    question: Sense | None = None
    """The question that the sentence answers."""


def claim_in(sense: Sense, around: Around, *, answered: bool = False) -> Claim | None:
    """The claim of one sentence; None where it makes none. ``answered``: a question that the page itself answers."""
    if not sense.mask & _PROMISING:
        return None
    explicit = sense.of("subject")
    others = sense.of("other")
    if not explicit and (others or not around.about):
        return None
    kinds = _kinds(sense, bool(explicit))
    if not kinds:
        return None
    stance = _stance(sense, kinds, answered)
    conditions = tuple(_condition(hit) for hit in _first_of_each(sense.of("condition")))
    status = next((_STATUS[h.rule.name] for h in sense.of("status") if h.rule.name in _STATUS), None)
    status = status if "regulatory" in kinds else None
    told = sorted({h.rule.name or h.rule.id for h in sense.of("agency")}) if "regulatory" in kinds else []
    block = around.block
    hits = [hit for hit in sense.hits if hit.rule.role not in ("critical", "promoting")]
    return Claim(
        key=wording_key(sense.text),
        quote=Quote(block.index, sense.start, sense.start + len(sense.text), sense.text),
        language=around.language,
        kinds=tuple(kind for kind in _KIND_ORDER if kind in kinds),
        stance=stance,
        subject=explicit[0].rule.id if explicit else "exosome",
        intervention=_intervention(sense),
        conditions=conditions,
        agencies=tuple(told),
        status="not_approved" if status and stance == "negated" else status,
        strength=_strength(kinds, stance, conditions, status, block),
        numbers=tuple(_NUMBER.findall(sense.text)),
        combination=tuple(sorted({h.rule.id for h in others})),
        attribution=next((sense.text[h.start : h.end] for h in sense.of("attribution")), None),
        framing="risk-disclosure" if kinds == {"safety"} and _discloses(sense) else None,
        zone="hidden" if block.hidden and block.zone == "body" else block.zone,
        visible=_visible(block),
        speaker="customer" if "testimonial" in kinds else "trader",
        locator=block.locator,
        context=block.text,
        heading_path=block.heading_path,
        cues=tuple(dict.fromkeys(sense.cue(hit) for hit in hits)),
        rule_ids=tuple(dict.fromkeys(hit.rule.id for hit in hits)),
    )


def _kinds(sense: Sense, explicit: bool) -> set[ClaimKind]:
    kinds: set[ClaimKind] = set()
    effects, conditions = sense.of("effect"), sense.of("condition")
    grave = [hit for hit in conditions if hit.rule.tier in ("medical", "serious")]
    mechanism, uses = sense.of("mechanism"), sense.of("use")
    if effects and conditions:
        kinds.add("efficacy")
    if grave and (effects or uses):
        kinds.add("disease")
    if uses and conditions and not grave:
        kinds.add("efficacy")
    if mechanism and effects:
        kinds.add("mechanism")
    if sense.of("superiority") and (explicit or effects or conditions):
        kinds.add("superiority")
    if sense.of("guarantee") and (explicit or effects or conditions):
        kinds.add("guarantee")
    if sense.of("absolute-safety") or (sense.of("safety") and (explicit or not sense.of("disclosure"))):
        kinds.add("safety")
    named = [h for h in sense.of("status") if h.rule.name in _STATUS]
    if named and (explicit or sense.of("agency")):
        kinds.add("regulatory")
    if kinds and _FIRST_PERSON.match(sense.text):
        kinds.add("testimonial")
    return kinds


def _stance(sense: Sense, kinds: set[ClaimKind], answered: bool) -> Stance:
    if sense.question and not answered:
        return "question"
    attributed = sense.of("attribution")
    main = _main_hits(sense, kinds)
    if any(sense.denied(hit) for hit in main):
        return "negated"
    if attributed:
        return "attributed"
    if any(sense.hedged(hit) for hit in main):
        return "hedged"
    return "asserted"


def _main_hits(sense: Sense, kinds: set[ClaimKind]) -> list[Hit]:
    """What the sentence says; a promise of no side effects denies nothing."""
    for role in _MAIN:
        found = sense.of(role)
        if role in ("absolute-safety", "guarantee") and found and not kinds - {"safety", "guarantee"}:
            return []
        if role == "safety" and "safety" not in kinds:
            continue
        if found and role != "absolute-safety":
            return found[:1]
    return sense.of("condition")[:1]


def _discloses(sense: Sense) -> bool:
    return bool(sense.of("disclosure")) and not sense.of("absolute-safety")


def _first_of_each(hits: list[Hit]) -> list[Hit]:
    return list({hit.rule.id: hit for hit in reversed(hits)}.values())[::-1]


def _condition(hit: Hit) -> Condition:
    rule = hit.rule
    tier = "serious" if rule.tier == "serious" else "medical" if rule.tier == "medical" else "cosmetic"
    return Condition(rule.id, rule.name or rule.id, tier, rule.mesh)  # type: ignore[arg-type]  # narrowed above


def _intervention(sense: Sense) -> Intervention:
    sources, routes = sense.of("source"), sense.of("route")
    named = {hit.rule.name for hit in sources}
    source = next((name for name in ("autologous", "plant", "animal", "human") if name in named), "unstated")
    route = next((hit.rule.name for hit in reversed(routes)), None) or "unstated"
    material = next((hit.rule.material for hit in sense.of("subject") if hit.rule.material), "exosome")
    cells = tuple(dict.fromkeys(hit.rule.cells for hit in sources if hit.rule.cells))
    return Intervention(source, cells, material, route)  # type: ignore[arg-type]  # names of rules are checked by tests


def _strength(
    kinds: set[ClaimKind], stance: Stance, conditions: tuple[Condition, ...], status: Status | None, block: Block
) -> int:
    """0 hedged title, 1 hedged, 2 plain, 3 with a disease, 4 with a serious one or an approval, 5 a guarantee."""
    if stance == "hedged":
        return 0 if block.kind == "heading" else 1
    if "guarantee" in kinds:
        return 5
    tiers = {condition.tier for condition in conditions}
    if "serious" in tiers or status == "approved":
        return 4
    return 3 if "medical" in tiers else 2


def _visible(block: Block) -> Visible:
    if block.zone in ("description", "jsonld", "alt") or block.kind == "meta":
        return "no" if block.zone != "title" else "yes"
    return "unknown" if block.hidden else "yes"
