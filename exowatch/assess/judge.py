"""Is it a marketing claim for a person to look at, how grave, and what does the evidence say? With reasons in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from exowatch.assess.evidence import ON_EVIDENCE, asked_keys
from exowatch.assess.positions import denying
from exowatch.assess.slots import slots_of_claim
from exowatch.assess.together import NO_SEARCH, weigh_together
from exowatch.knowledge.load import Knowledge
from exowatch.knowledge.schema import PLAIN, PROMISING, Position
from exowatch.model.findings import Claim
from exowatch.model.pages import Attitude
from exowatch.model.readings import (
    SEVERITIES,
    Assessment,
    Bearing,
    Evidence,
    PageKind,
    Reading,
    Reason,
    Search,
    Severity,
    Verdict,
)
from exowatch.model.sources import Source

_APPROVAL = ("approved", "cleared", "registered")
#: Roles whose words say that a sentence is no promise of its own.
_TURNED_BY = {"negated": ("negation", "critical", "disclosure"), "attributed": ("attribution",)}
_LONGEST_WORDS = 80
#: How likely a sentence must be the page's own promise to be held against anyone: about as likely as not. A claim that
#: is less is kept, and not flagged (docs/evaluating.md has what other bounds gave).
FLAG_FROM = 0.45
#: Where it is plainly said: beneath, 1 of 31 such sentences of unseen pages was a promise, from here to 0.3 3 of 13;
#: the gravest kinds are rather put before a person once too often (2026-11-27).
PLAIN_FROM = 0.2


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
    search: Search | None = None,
) -> Assessment:
    """Judge one claim in one jurisdiction as of a moment, by the rules and what evidence is held.

    ``evidence``: what may bear on it, found by ``asked_keys``; ``search``: what had been searched (None: nothing).
    Without a search a verdict is reached only by a regulator's position.
    """
    flag, why = _is_marketing(claim, kind, attitude)
    severity, grave = _severity(claim)
    position = _against(claim, knowledge, jurisdiction)
    verdict, told, bearings, asked = _by_evidence(claim, evidence, search, knowledge, jurisdiction)
    reasons = [why]
    if flag:
        reasons.append(grave)
    if position:
        verdict = "contradicted"
        reasons.append(Reason(position.id, position.words, (position.url,)))
    elif denial := denying(claim, evidence):
        verdict = "contradicted"
        words = f"The {denial.authority} says: “{denial.title}”"
        reasons.append(Reason("position", words, (denial.url,)))
        bearings = (Bearing(denial.id, {}, (), "negative", "contradicted", words), *bearings)
    else:
        reasons += told
    if flag and verdict == "supported":
        flag = False
        reasons.append(Reason("flag.supported", "The evidence held supports the claim as it is worded."))
    return Assessment(
        claim_key=claim.key,
        jurisdiction=jurisdiction,
        verdict=verdict,
        flag=flag,
        severity=severity if flag else None,
        reasons=tuple(reasons),
        judging_digest=knowledge.judging_digest,
        bearings=bearings,
        asked=asked,
        valid_from=as_of,
    )


def _by_evidence(
    claim: Claim, evidence: Sequence[Evidence], search: Search | None, knowledge: Knowledge, jurisdiction: str
) -> tuple[Verdict, tuple[Reason, ...], tuple[Bearing, ...], tuple[str, ...]]:
    """(verdict, reasons, bearings, keys asked for). Only what a page itself promises is held against studies."""
    if claim.stance not in ("asserted", "hedged"):
        return "unassessed", (Reason("support.search", NO_SEARCH),), (), ()
    asked = asked_keys(claim)
    if search is None or not ON_EVIDENCE & set(claim.kinds):
        return "unassessed", (Reason("support.search", NO_SEARCH),), (), asked
    slots = slots_of_claim(claim, knowledge)
    return *weigh_together(slots, evidence, search, knowledge, jurisdiction), asked


def assess_alone(claim: Claim, source: Source, reading: Reading, knowledge: Knowledge, as_of: datetime) -> Assessment:
    """Judge a claim of a reading in its source's jurisdiction by the rules alone, with no evidence looked for."""
    return assess(
        claim,
        source=source,
        kind=reading.kind,
        attitude=reading.attitude,
        jurisdiction=source.jurisdiction,
        evidence=(),
        knowledge=knowledge,
        as_of=as_of,
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
            "flag.stance",
            _by(
                f"The sentence is {claim.stance} and not the page's own promise",
                _words(claim, *_TURNED_BY.get(claim.stance, ())),
            ),
        )
    if claim.framing == "risk-disclosure":
        return False, Reason("flag.disclosure", "The sentence discloses risks.")
    if claim.framing == "quality-only" and claim.status not in _APPROVAL:
        return False, Reason("flag.quality-only", "Manufacture under a quality standard alone is no promise of effect.")
    if claim.certainty is not None and claim.certainty < (PLAIN_FROM if _plain(claim) else FLAG_FROM):
        return False, Reason(
            "flag.certainty", f"Too doubtful a reading to hold against anyone ({claim.certainty:.2f})."
        )
    what, words = ", ".join(claim.kinds), _words(claim, *PROMISING)
    told = f"A promoting page tells its reader this about an exosome product ({what})"
    return True, Reason("flag.marketing", f"{told}; it says {words}." if words else f"{told}.")


def _plain(claim: Claim) -> bool:
    roles = {cue.role for cue in claim.cues}
    return "subject" in roles and any(told <= roles for told in PLAIN)


def _words(claim: Claim, *roles: str) -> str:
    """The words of these roles that stand in the claim, in quotation marks; at most four."""
    said = dict.fromkeys(cue.text for cue in claim.cues if cue.role in roles)
    # "heals" inside "heals wounds" is said with it
    longest = [text for text in said if not any(text != other and text in other for other in said)]
    return ", ".join([f"“{text[:_LONGEST_WORDS]}”" for text in longest[:4]])


def _by(told: str, words: str) -> str:
    return f"{told}: {words}." if words else f"{told}."


def _severity(claim: Claim) -> tuple[Severity, Reason]:
    severity, words = _gravity(claim)
    if claim.visible == "no" and SEVERITIES.index(severity) < SEVERITIES.index("medium"):
        return "medium", Reason("severity.not-visible", f"{words} It stands where visitors do not see it.")
    return severity, Reason(f"severity.{severity}", words)


def _gravity(claim: Claim) -> tuple[Severity, str]:
    tiers = {condition.tier: condition.name for condition in claim.conditions}
    if "serious" in tiers and "disease" in claim.kinds:
        return "critical", _by(f"It names a serious disease ({tiers['serious']})", _words(claim, "condition"))
    if claim.status in _APPROVAL:
        return "critical", _by("It claims a regulator's approval or registration", _words(claim, "status", "agency"))
    if "disease" in claim.kinds and "medical" in tiers:
        return "high", _by(f"It names a disease ({tiers['medical']})", _words(claim, "condition"))
    if "guarantee" in claim.kinds:
        return "high", _by("It guarantees success", _words(claim, "guarantee"))
    if "safety" in claim.kinds and any(cue.role == "absolute-safety" for cue in claim.cues):
        return "high", _by("It denies any side effect or risk", _words(claim, "absolute-safety"))
    if claim.agencies or ("regulatory" in claim.kinds and claim.status in ("other", "banned")):
        named = ", ".join(claim.agencies) or "the law"
        return "high", _by(
            f"It calls on a regulator or the law ({named}) in support", _words(claim, "status", "agency")
        )
    if claim.stance == "hedged":
        return "low", _by("It is hedged and cosmetic", _words(claim, "hedge"))
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
