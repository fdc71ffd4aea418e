"""Is it a marketing claim for a person to look at, how grave, and what does the evidence say? With reasons in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from exowatch.knowledge.load import Knowledge
from exowatch.knowledge.schema import Position
from exowatch.model.findings import Claim
from exowatch.model.pages import Attitude
from exowatch.model.readings import SEVERITIES, Assessment, Evidence, PageKind, Reason, Severity, Verdict
from exowatch.model.sources import Source

_APPROVAL = ("approved", "cleared", "registered")


def assess(
    claim: Claim,
    *,
    source: Source,
    kind: PageKind,
    attitude: Attitude,
    jurisdiction: str,
    evidence: Sequence[Evidence],
    knowledge: Knowledge,
    as_of: datetime,
) -> Assessment:
    """Judge one claim in one jurisdiction as of a moment. Without evidence a verdict is reached only by a position."""
    flag, why = _is_marketing(claim, kind, attitude)
    severity, grave = _severity(claim)
    position = _against(claim, knowledge, jurisdiction)
    verdict: Verdict = "contradicted" if position else "unassessed"
    reasons = [why]
    if flag:
        reasons.append(grave)
    if position:
        reasons.append(Reason(position.id, position.words, (position.url,)))
    else:
        reasons.append(Reason("support.search", "no evidence search yet"))
    return Assessment(
        claim_key=claim.key,
        jurisdiction=jurisdiction,
        verdict=verdict,
        flag=flag,
        severity=severity if flag else None,
        reasons=tuple(reasons),
        judging_digest=knowledge.judging_digest,
        valid_from=as_of,
    )


def _is_marketing(claim: Claim, kind: PageKind, attitude: Attitude) -> tuple[bool, Reason]:
    if kind in ("journal", "regulator"):
        return False, Reason("flag.page-kind", f"The page is a {kind}'s, which advertises nothing.")
    if attitude == "criticises":
        return False, Reason("flag.attitude", "The page as a whole warns or weighs; it does not promote.")
    if attitude == "neutral":
        return False, Reason("flag.attitude", "The page as a whole neither sells nor promotes.")
    if claim.stance not in ("asserted", "hedged"):
        return False, Reason(
            "flag.stance", f"The sentence is {claim.stance}: the page does not say it as its own promise."
        )
    if claim.framing == "risk-disclosure":
        return False, Reason("flag.disclosure", "The sentence discloses risks.")
    if claim.framing == "quality-only" and claim.status not in _APPROVAL:
        return False, Reason("flag.quality-only", "Manufacture under a quality standard alone is no promise of effect.")
    what = ", ".join(claim.kinds)
    return True, Reason("flag.marketing", f"A promoting page tells its reader this about an exosome product ({what}).")


def _severity(claim: Claim) -> tuple[Severity, Reason]:
    severity, words = _gravity(claim)
    if claim.visible == "no" and SEVERITIES.index(severity) < SEVERITIES.index("medium"):
        return "medium", Reason("severity.not-visible", f"{words} It stands where visitors do not see it.")
    return severity, Reason(f"severity.{severity}", words)


def _gravity(claim: Claim) -> tuple[Severity, str]:
    tiers = {condition.tier: condition.name for condition in claim.conditions}
    if "serious" in tiers and "disease" in claim.kinds:
        return "critical", f"It names a serious disease ({tiers['serious']})."
    if claim.status in _APPROVAL:
        return "critical", "It claims a regulator's approval or registration."
    if "disease" in claim.kinds and "medical" in tiers:
        return "high", f"It names a disease ({tiers['medical']})."
    if "guarantee" in claim.kinds:
        return "high", "It guarantees success."
    if "safety" in claim.kinds and any(cue.role == "absolute-safety" for cue in claim.cues):
        return "high", "It denies any side effect or risk."
    if claim.agencies or ("regulatory" in claim.kinds and claim.status in ("other", "banned")):
        named = ", ".join(claim.agencies) or "the law"
        return "high", f"It calls on a regulator or the law ({named}) in support."
    if claim.stance == "hedged":
        return "low", "It is hedged and cosmetic."
    if claim.framing == "slight":
        return "low", "It is a bare title, vague praise, comfort, or a mechanism named as a benefit."
    return "medium", "It asserts a cosmetic effect, safety or superiority."


def _against(claim: Claim, knowledge: Knowledge, jurisdiction: str) -> Position | None:
    """A regulator's position that says the opposite: an approval claimed of the very agency that denies it."""
    if claim.status not in ("approved", "cleared") or claim.stance not in ("asserted", "hedged"):
        return None
    for position in knowledge.positions:
        if position.status == "not_approved" and position.agency in claim.agencies:
            return position
    return None
