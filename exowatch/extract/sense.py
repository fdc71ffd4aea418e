"""One sentence understood: what was found in it, and how negation, doubt and other people's words change it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import get_args

from exowatch.extract.fold import fold
from exowatch.extract.match import Hit, Matcher
from exowatch.extract.sentences import sentences
from exowatch.knowledge.load import Knowledge
from exowatch.knowledge.schema import Role
from exowatch.model.findings import Cue
from exowatch.model.pages import Block

#: Where a clause ends for negation and doubt.
_BREAK = re.compile(
    r"[;:—–]|,\syet\s|,?\s(?:but|however|although|though|whereas|while|except|aber|jedoch|sondern|pero|aunque|cependant|"
    # "não mais" and "nie ma" are denials, and "not yet" is no end of a clause
    r"(?<!não )(?<! é )(?<!está )(?<!são )mais|(?<!nie )ma|però|tuttavia|ale|jednak|mas|porém|"
    r"но|однако|хотя|але|проте|однак|ali|međutim|али|ama|fakat|ancak)\s|"
    r"しかし|ただし|하지만|그러나|지만|但是|但|然而|لكن",
    re.IGNORECASE,
)
_ASKING = ("?", "？", "؟", "\u037e", "ますか。", "ですか。", "でしょうか。", "습니까.", "합니까.", "됩니까.", "입니까.")
_GREEK = re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]")
#: Languages whose verb stands last: what denies stands behind what it denies.
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
#: A sentence longer than this is read in pieces, cut where a word ends: no rule may take long over one.
LONGEST = 1500
_NUMBER = re.compile(r"(?P<sign>[.:º°]\s?)?\s?(?:[A-Z]{1,8}[-/ ]?)?\d")
_NUMBERED = re.compile(
    r"(?:licen[cs]e|regist\w+|reg|certificat\w*|approval|permit|authori[sz]ation|notification|patent|lot|batch|reference|"
    r"ref|file|document|company|ruhsat|belge|kayıt|izin|sicil|registro|autorización|licencia|licenza|autorizzazione)[.\s]*$",
    re.IGNORECASE,
)
_GAP = re.compile(r"[,;|/、，；]?\s|[、，；]")
#: One bit a role: a sentence's roles are one number, and most questions are answered by looking at it alone.
BIT: dict[str, int] = {role: 1 << place for place, role in enumerate(get_args(Role))}
#: Words that deny a status and nothing else, wherever they stand in its clause: it is awaited, or only supposed.
_OF_STATUS = "approval-not-held"
#: What may be denied; a clause that says "are not" of none of these denies what the clause before it says.
_DENIABLE = sum(
    BIT[role] for role in ("effect", "outcome", "use", "superiority", "mechanism", "status", "safety", "condition")
)
_STANDING = BIT["status"] | BIT["agency"]
NO_HITS: tuple[Hit, ...] = ()
NO_LIST: list[Hit] = []


class Sense:
    """A sentence with what was found in it. Offsets of hits are those of ``text``."""

    __slots__ = (
        "_bare",
        "_best",
        "_breaks",
        "_by_role",
        "_denials",
        "block",
        "found",
        "mask",
        "plain",
        "start",
        "text",
        "twice",
    )

    def __init__(
        self,
        block: Block,
        start: int,
        text: str,
        found: Sequence[Hit],
        mask: int = 0,
        twice: int = 0,
        plain: str | None = None,
    ) -> None:
        self.block, self.start, self.text, self.found, self.mask, self.twice = block, start, text, found, mask, twice
        self.plain = fold(text).text if plain is None else plain
        self._best: list[Hit] | None = None
        self._breaks: list[tuple[int, int]] | None = None
        self._denials: list[Hit] | None = None
        self._bare: Hit | None = None
        self._by_role: dict[str, list[Hit]] | None = None

    @property
    def hits(self) -> list[Hit]:
        """What was found, in order; where terms of one role lie in one another, the longest."""
        if self._best is None:
            self._best = _longest(self.found)
        return self._best

    @property
    def question(self) -> bool:
        """It ends in a question mark, the Greek one too, or in what asks in Japanese and Korean without one."""
        end = self.text.rstrip("\"'”’»」) ")
        return end.endswith(_ASKING) or (end.endswith(";") and bool(_GREEK.search(end)))

    def has(self, *roles: str) -> bool:
        """Any hit has one of these roles."""
        if len(roles) == 1:
            return bool(self.mask & BIT[roles[0]])
        return any([self.mask & BIT[role] for role in roles])

    def of(self, *roles: str) -> list[Hit]:
        """Hits of these roles, those of the first role first."""
        if len(roles) == 1 and not self.mask & BIT[roles[0]]:
            return NO_LIST
        if self._by_role is None:
            self._by_role = {}
            for hit in self.hits:
                self._by_role.setdefault(hit[0].role, []).append(hit)
        if len(roles) == 1:
            return self._by_role.get(roles[0], NO_LIST)
        return [hit for role in roles for hit in self._by_role.get(role, ())]

    def clause(self, hit: Hit) -> tuple[int, int]:
        """The clause that a hit stands in."""
        if self._breaks is None:
            self._breaks = [match.span() for match in _BREAK.finditer(self.text)]
        start, end = 0, len(self.text)
        for first, last in self._breaks:
            if last <= hit.start:
                start = last
            elif first >= hit.end:
                return start, first
        return start, end

    def denied(self, hit: Hit) -> Hit | None:
        """The negation that reaches this hit within its clause, where nothing shows that it only looks like one."""
        if not self.has("negation"):
            return None
        start, end = self.clause(hit)
        spaceless = bool(_CJK.search(self.text))
        if self._denials is None:
            pseudo = self.of("pseudo")
            self._denials = [cue for cue in self.of("negation") if not any(_within(cue, p) for p in pseudo)]
            self._bare = next((cue for cue in reversed(self._denials) if self._stands_for(cue)), None)
        if self._bare is not None and self._bare.start >= end:
            return self._bare
        for cue in self._denials:
            if cue.start < start or cue.end > end:
                continue
            if cue.rule.id == _OF_STATUS:
                if hit.rule.role == "status":
                    return cue
                continue
            inside = hit.start <= cue.start and cue.end <= hit.end
            if spaceless or inside or cue.end <= hit.start or cue.start - hit.end < 25:
                return cue
        return None

    def _stands_for(self, cue: Hit) -> bool:
        """The denial ends its clause and denies nothing there: "…; exosomes are not." """
        start, end = self.clause(cue)
        if self.text[cue.end : end].strip(" .!)\"'”’»"):
            return False
        within = [hit for hit in self.hits if start <= hit.start and hit.end <= end]
        named = any(hit.rule.role == "subject" for hit in within)
        return named and not any(BIT[hit.rule.role] & _DENIABLE for hit in within)

    def hedged(self, hit: Hit) -> Hit | None:
        """The doubt that stands in the hit's clause."""
        if not self.has("hedge"):
            return None
        start, end = self.clause(hit)
        return next((cue for cue in self.of("hedge") if cue.start >= start and cue.end <= end), None)

    def cue(self, hit: Hit) -> Cue:
        """The hit as the explanation shows it."""
        return Cue(hit.rule.id, self.text[hit.start : hit.end], hit.rule.role)


