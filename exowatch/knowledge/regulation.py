"""Files of provisions → one immutable ``Law``, found by jurisdiction and by what a claim does.

Shipped: ``regulation/<jurisdiction>.yml``. A local folder may hold ``regulation-<anything>.yml`` of the same shape
(rules laid over by id) and ``law-checks.yml``, in which ``exowatch knowledge law check`` keeps what it found.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from exowatch.errors import KnowledgeError
from exowatch.knowledge.cache import cached_law, keep_law
from exowatch.knowledge.law_forms import ChecksFile, ExampleForm, LawFile, LawForm, LevelForm, NoteForm, WhenForm
from exowatch.model.law import Expects, Jurisdiction, LawExample, LawRule, RegulatorNote, Verification, When
from exowatch.yaml_text import from_yaml, line_of, misshapen, said

FOLDER = Path(__file__).parent / "regulation"
LOCAL_LAW = "regulation-"
CHECKS = "law-checks.yml"
#: States in which EU law holds; their own files add what transposes it.
_MEMBERS = """
    AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK
"""
MEMBERS = frozenset(_MEMBERS.split())
_F = TypeVar("_F", bound=BaseModel)


@dataclass(frozen=True)
class Law:
    """All provisions, and how they are found."""

    rules: tuple[LawRule, ...]
    places: Mapping[str, Jurisdiction]
    by_id: Mapping[str, LawRule] = field(repr=False)
    by_act: Mapping[str, Mapping[str, tuple[LawRule, ...]]] = field(repr=False)
    """Jurisdiction → act → rules that ask for it; ``*``: rules that ask for none."""

    @functools.cached_property
    def required(self) -> tuple[LawRule, ...]:
        """Rules on a sentence that a page has to carry."""
        return tuple(rule for rule in self.rules if rule.requires)

    def rules_of(self, jurisdiction: str) -> tuple[LawRule, ...]:
        """The rules of one jurisdiction's own file."""
        return tuple(rule for rule in self.rules if rule.jurisdiction == jurisdiction)


def is_law(name: str) -> bool:
    """True for a file of a local folder that holds provisions or checks and no words."""
    return name == CHECKS or (name.startswith(LOCAL_LAW) and name.endswith(".yml"))


