"""A sentence → at most one claim: what it is about, what it promises, for which condition, and in which stance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import get_args

from exowatch.extract.again import Candidate
from exowatch.extract.choosing import NO
from exowatch.extract.looked import Looked
from exowatch.extract.match import Hit
from exowatch.extract.numbers import numbers_in
from exowatch.extract.sense import BIT, NO_LIST, Sense
from exowatch.extract.standing import FAVOURABLE, denied_status, standing
from exowatch.knowledge.schema import Role, Rule
from exowatch.model.findings import Claim, ClaimKind, Condition, Intervention, Quote, Stance, Status
from exowatch.model.keys import wording_key
from exowatch.model.pages import Block, Visible

#: From where a kind is taken as said, and from where a rule that finds its words may tip it.
_LIKELY, _TIPPED, _DISEASE = 0.5, 0.2, 0.3
#: A claim about the law that is missed has no status; of those that weigh 0.4 to 0.5, three in four are one.
_OFTEN_ENOUGH = 0.4
#: Roles of which one stands in a sentence of this stance.
_SAID_BY: dict[str, tuple[str, ...]] = {
    "negated": ("negation", "critical", "disclosure", "pseudo", "status", "hedge"),
    "attributed": ("attribution", "evidence", "critical", "voice"),
}
#: Words that promise, and roles whose words may turn a promise.
_PROMISE = ("effect", "outcome", "use", "superiority", "mechanism", "evidence")
_TURNING = BIT["negation"] | BIT["attribution"] | BIT["hedge"]
_SLOTS = BIT["source"] | BIT["route"] | BIT["subject"]
_STATUS, _CRITICAL, _ABSOLUTE = BIT["status"], BIT["critical"], BIT["absolute-safety"]
_EFFECT = BIT["effect"]
#: Of which one stands in a sentence that is about the law though no kind is sure.
_OF_LAW = _STATUS | sum(BIT[role] for role in ("agency", "disclosure", "quality", "negation", "critical", "evidence"))
_DENIAL = BIT["subject"] | BIT["negation"] | BIT["effect"] | BIT["condition"]
_OF_EFFECT = frozenset(("efficacy", "disease", "mechanism"))
#: Letters between a verb and its denial: a space, or an ending.
_BESIDE = 2
#: "Not intended to treat any disease" is what the law has a seller say.
_DISCLAIMING = BIT["negation"] | BIT["disclosure"] | BIT["disclaimer"]
_PLAIN_INTERVENTION = Intervention("unstated", (), "exosome", "unstated")
_STANCES: tuple[Stance, ...] = ("asserted", "hedged", "negated", "attributed")
#: Each stance, the name of its chance, and the roles of which one stands in it on a page that sells (0: none need).
_STANCES_ASKED = tuple(
    (stance, f"stance:{stance}", sum(BIT[role] for role in _SAID_BY.get(stance, ()))) for stance in _STANCES
)
#: Roles whose words explain a claim to a reader.
_SILENT = {"critical", "promoting", "logistics", "aftercare", "biography", "definition", "hospitality"}
_TELLING = frozenset(get_args(Role)) - _SILENT
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
_KINDS_ASKED = tuple((kind, f"kind:{kind}") for kind in _KIND_ORDER)


def claims_in(looked: Looked, candidates: Sequence[Candidate], language: str | None, promoting: bool) -> list[Claim]:
    """The claims of a page, whose language is ``language`` where a block does not tell its own."""
    found = []
    for one in candidates:
        asked, sense = looked.senses[one.whose], looked.senses[one.place]
        claim = claim_in(asked, sense.block.language or language, one, promoting=promoting)
        found.append(claim if one.whose == one.place else _answering(claim, sense, asked))
    return found


def _answering(meant: Claim, sense: Sense, asked: Sense) -> Claim:
    """ "Yes, absolutely." takes the meaning of the question before it."""
    block = sense.block
    denies = bool(NO.match(sense.text.strip()))
    return replace(
        meant,
        quote=Quote(block.index, sense.start, sense.start + len(sense.text), sense.text),
        key=wording_key(f"{asked.text} {sense.text}"),
        stance="negated" if denies else "asserted",
        status="not_approved" if denies and meant.status in FAVOURABLE else meant.status,
        zone="hidden" if block.hidden and block.zone == "body" else block.zone,
        locator=block.locator,
        context=f"{asked.text} {block.text}",
        heading_path=block.heading_path,
    )


def claim_in(sense: Sense, language: str | None, candidate: Candidate, *, promoting: bool) -> Claim:
    """The claim of a sentence that weighs as one; of a bare answer, ``sense`` is the question.

    ``promoting``: the page weighs as one that sells rather than warns.
    """
    chances = candidate.heads
    answered = candidate.whose != candidate.place
    explicit = sense.of("subject")
    others = sense.of("other")
    diseases = sense.of("condition")
    kinds = _kinds(sense, chances, any([hit.rule.tier in ("medical", "serious") for hit in diseases]))
    stance = _stance(sense, kinds, chances, promoting, answered)
    conditions = tuple([_condition(hit) for hit in _first_of_each(diseases)]) if diseases else ()
    status = standing(sense, chances, stance) if "regulatory" in kinds else None
    told = sorted({h.rule.name or h.rule.id for h in sense.of("agency")}) if "regulatory" in kinds else []
    block, text = sense.block, sense.text
    telling: dict[tuple[str, str], Hit] = {}  # a word that stands twice explains once
    for hit in sense.hits:
        if hit[0].role in _TELLING:
            telling.setdefault((hit[0].id, text[hit[1] : hit[2]]), hit)
    return Claim(
        key=wording_key(sense.text),
        quote=Quote(block.index, sense.start, sense.start + len(sense.text), sense.text),
        language=language,
        kinds=tuple(kind for kind in _KIND_ORDER if kind in kinds),
        stance=stance,
        subject=next((hit.rule.id for hit in explicit if not hit.rule.product), "exosome"),
        intervention=_intervention(sense),
        conditions=conditions,
        agencies=tuple(told),
        status=status,
        strength=_strength(kinds, stance, conditions, status, block),
        numbers=numbers_in(text),
        areas=tuple(dict.fromkeys([hit.rule.name or "" for hit in sense.of("area")])),
        evidence_offered=_evidence(sense, kinds, stance, status),
        combination=tuple(sorted({h.rule.id for h in others})) if others else (),
        attribution=text[said[0].start : said[0].end] if (said := sense.of("attribution")) else None,
        framing=_framing(sense, kinds, chances),
        zone="hidden" if block.hidden and block.zone == "body" else block.zone,
        visible=_visible(block),
        speaker="customer" if "testimonial" in kinds else "trader",
        locator=block.locator,
        context=block.text,
        heading_path=block.heading_path,
        cues=tuple([sense.cue(hit) for hit in telling.values()]),
        rule_ids=tuple(dict.fromkeys([hit[0].id for hit in telling.values()])),
    )


def _kinds(sense: Sense, chances: Mapping[str, float], grave: bool) -> set[ClaimKind]:
    """Kinds that weigh more than not, corrected where a rule is certain."""
    kinds: set[ClaimKind] = {kind for kind, asked in _KINDS_ASKED if chances[asked] >= _LIKELY}
    if chances["kind:regulatory"] >= _OFTEN_ENOUGH:
        kinds.add("regulatory")
    if not grave:
        kinds.discard("disease")
    elif sense.has("effect", "use") and chances["kind:disease"] >= _DISEASE:
        kinds.add("disease")
    if sense.has("absolute-safety"):
        kinds.add("safety")
    # of 594 labelled claims that name an authority 589 are regulatory, of 1,262 that name a status 1,168
    if sense.has("agency") or (sense.has("status") and chances["kind:regulatory"] >= _TIPPED):
        kinds.add("regulatory")
    # what several words of effect promise, and no word of an authority or a status, is not about the law by default
    silent = sense.twice & _EFFECT and not sense.mask & _DISCLAIMING
    # nor is a title of two words, "Brain health", in which nothing of the law stands
    silent = silent or not sense.mask & _OF_LAW
    never = ("disease", "regulatory") if silent else ("disease",)
    return kinds or {max(_KIND_ORDER, key=lambda kind: (kind not in never) * chances[f"kind:{kind}"])}


def _stance(
    sense: Sense, kinds: set[ClaimKind], chances: Mapping[str, float], promoting: bool, answered: bool
) -> Stance:
    if sense.question and not answered:
        return "question"
    # a page that sells says by itself what nobody else is said to say, and denies nothing without a word of denial
    weighed, most = _STANCES[0], -1.0
    for stance, asked, words in _STANCES_ASKED:
        chance = chances[asked]
        if chance > most and (not promoting or not words or _said(sense, words)):
            weighed, most = stance, chance
    # polarity is never left to weighing alone: a status that a rule finds denied is no approval
    if "regulatory" in kinds and denied_status(sense):
        return "negated"
    if weighed != "asserted":
        return weighed
    if kinds <= _OF_EFFECT and _plainly_denied(sense):
        return "negated"
    # what a rule sees in the sentence tips a weighing that is not sure
    return next((stance for stance in _seen(sense) if chances[f"stance:{stance}"] >= _TIPPED), weighed)


def _plainly_denied(sense: Sense) -> bool:
    """Exosomes do not, what they are said to, to a condition: every verb of effect stands beside its denial."""
    if sense.mask & _DENIAL != _DENIAL:
        return False
    named = sense.of("subject")[0]
    return all(
        (cue := sense.denied(hit)) is not None and named.end <= cue.start and _beside(cue, hit)
        for hit in sense.of("effect")
    )


def _beside(cue: Hit, hit: Hit) -> bool:
    return 0 <= hit.start - cue.end <= _BESIDE or 0 <= cue.start - hit.end <= _BESIDE


def _said(sense: Sense, words: int) -> bool:
    """One of the words stands in the sentence; that a product is approved is by itself no word of denial."""
    # "no adverse reactions" promises: the word of harm in it is not a critic's
    mask = sense.mask & ~_CRITICAL if sense.mask & _ABSOLUTE else sense.mask
    if mask & words & ~_STATUS:
        return True
    return bool(sense.mask & words) and any(hit.rule.name not in FAVOURABLE for hit in sense.of("status"))


def _seen(sense: Sense) -> Iterator[Stance]:
    """Stances other than a plain assertion that rules see in the sentence."""
    promise = sense.of(*_PROMISE) if sense.mask & _TURNING else NO_LIST
    if any(sense.denied(hit) for hit in promise):
        yield "negated"
    said = sense.of("attribution")
    if said and any(said[0].start < hit.start for hit in promise):
        yield "attributed"
    # "supports" and "helps" are hedged unless all around them is plain
    if any(hit.rule.kind == "tentative" for hit in sense.of("hedge")):
        yield "hedged"


def _framing(sense: Sense, kinds: set[ClaimKind], chances: Mapping[str, float]) -> str | None:
    """How it is framed: risks disclosed, a standard of manufacture named, a bare or vague benefit; None: plainly."""
    safety_alone = kinds == {"safety"} and not sense.has("absolute-safety")
    risks = any(hit.rule.id == "risk-disclosure" for hit in sense.of("disclosure"))
    # redness and swelling are told as risks, whatever else is sold on the page; "no redness" is a promise
    if safety_alone and risks and not sense.has("negation", "pseudo"):
        return "risk-disclosure"
    if chances["marketing"] >= _LIKELY:
        return "slight" if chances["low"] >= _LIKELY else None
    if safety_alone:
        return "risk-disclosure"
    return "quality-only" if kinds == {"regulatory"} else None


def _first_of_each(hits: list[Hit]) -> list[Hit]:
    return list({hit.rule.id: hit for hit in reversed(hits)}.values())[::-1]


def _condition(hit: Hit) -> Condition:
    rule = hit.rule
    tier = "serious" if rule.tier == "serious" else "medical" if rule.tier == "medical" else "cosmetic"
    return Condition(rule.id, rule.name or rule.id, tier, rule.mesh)  # type: ignore[arg-type]  # narrowed above


def _intervention(sense: Sense) -> Intervention:
    if not sense.mask & _SLOTS:
        return _PLAIN_INTERVENTION
    sources, routes = sense.of("source"), sense.of("route")
    named = {hit.rule.name for hit in sources}
    source = next((name for name in ("autologous", "plant", "animal", "human") if name in named), "unstated")
    route = next((hit.rule.name for hit in reversed(routes)), None) or "unstated"
    material = next((hit.rule.material for hit in sense.of("subject") if hit.rule.material), "exosome")
    cells = tuple(dict.fromkeys(hit.rule.cells for hit in sources if hit.rule.cells))
    product = next((_product(hit.rule) for hit in sense.of("subject") if hit.rule.product), None)
    return Intervention(source, cells, material, route, product)  # type: ignore[arg-type]  # rules' names are tested


def _product(rule: Rule) -> str:
    return f"{rule.product} ({rule.maker})" if rule.maker else f"{rule.product}"


def _evidence(sense: Sense, kinds: set[ClaimKind], stance: Stance, status: Status | None) -> tuple[str, ...]:
    """What the sentence offers as a reason to believe it."""
    if stance in ("negated", "question"):
        return ()
    offered = ["study"] if sense.has("evidence") else []
    offered += ["pictures"] if sense.has("pictures") else []
    offered += ["testimonial"] if "testimonial" in kinds else []
    offered += ["regulator"] if status in FAVOURABLE else []
    return tuple(offered)


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
