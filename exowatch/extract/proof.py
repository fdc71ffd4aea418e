"""Every rule's own examples, held against its terms."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from exowatch.errors import KnowledgeError
from exowatch.extract.match import Matcher
from exowatch.knowledge.forms import Found, rule_forms
from exowatch.knowledge.load import Knowledge, load_knowledge, local_files
from exowatch.knowledge.schema import Rule
from exowatch.knowledge.studies import load_studies


def check_examples(knowledge: Knowledge) -> list[str]:
    """What fails, in words; nothing where every example holds."""
    load_studies(proving=True)  # the cache may hold what another version had proven
    failures = list[str]()  # those of fitness, support and features are proven at load
    for rule in knowledge.rules:
        failures += [f"{rule.id}: {problem}" for _, _, problem in _failing(rule)]
    return failures


def load_proven(local: Path | None) -> Knowledge:
    """The rules, those of a local folder held against their own examples. KnowledgeError for the first that fails.

    The shipped ones were proven before they were shipped; nobody but us saw the local ones.
    """
    knowledge = load_knowledge(local)
    for path in local_files(local) if local else ():
        for found in rule_forms(path, knowledge.source_texts[f"local/{path.name}"]):
            if not found.form.disable:
                _prove(found)
    return knowledge


def failing_examples(rule: Rule) -> list[str]:
    """Which of a rule's own examples fail, in words."""
    return [problem for _, _, problem in _failing(rule)]


def mistakes_in(found: Found) -> Iterator[KnowledgeError]:
    """An error for each of its examples that fails, with its line."""
    for kind, place, problem in _failing(found.rule()):
        yield found.mistake(problem, "mend the terms or the example", "examples", kind, place)


def _prove(found: Found) -> None:
    for mistake in mistakes_in(found):
        raise mistake


def _failing(rule: Rule) -> list[tuple[str, int, str]]:
    """Which examples fail: under ``match`` or ``not``, the how-manieth, and in words."""
    matcher = Matcher([rule])
    told = [("match", i, f"should match: {one}") for i, one in enumerate(rule.match) if not matcher.hits(one)]
    return told + [("not", i, f"should not match: {one}") for i, one in enumerate(rule.not_) if matcher.hits(one)]