def law_texts() -> dict[str, str]:
    """The shipped files of provisions, by name below ``knowledge``."""
    return {f"regulation/{path.name}": path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.yml"))}


def read_law(shipped: Mapping[str, str], local: Mapping[str, str]) -> Law:
    """The law in these texts, by name. KnowledgeError for the first mistake."""
    rules, places = _shipped(shipped)
    for name, text in sorted(local.items()):
        if name != CHECKS:
            _add(name, text, rules, places, over=True)
    _refer(rules)
    if CHECKS in local:
        for check in read_checks(CHECKS, local[CHECKS]).checks:
            if check.rule in rules:
                rules[check.rule] = _checked(rules[check.rule], check)
    return law_of(rules.values(), places)


def _shipped(texts: Mapping[str, str]) -> tuple[dict[str, LawRule], dict[str, Jurisdiction]]:
    """The shipped provisions, from the cache where it holds them."""
    digest = hashlib.sha256("\0".join(f"{name}\0{text}" for name, text in sorted(texts.items())).encode()).hexdigest()
    kept = cached_law(digest)
    if kept is None:
        rules: dict[str, LawRule] = {}
        places: dict[str, Jurisdiction] = {}
        for name, text in sorted(texts.items()):
            _add(name, text, rules, places, over=False)
        keep_law(digest, list(rules.values()), places)
        return rules, places
    return {rule.id: rule for rule in kept[0]}, dict(kept[1])


def local_ids(local: Mapping[str, str]) -> frozenset[str]:
    """Ids of the provisions in a local folder's files."""
    files = [_read(name, text, LawFile) for name, text in local.items() if name != CHECKS]
    return frozenset(form.id for file in files for form in file.rules)


def law_of(rules: Iterable[LawRule], places: Mapping[str, Jurisdiction]) -> Law:
    """The law with its index."""
    kept = tuple(rules)
    index: dict[str, dict[str, list[LawRule]]] = {}
    for rule in kept:
        for act in rule.when.acts or ("*",):
            index.setdefault(rule.jurisdiction, {}).setdefault(act, []).append(rule)
    found = {place: {act: tuple(some) for act, some in acts.items()} for place, acts in index.items()}
    return Law(kept, places, {rule.id: rule for rule in kept}, found)


def read_checks(name: str, text: str) -> ChecksFile:
    """The local file of checks. KnowledgeError where it is misshapen."""
    return _read(name, text, ChecksFile)


def _add(name: str, text: str, rules: dict[str, LawRule], places: dict[str, Jurisdiction], *, over: bool) -> None:
    found = _read(name, text, LawFile)
    notes = tuple(map(_note, found.notes))
    known = places.get(found.jurisdiction)
    hosts = tuple(dict.fromkeys((*(known.official_hosts if known else ()), *found.official_hosts)))
    notes = (*(known.notes if known else ()), *notes)
    bodies = dict(known.bodies if known else {})
    bodies.update(found.bodies.items())
    places[found.jurisdiction] = Jurisdiction(found.jurisdiction, found.name, hosts, notes, bodies)
    seen: set[str] = set()
    for place, form in enumerate(found.rules):
        if form.id in seen or (form.id in rules and not over):
            line = line_of(text, ("rules", place, "id"))
            raise KnowledgeError("two provisions have this id", file=name, line=line, key=form.id, remedy="rename one")
        seen.add(form.id)
        rules[form.id] = _rule(form, found.jurisdiction)


def _refer(rules: dict[str, LawRule]) -> None:
    """Directives learn what transposes them. KnowledgeError where a rule names one that is not there."""
    found: dict[str, list[str]] = {}
    for rule in rules.values():
        for other in rule.transposes:
            if other not in rules or not rules[other].directive:
                what = "is no directive" if other in rules else "is not there"
                raise KnowledgeError(f"{rule.id} transposes {other}, which {what}", key=rule.id, remedy="check the id")
            found.setdefault(other, []).append(rule.id)
    for name, by in found.items():
        rules[name] = replace(rules[name], transposed_by=tuple(by))


def _rule(form: LawForm, jurisdiction: str) -> LawRule:
    checked = form.checked
    return LawRule(
        id=form.id,
        jurisdiction=jurisdiction,
        statute=form.statute,
        article=form.article,
        words=form.words,
        when=_when(form.when),
        branch=form.branch,
        audience=form.audience,
        binds=form.binds,
        competent_body=form.competent_body,
        verification=Verification(checked.level, None, checked.checked_on, checked.url),
        shipped=checked.level,
        rows=tuple(form.rows),
        reason=form.reason,
        valid_from=form.valid_from,
        valid_to=form.valid_to,
        transposes=tuple(form.transposes),
        directive=form.directive,
        expects=Expects(form.expects.url, tuple(form.expects.anchors), tuple(form.expects.terms))
        if form.expects
        else None,
        requires=_words(form.requires),
        match=tuple(map(_example, form.examples.match)),
        not_=tuple(map(_example, form.examples.not_)),
    )


def _when(form: WhenForm) -> When:
    told: dict[str, Any] = {name: frozenset(getattr(form, name)) for name in WhenForm.model_fields if name != "says"}
    return When(**told, says=_words(form.says))


def _words(told: Mapping[str, list[str]] | None) -> Mapping[str, tuple[str, ...]] | None:
    return None if told is None else {language: tuple(words) for language, words in told.items()}


def _example(form: ExampleForm) -> LawExample:
    told: dict[str, Any] = form.model_dump()
    told |= {key: tuple(value) for key, value in told.items() if isinstance(value, list)}
    return LawExample(**told)


def _note(form: NoteForm) -> RegulatorNote:
    return RegulatorNote(**{**form.model_dump(), "rows": tuple(form.rows)})


def _checked(rule: LawRule, check: LevelForm) -> LawRule:
    found = Verification(
        check.level, check.checked_by, check.checked_on, check.url, check.capture, check.digest, check.recheck
    )
    return replace(rule, verification=found)


def _read(name: str, text: str, shape: type[_F]) -> _F:
    try:
        return shape.model_validate(from_yaml(text) or {})
    except yaml.YAMLError as error:
        problem, line = said(error)
        raise KnowledgeError(problem, file=name, line=line, remedy="check indent, quotes and keys") from None
    except ValidationError as error:
        first: Any = error.errors()[0]
        problem, remedy = misshapen(first, [])
        where = first["loc"]
        raise KnowledgeError(
            problem,
            file=name,
            line=line_of(text, where),
            key=".".join(map(str, where)),
            remedy=remedy.removesuffix("known keys: ") or "docs/law.md says what a provision holds",
        ) from None
