"""A study as evidence: what it covers, how far it reaches, and the keys by which claims find it."""

from __future__ import annotations

from collections.abc import Iterable

from exowatch.assess.figures import largest_percentage
from exowatch.assess.positions import position_keys
from exowatch.extract.study.given import tissues_in
from exowatch.knowledge.load import Knowledge
from exowatch.model.findings import Claim, Study
from exowatch.model.keys import position_key
from exowatch.model.readings import Evidence

_UNSTATED = (None, "unstated", "none")
#: Designs in which somebody was not treated, or treated otherwise.
COMPARED = ("meta-analysis", "systematic-review", "rct", "split-face", "controlled")
HARMS = "harms"
#: Kinds of claims that studies can speak to; a status is a matter of the register.
ON_EVIDENCE = frozenset({"efficacy", "disease", "safety", "superiority", "guarantee", "mechanism", "testimonial"})
#: OCEBM levels of studies in which people were compared with others.
_COMPARISONS = ("1", "2", "3")


def evidence_of(study: Study) -> Evidence:
    """The study as evidence. Slots that it does not state are left out."""
    tissues = tissues_in(" ".join(study.cells))
    covers: dict[str, tuple[str, ...]] = {
        "source": tuple(one for one in (study.source,) if one not in _UNSTATED and one),
        "tissue": tuple(sorted(tissues)),
        "material": tuple(one for one in (study.material,) if one and one != "unstated"),
        "route": tuple(one for one in (study.route,) if one not in _UNSTATED and one),
        "condition": study.conditions,
        "species": tuple(one for one in (study.subjects,) if one),
    }
    return Evidence(
        id=study.key,
        kind="study",
        authority=study.journal or "",
        jurisdiction=None,
        covers={slot: values for slot, values in covers.items() if values},
        grade=study.level,
        url=f"https://doi.org/{study.doi}" if study.doi else study.key.removeprefix("url:"),
        dated_on=study.published_on,
        verified="text_read",
        title=study.title,
        design=study.design,
        direction=study.direction,
        participants=study.participants,
        follow_up=study.follow_up,
        comparator=study.comparator,
        product=study.product,
        combination=study.combination,
        retracted=study.retracted,
        concern="concern" in study.relations,
        conflict=study.conflict is not None,
        maker_run=bool(study.maker_run),
        harms=study.direction == "negative",
        adverse_events=study.adverse_events,
        largest=largest_percentage(result.quote for result in study.results),
    )


def index_keys(what: Evidence, knowledge: Knowledge) -> tuple[str, ...]:
    """What it is about, as keys. A position: its agency. A study: its conditions with the wider ones, else its
    material; harms apart.

    Comparisons in people stand under their material too: a claim to work that says not for what is held against those.
    """
    if what.kind == "position":
        return tuple(position_key(agency) for agency in what.covers.get("agency", ()))
    keys = set(wider(what.covers.get("condition", ()), knowledge))
    if not keys:
        keys = {f"material:{one}" for one in what.covers.get("material", ())}
    if what.harms:
        keys.add(HARMS)
    if what.grade in _COMPARISONS and what.covers.get("species") == ("human",):
        keys |= {f"people:{one}" for one in what.covers.get("material", ())}
    return tuple(sorted(keys))


def asked_keys(claim: Claim) -> tuple[str, ...]:
    """What a claim asks for, in the same keys: by what was read of it, so that no word is looked at again."""
    if not ON_EVIDENCE & set(claim.kinds):
        return position_keys(claim)
    keys = {f"condition:{condition.id}" for condition in claim.conditions} | set(position_keys(claim))
    if "safety" in claim.kinds:
        keys.add(HARMS)
    if not claim.conditions and set(claim.kinds) != {"safety"}:  # it works, or works and is safe: for what is not said
        keys |= {f"{of}:{claim.intervention.material}" for of in ("material", "people")}
    return tuple(sorted(keys))


def wider(conditions: Iterable[str], knowledge: Knowledge) -> set[str]:
    """Conditions as keys, each by its family, with the families of what is wider or narrower and so bears on it too."""
    family, holds = knowledge.studies.families, knowledge.support.relations.wider
    found = set[str]()
    for one in conditions:
        mine = family.get(one, one)
        found |= {mine, *holds.get(one, ())}
        found |= {family.get(wide, wide) for wide, held in holds.items() if mine in held}
    return {f"condition:{one}" for one in found}