def _within(inner: Hit, outer: Hit) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _longest(found: Sequence[Hit]) -> list[Hit]:
    kept: list[Hit] = []
    reached: dict[str, int] = {}
    for hit in dict.fromkeys(found):
        rule, start, end = hit
        # hits come by where they start: only where one of its role reaches as far can one lie in another
        if reached.get(rule.role, -1) < end or not any(
            [k[0].role == rule.role and k[2] >= end and (k[1], k[2]) != (start, end) for k in kept[-12:]]
        ):
            kept.append(hit)
            if reached.get(rule.role, -1) < end:
                reached[rule.role] = end
    return kept


#: Languages whose pages are read with each other's words: spoken alike, told apart badly, or written both ways.
_NEAR = (
    frozenset(("sr", "hr", "bs", "sl", "mk")),
    frozenset(("ru", "uk", "be", "bg")),
    frozenset(("nb", "no", "da", "sv")),
)
#: Read on every page: product names, study words and buttons are English everywhere.
_EVERYWHERE = "en"
_MATCHERS: dict[tuple[str, frozenset[str] | None], Matcher] = {}


def matcher_for(knowledge: Knowledge, languages: Collection[str | None] = ()) -> Matcher:
    """One matcher a set of rules and languages: building it costs more than many pages.

    Small words of one language are something else in another (``non``, ``me``, ``ma``), so a page is read with the
    words of its own. A language without vocabulary, or none known: with all words.
    """
    spoken = _spoken_on(knowledge, languages)
    name = (knowledge.reading_digest, spoken)
    made = _MATCHERS.get(name)
    if made is None:
        made = _MATCHERS[name] = Matcher(knowledge.rules, spoken)
    return made


