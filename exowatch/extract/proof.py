"""Every rule's own examples, held against its terms."""

from __future__ import annotations

from exowatch.extract.match import Matcher
from exowatch.knowledge.load import Knowledge
from exowatch.knowledge.studies import failing_examples


def check_examples(knowledge: Knowledge) -> list[str]:
    """What fails, in words; nothing where every example holds."""
    failures = failing_examples(knowledge.studies)
    for rule in knowledge.rules:
        matcher = Matcher([rule])
        failures += [f"{rule.id}: should match: {text}" for text in rule.match if not matcher.hits(text)]
        failures += [f"{rule.id}: should not match: {text}" for text in rule.not_ if matcher.hits(text)]
    return failures
