"""What the weighing looks at: a sentence, and all that stands around it, as numbered marks that are there or not.

Marks are made of roles (knowledge) and of places (page), never of languages: what was learned from one language holds
for all whose vocabulary names the same roles.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import NamedTuple, get_args

from exowatch.extract.sense import BIT, Sense
from exowatch.knowledge.schema import Role

ROLES: tuple[str, ...] = get_args(Role)
_R = len(ROLES)
_BLOCKS = ("heading", "paragraph", "list-item", "cell", "question", "answer", "caption", "button", "meta")
_TOPICS = ("named", "just-named", "named-before", "long-ago", "never", "other-named", "other-since")
_FACTS = (
    "about",
    "about, not named",
    "not about, not named",
    "other heading",
    "question",
    "answers a question",
    "short",
    "middle",
    "long",
    "very long",
    "ends as a sentence",
    "number",
    "quoted",
    "exclamation",
    "colon",
    "first tenth",
    "last fifth",
    "no mark",
    "footer",
    "hidden",
    "percent",
    "journal",
    "regulator",
    "effect denied",
    "safety denied",
    "status denied",
    "mechanism denied",
    "hedged",
    "hedged elsewhere",
    "attributed first",
    "attributed",
    "denial that is none",
    "medical condition",
    "serious condition",
    "status approved",
    "status cleared",
    "status registered",
    "status compliant",
    "status trial",
    "status warning",
    "status banned",
    "status other",
)
_DENSITIES = (0.0, 0.05, 0.15, 0.3)
_ROLE_SETS = ("own", "twice", "heading", "asked", "before", "after")
#: Pairs are told of the roles that make a promise or unmake it.
PAIRED: tuple[str, ...] = tuple(role for role in ROLES if role not in ("pictures", "disclaimer", "agency"))


class Layout(NamedTuple):
    """Where each family of marks begins; ``total`` marks in all."""

    sets: int
    densities: int
    pairs: int
    blocks: int
    topics: int
    facts: int
    total: int


def _layout() -> Layout:
    sets = 0
    densities = sets + len(_ROLE_SETS) * _R
    pairs = densities + _R * (len(_DENSITIES) + 1)
    blocks = pairs + _R * _R
    topics = blocks + len(_BLOCKS) * (_R + 1)
    facts = topics + len(_TOPICS) * (_R + 1)
    return Layout(sets, densities, pairs, blocks, topics, facts, facts + len(_FACTS))


LAYOUT = _layout()
_FACT = {name: LAYOUT.facts + place for place, name in enumerate(_FACTS)}
_BLOCK = {name: LAYOUT.blocks + place * (_R + 1) for place, name in enumerate(_BLOCKS)}
_TOPIC = {name: LAYOUT.topics + place * (_R + 1) for place, name in enumerate(_TOPICS)}
_PAIRED = sum(BIT[role] for role in PAIRED)
_SUBJECT, _OTHER = BIT["subject"], BIT["other"]


def name_of(mark: int) -> str:
    """A mark in words, for explanations."""
    if mark >= LAYOUT.facts:
        return _FACTS[mark - LAYOUT.facts]
    for start, names, word in ((LAYOUT.topics, _TOPICS, "exosomes"), (LAYOUT.blocks, _BLOCKS, "in")):
        if mark >= start:
            place, role = divmod(mark - start, _R + 1)
            return f"{word} {names[place]}" + (f" & {ROLES[role - 1]}" if role else "")
    if mark >= LAYOUT.pairs:
        first, second = divmod(mark - LAYOUT.pairs, _R)
        return f"{ROLES[first]} & {ROLES[second]}"
    if mark >= LAYOUT.densities:
        role, step = divmod(mark - LAYOUT.densities, len(_DENSITIES) + 1)
        return f"page: {ROLES[role]} {['none', 'few', 'some', 'many', 'most'][step]}"
    place, role = divmod(mark, _R)
    return ROLES[role] if place == 0 else f"{_ROLE_SETS[place]}: {ROLES[role]}"


_DIGIT = re.compile(r"\d")


@functools.lru_cache(maxsize=50_000)
def _roles_in(mask: int) -> tuple[int, ...]:
    """Places of the roles of a mask; masks repeat, so the answer is kept."""
    return tuple(place for place in range(_R) if mask >> place & 1)


@functools.lru_cache(maxsize=20_000)
def _pairs_in(mask: int) -> tuple[int, ...]:
    """Marks of every two roles of a mask."""
    roles = _roles_in(mask)
    return tuple(LAYOUT.pairs + a * _R + b for i, a in enumerate(roles) for b in roles[i + 1 :])


def page_marks(senses: Sequence[Sense]) -> list[int]:
    """Marks that hold for the whole page: how often each role is met."""
    counts = [0] * _R
    for sense in senses:
        for role in _roles_in(sense.mask):
            counts[role] += 1
    # as if a few sentences more said nothing: one sentence of one is no "most"
    width, total = len(_DENSITIES) + 1, len(senses) + 3
    return [
        LAYOUT.densities + role * width + sum(1 for step in _DENSITIES if count / total > step)
        for role, count in enumerate(counts)
    ]


def marks_of(senses: Sequence[Sense], about: bool, elsewhere: frozenset[str], kind: str) -> list[list[int]]:
    """The marks of each sentence of a page, without those of the page. ``kind``: clinic, journal, regulator, other."""
    headings = {s.block.text: s.mask for s in senses if s.block.kind in ("heading", "question")}
    asked = {s.block.index: s.mask for s in senses if s.block.kind in ("heading", "question")}
    found: list[list[int]] = []
    named = other = -1_000
    total = len(senses)
    general = [_FACT[kind]] if kind in _FACT else []
    for place, sense in enumerate(senses):
        mask, block = sense.mask, sense.block
        named = place if mask & _SUBJECT else named
        other = place if mask & _OTHER else other
        own = _roles_in(mask)
        heading = block.heading_path[-1] if block.heading_path else ""
        over = headings.get(heading, 0) if block.kind != "heading" else 0
        question = asked.get(block.question_index, 0) if block.question_index is not None else 0
        before = senses[place - 1].mask if place else 0
        after = senses[place + 1].mask if place + 1 < total else 0
        marks = [*own, *general]
        for number, other_mask in enumerate((sense.twice, over, question, before, after), start=1):
            if other_mask:
                start = number * _R
                marks += [start + role for role in _roles_in(other_mask)]
        marks += _pairs_in(mask & _PAIRED)
        for start in (_BLOCK[block.kind], *_topics(place, named, other)):
            marks.append(start)
            marks += [start + 1 + role for role in own]
        marks += _facts(sense, place / total, about, heading in elsewhere)
        found.append(marks)
    return found


def claim_marks(sense: Sense) -> list[int]:
    """What the rules say of denial, doubt, other people's words, diseases and status; for sentences that are claims."""
    said = []
    tiers = {hit.rule.tier for hit in sense.of("condition")} if sense.has("condition") else ()
    said += [f"{tier} condition" for tier in ("medical", "serious") if tier in tiers]
    if sense.has("status"):
        # a word that denies by itself ("unapproved") is marked as a status denied
        names = {hit.rule.name for hit in sense.of("status")}
        said += sorted(f"status {'denied' if name == 'not_approved' else name}" for name in names)
    if sense.has("negation"):
        for name, roles in _DENIABLE:
            if any(sense.denied(hit) for hit in sense.of(*roles)):
                said.append(name)
        if not any(name.endswith("denied") for name in said):
            said.append("denial that is none")
    if sense.has("hedge"):
        told = sense.of("effect", "outcome", "condition", "use", "superiority", "mechanism", "status", "safety")
        said.append("hedged" if any(sense.hedged(hit) for hit in told) else "hedged elsewhere")
    if sense.has("attribution"):
        first = sense.of("attribution")[0].start
        promise = sense.of("effect", "outcome", "use", "superiority", "status", "safety")
        said.append("attributed first" if any(first < hit.start for hit in promise) else "attributed")
    return [_FACT[name] for name in dict.fromkeys(said)]


