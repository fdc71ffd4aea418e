"""Questions to the database: the filters of the listings, read-only SQL, and rows in the shapes of the interface."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any, get_args

from exowatch.cadence import DAILY, longest_pause
from exowatch.errors import SetupError
from exowatch.model.changes import Cause, ChangeKind, FlagChange
from exowatch.model.findings import ClaimKind, Route, Stance, Status
from exowatch.model.pages import Zone
from exowatch.model.readings import SEVERITIES, Verdict
from exowatch.store.read_only import select_only
from exowatch.store.read_rows import has_word, rows, source_cadences, source_ids
from exowatch.store.session import Books, Store

Row = dict[str, Any]
SEVERITY_ORDER = "CASE severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END"
#: Without a fit reading for so many cadences of its source nobody can say whether a claim still stands.
UNKNOWN_AFTER = 3


@dataclass(frozen=True, slots=True)
class Filter:
    """What a listing is asked for; None or empty: not asked. Lists match any of their values."""

    source: tuple[str, ...] = ()
    trader: str | None = None
    jurisdiction: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    condition: tuple[str, ...] = ()
    agency: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    stance: tuple[str, ...] = ()
    severity: tuple[str, ...] = ()
    verdict: tuple[str, ...] = ()
    change: tuple[str, ...] = ()
    cause: tuple[str, ...] = ()
    zone: tuple[str, ...] = ()
    route: tuple[str, ...] = ()
    product: str | None = None
    tag: tuple[str, ...] = ()
    frame: tuple[str, ...] = ()
    case: tuple[str, ...] = ()
    review: str | None = None
    text: str | None = None
    since: str | None = None
    until: str | None = None
    by: str | None = None
    knowledge: str | None = None
    limit: int | None = None
    sort: str | None = None
    more: Mapping[str, Any] = field(default_factory=dict)


#: Filter name → column, per listing. ``words`` columns hold several values, ``like`` is part of a text.
_PLAIN = {"source": "source", "language": "language", "stance": "stance", "status": "status", "frame": "frame"}
_COLUMNS: dict[str, dict[str, str]] = {
    "flags": {**_PLAIN, "severity": "severity", "verdict": "verdict", "change": "change", "zone": "zone"}
    | {"route": "route", "case": "case_id"},
    "claims": {**_PLAIN, "severity": "severity", "verdict": "verdict", "zone": "zone", "route": "route"},
    "statements": {**_PLAIN, "zone": "zone"},
    "studies": {"source": "source", "language": "language", "frame": "frame"},
    "changes": {"source": "source", "change": "kind", "cause": "cause", "frame": "frame", "kind": "subject"},
}
_WORDS: dict[str, dict[str, str]] = {
    "flags": {"kind": "kinds", "condition": "conditions", "agency": "agencies", "tag": "tags"},
    "claims": {"kind": "kinds", "condition": "conditions", "agency": "agencies", "tag": "tags"},
    "statements": {"agency": "agencies", "tag": "tags"},
    "studies": {"tag": "tags"},
    "changes": {"tag": "tags"},
}
_LIKE: dict[str, dict[str, tuple[str, ...]]] = {
    "flags": {"text": ("quote", "context"), "trader": ("trader",), "product": ("product",)},
    "claims": {"text": ("quote", "context"), "trader": ("trader",), "product": ("product",)},
    "statements": {"text": ("quote", "context"), "trader": ("trader",)},
    "studies": {"text": ("title",)},
    "changes": {"text": ("before", "after"), "trader": ("trader",)},
}
_TIMES = {
    "flags": ("raised_at", "first_seen", "last_seen"),
    "claims": ("first_seen", "last_seen"),
    "statements": ("first_seen", "last_seen"),
    "studies": ("first_seen", "last_seen"),
    "changes": ("at",),
}
_SORTS = {
    "flags": f"{SEVERITY_ORDER}, raised_at DESC, id",
    "claims": "source, url, id",
    "statements": "source, url, id",
    "studies": "source, id",
    "changes": "at DESC, id DESC",
}


#: Filters whose values are known beforehand: a slip of the pen must not read as "nothing found".
_KNOWN: dict[str, tuple[str, ...]] = {
    "severity": SEVERITIES,
    "stance": get_args(Stance),
    "status": get_args(Status),
    "verdict": get_args(Verdict),
    "cause": get_args(Cause),
    "zone": get_args(Zone),
    "route": get_args(Route),
    "review": ("undecided", "right", "wrong"),
}


def _check(db: Books, name: str, asked: Filter) -> None:
    known = dict(_KNOWN)
    known["change"] = get_args(FlagChange) if name == "flags" else get_args(ChangeKind)
    if name in ("flags", "claims"):
        known["kind"] = get_args(ClaimKind)
    if asked.source:
        known["source"] = tuple(source_ids(db))
    for label, allowed in known.items():
        wanted = getattr(asked, label) or ()
        for value in (wanted,) if isinstance(wanted, str) else wanted:
            if value not in allowed:
                one_of = ", ".join(allowed) if allowed else "none yet: `exowatch crawl` fills the database"
                raise SetupError(f"--{label} {value}: there is no such {label}", remedy=f"one of {one_of}")


def listing(store: Store, name: str, asked: Filter, now: datetime, cadence: str = DAILY) -> list[Row]:
    """Rows of ``name`` (flags, claims, statements, studies, changes) in the shapes of the interface.

    ``cadence``: of the sources that have no cron line of their own.
    """
    where, values = _conditions(name, asked)
    with store.reading() as db:
        _check(db, name, asked)
        found = rows(db, f"v_{name}", where, values, _order(name, asked), asked.limit)
        own = source_cadences(db)
    return [_SHAPES[name](_aged(row, now, own.get(row["source"]) or cadence)) for row in found]


def sql(url: str, statement: str, *, seconds: float, limit: int) -> tuple[list[str], list[Sequence[Any]], bool]:
    """An analyst's SELECT: columns, rows, whether the limit cut them."""
    return select_only(url, statement, seconds=seconds, limit=limit)


