"""Rows turned into what is printed of them: plain words, marked pieces, addresses. Both forms of a letter use these."""

from __future__ import annotations

from dataclasses import dataclass, replace

from exowatch.digest import wording
from exowatch.digest.marks import Pieces, in_context, word_changes
from exowatch.digest.ranking import PageGroup, Row
from exowatch.digest.safe import Address, address, brief, plain
from exowatch.model.readings import SEVERITIES


@dataclass(frozen=True, slots=True)
class Item:
    """One flag as printed."""

    id: str
    severity: str
    change: str
    subject: str
    context: Pieces
    headings: str
    before: Pieces
    after: Pieces
    """Both empty unless an earlier wording is known."""
    why: str
    reasons: tuple[str, ...]
    verdict: str
    place: str
    first_seen: str
    last_seen: str
    captured: str
    digest: str
    language: str
    considered: tuple[str, ...] = ()
    """Studies that the claim was held against, and why each does not reach."""
    positions: tuple[str, ...] = ()
    """What regulators hold of it."""
    also: str = ""
    """Other sites with the same words."""
    review: str = ""
    """What a person decided of an earlier wording."""
    certainty: str = ""
    """How sure the reading is; empty where it was not weighed."""
    in_brief: bool = False
    """True: only the claim and its verdict are printed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One page of one trader with its gravest flags."""

    trader: str
    source: str
    title: str
    address: Address
    items: tuple[Item, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Move:
    """One change, absence, statement or study as printed: a heading line, pieces, and words beside them."""

    label: str
    source: str
    address: Address
    before: Pieces
    after: Pieces
    words: str
    at: str
    language: str = ""


def entry(group: PageGroup) -> Entry:
    """A page's flags as printed."""
    items = tuple(item(row) for row in group.shown)
    return Entry(
        brief(group.trader, 120),
        brief(group.source, 80),
        brief(group.title),
        address(group.url),
        items,
        group.more,
    )


def item(row: Row) -> Item:
    """A flag as printed."""
    before, after = _wordings(row)
    return Item(
        id=brief(row.get("id"), 60),
        severity=_severity(row),
        change=_change(row.get("change")),
        subject=brief(wording.subject_words(row), 300),
        context=in_context(wording.paragraph(row), row.get("quote"), wording.telling(row)),
        headings=brief(wording.heading_path(row), 240),
        before=before,
        after=after,
        why=brief(row.get("why"), 400),
        reasons=tuple(brief(reason, 800) for reason in (*wording.reasons(row), *wording.law_words(row))),
        verdict=brief(wording.verdict_words(row), 800),
        place="; ".join(filter(None, (wording.place_words(row), wording.sites_words(row)))),
        first_seen=wording.first_seen_words(row),
        last_seen=wording.moment(row.get("last_seen")),
        captured=wording.moment(row.get("fetched_at") or row.get("last_seen")),
        digest=brief(row.get("body_digest"), 80),
        language=_language(row),
        considered=tuple(brief(words, 400) for words in wording.considered_words(row)),
        positions=tuple(brief(words, 400) for words in wording.position_words(row)),
        also=brief(wording.also_words(row), 400),
        certainty="" if row.get("certainty") is None else f"read with certainty {float(row['certainty']):.2f}",
        review=_STALE if row.get("wording") == "stale" else "",
    )


def move(row: Row) -> Move:
    """A change as printed: what it was and what it is, word by word where both are known."""
    before, after = row.get("before"), row.get("after")
    left, right = (
        word_changes(before, after) if before and after and before != after else (_alone(before), _alone(after))
    )
    kind = str(row.get("kind"))
    words = wording.absence_words(row) if kind == "gone" else row.get("why")
    words = str(words or "").removesuffix(f" to {row.get('url')}")  # the address stands below
    return Move(
        label=_change(kind),
        source=brief(row.get("trader") or row.get("source"), 80),
        address=address(row.get("url")),
        before=left,
        after=right if after != before else (),
        words=brief(words, 400),
        at=wording.moment(row.get("at")),
    )


def decided(row: Row) -> Move:
    """A change since a person decided: what it was and is, and what was decided."""
    told, given = move(row), row.get("decided") or {}
    words = [f"read {given['reading']}ly"] if given.get("reading") else []
    words += [str(given["action"]).replace("-", " ")] if given.get("action") else []
    who, when = given.get("by"), wording.moment(given.get("at"))
    by = f"decided: {', '.join(words)}, by {who}, {when}; flag {given.get('flag')}"
    return replace(told, words=brief("; ".join(part for part in (by, told.words) if part), 500))


def refusing(row: Row) -> Move:
    """A source that kept us out."""
    _, cause = wording.outcome_words({**row, "result": "FAILED"})
    pages = f"{row['pages']} page{'' if row['pages'] == 1 else 's'}"
    return Move(
        label=brief(cause or row.get("code"), 200),
        source=brief(row.get("name") or row.get("source"), 80),
        address=address(row.get("url")),
        before=(),
        after=(),
        words=f"{pages} not read for this reason",
        at="",
    )


def case(row: Row) -> Move:
    """What moved in a case, or that its deadline is near."""
    before, after = row.get("before") or row.get("quote"), row.get("after")
    left, right = word_changes(before, after) if before and after else (_alone(before), _alone(after))
    return Move(
        label=brief(f"case {row.get('case')} · {row.get('status')}", 80),
        source=brief(row.get("trader"), 120),
        address=address(row.get("url")),
        before=left,
        after=right,
        words=brief(row.get("words"), 400),
        at=wording.moment(row.get("at")),
        language=_language(row),
    )


def missing(row: Row) -> Move:
    """A claim that its page's newest fit captures lack."""
    return Move(
        label="not seen lately",
        source=brief(row.get("source"), 80),
        address=address(row.get("url")),
        before=_alone(row.get("quote")),
        after=(),
        words=wording.absence_words(row) or "waits for another fit capture",
        at="",
        language=_language(row),
    )


def statement(row: Row) -> Move:
    """What a regulator, or somebody about one, says."""
    agencies = ", ".join(map(plain, row.get("agencies") or ()))
    status = plain(row.get("status")).replace("_", " ")
    about = plain(row.get("about_jurisdiction") or row.get("jurisdiction"))
    return Move(
        label=brief(" · ".join(part for part in (agencies, status, about) if part)),
        source=brief(row.get("source"), 80),
        address=address(row.get("url")),
        before=(),
        after=in_context(wording.paragraph(row), row.get("quote")),
        words=brief(row.get("scope")),
        at=wording.moment(row.get("first_seen")),
        language=_language(row),
    )


def study(row: Row) -> Move:
    """A study first seen in the window."""
    people = f"{row['participants']} participants" if row.get("participants") else ""
    level = plain(row.get("evidence_level") or row.get("level"))
    retracted = "retracted" if row.get("retracted") else ""
    facts = (plain(row.get("design")), plain(row.get("subjects")), people, level and f"level {level}", retracted)
    return Move(
        label=brief(row.get("doi")) or "study",
        source=brief(row.get("source"), 80),
        address=address(row.get("url")),
        before=(),
        after=_alone(row.get("title")),
        words=brief(" · ".join(fact.replace("_", " ") for fact in facts if fact)),
        at=wording.moment(row.get("first_seen")),
        language=_language(row),
    )


_STALE = "a person decided on these words; the page says others now, on which nobody has decided"


def _severity(row: Row) -> str:
    severity = row.get("severity")
    return str(severity) if severity in SEVERITIES else "none"


def _change(kind: object) -> str:
    return wording.CHANGE_WORDS.get(str(kind)) or brief(kind, 40)


def _wordings(row: Row) -> tuple[Pieces, Pieces]:
    before, quote = row.get("before"), row.get("quote")
    return word_changes(before, quote) if before and before != quote else ((), ())


def _alone(text: object) -> Pieces:
    from_page = plain(text)
    return in_context(from_page, "") if from_page else ()


def _language(row: Row) -> str:
    """A language tag fit for a ``lang`` attribute, else empty."""
    tag = str(row.get("language") or "")
    return tag if tag.replace("-", "").isalnum() and tag.isascii() and len(tag) <= 20 else ""