_DENIABLE = (
    ("effect denied", ("effect", "outcome", "use", "evidence", "condition")),
    ("safety denied", ("safety",)),
    ("status denied", ("status",)),
    ("mechanism denied", ("mechanism", "superiority", "guarantee")),
)


def _topics(place: int, named: int, other: int) -> list[int]:
    ago = place - named
    state = (
        "named"
        if ago == 0
        else "just-named"
        if ago == 1
        else "named-before"
        if ago <= 8
        else "long-ago"
        if named >= 0
        else "never"
    )
    found = [_TOPIC[state]]
    if other == place:
        found.append(_TOPIC["other-named"])
    elif other > named:
        found.append(_TOPIC["other-since"])
    return found


def _facts(sense: Sense, part: float, about: bool, elsewhere: bool) -> list[int]:
    block, text, mask = sense.block, sense.text, sense.mask
    said = [_length(text)]
    if about:
        said.append("about")
    if not mask & _SUBJECT:
        said.append("about, not named" if about else "not about, not named")
    if elsewhere:
        said.append("other heading")
    if block.question_index is not None:
        said.append("answers a question")
    if not mask:
        said.append("no mark")
    if block.zone == "footer":
        said.append("footer")
    if block.hidden:
        said.append("hidden")
    last = text.rstrip("\"'”’»」』)").rstrip()[-1:]
    if last in ".!。！…":
        said.append("ends as a sentence")
    elif last in "?？؟":
        said.append("question")
    elif last in ":：":
        said.append("colon")
    if "!" in text or "！" in text:
        said.append("exclamation")
    if "%" in text or "％" in text:
        said.append("percent")
    if _DIGIT.search(text):
        said.append("number")
    if text[0] in "\"“«„「'":
        said.append("quoted")
    if part < 0.1:
        said.append("first tenth")
    elif part > 0.8:
        said.append("last fifth")
    return [_FACT[name] for name in said]


def _length(text: str) -> str:
    """By letters; a letter of Chinese, Japanese or Korean says as much as three."""
    size = len(text) if text.isascii() else sum(3 if letter > "\u2e80" else 1 for letter in text)
    return "short" if size < 30 else "middle" if size < 80 else "long" if size < 180 else "very long"