def _spoken_on(knowledge: Knowledge, languages: Collection[str | None]) -> frozenset[str] | None:
    plain = {language.split("-")[0].lower() if language else None for language in languages}
    if not plain or len(plain) > 3 or not plain <= knowledge.languages:
        return None
    near = {one for group in _NEAR if not group.isdisjoint(plain) for one in group}
    return frozenset({*(one for one in plain if one), *near, _EVERYWHERE})


def sense_of(block: Block, text: str, knowledge: Knowledge) -> Sense:
    """Everything that the rules find in one sentence alone."""
    hits = matcher_for(knowledge).hits(text)
    told = [hit for hit in hits if not (hit.rule.role == "negation" and _numbers(text, hit.start, hit.end))]
    found, mask, twice = _counted(told)
    return Sense(block, 0, text, found, mask, twice)


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """The sentences of a text, long ones in pieces."""
    for start, end in sentences(text):
        while end - start > LONGEST:
            gap = _last(_GAP.finditer(text, start + LONGEST * 3 // 4, start + LONGEST))
            yield start, gap.start() if gap else start + LONGEST
            start = gap.end() if gap else start + LONGEST
        if text[start:end].strip():
            yield start, end


def _last(found: Iterator[re.Match[str]]) -> re.Match[str] | None:
    last = None
    for last in found:  # noqa: B007 - the last one is wanted
        pass
    return last


def _numbers(text: str, start: int, end: int) -> bool:
    """A "no" that stands for number and denies nothing: "licence no. 123", "Ruhsat No: 5"."""
    if text[start:end].lower() != "no":
        return False
    behind = _NUMBER.match(text, end)
    return bool(behind and (behind["sign"] or _NUMBERED.search(text, max(0, start - 40), start)))


def _counted(hits: list[Hit]) -> tuple[tuple[Hit, ...], int, int]:
    """The hits, the roles among them, and those that stand twice; words that deny a status, beside one only."""
    mask = twice = 0
    for rule, _, _ in hits:
        bit = BIT[rule.role]
        twice |= mask & bit
        mask |= bit
    if mask & BIT["negation"] and not mask & _STANDING and any(hit[0].id == _OF_STATUS for hit in hits):
        return _counted([hit for hit in hits if hit[0].id != _OF_STATUS])
    return tuple(hits), mask, twice


def senses_of(blocks: Sequence[Block], knowledge: Knowledge, language: str | None = None) -> Iterator[Sense]:
    """Every sentence of the blocks, in order, with what the rules find in it: one pass over the joined text.

    ``language``: of the page, where a block does not tell its own.
    """
    text = "\n".join([block.text.replace("\n", " ") for block in blocks])
    folded = fold(text)
    spoken = {block.language or language for block in blocks}
    places, plain = matcher_for(knowledge, spoken).places_in(folded), folded.text
    # a last place beyond every sentence: the loop need not ask whether there is another
    waiting = iter([*places, (len(text) + 1, 0, None)])
    first, last, rule = next(waiting)
    base, number, length = 0, 0, len(blocks[0].text) if blocks else 0
    for start, stop in _pieces(text):
        while start > base + length:
            base += length + 1
            number += 1
            length = len(blocks[number].text)
        while first < start:
            first, last, rule = next(waiting)
        found, mask, twice = NO_HITS, 0, 0
        if first < stop:
            hits = []
            while first < stop:
                if last <= stop and rule is not None and not (rule.role == "negation" and _numbers(text, first, last)):
                    hits.append(Hit(rule, first - start, last - start))
                first, last, rule = next(waiting)
            found, mask, twice = _counted(hits)
        own = f" {plain[folded.place_of(start) : folded.place_of(stop)]} "
        yield Sense(blocks[number], start - base, text[start:stop], found, mask, twice, own)
