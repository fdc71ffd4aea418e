"""Rule files → one immutable Knowledge with two digests. Refuses what is misshapen, doubled or unproven."""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from exowatch.errors import KnowledgeError
from exowatch.knowledge.cache import cached_rules, keep_rules
from exowatch.knowledge.fitness import FitnessRules, load_fitness
from exowatch.knowledge.schema import Position, Rule, RuleForm
from exowatch.knowledge.studies import StudyRules, load_studies
from exowatch.knowledge.weights import Weights, weights_from
from exowatch.knowledge.words import read_words, word_texts
from exowatch.knowledge.yaml_text import from_yaml

HERE = Path(__file__).parent
#: Files of rules that read pages; those that judge claims follow.
READING = (
    "subjects.yml",
    "products.yml",
    "effects.yml",
    "promises.yml",
    "conditions.yml",
    "context.yml",
    "agencies.yml",
    "statuses.yml",
    "slots.yml",
    "attitude.yml",
    "speech.yml",
    "stance.yml",
)
OTHER_READING = ("fitness.yml", "studies.yml")
#: What was learned from labelled pages; kept with the rules as text.
WEIGHTS = "weights.npz"
JUDGING = ("positions.yml", "support.yml")


@dataclass(frozen=True)
class Knowledge:
    """All that the experts know, as loaded."""

    rules: tuple[Rule, ...]
    fitness: FitnessRules
    studies: StudyRules
    positions: tuple[Position, ...]
    support: dict[str, Any]
    weights: Weights
    reading_digest: str
    judging_digest: str
    source_texts: dict[str, str] = field(repr=False)

    @functools.cached_property
    def languages(self) -> frozenset[str | None]:
        """Languages that the rules have words of."""
        return frozenset(language for rule in self.rules for language in rule.terms)

    @property
    def rule_count(self) -> int:
        return len(self.rules) + len(self.positions)


@functools.lru_cache(maxsize=4)
def load_knowledge(local: Path | None = None) -> Knowledge:
    """The shipped rules with the local folder's laid over them by id. KnowledgeError for the first mistake."""
    texts = {name: (HERE / name).read_text(encoding="utf-8") for name in (*READING, *OTHER_READING, *JUDGING)}
    texts |= word_texts()
    rules = {rule.id: rule for rule in _shipped_rules(texts)}
    if local is not None:
        _lay_over(rules, texts, local)
    positions = tuple(Position(**{k: str(v) for k, v in row.items()}) for row in from_yaml(texts["positions.yml"]))
    judging = {name: texts[name] for name in JUDGING}
    reading = {name: text for name, text in texts.items() if name not in judging}
    learned = (HERE / WEIGHTS).read_bytes()
    texts[WEIGHTS] = reading[WEIGHTS] = base64.b64encode(learned).decode()
    return Knowledge(
        rules=tuple(rules.values()),
        fitness=load_fitness(),
        studies=load_studies(),
        positions=positions,
        support=from_yaml(texts["support.yml"]),
        weights=weights_from(learned, WEIGHTS),
        reading_digest=_digest(reading),
        judging_digest=_digest(judging),
        source_texts=texts,
    )


def _shipped_rules(texts: dict[str, str]) -> Sequence[Rule]:
    """The rules with the words of every language, from the cache where it holds them."""
    words = sorted(name for name in texts if name.startswith("words/"))
    digest = _digest({name: texts[name] for name in (*READING, *words)})
    kept = cached_rules(digest)
    if kept is not None:
        return kept
    rules: dict[str, Rule] = {}
    for name in READING:
        for rule in _rules(HERE / name, texts[name]):
            if rule.id in rules:
                raise _mistake(HERE / name, texts[name], rule.id, "two rules have this id", "rename one of them")
            rules[rule.id] = rule
    for name in words:
        language, terms = read_words(name, texts[name], rules)
        for rule_id, more in terms.items():
            known = rules[rule_id].terms
            whole = dict.fromkeys((*known.get(language, ()), *more))
            rules[rule_id] = replace(rules[rule_id], terms={**known, language: tuple(whole)})
    keep_rules(digest, list(rules.values()))
    return list(rules.values())


def _lay_over(rules: dict[str, Rule], texts: dict[str, str], folder: Path) -> None:
    if not folder.is_dir():
        raise KnowledgeError(
            "no such folder", file=str(folder), key="knowledge.dir", remedy="make it, or remove the key"
        )
    for path in sorted(folder.glob("*.yml")):
        text = path.read_text(encoding="utf-8")
        texts[f"local/{path.name}"] = text
        for form in _forms(path, text):
            if form.disable:
                rules.pop(form.id, None)
            else:
                rules[form.id] = _rule(path, text, form)


def _rules(path: Path, text: str) -> list[Rule]:
    return [_rule(path, text, form) for form in _forms(path, text)]


def _forms(path: Path, text: str) -> list[RuleForm]:
    try:
        rows = from_yaml(text) or []
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise KnowledgeError(
            f"not YAML: {error}", file=str(path), line=mark.line + 1 if mark else None, remedy="check indent and quotes"
        ) from None
    forms = []
    for row in rows:
        try:
            forms.append(RuleForm.model_validate(row))
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(str(part) for part in first["loc"])
            name = row.get("id", "?") if isinstance(row, dict) else "?"
            raise _mistake(path, text, str(name), f"{key}: {first['msg']}", "see docs/development.md") from None
    return forms


def _rule(path: Path, text: str, form: RuleForm) -> Rule:
    if form.examples is None or not form.terms:
        raise _mistake(
            path, text, form.id, "a rule needs terms, and examples of both kinds", "add `examples: match, not`"
        )
    return Rule(
        id=form.id,
        role=form.role,
        terms={language: tuple(dict.fromkeys(terms)) for language, terms in form.terms.items()},
        kind=form.kind,
        name=form.name,
        tier=form.tier,
        mesh=form.mesh,
        material=form.material,
        jurisdiction=form.jurisdiction,
        cells=form.cells,
        product=form.product,
        maker=form.maker,
        match=tuple(form.examples.match),
        not_=tuple(form.examples.not_),
    )


def _mistake(path: Path, text: str, rule_id: str, problem: str, remedy: str) -> KnowledgeError:
    line = next(
        (n for n, row in enumerate(text.splitlines(), 1) if row.strip() in (f"- id: {rule_id}", f"id: {rule_id}")), 1
    )
    return KnowledgeError(f"rule {rule_id}: {problem}", file=str(path), line=line, key=rule_id, remedy=remedy)


def _digest(texts: dict[str, str]) -> str:
    joined = "\0".join(f"{name}\0{text}" for name, text in sorted(texts.items()))
    return hashlib.sha256(joined.encode()).hexdigest()
