"""What a listing may be asked for, and the SQL conditions that this comes to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Any, get_args

from exowatch.codes import language_code, place_code
from exowatch.errors import SetupError
from exowatch.model.changes import Cause, ChangeKind, FlagChange, Subject
from exowatch.model.findings import ClaimKind, Route, Stance, Status
from exowatch.model.pages import Zone
from exowatch.model.readings import SEVERITIES, Verdict
from exowatch.store.read_rows import has_word, rows, small, source_ids
from exowatch.store.session import Books

Row = dict[str, Any]
SEVERITY_ORDER = "CASE severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END"


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
    as_of: str | None = None
    """What was known at this time, and nothing of later."""
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
    "reviews": {**_PLAIN, "severity": "severity", "verdict": "verdict", "change": "change", "zone": "zone"}
    | {"route": "route", "case": "case_id"},
}
_WORDS: dict[str, dict[str, str]] = {
    "flags": {"kind": "kinds", "condition": "conditions", "agency": "agencies", "tag": "tags"},
    "claims": {"kind": "kinds", "condition": "conditions", "agency": "agencies", "tag": "tags"},
    "statements": {"agency": "agencies", "tag": "tags"},
    "studies": {"tag": "tags"},
    "changes": {"tag": "tags"},
    "reviews": {"kind": "kinds", "condition": "conditions", "agency": "agencies", "tag": "tags"},
}
_LIKE: dict[str, dict[str, tuple[str, ...]]] = {
    "flags": {"text": ("quote", "context"), "trader": ("trader",), "product": ("product",)},
    "claims": {"text": ("quote", "context"), "trader": ("trader",), "product": ("product",)},
    "statements": {"text": ("quote", "context"), "trader": ("trader",), "product": ("quote", "context")},
    "studies": {"text": ("title",)},
    "changes": {"text": ("before", "after"), "trader": ("trader",)},
    "reviews": {"text": ("quote", "note"), "trader": ("trader",), "product": ("product",)},
}
#: What only the body of a study holds.
IN_BODY = {"studies": {"product": ("product", "interventions"), "condition": ("conditions",)}}
TIMES = {
    "flags": ("raised_at", "first_seen", "last_seen"),
    "claims": ("first_seen", "last_seen"),
    "statements": ("first_seen", "last_seen"),
    "studies": ("first_seen", "last_seen"),
    "changes": ("at",),
    "reviews": ("at",),
}
_SORTS = {
    "flags": f"{SEVERITY_ORDER}, raised_at DESC, id",
    "claims": "source, url, id",
    "statements": "source, url, id",
    "studies": "source, id",
    "changes": "at DESC, id DESC",
    "reviews": "at DESC, id DESC",
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
    "review": ("undecided", "right", "wrong", "acted", "stale"),
}
#: Values that are looked for in large or small letters.
_WORDED = ("condition", "agency", "tag")
_NONE_YET = {
    "case": "there is no case yet: `exowatch case open FLAG…`",
    "tag": "no source has one: `tags` in the watchlist",
    "frame": "no source has one: `frame` in the watchlist",
}
#: So many values are all named.
_FEW = 12
_OF_CASE = "lineage_id IN (SELECT f.lineage_id FROM flags f WHERE CAST(f.case_id AS TEXT) = :one)"
#: What a change is asked for that only the claim or statement knows which moved: tables that hold it, and their column.
_OF_WHAT_MOVED = {
    "language": (("claims", "language"), ("statements", "language")),
    "condition": (("claims", "conditions"),),
    "agency": (("claims", "agencies"), ("statements", "agencies")),
    "status": (("claims", "status"), ("statements", "status")),
    "stance": (("claims", "stance"), ("statements", "stance")),
    "route": (("claims", "route"),),
    "zone": (("appearances", "zone"),),
}
#: Letters of a text to look for: no database takes a pattern of any length.
_LONGEST = 1000
_LAST_REVIEW = """EXISTS (SELECT 1 FROM v_reviews r WHERE r.flag_id = v.id AND {}
    AND r.id = (SELECT MAX(x.id) FROM reviews x WHERE x.flag_id = v.id))"""
_REVIEWED = {
    "undecided": "review IS NULL OR action = 'undecided'",
    "right": "review = 'right'",
    "wrong": "review = 'wrong'",
    "acted": _LAST_REVIEW.format("r.action IN ('act', 'refer')"),
    "stale": _LAST_REVIEW.format("r.wording = 'stale'"),
}
#: The same of decisions themselves, those that another one followed included.
_DECIDED = {
    "undecided": "action = 'undecided'",
    "right": "reading = 'right'",
    "wrong": "reading = 'wrong'",
    "acted": "action IN ('act', 'refer')",
    "stale": "wording = 'stale'",
}


def check(db: Books, name: str, asked: Filter) -> None:
    """SetupError for a value that no row can have: a slip of the pen must not read as an empty answer."""
    known = dict(_KNOWN)
    known["change"] = get_args(FlagChange) if name in ("flags", "reviews") else get_args(ChangeKind)
    if name in ("flags", "claims", "reviews"):
        known["kind"] = get_args(ClaimKind)
    elif name == "changes":
        known["kind"] = get_args(Subject)
    if asked.source:
        known["source"] = tuple(source_ids(db))
    if asked.case:
        known["case"] = tuple(str(row["id"]) for row in rows(db, "v_cases"))
    if asked.tag or asked.frame:
        sources = rows(db, "v_sources")
        known["tag"] = tuple(sorted({tag for row in sources for tag in row["tags"] or ()}))
        known["frame"] = tuple(sorted({row["frame"] for row in sources} - {None}))
    refuse_unknown(asked, known)


def refuse_unknown(asked: Filter, known: Mapping[str, Sequence[str]]) -> None:
    """SetupError, with the nearest values or all, for a value of a filter that is none of those ``known`` for it."""
    for label, allowed in known.items():
        wanted = getattr(asked, label) or ()
        for value in (wanted,) if isinstance(wanted, str) else wanted:
            if value in allowed or (label in _WORDED and value.lower() in map(str.lower, allowed)):
                continue
            raise SetupError(f"--{label} {value}: there is no such {label}", remedy=_instead(label, value, allowed))


def _instead(label: str, value: str, allowed: Sequence[str]) -> str:
    """What there is in its place: all where they are few, else those spelt most like it."""
    if not allowed:
        return _NONE_YET.get(label, "none yet: `exowatch crawl` fills the database")
    if len(allowed) <= _FEW:
        return f"one of {', '.join(allowed)}"
    spelt_small = {one.lower(): one for one in allowed}
    near = get_close_matches(value.lower(), spelt_small, n=5, cutoff=0.5)
    told = [spelt_small[one] for one in near] or list(allowed[:_FEW])
    return f"{'near it' if near else 'for instance'}: {', '.join(told)} ({len(allowed)} in all)"


def refuse_ahead(asked: Filter, now: datetime) -> None:
    """SetupError for a --since that lies ahead of ``now``: whoever asks so has another day in mind."""
    if asked.since and utc_text(asked.since) > utc_text(now.isoformat()):
        raise SetupError(f"--since {asked.since} lies ahead", remedy=f"it is {utc_text(now.isoformat())} now")


def spelt(asked: Filter) -> Filter:
    """Codes of places and languages as the database holds them. SetupError for one that is none, or for no text."""
    for name in ("text", "trader", "product"):
        told = getattr(asked, name) or ""
        if len(told) > _LONGEST or any("\ud800" <= letter <= "\udfff" for letter in told):
            raise SetupError(f"--{name}: this is no text to look for", remedy=f"UTF-8, {_LONGEST} letters at most")
    try:
        return replace(
            asked,
            jurisdiction=tuple(place_code(one) for one in asked.jurisdiction),
            language=tuple(language_code(one) for one in asked.language),
        )
    except ValueError as error:
        raise SetupError(str(error), remedy="for instance --jurisdiction IE --language en") from None


def body_holds(body: Row, name: str, asked: Filter) -> bool:
    """What only the body of a study can answer."""
    for label, keys in IN_BODY[name].items():
        wanted = getattr(asked, label) or ()
        texts = [str(one).lower() for key in keys for one in _listed(body.get(key))]
        many = (wanted,) if isinstance(wanted, str) else wanted
        if many and not any(part.lower() in one for part in many for one in texts):
            return False
    return True


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, (list, tuple)) else [value] if value else []


def sortable(name: str) -> dict[str, str]:
    """What a listing may be sorted by, and the SQL of it."""
    graded = {"severity": SEVERITY_ORDER} if "severity" in _COLUMNS[name] else {}
    own = ("kind", "subject") if name == "changes" else ()
    return graded | {column: column for column in (*TIMES[name], "id", "source", "url", *own)}


def order_of(name: str, asked: Filter) -> str:
    """In which order the rows come. SetupError for a column that nothing is sorted by."""
    if asked.sort is None:
        return _SORTS[name]
    column, _, way = asked.sort.partition(":")
    known = sortable(name)
    if column not in known or way not in ("", "asc", "desc"):
        raise SetupError(f"cannot sort by {asked.sort!r}", remedy=f"one of {', '.join(sorted(known))}, or NAME:desc")
    return f"{known[column]} {'DESC' if way == 'desc' else 'ASC'}, id"


def conditions(name: str, asked: Filter) -> tuple[list[str], dict[str, Any]]:
    """Conditions on the rows ``v`` of a listing, and the values bound in them. SetupError where one does not apply."""
    where: list[str] = []
    values: dict[str, Any] = {}

    def any_of(label: str, wanted: Sequence[Any], condition: Callable[[str], str]) -> None:
        names = [f"{label}_{i}" for i in range(len(wanted))]
        values.update(zip(names, wanted, strict=True))
        where.append(" OR ".join(condition(one) for one in names))

    for label in (f.name for f in fields(asked)):
        wanted = getattr(asked, label)
        if not wanted or label in ("since", "until", "by", "as_of", "limit", "sort", "more", *IN_BODY.get(name, ())):
            continue
        many = wanted if isinstance(wanted, tuple) else (wanted,)
        if label in _WORDS[name]:
            column = _WORDS[name][label]
            any_of(label, many, lambda one, c=column: has_word(c, one))  # type: ignore[misc]
        elif label in _COLUMNS[name]:
            column = _COLUMNS[name][label]
            any_of(label, many, lambda one, c=column: f"CAST({c} AS TEXT) = :{one}")  # type: ignore[misc]
        elif label in _LIKE[name]:
            told = " OR ".join(f"{small(c)} LIKE :{label} ESCAPE '!'" for c in _LIKE[name][label])
            values[label] = f"%{_escaped(str(wanted).lower())}%"
            where.append(told)
        elif label == "jurisdiction":
            any_of(label, many, lambda one: f"jurisdiction = :{one}{_audience(name, one)}")
        elif label == "review" and name == "flags":
            where.append(_REVIEWED[str(wanted)])
        elif label == "review" and name == "reviews":
            where.append(_DECIDED[str(wanted)])
        elif label == "case" and name == "claims":
            any_of(label, many, lambda one: _OF_CASE.replace(":one", f":{one}"))
        elif label in _OF_WHAT_MOVED and name == "changes":
            any_of(label, many, lambda one, asked_for=label: _of_what_moved(asked_for, one))  # type: ignore[misc]
        elif label == "trader" and name == "studies":
            firms = f"SELECT s.id FROM sources s WHERE {small('s.trader')} LIKE :trader ESCAPE '!'"  # noqa: S608
            where.append(f"source IN ({firms})")
            values["trader"] = f"%{_escaped(str(wanted).lower())}%"
        elif label == "knowledge" and name not in ("changes",):
            where.append("knowledge LIKE :knowledge")
            values["knowledge"] = f"{wanted}%"
        else:
            raise SetupError(f"--{label} does not apply to {name}", remedy=f"see `exowatch {name} --help`")
    _window(name, asked, where, values)
    return where, values


def _of_what_moved(label: str, one: str) -> str:
    """A condition on a change: the claim or statement that moved has this in one of its wordings, or stands there."""
    held = []
    for table, column in _OF_WHAT_MOVED[label]:
        equal = has_word(f"w.{column}", one) if column in ("conditions", "agencies") else f"w.{column} = :{one}"
        held.append(f"EXISTS (SELECT 1 FROM {table} w WHERE w.lineage_id = v.lineage_id AND {equal})")  # noqa: S608
    return " OR ".join(held)


def _audience(name: str, one: str) -> str:
    return f" OR {has_word('audience', one)}" if name in ("flags", "claims", "statements", "reviews") else ""


def _window(name: str, asked: Filter, where: list[str], values: dict[str, Any]) -> None:
    column = asked.by or TIMES[name][0]
    if column not in TIMES[name]:
        raise SetupError(f"--by {column} does not apply to {name}", remedy=f"one of {', '.join(TIMES[name])}")
    for label, sign in (("since", ">="), ("until", "<")):
        moment = getattr(asked, label)
        if moment:
            values[label] = utc_text(moment)
            where.append(f"{column} {sign} :{label}")


def utc_text(moment: str) -> str:
    """A day or time as the database holds it; SetupError when it is neither."""
    try:
        read = datetime.fromisoformat(moment)
        return read.replace(tzinfo=read.tzinfo or UTC).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError):
        raise SetupError(f"{moment!r} is no day or time", remedy="write 2026-11-24 or 2026-11-24T06:00Z") from None


def _escaped(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
