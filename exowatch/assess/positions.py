"""What a regulator says of all exosome products, as evidence: an approval claimed of it is denied by its own words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from exowatch.model.findings import Claim, Statement
from exowatch.model.keys import OF_AGENCY, position_key
from exowatch.model.readings import Evidence

#: Only a sentence about all of them decides; "these products are not approved" is about some.
_ALL = re.compile(
    r"\b(?:no|any|none|all|never|not a single|keine?|aucun\w*|ning[uú]n\w*|nenhum\w*|nessun\w*|žad\w*|hiçbir|"
    r"ни один|жод\w*)\b",
    re.IGNORECASE,
)
_SOME = re.compile(r"\b(?:these|this|your|the firm|the company|its product)\b", re.IGNORECASE)
_OF_ALL = "exosome products"
_CLAIMED = ("approved", "cleared")


def positions_in(statements: Iterable[Statement], url: str, source_id: str, dated_on: str | None) -> list[Evidence]:
    """Positions among a regulator's statements: no exosome product is approved. One an agency and sentence."""
    found = {}
    for one in statements:
        general = _ALL.search(one.quote.text) and not _SOME.search(one.quote.text)
        if one.status != "not_approved" or one.scope != _OF_ALL or one.stance != "asserted" or not general:
            continue
        for agency in one.agencies:
            key = f"{OF_AGENCY}{source_id}:{agency}:{one.key[:16]}"
            found[key] = Evidence(
                id=key,
                kind="position",
                authority=agency,
                jurisdiction=one.jurisdiction,
                covers={"agency": (agency,), "status": (one.status,)},
                grade=None,
                url=url,
                dated_on=dated_on,
                verified="text_read",
                title=one.quote.text,
            )
    return list(found.values())


def position_keys(claim: Claim) -> tuple[str, ...]:
    """Keys of the positions that a claim of approval asks for: those of the agencies that it names."""
    if claim.status not in _CLAIMED or claim.stance not in ("asserted", "hedged"):
        return ()
    return tuple(position_key(agency) for agency in claim.agencies)


def denying(claim: Claim, evidence: Iterable[Evidence]) -> Evidence | None:
    """The position that denies what the claim says of an agency; the newest where there are several."""
    if not position_keys(claim):
        return None
    told = [one for one in evidence if one.kind == "position" and one.authority in claim.agencies]
    return max(told, key=lambda one: (one.dated_on or "", one.id), default=None)
