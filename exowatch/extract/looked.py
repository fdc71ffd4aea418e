"""A page's sentences with all that is known before any of them is read as a claim, and how much each would need."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from exowatch.extract.marks import keys_of, page_marks
from exowatch.extract.sense import BIT, Sense, senses_of
from exowatch.knowledge.load import Knowledge
from exowatch.knowledge.schema import PLAIN, PROMISING
from exowatch.model.pages import Block, Page
from exowatch.model.readings import PageKind

_REFERENCES = re.compile(
    r"^(references|bibliography|literature|further reading|how to cite|for citation|список литературы|література|"
    r"для цитирования|referencias|références|literatur|bibliografia|参考文献|참고문헌)\b",
    re.IGNORECASE,
)
#: How much a sentence must weigh on a page that is about other things or under another treatment's heading, one in
#: which no rule finds a word, and any on a page that never names exosomes.
_ELSEWHERE, _SILENT, _NEVER = 0.6, 0.8, 2.0
#: On a page that may speak of them in other words; and how many of its sentences may name another treatment.
_UNNAMED, _OTHERS = 0.5, 0.1
#: How likely a seller's page is about other things when only its sentences that name exosomes can be claims. At 0.3 two
#: in five wrong claims of such pages fall away, and one in 250 of the right ones (unseen weights, 2026-11-26).
_OTHER_THINGS = 0.3
#: How little suffices where a claim is plainly said.
_PLAIN = 0.05
#: Less still on a seller's page about exosomes, where it costs no precision (unseen weights, 2026-11-26).
PLAINEST = 0.02
#: Without any of these words a sentence must weigh as much as one elsewhere.
TELLING = sum(BIT[role] for role in (*PROMISING, "agency", "disclosure", "critical"))
#: Blocks of a page that is a few lines long.
_FEW_LINES = 4
_PLAINLY = tuple(sum(BIT[role] for role in roles) for roles in PLAIN)
SUBJECT, OTHER, STATUS, LOGISTICS = BIT["subject"], BIT["other"], BIT["status"], BIT["logistics"]
_HOSPITALITY = BIT["hospitality"]
#: "I booked again before I left."
_SMALL_TALK = BIT["voice"] | BIT["logistics"]
_OF_CELLS = BIT["mechanism"] | BIT["source"]
PROMISED_OR_NAMED = sum(BIT[role] for role in PROMISING)
_PROMISED = PROMISED_OR_NAMED & ~BIT["condition"]
#: Letters of a heading that only names; of those that stand alone over a text and are read as claims 41 of 48 were
#: none, of longer ones 6 of 22 (unseen weights, 2026-11-27).
_SHORT_TITLE, _SHORT_NAME = 40, 25
#: Letters of a word that stands alone and in which no rule finds anything. Of 674 labelled units of one a handful claim
#: something ("Radiate."); the others are names, numbers and buttons. Bare answers are read with their question.
_SHORT_WORD = 12
_OF_LAW_OR_ILLNESS = BIT["status"] | BIT["agency"] | BIT["condition"]


@dataclass(frozen=True, slots=True)
class Looked:
    """A page's sentences with all that is known before any of them is read as a claim."""

    senses: list[Sense]
    keys: list[list[int]]
    """What is there to be seen of each sentence (``exowatch.extract.marks``)."""
    page_marks: list[int]
    about: bool
    """The page is about exosomes."""
    elsewhere: frozenset[str]
    """Headings that are about another treatment."""

    named: bool
    """The page names exosomes somewhere."""

    accused: bool
    """It is read as a seller's page."""

    kin: bool
    """It may speak of them in other words where it never names them."""

    def is_about(self, place: int) -> bool:
        """The sentence stands on a page about exosomes, and not under another treatment's heading."""
        path = self.senses[place].block.heading_path
        return self.about and (path[-1] if path else "") not in self.elsewhere


def looked_at(page: Page, kind: PageKind, knowledge: Knowledge) -> Looked:
    """The readable sentences of a page, with their marks."""
    senses = list(senses_of(list(_readable(page)), knowledge, page.language))
    about, elsewhere = _page_about(senses), _other_headings(senses)
    named = any(sense.mask & SUBJECT for sense in senses)
    kin = named or kind in ("journal", "regulator") or _speaks_of_cells(senses)
    return Looked(
        senses=senses,
        keys=keys_of(senses, about, elsewhere, kind),
        page_marks=page_marks(senses),
        about=about,
        elsewhere=elsewhere,
        named=named,
        accused=kind == "clinic",
        kin=kin,
    )


def _readable(page: Page) -> Iterator[Block]:
    for block in page.blocks:
        if block.zone in ("nav", "notice") or any(_REFERENCES.match(h.strip()) for h in block.heading_path):
            continue
        yield block


