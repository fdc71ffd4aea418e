"""Shipped rules as JSON in the user's cache, named by the digest of their texts: a command starts without reading YAML.

What stands there was checked when it was written. A cache that cannot be read or written is passed over.
"""

from __future__ import annotations

import functools
import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from exowatch.knowledge.schema import Rule
from exowatch.model.law import Jurisdiction, LawRule

LawKept = tuple[list[LawRule], dict[str, Jurisdiction]]

_FIELDS = tuple(field.name for field in fields(Rule))


def cached_rules(digest: str) -> list[Rule] | None:
    """The rules kept under ``digest``; None where there are none."""
    try:
        rows: list[dict[str, Any]] = json.loads(_place(digest).read_text(encoding="utf-8"))
        return [_rule(row) for row in rows]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError):
        return None


def keep_rules(digest: str, rules: Sequence[Rule]) -> None:
    """Keep ``rules`` under ``digest``, where the user has a place for such things; older sets are put away."""
    rows = [{name: getattr(rule, name) for name in _FIELDS} for rule in rules]
    _keep("rules", digest, json.dumps(rows, ensure_ascii=False).encode())


def cached_law(digest: str) -> LawKept | None:
    """The shipped provisions kept under ``digest``; None where there are none."""
    try:
        return _law_shape().validate_json(_place(digest, "law").read_bytes())
    except (OSError, ValueError, RuntimeError):
        return None


def keep_law(digest: str, rules: Sequence[LawRule], places: Mapping[str, Jurisdiction]) -> None:
    """Keep the provisions under ``digest``, as ``keep_rules`` does."""
    _keep("law", digest, _law_shape().dump_json((list(rules), dict(places))))


def cached_form(what: str, digest: str) -> bytes | None:
    """A file of rules kept as JSON under ``digest``; None where there is none."""
    try:
        return _place(digest, what).read_bytes()
    except (OSError, RuntimeError):
        return None


def keep_form(what: str, digest: str, body: bytes) -> None:
    """Keep a file of rules, checked and proven, as ``keep_rules`` does."""
    _keep(what, digest, body)


def _keep(what: str, digest: str, body: bytes) -> None:
    with suppress(OSError, RuntimeError):
        place = _place(digest, what)
        place.parent.mkdir(parents=True, exist_ok=True)
        # written beside and renamed: two commands may start at once
        handle, name = tempfile.mkstemp(dir=place.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(body)
        Path(name).replace(place)
        for other in place.parent.glob(f"{what}-*.json"):
            if other != place:
                other.unlink()


@functools.cache
def _law_shape() -> TypeAdapter[LawKept]:
    return TypeAdapter(LawKept)


def _rule(row: dict[str, Any]) -> Rule:
    terms = {language: tuple(words) for language, words in row["terms"].items()}
    return Rule(**{**row, "terms": terms, "match": tuple(row["match"]), "not_": tuple(row["not_"])})


def _place(digest: str, what: str = "rules") -> Path:
    """Below XDG_CACHE_HOME, as the base directory specification asks."""
    home = os.environ.get("XDG_CACHE_HOME", "")
    folder = Path(home) if Path(home).is_absolute() else Path.home() / ".cache"
    return folder / "exowatch" / f"{what}-{digest[:32]}-{sys.version_info[1]}.json"
