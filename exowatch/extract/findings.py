"""Page + source + knowledge → findings. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from exowatch.extract.attitude import attitude_of, warns
from exowatch.extract.claims import claim_in
from exowatch.extract.features import features_of
from exowatch.extract.letters import letter_in
from exowatch.extract.marks import keys_of, page_marks
from exowatch.extract.own import Own
from exowatch.extract.sense import BIT, Sense, senses_of
from exowatch.extract.standing import FAVOURABLE
from exowatch.extract.statements import statements_in
from exowatch.extract.studies import study_from_page
from exowatch.extract.weigh import Weighed, weigh, weigh_claims
from exowatch.knowledge.load import Knowledge
from exowatch.knowledge.schema import PROMISING
from exowatch.model.findings import Claim, Quote, Statement, Study
from exowatch.model.keys import ANSWER, wording_key
from exowatch.model.letters import Letter
from exowatch.model.pages import Attitude, Block, Features, Page
from exowatch.model.readings import Issue, PageKind
from exowatch.model.sources import Source

_REFERENCES = re.compile(
    r"^(references|bibliography|literature|further reading|how to cite|for citation|список литературы|література|"
    r"для цитирования|referencias|références|literatur|bibliografia|参考文献|참고문헌)\b",
    re.IGNORECASE,
)
_NO = re.compile(r"^(no|nein|non|нет)\b", re.I)
#: How much a sentence must weigh on a page that is about other things or under another treatment's heading, one in
#: which no rule finds a word, and any on a page that never names exosomes.
_ELSEWHERE, _SILENT, _NEVER = 0.6, 0.8, 2.0
#: On a page that may speak of them in other words; and how many of its sentences may name another treatment.
_UNNAMED, _OTHERS = 0.5, 0.1
#: How likely a seller's page is about other things when only its sentences that name exosomes can be claims. At 0.3 two
#: in five wrong claims of such pages fall away, and one in 250 of the right ones (unseen weights, 2026-11-26).
_OTHER_THINGS = 0.3
#: How little suffices where exosomes are named with one of these: what they do to a condition, certain success or
#: safety, or an agency with a status.
_PLAIN = 0.05
#: Less still on a seller's page about exosomes, where it costs no precision (unseen weights, 2026-11-26).
_PLAINEST = 0.02
#: Without any of these words a sentence must weigh as much as one elsewhere.
TELLING = sum(BIT[role] for role in (*PROMISING, "agency", "disclosure", "critical"))
#: Blocks of a page that is a few lines long.
_FEW_LINES = 4
PLAIN = (
    BIT["effect"] | BIT["condition"],
    BIT["effect"] | BIT["guarantee"],
    BIT["absolute-safety"],
    BIT["status"] | BIT["agency"],
)
SUBJECT, OTHER, STATUS, LOGISTICS = BIT["subject"], BIT["other"], BIT["status"], BIT["logistics"]
_HOSPITALITY = BIT["hospitality"]
#: "I booked again before I left."
_SMALL_TALK = BIT["voice"] | BIT["logistics"]
_OF_CELLS = BIT["mechanism"] | BIT["source"]
_SAFE = BIT["safety"] | BIT["absolute-safety"]
_PROMISED_OR_NAMED = sum(BIT[role] for role in PROMISING)
_PROMISED = _PROMISED_OR_NAMED & ~BIT["condition"]
#: Letters of a heading that only names; of those that stand alone over a text and are read as claims 41 of 48 were
#: none, of longer ones 6 of 22 (unseen weights, 2026-11-27).
_SHORT_TITLE, _SHORT_NAME = 40, 25
_OF_LAW_OR_ILLNESS = BIT["status"] | BIT["agency"] | BIT["condition"]


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything read out of one page."""

    kind: PageKind
    attitude: Attitude
    attitude_why: str
    features: Features = field(default_factory=Features)
    claims: tuple[Claim, ...] = ()
    statements: tuple[Statement, ...] = ()
    studies: tuple[Study, ...] = ()
    letters: tuple[Letter, ...] = ()
    issues: tuple[Issue, ...] = ()


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


def findings(page: Page, source: Source, knowledge: Knowledge) -> Findings:
    """What the page says."""
    kind = kind_of(page, source)
    looked = looked_at(page, kind, knowledge)
    weights = knowledge.weights
    weighed = weigh(looked.senses, looked.keys, looked.page_marks, weights)
    meant = _meant(looked, weighed, weights.claim_cut)
    asked = sorted(set(meant.values()))
    read = weigh_claims(asked, looked.senses, looked.keys, looked.page_marks, weighed.letters, weights)
    chances = dict(zip(asked, read, strict=True))
    accused = kind == "clinic"
    warning = warns(looked.senses, weighed, accused=accused)
    promoting = accused and not warning
    claims: list[Claim] = []
    statements: list[Statement] = []
    for place, sense in enumerate(looked.senses):
        language = sense.block.language or page.language
        if place in meant:
            whose = meant[place]
            claim = claim_in(
                looked.senses[whose],
                language,
                chances[whose],
                chance=max(weighed.claims[whose], weighed.claims[place]),
                promoting=promoting,
                answered=whose != place,
            )
            claims.append(claim if whose == place else _answering(claim, sense, looked.senses[whose]))
        if sense.mask & STATUS:
            statements += statements_in(sense, language, looked.is_about(place))
    attitude, why = attitude_of(looked.senses, claims, weighed, warning=warning, about=looked.about and accused)
    study = study_from_page(page, knowledge.studies) if kind == "journal" else None
    letter = letter_in(page) if kind == "regulator" else None
    return Findings(
        kind=kind,
        attitude=attitude,
        attitude_why=why,
        features=features_of(
            looked.senses,
            _required(source, knowledge),
            offering=kind not in ("journal", "regulator"),
            promoting=promoting,
            unapproved={one.quote.text for one in claims if one.status == "not_approved"}
            | {one.quote.text for one in statements if one.status == "not_approved"},
            own=Own(source, page),
        ),
        claims=tuple(claims),
        statements=tuple(statements),
        studies=(study,) if study else (),
        letters=(letter,) if letter else (),
    )


