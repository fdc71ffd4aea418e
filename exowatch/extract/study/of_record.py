"""A bibliographic or register record → its study: the text is read, and what the record itself states counts more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from exowatch.extract.study.read import study_from_text
from exowatch.knowledge.studies import StudyRules
from exowatch.model.findings import Study
from exowatch.model.records import Record
from exowatch.model.titles import LIFTS, TELLS, mark_of, named_in, notice_of, title_key

#: Publication types that name a design; those of the text are finer where they agree.
_TYPES = {
    "meta-analysis": "meta-analysis",
    "systematic review": "systematic-review",
    "systematic-review": "systematic-review",
    "randomized controlled trial": "rct",
    "review": "review",
    "review-article": "review",
    "case reports": "case-report",
    "case-report": "case-report",
    "clinical trial protocol": "protocol",
    "editorial": "review",
    "comment": "review",
}
_REGISTERS = ("nct:", "isrctn:")


def study_of_record(record: Record, rules: StudyRules) -> Study | None:
    """The study; None of a deleted header, and of a record without any title."""
    if record.deleted or not record.title:
        return None
    text = "\n".join(part for part in (record.summary, record.text) if part)
    study = study_from_text(text, record.title, record.language, rules, doi=record.doi)
    told: dict[str, Any] = {
        "key": next(iter(record.identifiers), f"url:{record.url}"),
        "identifiers": record.identifiers,
        "journal": record.journal,
        "published_on": record.published,
        "references": record.references,
        **_became(record, study),
        "record": record.facts,
    }
    if record.kind == "trial":
        told |= _of_register(record)
    elif design := _design(record, study, rules):
        level = rules.levels.get(design)
        told |= {"design": design}
        if level:
            told |= {"level": level.level or None, "level_reason": f"OCEBM 2011, level {level.level}: {level.reason}"}
    return replace(study, **told)


def _became(record: Record, study: Study) -> dict[str, Any]:
    """What became of the study, or what it, a notice, says of others.

    A title counts more than the record's field, which has no word for what takes a mark away; and it names the article
    where the record gives no number of it.
    """
    told = notice_of(record.title)
    notices = record.notices
    if told:
        targets = [target for target, _ in notices] or named_in(told[1])
        kinds = dict(notices) if told[0] not in LIFTS.values() else {}
        notices = tuple((target, kinds.get(target, told[0])) for target in targets)
    tells = set(TELLS.values()) & set(record.relations)
    if not told and tells and mark_of(record.title):  # some publishers call the notice "[Retracted] …", too
        named = title_key(record.title)
        notices = notices or (((named, "retracted"),) if named and "retracts" in tells else ())
        return {"notices": notices, "relations": record.relations, "retracted": "retracted" in record.relations}
    own = () if told else study.relations
    does = [TELLS[told[0]]] if told else []
    relations = [
        one for one in record.relations if not told or one not in TELLS.values() or told[0] not in LIFTS.values()
    ]
    return {
        "notices": notices,
        "relations": tuple(dict.fromkeys((*own, *relations, *does))),
        "retracted": (study.retracted and not told) or "retracted" in record.relations,
    }


def _design(record: Record, study: Study, rules: StudyRules) -> str | None:
    """The design that the record's type states, where reading found none or a weaker kind of overview."""
    stated = next((_TYPES[kind.lower()] for kind in record.types if kind.lower() in _TYPES), None)
    if stated is None or stated not in rules.levels:
        return None
    if study.design is None or stated in ("meta-analysis", "systematic-review"):
        return stated
    overview = ("review", "case-report", "protocol")
    return (
        stated if stated in overview and study.design in ("before-after", "controlled", "in-vitro", *overview) else None
    )


def _of_register(record: Record) -> dict[str, Any]:
    """A registered trial is a plan; its results are looked for elsewhere."""
    facts = record.facts if isinstance(record.facts, dict) else {}
    design = (facts.get("protocolSection") or {}).get("designModule") or {}
    count = (design.get("enrollmentInfo") or {}).get("count")
    number = next((name for name in record.identifiers if name.startswith(_REGISTERS)), "")
    return {
        "design": "protocol",
        "direction": "none",
        "participants": count if isinstance(count, int) and count > 0 else None,
        "registered": number.partition(":")[2].upper() or None,
        "level": None,
        "level_reason": "registered: a plan without results",
        **_arms_of_register(facts.get("protocolSection") or {}),
    }


def _arms_of_register(protocol: dict[str, Any]) -> dict[str, Any]:
    """What is to be given, and to whom, in the register's own words; nothing where it does not say."""
    arms, eligible = protocol.get("armsInterventionsModule") or {}, protocol.get("eligibilityModule") or {}
    given = [one.get("name") for one in arms.get("interventions") or [] if isinstance(one, dict)]
    sex = {"FEMALE": "women", "MALE": "men"}.get(str(eligible.get("sex")).upper())
    bounds = [str(eligible[name]) for name in ("minimumAge", "maximumAge") if eligible.get(name)]
    healthy = "healthy volunteers" if eligible.get("healthyVolunteers") is True else None
    told = {
        "interventions": tuple(str(name) for name in given if name),
        "population": tuple(part for part in (sex, healthy, f"aged {' to '.join(bounds)}" if bounds else None) if part),
    }
    return {name: value for name, value in told.items() if value}