def _page_about(senses: Sequence[Sense]) -> bool:
    """The page is about exosomes: its title or main heading says so, or its text does so often."""
    body, named = set[int](), set[int]()
    for sense in senses:
        block = sense.block
        says = sense.mask & SUBJECT
        if says and (block.zone == "title" or (block.kind == "heading" and block.level <= 1)):
            return True
        if block.zone != "footer":
            body.add(block.index)
            if says:
                named.add(block.index)
    # a page of a few lines is about what it names once
    enough = len(named) >= 2 or (named and len(body) <= _FEW_LINES)
    return bool(enough) and len(named) >= len(body) * 0.06


def _speaks_of_cells(senses: Sequence[Sense]) -> bool:
    """The page tells where something comes from or how it works on cells, and hardly names another treatment.

    "These vesicles …", "derived from …": part of an article or of an interview whose name for them stood elsewhere.
    """
    others = sum(1 for sense in senses if sense.mask & OTHER)
    return others <= len(senses) * _OTHERS and any(sense.mask & _OF_CELLS for sense in senses)


def _other_headings(senses: Sequence[Sense]) -> frozenset[str]:
    """Headings that are about another treatment."""
    return frozenset(
        sense.block.text
        for sense in senses
        if sense.block.kind in ("heading", "question") and sense.mask & OTHER and not sense.mask & SUBJECT
    )


def needed(looked: Looked, place: int, cut: float, elsewhere: float) -> float:
    """How much a sentence must weigh to be read as a claim where it stands.

    ``elsewhere``: how likely the page is about other things.
    """
    sense = looked.senses[place]
    if only_names(looked.senses, place) or _button(sense) or not any(map(str.isalpha, sense.text)):
        return _NEVER
    if looked.accused and elsewhere >= _OTHER_THINGS and not sense.mask & SUBJECT:
        return _NEVER
    if plainly_said(sense):
        return min(cut, PLAINEST if looked.accused and looked.is_about(place) and elsewhere < 0.2 else _PLAIN)
    if sense.mask & SUBJECT:
        return cut
    # rooms, hours and the way there: "stops" is what the tram does, and "I would come again" is praise of the staff
    hospitable = sense.mask & _HOSPITALITY and not sense.mask & _OF_LAW_OR_ILLNESS
    if hospitable and looked.accused:
        return _SILENT
    visiting = hospitable or (sense.twice & LOGISTICS and not sense.mask & _OF_LAW_OR_ILLNESS)
    if looked.is_about(place) and sense.mask & TELLING and not visiting:
        return cut
    if not looked.named:
        return _UNNAMED if looked.kin else _NEVER
    small_talk = sense.mask & _SMALL_TALK and not sense.mask & (TELLING | STATUS)
    return _SILENT if not sense.mask or (small_talk and looked.accused) else _ELSEWHERE


def plainly_said(sense: Sense) -> bool:
    """It names exosomes with roles that together say a claim plainly (``PLAIN``)."""
    return bool(sense.mask & SUBJECT) and not sense.question and any(sense.mask & roles == roles for roles in _PLAINLY)


def _button(sense: Sense) -> bool:
    """One short word in which no rule finds anything: "More"."""
    word = sense.text.strip()
    return not sense.mask and len(word) < _SHORT_WORD and word.isascii() and " " not in word


def only_names(senses: Sequence[Sense], place: int) -> bool:
    """It names what stands beside it, and claims nothing: a title, or another treatment in a list of prices."""
    return _is_title(senses, place) or _names_another(senses[place])


def _is_title(senses: Sequence[Sense], place: int) -> bool:
    """A short heading that stands alone over a text and promises nothing: "Knees" names what the text is about.

    One of several in a row is an entry of a list, and may be the claim that it helps with what it names.
    """
    sense, block = senses[place], senses[place].block
    if block.kind != "heading" or sense.question or sense.mask & _PROMISED or len(block.text) >= _SHORT_TITLE:
        return False
    return not (_beside(senses, place, -1) or _beside(senses, place, 1)) and place + 1 < len(senses)


def _names_another(sense: Sense) -> bool:
    """A cell of a few letters that name another treatment, as in a list of prices, and say nothing of it."""
    if sense.block.kind != "cell" or len(sense.text) >= _SHORT_NAME:
        return False
    return bool(sense.mask & OTHER and not sense.mask & (SUBJECT | PROMISED_OR_NAMED))


def _beside(senses: Sequence[Sense], place: int, step: int) -> bool:
    """The next block on this side is a heading of the same rank, or a question."""
    own, place = senses[place].block, place + step
    while 0 <= place < len(senses) and senses[place].block.index == own.index:
        place += step
    if not 0 <= place < len(senses):
        return False
    other = senses[place].block
    return other.kind == "question" or (other.kind == "heading" and other.level == own.level)
