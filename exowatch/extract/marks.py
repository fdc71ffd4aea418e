"""What the weighing looks at: a sentence, and all that stands around it, as numbered marks that are there or not.

Marks are made of roles (knowledge) and of places (page), never of languages: what was learned from one language holds
for all whose vocabulary names the same roles.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
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
#: Families of keys. A key is a mask of roles, or of facts, shifted past the number of its family: pages repeat a few
#: thousand of them, so that what a whole mask weighs is summed once (``exowatch.extract.weigh``).
_FAMILY_BITS = 5
_PAIRS = len(_ROLE_SETS)
_BLOCK = {name: _PAIRS + 1 + place for place, name in enumerate(_BLOCKS)}
_NAMED, _JUST_NAMED, _NAMED_BEFORE, _LONG_AGO, _NEVER, _OTHER_NAMED, _OTHER_SINCE = range(
    _PAIRS + 1 + len(_BLOCKS), _PAIRS + 1 + len(_BLOCKS) + len(_TOPICS)
)
_FACTS_FAMILY = _PAIRS + 1 + len(_BLOCKS) + len(_TOPICS)
assert _FACTS_FAMILY < 1 << _FAMILY_BITS
_BITS = {name: 1 << place for place, name in enumerate(_FACTS)}
_ABOUT = _BITS["about"]
_TIER = {"medical": _BITS["medical condition"], "serious": _BITS["serious condition"]}
_ENDS = dict.fromkeys(".!。！…", _BITS["ends as a sentence"])
_ENDS |= dict.fromkeys("?？؟", _BITS["question"]) | dict.fromkeys(":：", _BITS["colon"])
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


def keys_of(senses: Sequence[Sense], about: bool, elsewhere: frozenset[str], kind: str) -> list[list[int]]:
    """The keys of each sentence, without the marks of the page. ``kind``: clinic, journal, regulator, other."""
    headings = {s.block.text: s.mask for s in senses if s.block.kind in ("heading", "question")}
    asked = {s.block.index: s.mask for s in senses if s.block.kind in ("heading", "question")}
    found: list[list[int]] = []
    named = other = -1_000
    total = len(senses)
    general = _BITS.get(kind, 0) | (_ABOUT if about else 0)
    before = 0
    for place, sense in enumerate(senses):
        mask, block = sense.mask, sense.block
        named = place if mask & _SUBJECT else named
        other = place if mask & _OTHER else other
        path, question_of = block.heading_path, block.question_index
        heading = path[-1] if path else ""
        after = senses[place + 1].mask if place + 1 < total else 0
        shifted = mask << _FAMILY_BITS
        keys = [
            shifted,
            (mask & _PAIRED) << _FAMILY_BITS | _PAIRS,
            shifted | _BLOCK[block.kind],
            shifted | _topic(place - named, named >= 0),
            (general | _facts(sense, place, total, about, heading in elsewhere)) << _FAMILY_BITS | _FACTS_FAMILY,
        ]
        if other == place:
            keys.append(shifted | _OTHER_NAMED)
        elif other > named:
            keys.append(shifted | _OTHER_SINCE)
        over = headings.get(heading, 0) if block.kind != "heading" else 0
        question = asked.get(question_of, 0) if question_of is not None else 0
        for family, around in enumerate((sense.twice, over, question, before, after), start=1):
            if around:
                keys.append(around << _FAMILY_BITS | family)
        found.append(keys)
        before = mask
    return found


def marks_in(keys: Sequence[int]) -> list[int]:
    """The numbered marks that keys stand for."""
    return [mark for key in keys for mark in _unfolded(key)]


def _unfolded(key: int) -> Iterator[int]:
    mask, family = key >> _FAMILY_BITS, key & ((1 << _FAMILY_BITS) - 1)
    roles = [place for place in range(mask.bit_length()) if mask >> place & 1]
    if family < _PAIRS:
        yield from (family * _R + role for role in roles)
    elif family == _PAIRS:
        yield from (LAYOUT.pairs + a * _R + b for i, a in enumerate(roles) for b in roles[i + 1 :])
    elif family == _FACTS_FAMILY:
        yield from (LAYOUT.facts + fact for fact in roles)
    else:
        start = LAYOUT.blocks + (family - _PAIRS - 1) * (_R + 1)  # topics follow blocks without a gap
        yield start
        yield from (start + 1 + role for role in roles)


def claim_key(sense: Sense) -> int:
    """What the rules say of denial, doubt, other people's words, diseases and status; for sentences that are claims."""
    said = 0
    if sense.has("condition"):
        for hit in sense.of("condition"):
            said |= _TIER.get(hit.rule.tier or "", 0)
    if sense.has("status"):
        for hit in sense.of("status"):
            # a word that denies by itself ("unapproved") is marked as a status denied
            said |= _BITS[f"status {'denied' if hit.rule.name == 'not_approved' else hit.rule.name}"]
    if sense.has("negation"):
        denied = 0
        for bit, roles, mask in _DENIABLE:
            if sense.mask & mask and any(sense.denied(hit) for hit in sense.of(*roles)):
                denied |= bit
        said |= denied or _BITS["denial that is none"]
    if sense.has("hedge"):
        said |= _BITS["hedged" if any(sense.hedged(hit) for hit in sense.of(*_DOUBTED)) else "hedged elsewhere"]
    if sense.has("attribution"):
        first = sense.of("attribution")[0].start
        said |= _BITS["attributed first" if any(first < hit.start for hit in sense.of(*_PROMISED)) else "attributed"]
    return said << _FAMILY_BITS | _FACTS_FAMILY


