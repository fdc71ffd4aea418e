"""What tells two sets of rules apart, rule by rule and word by word."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from typing import Literal

from exowatch.knowledge.schema import Rule

_PLAIN = tuple(field.name for field in fields(Rule) if field.name not in ("id", "terms"))


@dataclass(frozen=True, slots=True)
class Difference:
    """One rule, or one file that holds no rules of this kind, that is not the same in both."""

    name: str
    kind: Literal["added", "removed", "changed"]
    what: str = ""
    """Of a rule that changed: which of its parts, and which words came and went."""


def differing_rules(old: Mapping[str, Rule], new: Mapping[str, Rule]) -> list[Difference]:
    """The rules that differ, by name."""
    told = []
    for name in sorted(old.keys() | new.keys()):
        if name not in old:
            told.append(Difference(name, "added", f"role {new[name].role}"))
        elif name not in new:
            told.append(Difference(name, "removed", f"role {old[name].role}"))
        else:
            what = _parts(old[name], new[name])
            told += [Difference(name, "changed", what)] if what else []
    return told


def differing_files(old: Mapping[str, str], new: Mapping[str, str], but: Collection[str]) -> list[Difference]:
    """The files whose texts differ and that hold no rules (those are in ``but``)."""
    told = []
    for name in sorted((old.keys() | new.keys()) - set(but)):
        if name.startswith(("words/", "local/")) or old.get(name) == new.get(name):
            continue
        told.append(Difference(name, "added" if name not in old else "removed" if name not in new else "changed"))
    return told


def _parts(old: Rule, new: Rule) -> str:
    parts = [
        f"{name} {getattr(old, name)} → {getattr(new, name)}"
        for name in _PLAIN
        if name not in ("match", "not_") and getattr(old, name) != getattr(new, name)
    ]
    parts += ["examples"] if (old.match, old.not_) != (new.match, new.not_) else []
    for language in sorted(old.terms.keys() | new.terms.keys()):
        before, after = old.terms.get(language, ()), new.terms.get(language, ())
        came = [f"+{term}" for term in after if term not in before]
        went = [f"-{term}" for term in before if term not in after]
        if came or went:
            parts.append(f"{language}: {', '.join(came + went)}")
    return "; ".join(parts)
