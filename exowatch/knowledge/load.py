"""Rule files → one immutable Knowledge with two digests. Refuses what is misshapen, doubled or unproven."""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from exowatch.errors import KnowledgeError
from exowatch.knowledge.cache import cached_rules, keep_rules
from exowatch.knowledge.engaging import check_law_examples
from exowatch.knowledge.fitness import FitnessRules, load_fitness
from exowatch.knowledge.forms import rule_forms
from exowatch.knowledge.positions import read_positions
from exowatch.knowledge.regulation import CHECKS, Law, is_law, law_texts, local_ids, read_law
from exowatch.knowledge.schema import Position, Rule
from exowatch.knowledge.studies import StudyRules, load_studies
from exowatch.knowledge.support import Support, read_support
from exowatch.knowledge.weights import Weights, weights_from
from exowatch.knowledge.words import read_words, word_texts

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
OTHER_READING = ("fitness.yml", "studies.yml", "study-fields.yml", "features.yml", "bought.yml")
#: How the texts of the local folder are named among all texts.
LOCAL = "local/"
#: What was learned from labelled pages; kept with the rules as text.
WEIGHTS = "weights.npz"
STUDY_WEIGHTS = "study_weights.npz"
JUDGING = ("positions.yml", "support.yml")


@dataclass(frozen=True)
class Knowledge:
    """All that the experts know, as loaded."""

    rules: tuple[Rule, ...]
    fitness: FitnessRules
    studies: StudyRules
    positions: tuple[Position, ...]
    support: Support
    weights: Weights
    reading_digest: str
    judging_digest: str
    source_texts: dict[str, str] = field(repr=False)

    @functools.cached_property
    def languages(self) -> frozenset[str | None]:
        """Languages that the rules have words of."""
        return frozenset(language for rule in self.rules for language in rule.terms)

    @functools.cached_property
    def law(self) -> Law:
        """The provisions of law, read when first asked for: most commands need none. KnowledgeError as at load."""
        ours = {name.removeprefix(LOCAL): text for name, text in self.source_texts.items() if name.startswith(LOCAL)}
        return read_law(_shipped_law(self.source_texts), {name: ours[name] for name in ours if is_law(name)})

    @property
    def rule_count(self) -> int:
        return len(self.rules) + len(self.positions) + len(self.law.rules)