def _required(source: Source, knowledge: Knowledge) -> dict[str, tuple[str, ...]]:
    """Rule → key phrases of the sentences that a seller's pages have to carry where it sits or whom it addresses."""
    if source.kind in ("journal", "regulator", "register"):
        return {}
    return {
        rule.id: tuple(phrase for phrases in (rule.requires or {}).values() for phrase in phrases)
        for rule in knowledge.law.required
        if rule.jurisdiction in source.jurisdictions
    }


def _readable(page: Page) -> Iterator[Block]:
    for block in page.blocks:
        if block.zone in ("nav", "notice") or any(_REFERENCES.match(h.strip()) for h in block.heading_path):
            continue
        yield block


def kind_of(page: Page, source: Source) -> PageKind:
    """What kind of page it is: what the watchlist says of its source, or a journal's own marks."""
    if source.kind == "journal" or "citation_title" in page.meta:
        return "journal"
    if source.kind in ("regulator", "register"):
        return "regulator"
    return "clinic" if source.kind in ("clinic", "supplier", "marketplace", "directory") else "other"


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
    if only_names(looked.senses, place):
        return _NEVER
    if looked.accused and elsewhere >= _OTHER_THINGS and not sense.mask & SUBJECT:
        return _NEVER
    if sense.mask & SUBJECT and not sense.question and any(sense.mask & roles == roles for roles in PLAIN):
        return min(cut, _PLAINEST if looked.accused and looked.is_about(place) and elsewhere < 0.2 else _PLAIN)
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
    return bool(sense.mask & OTHER and not sense.mask & (SUBJECT | _PROMISED_OR_NAMED))


def _beside(senses: Sequence[Sense], place: int, step: int) -> bool:
    """The next block on this side is a heading of the same rank, or a question."""
    own, place = senses[place].block, place + step
    while 0 <= place < len(senses) and senses[place].block.index == own.index:
        place += step
    if not 0 <= place < len(senses):
        return False
    other = senses[place].block
    return other.kind == "question" or (other.kind == "heading" and other.level == own.level)


def _meant(looked: Looked, weighed: Weighed, cut: float) -> dict[int, int]:
    """Sentences that are claims → the sentence that says what is claimed: itself, or the question that it answers."""
    chances = weighed.claims
    questions: dict[int, int] = {}
    meant: dict[int, int] = {}
    for place, sense in enumerate(looked.senses):
        block = sense.block
        if block.kind == "question":
            questions.setdefault(block.index, place)
        asked = questions.get(block.question_index) if block.question_index is not None else None
        if (
            asked is not None
            and ANSWER.match(sense.text.strip())
            and _says_what_is_asked(looked, chances, place, asked, cut)
        ):
            meant[place] = asked
        elif chances[place] >= _PLAINEST and chances[place] >= needed(looked, place, cut, weighed.elsewhere):
            meant[place] = place
    return {place: whose for place, whose in meant.items() if not _said_in_full(looked.senses, meant, place)}


def _says_what_is_asked(looked: Looked, chances: Sequence[float], place: int, asked: int, cut: float) -> bool:
    """The question weighs as a claim, or the bare answer does and the question names a promise: "Is it safe? Yes." """
    named = looked.senses[asked].mask & _PROMISED_OR_NAMED
    return chances[asked] >= cut / 2 or (chances[place] >= cut and bool(named))


def _said_in_full(senses: Sequence[Sense], meant: Mapping[int, int], place: int) -> bool:
    """ "Yes." before a sentence of the same answer that claims what was asked: the sentence is the claim."""
    asked, own = senses[meant[place]], senses[place]
    if meant[place] == place or _NO.match(own.text.strip()):
        return False
    wanted = _SAFE if asked.mask & _SAFE else asked.mask & _PROMISED_OR_NAMED
    for later in range(place + 1, len(senses)):
        if senses[later].block.question_index != own.block.question_index:
            return False
        if meant.get(later) == later and senses[later].mask & wanted:
            return True
    return False


def _answering(meant: Claim, sense: Sense, asked: Sense) -> Claim:
    """ "Yes, absolutely." takes the meaning of the question before it."""
    block = sense.block
    denies = bool(_NO.match(sense.text.strip()))
    return replace(
        meant,
        quote=Quote(block.index, sense.start, sense.start + len(sense.text), sense.text),
        key=wording_key(f"{asked.text} {sense.text}"),
        stance="negated" if denies else "asserted",
        status="not_approved" if denies and meant.status in FAVOURABLE else meant.status,
        zone="hidden" if block.hidden and block.zone == "body" else block.zone,
        locator=block.locator,
        context=f"{asked.text} {block.text}",
        heading_path=block.heading_path,
    )
