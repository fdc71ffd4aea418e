"""Why a sentence was or was not read as a claim: what weighed, which rules fired, what would have changed it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from exowatch.assess import assess_alone
from exowatch.assess.law import engaged, hook_words, level_on
from exowatch.cli.pages import Asked, bare_capture, given, source_of
from exowatch.config import Config
from exowatch.extract.again import PART, READ
from exowatch.extract.choosing import Chosen, chosen_of
from exowatch.extract.findings import kind_of
from exowatch.extract.fold import fold
from exowatch.extract.looked import Looked, looked_at, needed, only_names
from exowatch.extract.proof import load_proven
from exowatch.extract.sense import Sense
from exowatch.extract.sentences import sentences
from exowatch.extract.weigh import told
from exowatch.knowledge.load import Knowledge
from exowatch.model.findings import Claim
from exowatch.model.pages import Block, Page
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


_NONE = "no claim"
#: Sentences explained at most, and words of one role tried alone: each is a reading of the page.
_MOST = 6


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
    knowledge = load_proven(config.knowledge.dir)
    whole = page_of(capture, body or sentence.encode("utf-8", "replace"), knowledge, config.crawl.max_bytes)
    case = _Case(whole, source_of(asked), knowledge)
    reading = case.reading
    if page and not whole.fitness.fit:
        yield f"the page is not fit to be read: {whole.fitness.code} {whole.fitness.why}".rstrip()
    yield f"page: {reading.attitude} ({reading.attitude_why or 'no sign either way'})"
    looked = looked_at(whole, kind_of(whole, case.source), knowledge)
    places = _places_of(sentence, looked.senses)
    if not places:
        yield "the sentence does not stand on this page, or where nothing is read (menus, notices, references)"
    chosen = chosen_of(looked, knowledge.weights)
    for place in places[:_MOST]:
        yield from _weighing(case, looked, place, chosen)
        yield from _outcome(case, reading, looked.senses[place])
        yield from _differences(case, looked.senses[place], reading)
        yield from _statements(reading, looked.senses[place])
    if len(places) > _MOST:
        yield f"… and {len(places) - _MOST} more sentences that fit; ask for one of them"


def _places_of(sentence: str, senses: Sequence[Sense]) -> list[int]:
    """Where the sentence stands, whatever its case and quotation marks; else where its parts or its whole do."""
    wanted = _comparable(sentence)
    own = [_comparable(sense.text) for sense in senses]
    parts = {_comparable(sentence[start:end]) for start, end in sentences(sentence)}
    found = [place for place, text in enumerate(own) if text == wanted] if wanted else []
    found = found or [place for place, text in enumerate(own) if text in parts and text]
    return found or [place for place, text in enumerate(own) if wanted and f" {wanted} " in f" {text} "]


def _comparable(text: str) -> str:
    return " ".join(fold(text).text.split())


def _statements(reading: Reading, sense: Sense) -> Iterator[str]:
    for one in reading.statements:
        if one.quote.block_index == sense.block.index and one.quote.start == sense.start:
            yield f"statement: {', '.join(one.agencies) or 'no agency named'}: {one.status} ({one.scope})"
            yield f"  rules: {', '.join(one.rule_ids)}"


def _weighing(case: _Case, looked: Looked, place: int, chosen: Chosen) -> Iterator[str]:
    weights, weighed = case.knowledge.weights, chosen.weighed
    chance, cut = weighed.claims[place], needed(looked, place, weights.claim_cut, weighed.elsewhere)
    sense = looked.senses[place]
    yield f"sentence: {sense.text}"
    again = next((one for one in chosen.candidates if one.place == place), None)
    verdict = "weighed again with its page" if again and weights.claim_trees else "a claim" if again else "no claim"
    wanted = (
        f"{cut:.2f} is needed here" if weights.claim_trees is None else f"{cut * PART:.2f} suffices to be weighed again"
    )
    if cut > 1:
        wanted = "nothing suffices on a page that never names exosomes"
        if only_names(looked.senses, place):
            wanted = "it only names what the text beside it is about"
        elif looked.named:
            wanted = f"a page about other things ({weighed.elsewhere:.2f}): only what names exosomes can be a claim"
    yield f"  weighs {chance:.2f}; {wanted}: {verdict}"
    if again and weights.claim_trees:
        read = "a claim" if any(one.place == place for one in chosen.claims) else "no claim"
        read += ", for it is plainly said" if read == "a claim" and again.claim < READ else ""
        yield f"  with its page {again.claim:.2f}; {READ} is needed: {read}"
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
    if claim.context != sense.block.text:
        asked = claim.context.removesuffix(sense.block.text).strip()
        yield f"  it takes its meaning from the question before it: {asked}"
    yield f"  kinds {', '.join(claim.kinds)}; stance {claim.stance}; about {claim.subject}; strength {claim.strength}"
    for cue in claim.cues:
        yield f"  {cue.role}: “{cue.text}” (rule {cue.rule_id})"
    judged = assess_alone(claim, case.source, reading, case.knowledge, datetime.now(UTC))
    if claim.certainty is not None:
        yield f"  read rightly, as the page's own promise, by {claim.certainty:.2f}"
    yield f"  verdict {judged.verdict}; {_flagged(judged.severity)}"
    for reason in judged.reasons:
        yield f"  {reason.rule}: {reason.words}"
    if judged.flag:
        yield from _law(case, claim, reading)


def _law(case: _Case, claim: Claim, reading: Reading) -> Iterator[str]:
    """Every provision that is met, unchecked ones too: nowhere else are those shown."""
    now, place = datetime.now(UTC), case.source.jurisdiction
    for one in engaged(claim, reading.features, case.source, place, now, case.knowledge):
        doubt = f"; {one.doubt}" if one.doubt else ""
        yield f"  law {one.rule.id} ({level_on(one.rule, now.date())}): {hook_words(one.rule)}{doubt}"


def _differences(case: _Case, sense: Sense, reading: Reading) -> Iterator[str]:
    """The page is read again without each word that turns the sentence."""
    before = _in_short(case, reading, sense, sense.text)
    for role in dict.fromkeys(hit.rule.role for hit in sense.hits if hit.rule.role in _TURNING):
        spans = list(dict.fromkeys((hit.start, hit.end) for hit in sense.of(role)))
        alone = [[span] for span in spans[:_MOST]]
        # two words of one kind may each be enough
        for without in [*alone, spans] if len(spans) > 1 else alone:
            text, words = _cut(sense.text, without)
            other = _Case(_with_text(case.page, sense, text), case.source, case.knowledge)
            after = _in_short(other, other.reading, sense, text)
            if after != before:
                yield f"  without {words} ({role}): {after}"
    if before == _NONE and not sense.has("subject"):
        yield from _on_a_page_about_exosomes(case, sense)


def _cut(text: str, spans: Sequence[tuple[int, int]]) -> tuple[str, str]:
    """The text without these stretches, and they in quotation marks."""
    words = " and ".join(dict.fromkeys(f"“{text[start:end]}”" for start, end in spans))
    letters = list(text)
    for start, end in spans:
        letters[start:end] = [" "] * (end - start)
    return " ".join("".join(letters).split()), words


def _on_a_page_about_exosomes(case: _Case, sense: Sense) -> Iterator[str]:
    title = Block(len(case.page.blocks), "meta", "title", "Exosome therapy")
    other = _Case(replace(case.page, blocks=(*case.page.blocks, title)), case.source, case.knowledge)
    after = _in_short(other, other.reading, sense, sense.text)
    if after != _NONE:
        yield f"  on a page with the title “{title.text}”: {after}"


def _with_text(page: Page, sense: Sense, text: str) -> Page:
    own, start = sense.block, sense.start
    changed = own.text[:start] + text + own.text[start + len(sense.text) :]
    blocks = [replace(own, text=changed) if block is own else block for block in page.blocks]
    return replace(page, blocks=tuple(blocks))


def _in_short(case: _Case, reading: Reading, sense: Sense, text: str) -> str:
    claim = next((one for one in reading.claims if _is_at(one, sense, text)), None)
    if claim is None:
        return _NONE
    judged = assess_alone(claim, case.source, reading, case.knowledge, datetime.now(UTC))
    status = f", {claim.status}" if claim.status else ""
    return f"{', '.join(claim.kinds)}, {claim.stance}{status}, {_flagged(judged.severity)}"


def _claim_at(reading: Reading, sense: Sense) -> Claim | None:
    return next((claim for claim in reading.claims if _is_at(claim, sense, sense.text)), None)


def _is_at(claim: Claim, sense: Sense, text: str) -> bool:
    return claim.quote.block_index == sense.block.index and claim.quote.text == text


def _flagged(severity: str | None) -> str:
    return f"flagged {severity}" if severity else "not flagged"
