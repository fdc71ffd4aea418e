"""Rows of the views as plain dicts, filtered; the one place where listings meet SQL."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, text

#: Columns that hold JSON, and columns that hold comma-joined words, in any view.
_JSON = frozenset(
    {"context_json", "heading_path", "locator", "reasons", "conditions_full", "cues", "body", "start_urls"}
)
_WORDS = frozenset(
    {
        "kinds",
        "conditions",
        "agencies",
        "cells",
        "evidence_offered",
        "numbers",
        "areas",
        "combination",
        "rule_ids",
        "jurisdictions",
        "audience",
        "tags",
        "mismatches",
    }
)
#: Stands in a condition behind what LOWER is to make small: see ``_letters``.
LETTERS = " COLLATE letters"
#: Rules for the letters of all scripts, by PostgreSQL's name for them: its own (17 and later), or a library's.
_COLLATIONS = ("pg_c_utf8", "und-x-icu", "unicode", "C.utf8", "en_US.utf8")
_BOOLEANS = frozenset({"left_censored", "flag", "retracted", "baseline", "simulated", "vanished"})


def rows(
    db: Connection,
    view: str,
    where: Sequence[str] = (),
    values: Mapping[str, Any] | None = None,
    order: str = "id",
    limit: int | None = None,
) -> list[dict[str, Any]]:
    """Rows of a view, or of a query in brackets. ``where`` holds conditions with named parameters on it, as ``v``.

    All names come from this program.
    """
    told = f"SELECT * FROM {view} AS v"  # noqa: S608 - view and order are names of ours, values are bound
    if where:
        told += " WHERE " + " AND ".join(f"({one})" for one in where)
        if LETTERS in told:
            told = told.replace(LETTERS, _letters(db))
    told += f" ORDER BY {order}"
    if limit is not None:
        told += f" LIMIT {int(limit)}"
    return [_plain(row._mapping) for row in db.execute(text(told), dict(values or {}))]


def source_ids(db: Connection) -> list[str]:
    """Every source that the database knows."""
    return [row[0] for row in db.execute(text("SELECT id FROM sources ORDER BY id"))]


def has_word(column: str, name: str) -> str:
    """A condition: the words column holds the bound word ``name``, in large or small letters."""
    held, wanted = small(f"COALESCE({column}, '')"), small(f":{name}")
    return f"(', ' || {held} || ', ') LIKE ('%, ' || {wanted} || ', %')"


def small(told: str) -> str:
    """An expression in small letters of any script."""
    return f"LOWER(CAST({told} AS TEXT){LETTERS})"


def _letters(db: Connection) -> str:
    """How a PostgreSQL database that knows A to Z alone (its locale is C) is told the letters of all scripts."""
    if db.dialect.name != "postgresql" or db.execute(text("SELECT LOWER('É') = 'é'")).scalar():
        return ""
    known = set(db.execute(text("SELECT collname FROM pg_collation WHERE collencoding IN (-1, 6)")).scalars())
    return next((f' COLLATE "{name}"' for name in _COLLATIONS if name in known), "")


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(key): _value(str(key), value) for key, value in row.items()}


def _value(key: str, value: Any) -> Any:
    if key in _JSON and isinstance(value, str):
        return json.loads(value)
    if key in _WORDS and (value is None or isinstance(value, str)):
        return value.split(", ") if value else []
    if key in _BOOLEANS and value is not None:
        return bool(value)
    return value
