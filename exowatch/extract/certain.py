"""How likely each claim was read rightly, and the page itself promises it: the last thing that is weighed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, get_args

import numpy as np

from exowatch.extract.again import Candidate
from exowatch.knowledge.weights import KIND_HEADS, STATUS_HEADS, Weights
from exowatch.model.findings import Claim, Stance

_OWN = ("asserted", "hedged")
_STANCES = get_args(Stance)
_KINDS = tuple(head.removeprefix("kind:") for head in KIND_HEADS)
_STATUSES = tuple(head.removeprefix("status:") for head in STATUS_HEADS)
_FRAMINGS = ("explicit", "slight", "risk-disclosure", "quality-only")
_AGAINST = ("stance:negated", "stance:question", "stance:attributed")


def certain(claims: Sequence[Claim], read: Sequence[Candidate], weights: Weights, promoting: bool) -> list[Claim]:
    """The claims with their certainty.

    ``read``: what each was read from; ``promoting``: the page weighs as a seller's.
    """
    if not claims:
        return []
    if weights.own_trees is None:
        own = [one.chance * (1 - max(one.heads[name] for name in _AGAINST)) for one in read]
    else:
        own = weights.own_trees.chances(signs_of(claims, read, promoting)).tolist()
    return [
        replace(claim, certainty=round(promise if claim.stance in _OWN else one.claim, 3))
        for claim, one, promise in zip(claims, read, own, strict=True)
    ]


def signs_of(claims: Sequence[Claim], read: Sequence[Candidate], promoting: bool) -> Any:
    """What the trees look at: a row a claim, what it was weighed by and what it was read as."""
    return np.array([[*one.numbers, *_as_read(claim), promoting] for claim, one in zip(claims, read, strict=True)])


def _as_read(claim: Claim) -> list[float]:
    tiers = [condition.tier for condition in claim.conditions]
    return [
        *[claim.stance == stance for stance in _STANCES],
        *[kind in claim.kinds for kind in _KINDS],
        *[claim.status == status for status in _STATUSES],
        *[claim.framing == framing for framing in _FRAMINGS],
        "serious" in tiers,
        "medical" in tiers,
        "cosmetic" in tiers,
        claim.strength,
        claim.attribution is not None,
        claim.intervention.product is not None,
        claim.intervention.route == "unstated",
        *map(len, (claim.agencies, claim.evidence_offered, claim.numbers, claim.areas, claim.combination)),
    ]
