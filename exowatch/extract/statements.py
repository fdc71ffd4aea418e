"""A sentence → what it says that regulators hold, or that the law allows. Polarity is never guessed on a denial."""

from __future__ import annotations

from exowatch.extract.match import Hit
from exowatch.extract.sense import Sense
from exowatch.extract.standing import LAWFUL, supposed
from exowatch.model.findings import Quote, Stance, Statement, Status
from exowatch.model.keys import wording_key

_STATUS: dict[str, Status] = {
    "approved": "approved",
    "cleared": "cleared",
    "registered": "registered",
    "compliant": "compliant",
    "trial": "trial",
    "warning": "warning",
    "banned": "banned",
    "not_approved": "not_approved",
    "other": "other",
}
#: What holds whether or not a "not" stands in the clause: "must not be injected" is the ban itself.
_UNTURNED = ("banned", "warning", "not_approved")
#: Rules told of which a "not" is part, or whose denial is no denial of approval.
_RULES_TOLD = ("status.exempt", "status.manufacture")


def statements_in(sense: Sense, language: str | None, about: bool) -> list[Statement]:
    """One statement a status named in the sentence; none where neither an agency nor exosomes are spoken of."""
    if not sense.has("status"):
        return []
    agencies = sense.of("agency")
    if sense.question or not (agencies or sense.of("subject") or about):
        return []
    found: dict[tuple[Status, str], Statement] = {}
    for hit in sense.of("status"):
        status = _STATUS.get(hit.rule.name or "")
        if status is None or (status in ("warning", "registered", "trial") and not agencies):
            continue
        if not agencies and not sense.of("subject") and status in ("approved", "cleared", "compliant"):
            continue
        denied = status not in _UNTURNED and hit.rule.id not in _RULES_TOLD and sense.denied(hit) is not None
        if denied and hit.rule.id in LAWFUL:
            status = "banned"
        elif denied and status in ("approved", "cleared", "registered", "compliant", "other"):
            status = "not_approved"
        elif supposed(sense, hit):
            status = "other"
        scope = _scope(sense, hit)
        found.setdefault((status, scope), _statement(sense, language, status, scope, denied))
    return list(found.values())


def _statement(sense: Sense, language: str | None, status: Status, scope: str, denied: bool) -> Statement:
    block, start = sense.block, sense.start
    agencies = sense.of("agency")
    places = {hit.rule.jurisdiction for hit in agencies if hit.rule.jurisdiction}
    stance: Stance = "attributed" if sense.of("attribution") and not denied else "asserted"
    return Statement(
        key=wording_key(sense.text),
        quote=Quote(block.index, start, start + len(sense.text), sense.text),
        agencies=tuple(dict.fromkeys(hit.rule.name or hit.rule.id for hit in agencies)),
        status=status,
        scope=scope,
        jurisdiction=places.pop() if len(places) == 1 else None,
        stance=stance,
        language=language,
        zone=block.zone,
        locator=block.locator,
        context=block.text,
        heading_path=block.heading_path,
        rule_ids=tuple(dict.fromkeys(hit.rule.id for hit in sense.of("status", "agency"))),
    )


def _scope(sense: Sense, hit: Hit) -> str:
    """What the status covers: the words that named it where they say more than yes or no, then route and source."""
    told = [sense.text[hit.start : hit.end].lower()] if hit.rule.name in ("other", "banned") else []
    told += sorted({h.rule.name for h in sense.of("source", "route") if h.rule.name})
    return ", ".join(dict.fromkeys(told)) or "exosome products"
