"""Which provisions the claims in rows of ``v_flags`` and ``v_claims`` may engage, where their sources sit and whom they
address.

Nothing of it is stored: it follows from the claim, its page's features and the rules in force on the day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from exowatch.assess.law import FEATURES, NO_TRADERS
from exowatch.knowledge.engaging import Facts, acts_of, engaged_by
from exowatch.knowledge.regulation import Law
from exowatch.model.law import Engaged
from exowatch.store.flagging import parts
from exowatch.store.tables import claims, flags, page_features, pages

Row = Mapping[str, Any]
_SLOTS = (
    *(claims.c.id, claims.c.quote, claims.c.language, claims.c.kinds, claims.c.stance, claims.c.status),
    *(claims.c.agencies, claims.c.source_material, claims.c.route, claims.c.material, claims.c.conditions_full),
    claims.c.cues,
)


def engaged_in(db: Connection, name: str, rows: Sequence[Row], law: Law, now: datetime) -> list[tuple[Engaged, ...]]:
    """For each row of listing ``name`` (flags, claims) what it may engage, of the law on the day it last stood there.

    Empty for who advertises nothing, and for claims that no promoting page makes.
    """
    told = _claims(db, name, rows)
    shown = _features(db, rows)
    return [_engaged(row, told.get(row["id"]), shown.get((row["source"], row["url"]), {}), law, now) for row in rows]


def _engaged(row: Row, claim: Any, shown: Mapping[str, Sequence[str]], law: Law, now: datetime) -> tuple[Engaged, ...]:
    made = row.get("flag", True) or row.get("verdict") in ("supported", "partly")
    if claim is None or not made or row["source_kind"] in NO_TRADERS:
        return ()
    facts = _facts(row, claim, shown)
    on = datetime.fromisoformat(row["last_seen"]) if row.get("live") == "no" and row.get("last_seen") else now
    places = dict.fromkeys((row["jurisdiction"], *(row.get("audience") or ())))
    return tuple(one for place in places for one in engaged_by(facts, place, on.date(), law))


def _facts(row: Row, claim: Any, shown: Mapping[str, Sequence[str]]) -> Facts:
    kinds = tuple(claim.kinds)
    features = {feature for feature in FEATURES if shown.get(feature)}
    if "testimonial" in kinds or row.get("speaker") == "customer":
        features.add("testimonials")
    absolute = any(cue.get("role") == "absolute-safety" for cue in claim.cues or ())
    return Facts(
        quote=claim.quote,
        language=claim.language,
        acts=acts_of(kinds, claim.status, absolute=absolute),
        stance=claim.stance,
        status=claim.status,
        agencies=frozenset(claim.agencies),
        source=claim.source_material,
        route=claim.route,
        material=claim.material,
        tiers=frozenset(one["tier"] for one in claim.conditions_full or () if one.get("tier")),
        features=frozenset(features),
        missing=tuple(shown.get("required_missing", ())),
        gate=bool(shown.get("gate")),
    )


def _claims(db: Connection, name: str, rows: Sequence[Row]) -> dict[int, Any]:
    """Number of a row → its wording's slots. A flag is about the words it was raised on."""
    found: dict[int, Any] = {}
    if name == "flags":
        for part in parts([row["id"] for row in rows]):
            query = select(flags.c.id.label("flag_id"), *_SLOTS).join(claims, claims.c.id == flags.c.claim_id)
            found |= {row.flag_id: row for row in db.execute(query.where(flags.c.id.in_(part)))}
        return found
    wanted = {row["claim_id"] for row in rows}
    for part in parts(sorted(wanted)):
        found |= {row.id: row for row in db.execute(select(*_SLOTS).where(claims.c.id.in_(part)))}
    return {row["id"]: found[row["claim_id"]] for row in rows if row["claim_id"] in found}


def _features(db: Connection, rows: Sequence[Row]) -> dict[tuple[str, str], dict[str, list[str]]]:
    """(source, URL) → features that the page's last fit reading showed."""
    found: dict[tuple[str, str], dict[str, list[str]]] = {}
    for part in parts(sorted({row["url"] for row in rows})):
        query = (
            select(pages.c.source_id, pages.c.url, page_features.c.feature, page_features.c.text)
            .join(pages, pages.c.id == page_features.c.page_id)
            .where(pages.c.url.in_(part), page_features.c.gone_at.is_(None))
            .order_by(page_features.c.id)
        )
        for row in db.execute(query):
            found.setdefault((row.source_id, row.url), {}).setdefault(row.feature, []).append(row.text)
    return found
