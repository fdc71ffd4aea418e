"""A study as evidence: what it covers, how far it reaches, and the keys by which claims find it."""

from __future__ import annotations

from collections.abc import Iterable

from exowatch.extract.study.given import tissues_in
from exowatch.knowledge.load import Knowledge
from exowatch.model.findings import Claim, Study
from exowatch.model.readings import Evidence

_UNSTATED = (None, "unstated", "none")
#: Designs in which somebody was not treated, or treated otherwise.
COMPARED = ("meta-analysis", "systematic-review", "rct", "split-face", "controlled")
HARMS = "harms"


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
    )


def index_keys(what: Evidence, knowledge: Knowledge) -> tuple[str, ...]:
    """What a study is about, as keys: its conditions with the wider ones, else its material; harms apart."""
    keys = set(wider(what.covers.get("condition", ()), knowledge))
    if not keys:
        keys = {f"material:{one}" for one in what.covers.get("material", ())}
    if what.harms:
        keys.add(HARMS)
    return tuple(sorted(keys))


def asked_keys(claim: Claim) -> tuple[str, ...]:
    """What a claim asks for, in the same keys: by what was read of it, so that no word is looked at again."""
    keys = {f"condition:{condition.id}" for condition in claim.conditions}
    if "safety" in claim.kinds:
        keys.add(HARMS)
    if not keys:
        keys = {f"material:{claim.intervention.material}"}
    return tuple(sorted(keys))


def wider(conditions: Iterable[str], knowledge: Knowledge) -> set[str]:
    """Conditions as keys, each by its family, since a family's members bear on each other."""
    return {f"condition:{knowledge.studies.families.get(one, one)}" for one in conditions}