_PROMISED = ("effect", "outcome", "use", "superiority", "status", "safety")
_DOUBTED = ("effect", "outcome", "condition", "use", "superiority", "mechanism", "status", "safety")
_DENIABLE = tuple(
    (_BITS[name], roles, sum(BIT[role] for role in roles))
    for name, roles in (
        ("effect denied", ("effect", "outcome", "use", "evidence", "condition")),
        ("safety denied", ("safety",)),
        ("status denied", ("status",)),
        ("mechanism denied", ("mechanism", "superiority", "guarantee")),
    )
)


def _topic(ago: int, named: bool) -> int:
    """How long ago exosomes were named, in sentences."""
    if ago == 0:
        return _NAMED
    if ago == 1:
        return _JUST_NAMED
    if ago <= 8:
        return _NAMED_BEFORE
    return _LONG_AGO if named else _NEVER


def _facts(sense: Sense, place: int, total: int, about: bool, elsewhere: bool) -> int:
    """Bits of what holds for a sentence where it stands."""
    block, text, mask = sense.block, sense.text, sense.mask
    said = _length(text)
    if not mask & _SUBJECT:
        said |= _BITS["about, not named"] if about else _BITS["not about, not named"]
    if elsewhere:
        said |= _BITS["other heading"]
    if block.question_index is not None:
        said |= _BITS["answers a question"]
    if not mask:
        said |= _BITS["no mark"]
    if block.zone == "footer":
        said |= _BITS["footer"]
    if block.hidden:
        said |= _BITS["hidden"]
    said |= _ENDS.get(text.rstrip("\"'”’»」』)").rstrip()[-1:], 0)
    if "!" in text or "！" in text:
        said |= _BITS["exclamation"]
    if "%" in text or "％" in text:
        said |= _BITS["percent"]
    if _DIGIT.search(text):
        said |= _BITS["number"]
    if text[0] in "\"“«„「'":
        said |= _BITS["quoted"]
    part = place / total
    if part < 0.1:
        said |= _BITS["first tenth"]
    elif part > 0.8:
        said |= _BITS["last fifth"]
    return said


def _length(text: str) -> int:
    """By letters; a letter of Chinese, Japanese or Korean says as much as three."""
    size = len(text) if text.isascii() else sum([3 if letter > "\u2e80" else 1 for letter in text])
    return _BITS["short" if size < 30 else "middle" if size < 80 else "long" if size < 180 else "very long"]
