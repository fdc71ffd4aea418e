"""Which provisions facts about a claim meet: found by jurisdiction and by what the claim does, never by going through
all rules. The rules' own examples are held against this.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from exowatch.knowledge.regulation import MEMBERS, Law
from exowatch.model.law import Engaged, LawExample, LawRule, When

_APPROVALS = ("approved", "cleared", "registered")


@dataclass(frozen=True, slots=True)
class Facts:
    """What law asks about a claim and its page."""

    quote: str
    language: str | None
    acts: frozenset[str]
    stance: str
    status: str | None
    agencies: frozenset[str]
    source: str
    route: str
    material: str
    tiers: frozenset[str]
    features: frozenset[str]
    missing: tuple[str, ...] = ()
    """Required sentences that the page lacks, as ids of their rules."""
    gate: bool = False


def engaged_by(facts: Facts, jurisdiction: str, on: date, law: Law) -> tuple[Engaged, ...]:
    """The same for facts already gathered."""
    if facts.stance in ("question", "negated"):
        return ()
    doubt = "the page asks visitors to say that they are professionals" if facts.gate else ""
    asked = law.places.get(jurisdiction)
    bodies = asked.bodies if asked else {}
    found = []
    for place in (jurisdiction, "EU") if jurisdiction in MEMBERS else (jurisdiction,):
        for rule in _candidates(law, place, facts.acts):
            if rule.in_force(on) and _met(rule, facts) and (facts.gate or rule.audience != "professional"):
                body = bodies.get(rule.branch, rule.competent_body) if place != jurisdiction else rule.competent_body
                found.append(Engaged(rule, jurisdiction, body, doubt if rule.audience == "public" else ""))
    return tuple(found)


def facts_of_example(example: LawExample, rule: LawRule) -> Facts:
    """The facts that a rule's own example stands for."""
    return Facts(
        quote=example.quote,
        language=example.language,
        acts=acts_of(example.acts, example.status, absolute=False),
        stance=example.stance,
        status=example.status,
        agencies=frozenset(example.agencies),
        source=example.source,
        route=example.route,
        material=example.material,
        tiers=frozenset([example.tier] if example.tier else []),
        features=frozenset(example.features),
        missing=(rule.id,) if "required_missing" in example.features else (),
        gate=example.gate,
    )


def check_law_examples(law: Law, rules: Iterable[LawRule] | None = None) -> list[str]:
    """Which examples of provisions (all, or ``rules``) fail, in words; nothing where every example holds."""
    told = []
    for rule in law.rules if rules is None else rules:
        told += [f"{rule.id}: should engage: {one.quote}" for one in rule.match if not _meets(one, rule, law)]
        told += [f"{rule.id}: should not engage: {one.quote}" for one in rule.not_ if _meets(one, rule, law)]
    return told


def _candidates(law: Law, place: str, acts: frozenset[str]) -> Iterator[LawRule]:
    """Rules of a place that ask for one of these acts, or for none; each once."""
    index = law.by_act.get(place)
    if index is None:
        return
    seen: set[str] = set()
    for act in (*sorted(acts), "*"):
        for rule in index.get(act, ()):
            if rule.id not in seen:
                seen.add(rule.id)
                yield rule


def _met(rule: LawRule, facts: Facts) -> bool:
    when = rule.when
    return (
        facts.stance in when.stances
        and _among(when.statuses, facts.status)
        and _among(when.sources, facts.source)
        and _among(when.routes, facts.route)
        and _among(when.materials, facts.material)
        and (not when.tiers or bool(when.tiers & facts.tiers))
        and (not when.agencies or bool(facts.agencies and ("*" in when.agencies or when.agencies & facts.agencies)))
        and _features_met(rule, facts)
        and _said(when, facts)
    )


def _among(wanted: frozenset[str], value: str | None) -> bool:
    return not wanted or value in wanted


def _features_met(rule: LawRule, facts: Facts) -> bool:
    if rule.requires is not None:
        return any(rule.id in one for one in facts.missing)
    return not rule.when.features or bool(rule.when.features & facts.features)


def _said(when: When, facts: Facts) -> bool:
    if when.says is None:
        return True
    quote = facts.quote.casefold()
    language = (facts.language or "")[:2]
    return any(word.casefold() in quote for key in ("*", language) for word in when.says.get(key, ()))


def acts_of(kinds: Sequence[str], status: str | None, *, absolute: bool) -> frozenset[str]:
    """What a claim does, as law sorts it. ``absolute``: it denies any side effect or risk."""
    acts = set(kinds)
    acts |= {"approval"} if status in _APPROVALS else set()
    return frozenset(acts | {"absolute-safety"} if absolute else acts)


def _meets(example: LawExample, rule: LawRule, law: Law) -> bool:
    on = example.day or rule.valid_from or date(2026, 11, 22)
    found = engaged_by(facts_of_example(example, rule), rule.jurisdiction, on, law)
    return any(one.rule.id == rule.id for one in found)
