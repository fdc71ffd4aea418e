"""May a capture be believed? Judged by itself: status, cut marks, length, and the signs in ``fitness.yml``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from exowatch.knowledge.fitness import Fact, FitnessRules, Signals, first_match
from exowatch.model.keys import normalised
from exowatch.model.pages import Fitness
from exowatch.pages.drafts import Draft

#: Zones whose text counts as what the page says.
TEXT_ZONES = frozenset(("body", "faq", "caption", "pdf", "hidden"))
_OPENING = 600
_HEADINGS = 3


@dataclass(frozen=True, slots=True)
class Exchange:
    """How the bytes came."""

    status: int
    truncated: str | None = None


def judge(
    exchange: Exchange,
    drafts: Sequence[Draft],
    title: str | None,
    markup: str,
    facts: frozenset[Fact],
    rules: FitnessRules,
) -> Fitness:
    """The fitness of a page of text. A guard's challenge is told from a plain error, whatever its status."""
    signals = _signals(exchange.status, drafts, title, markup, facts)
    found = first_match((rule for rule in rules.rules if rule.code == "challenge"), signals)
    if found:
        return _said(found[0].code, found[0].id, found[1])
    by_exchange = exchange_fitness(exchange)
    if by_exchange:
        return by_exchange
    found = first_match((rule for rule in rules.rules if rule.code != "challenge"), signals)
    if found:
        return _said(found[0].code, found[0].id, found[1])
    said = any(draft.zone != "notice" for draft in drafts)
    return Fitness("ok") if said else Fitness("empty", "no text")


def exchange_fitness(exchange: Exchange) -> Fitness | None:
    """What status and cut mark alone say; None where they say nothing against the capture."""
    if exchange.status in (404, 410):
        return Fitness("gone", f"HTTP {exchange.status}")
    if not 200 <= exchange.status < 300 and exchange.status != 304:
        return Fitness("error", f"HTTP {exchange.status}")
    if exchange.truncated:
        return Fitness("truncated", f"the body was cut ({exchange.truncated})")
    return None


def text_length(drafts: Sequence[Draft]) -> int:
    """Characters of body text."""
    return sum(len(draft.text) for draft in drafts if draft.zone in TEXT_ZONES)


def _signals(status: int, drafts: Sequence[Draft], title: str | None, markup: str, facts: frozenset[Fact]) -> Signals:
    chars = text_length(drafts)
    if chars > 2000:
        return Signals(status, chars=chars, facts=facts)
    notices = sum(len(draft.text) for draft in drafts if draft.zone == "notice")
    if notices > chars:
        facts |= {"notice-outweighs-text"}
    headings = [draft.text for draft in drafts if draft.level][:_HEADINGS]
    return Signals(
        status,
        normalised(title or ""),
        normalised(" | ".join(headings)),
        normalised(_opening(drafts)),
        markup.casefold(),
        chars,
        facts,
    )


def _opening(drafts: Sequence[Draft]) -> str:
    pieces, size = [], 0
    for draft in drafts:
        if draft.zone in ("body", "faq", "caption", "notice", "hidden"):
            pieces.append(draft.text[:_OPENING])
            size += len(draft.text)
            if size > _OPENING:
                break
    return " ".join(pieces)[:_OPENING]


def _said(code: str, rule_id: str, words: str) -> Fitness:
    why = f"{rule_id}: {words}" if words else rule_id
    return Fitness(code, why)  # type: ignore[arg-type]
