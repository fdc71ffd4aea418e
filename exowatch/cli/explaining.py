"""Why a sentence was or was not read as a claim: what weighed, which rules fired, what would have changed it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from exowatch.cli.pages import Asked, assessed, bare_capture, given, source_of
from exowatch.config import Config
from exowatch.extract.findings import Looked, kind_of, looked_at, needed
from exowatch.extract.sense import Sense
from exowatch.extract.weigh import told, weigh
from exowatch.knowledge.load import Knowledge, load_knowledge
from exowatch.model.findings import Claim
from exowatch.model.pages import Page
from exowatch.model.readings import Reading
from exowatch.model.sources import Source
from exowatch.reading import page_of, reading_of

#: Rules whose words turn a sentence: each is tried without.
_TURNING = (
    "negation",
    "hedge",
    "attribution",
    "disclosure",
    "pseudo",
    "other",
    "absolute-safety",
    "status",
    "condition",
)


@dataclass(frozen=True, slots=True)
class _Case:
    """One page as it is explained."""

    page: Page
    source: Source
    knowledge: Knowledge

    @property
    def reading(self) -> Reading:
        return reading_of(self.page, self.source, "explained", self.knowledge)


def explained(config: Config, sentence: str, page: Path | None, jurisdiction: str) -> Iterator[str]:
    """Lines that say what was read out of one sentence, alone or on its page, and why."""
    asked = Asked(kind="clinic", jurisdiction=jurisdiction)
    capture, body = given(str(page), asked) if page else (bare_capture("text/plain; charset=utf-8", asked), b"")
    knowledge = load_knowledge(config.knowledge.dir)
    whole = page_of(capture, body or sentence.encode("utf-8", "replace"), knowledge, config.crawl.max_bytes)
    case = _Case(whole, source_of(asked), knowledge)
    reading = case.reading
    yield f"page: {reading.attitude} ({reading.attitude_why or 'no sign either way'})"
    wanted = " ".join(sentence.split())
    looked = looked_at(whole, kind_of(whole, case.source), knowledge)
    places = [i for i, one in enumerate(looked.senses) if wanted in one.text or one.text in wanted]
    if not places:
        yield "the sentence does not stand on this page, or where nothing is read (menus, notices, references)"
    for place in places:
        yield from _weighing(case, looked, place)
        yield from _outcome(case, reading, looked.senses[place])
        yield from _differences(case, looked.senses[place], reading)
    for one in reading.statements:
        if wanted in one.quote.text or one.quote.text in wanted:
            yield f"statement: {', '.join(one.agencies) or 'no agency named'}: {one.status} ({one.scope})"
            yield f"  rules: {', '.join(one.rule_ids)}"


def _weighing(case: _Case, looked: Looked, place: int) -> Iterator[str]:
    weights = case.knowledge.weights
    weighed = weigh(looked.senses, looked.keys, looked.page_marks, weights)
    chance, cut = weighed.claims[place], needed(looked, place, weights.claim_cut)
    sense = looked.senses[place]
    yield f"sentence: {sense.text}"
    verdict = "a claim" if chance >= cut else "no claim"
    wanted = f"{cut:.2f} is needed here" if cut < 1 else "nothing suffices on a page that never names exosomes"
    yield f"  weighs {chance:.2f}; {wanted}: {verdict}"
    for words, sign in (("for", 1), ("against", -1)):
        marks, letters = told(sense, looked.keys[place], weights, sign)
        yield f"  spoke {words} a claim: {', '.join(marks) or 'no mark'}; words: {', '.join(letters) or 'none'}"
    if not sense.hits:
        yield "  no rule found a word in it"


def _outcome(case: _Case, reading: Reading, sense: Sense) -> Iterator[str]:
    claim = _claim_at(reading, sense)
    if claim is None:
        for hit in sense.hits:
            yield f"  {hit.rule.role}: “{sense.text[hit.start : hit.end]}” (rule {hit.rule.id})"
        yield "no claim was read out of it"
        return
    yield f"claim: {claim.quote.text}"
    yield f"  kinds {', '.join(claim.kinds)}; stance {claim.stance}; about {claim.subject}; strength {claim.strength}"
    for cue in claim.cues:
        yield f"  {cue.role}: “{cue.text}” (rule {cue.rule_id})"
    judged = assessed(claim, case.source, reading, case.knowledge, datetime.now(UTC))
    yield f"  verdict {judged.verdict}; {_flagged(judged.severity)}"
    for reason in judged.reasons:
        yield f"  {reason.rule}: {reason.words}"


def _differences(case: _Case, sense: Sense, reading: Reading) -> Iterator[str]:
    """The page is read again without each word that turns the sentence."""
    before = _in_short(case, reading, sense, sense.text)
    tried: set[str] = set()
    for hit in sense.hits:
        words = sense.text[hit.start : hit.end]
        if hit.rule.role not in _TURNING or words.lower() in tried:
            continue
        tried.add(words.lower())
        text = " ".join(f"{sense.text[: hit.start]} {sense.text[hit.end :]}".split())
        other = _Case(_with_text(case.page, sense, text), case.source, case.knowledge)
        after = _in_short(other, other.reading, sense, text)
        if after != before:
            yield f"  without “{words}” ({hit.rule.role}): {after}"


def _with_text(page: Page, sense: Sense, text: str) -> Page:
    own, start = sense.block, sense.start
    changed = own.text[:start] + text + own.text[start + len(sense.text) :]
    blocks = [replace(own, text=changed) if block is own else block for block in page.blocks]
    return replace(page, blocks=tuple(blocks))


def _in_short(case: _Case, reading: Reading, sense: Sense, text: str) -> str:
    claim = next((one for one in reading.claims if _is_at(one, sense, text)), None)
    if claim is None:
        return "no claim"
    judged = assessed(claim, case.source, reading, case.knowledge, datetime.now(UTC))
    status = f", {claim.status}" if claim.status else ""
    return f"{', '.join(claim.kinds)}, {claim.stance}{status}, {_flagged(judged.severity)}"


def _claim_at(reading: Reading, sense: Sense) -> Claim | None:
    return next((claim for claim in reading.claims if _is_at(claim, sense, sense.text)), None)


def _is_at(claim: Claim, sense: Sense, text: str) -> bool:
    return claim.quote.block_index == sense.block.index and claim.quote.text == text


def _flagged(severity: str | None) -> str:
    return f"flagged {severity}" if severity else "not flagged"