@functools.lru_cache(maxsize=4)
def load_knowledge(local: Path | None = None) -> Knowledge:
    """The shipped rules with the local folder's laid over them by id. KnowledgeError for the first mistake."""
    texts = {name: (HERE / name).read_text(encoding="utf-8") for name in (*READING, *OTHER_READING, *JUDGING)}
    texts |= word_texts()
    rules = {rule.id: rule for rule in _shipped_rules(texts)}
    provisions, own_law = law_texts(), dict[str, str]()
    if local is not None:
        own_law = {path.name: rule_file_text(path) for path in law_files(local)}
        ours = {path: rule_file_text(path) for path in local_files(local)}
        texts |= {f"{LOCAL}{path.name}": text for path, text in ours.items()}
        _lay_over(rules, ours)
    if own_law:  # nobody but us saw the local ones
        _prove(read_law(provisions, own_law), own_law)
    positions = read_positions(HERE / "positions.yml", texts["positions.yml"])
    judging = {name: texts[name] for name in JUDGING} | provisions
    reading = {name: text for name, text in texts.items() if name not in judging}
    # when a text was looked at decides what may be printed and never how a claim is judged
    judging |= {f"{LOCAL}{name}": text for name, text in own_law.items() if name != CHECKS}
    texts |= provisions | {f"{LOCAL}{name}": text for name, text in own_law.items()}
    learned = (HERE / WEIGHTS).read_bytes()
    texts[WEIGHTS] = reading[WEIGHTS] = base64.b64encode(learned).decode()
    texts[STUDY_WEIGHTS] = reading[STUDY_WEIGHTS] = base64.b64encode((HERE / STUDY_WEIGHTS).read_bytes()).decode()
    studies = load_studies()
    return Knowledge(
        rules=tuple(rules.values()),
        fitness=load_fitness(),
        studies=studies,
        positions=positions,
        support=read_support(HERE / "support.yml", texts["support.yml"], studies.families),
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
    if kept is None:
        kept = list(_rules_in(texts).values())
        keep_rules(digest, kept)
    return kept


def rules_of(texts: Mapping[str, str]) -> dict[str, Rule]:
    """The rules that a whole set of texts comes to, such as a run kept. KnowledgeError where we cannot read them."""
    rules = _rules_in(texts)
    local = {Path(name): text for name, text in sorted(texts.items()) if name.startswith(LOCAL)}
    _lay_over(rules, {path: text for path, text in local.items() if not is_law(path.name)})
    return rules


def _prove(law: Law, ours: Mapping[str, str]) -> None:
    """Hold local provisions against their own examples. KnowledgeError for the first that fails."""
    told = check_law_examples(law, [rule for rule in law.rules if rule.id in local_ids(ours)])
    if told:
        raise KnowledgeError(told[0], key=told[0].partition(":")[0], remedy="mend `when` or the example")


def _shipped_law(texts: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in texts.items() if name.startswith("regulation/")}


def _rules_in(texts: Mapping[str, str]) -> dict[str, Rule]:
    """The shipped files among ``texts``, with the words of every language."""
    rules: dict[str, Rule] = {}
    for name in READING:
        for found in rule_forms(HERE / name, texts.get(name, "")):
            if found.form.id in rules:
                raise found.mistake("two rules have this id", "rename one of them")
            rules[found.form.id] = found.rule()
    for name in sorted(name for name in texts if name.startswith("words/")):
        language, terms = read_words(name, texts[name], rules)
        for rule_id, more in terms.items():
            known = rules[rule_id].terms
            whole = dict.fromkeys((*known.get(language, ()), *more))
            rules[rule_id] = replace(rules[rule_id], terms={**known, language: tuple(whole)})
    return rules


def _lay_over(rules: dict[str, Rule], local: Mapping[Path, str]) -> None:
    """Lay local rules over the shipped ones: each adds one, replaces one, or puts one out of use."""
    shipped, seen = frozenset(rules), dict[str, str]()
    for path, text in local.items():
        for found in rule_forms(path, text):
            name = found.form.id
            if name in seen:
                raise found.mistake(f"two local rules have this id; the other is in {seen[name]}", "rename one of them")
            seen[name] = path.name
            if not found.form.disable:
                rules[name] = found.rule()
            elif name in shipped:
                del rules[name]
            else:
                raise found.mistake("no shipped rule has this id: nothing to put out of use", "check the id")


def local_files(folder: Path) -> list[Path]:
    """The rule files of a local folder. KnowledgeError for one that would be passed over."""
    if not folder.is_dir():
        raise KnowledgeError(
            "no such folder", file=str(folder), key="knowledge.dir", remedy="make it, or remove the key"
        )
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in (".yaml", ".yml") and (path.suffix != ".yml" or path.parent != folder):
            raise KnowledgeError(
                "this file is not read", file=str(path), remedy=f"put it directly into {folder}, with the ending .yml"
            )
    return sorted(path for path in folder.glob("*.yml") if not is_law(path.name))


def law_files(folder: Path) -> list[Path]:
    """The files of a local folder that hold provisions, and what was found when their texts were looked at."""
    return sorted(path for path in folder.glob("*.yml") if is_law(path.name))


def rule_file_text(path: Path) -> str:
    """The text of a rule file. KnowledgeError where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KnowledgeError(
            f"cannot be read: {error}", file=str(path), remedy="a UTF-8 text file is expected"
        ) from None


def _digest(texts: dict[str, str]) -> str:
    joined = "\0".join(f"{name}\0{text}" for name, text in sorted(texts.items()))
    return hashlib.sha256(joined.encode()).hexdigest()