def _order(name: str, asked: Filter) -> str:
    if asked.sort is None:
        return _SORTS[name]
    column, _, way = asked.sort.partition(":")
    known = {"severity": SEVERITY_ORDER} | {c: c for c in (*_TIMES[name], "id", "source", "url", "kind")}
    if column not in known or way not in ("", "asc", "desc"):
        raise SetupError(f"cannot sort by {asked.sort!r}", remedy=f"one of {', '.join(sorted(known))}, or NAME:desc")
    return f"{known[column]} {'DESC' if way == 'desc' else 'ASC'}, id"


def _conditions(name: str, asked: Filter) -> tuple[list[str], dict[str, Any]]:
    where: list[str] = []
    values: dict[str, Any] = {}

    def any_of(label: str, wanted: Sequence[Any], condition: Callable[[str], str]) -> None:
        names = [f"{label}_{i}" for i in range(len(wanted))]
        values.update(zip(names, wanted, strict=True))
        where.append(" OR ".join(condition(one) for one in names))

    for label in (f.name for f in fields(asked)):
        wanted = getattr(asked, label)
        if not wanted or label in ("since", "until", "by", "limit", "sort", "more"):
            continue
        many = wanted if isinstance(wanted, tuple) else (wanted,)
        if label in _WORDS[name]:
            column = _WORDS[name][label]
            any_of(label, many, lambda one, c=column: has_word(c, one))  # type: ignore[misc]
        elif label in _COLUMNS[name]:
            column = _COLUMNS[name][label]
            any_of(label, many, lambda one, c=column: f"CAST({c} AS TEXT) = :{one}")  # type: ignore[misc]
        elif label in _LIKE[name]:
            told = " OR ".join(f"LOWER({c}) LIKE :{label} ESCAPE '!'" for c in _LIKE[name][label])
            values[label] = f"%{_escaped(str(wanted).lower())}%"
            where.append(told)
        elif label == "jurisdiction":
            any_of(label, many, lambda one: f"jurisdiction = :{one}{_audience(name, one)}")
        elif label == "review" and name == "flags":
            where.append("review IS NULL" if wanted == "undecided" else "review = :review")
            values |= {} if wanted == "undecided" else {"review": wanted}
        elif label == "knowledge" and name not in ("changes",):
            where.append("knowledge LIKE :knowledge")
            values["knowledge"] = f"{wanted}%"
        else:
            raise SetupError(f"--{label} does not apply to {name}", remedy=f"see `exowatch {name} --help`")
    _window(name, asked, where, values)
    return where, values


def _audience(name: str, one: str) -> str:
    return f" OR {has_word('audience', one)}" if name in ("flags", "claims", "statements") else ""


def _window(name: str, asked: Filter, where: list[str], values: dict[str, Any]) -> None:
    column = asked.by or _TIMES[name][0]
    if column not in _TIMES[name]:
        raise SetupError(f"--by {column} does not apply to {name}", remedy=f"one of {', '.join(_TIMES[name])}")
    for label, sign in (("since", ">="), ("until", "<")):
        moment = getattr(asked, label)
        if moment:
            values[label] = utc_text(moment)
            where.append(f"{column} {sign} :{label}")


def utc_text(moment: str) -> str:
    """A day or time as the database holds it; SetupError when it is neither."""
    try:
        read = datetime.fromisoformat(moment)
    except ValueError:
        raise SetupError(f"{moment!r} is no day or time", remedy="write 2026-11-24 or 2026-11-24T06:00Z") from None
    return read.replace(tzinfo=read.tzinfo or UTC).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _escaped(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def _aged(row: Row, now: datetime, cadence: str) -> Row:
    """The row, ``live`` no longer said where its page was last read too many cadences ago."""
    if row.get("live") != "yes":
        return row
    last = row["last_fit_at"]
    old = last is None or now - datetime.fromisoformat(last) > UNKNOWN_AFTER * longest_pause(cadence)
    return row | {"live": "unknown"} if old else row


def _flag(row: Row) -> Row:
    return _without(
        row
        | {
            "context": {"paragraph": row["context"], "heading_path": row["heading_path"]},
        },
        "heading_path",
        "left_censored",
        "fit_captures",
        "last_fit_at",
        "lineage_state",
        "absent_since",
        "frame",
        "tags",
    )


def _claim(row: Row) -> Row:
    told = row | {
        "conditions": row["conditions_full"],
        "intervention": {
            "source": row["source_material"],
            "cells": row["cells"],
            "material": row["material"],
            "route": row["route"],
            "product": row["product"],
        },
        "reasons": row["reasons"] or [],
    }
    return _without(
        told, "conditions_full", "source_material", "cells", "material", "route", "product", "lineage_state"
    )


def _statement(row: Row) -> Row:
    told = row | {"jurisdiction": row["about_jurisdiction"], "source_jurisdiction": row["jurisdiction"]}
    return _without(told, "about_jurisdiction", "lineage_state")


def _study(row: Row) -> Row:
    told = row["body"] | {k: v for k, v in row.items() if k not in row["body"] or k == "source"}
    return _without(told, "body")


def _change(row: Row) -> Row:
    return _without(row, "tags", "frame", "source_kind")


def _without(row: Row, *names: str) -> Row:
    return {key: value for key, value in row.items() if key not in names}


_SHAPES: dict[str, Callable[[Row], Row]] = {
    "flags": _flag,
    "claims": _claim,
    "statements": _statement,
    "studies": _study,
    "changes": _change,
}
