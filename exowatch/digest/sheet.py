"""A digest laid out for reading, the same for every form: head, summary, sections in order, coverage, small print."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from exowatch.digest import items, wording
from exowatch.digest.items import Entry, Move
from exowatch.digest.ranking import PageGroup, Row, by_page, parted
from exowatch.digest.safe import address, brief
from exowatch.digest.watched import HOW_COUNTED, Unread, Watched, how_seen, total_of, unread_of, watched_of
from exowatch.model.changes import Digest
from exowatch.model.readings import SEVERITIES

#: Pages told in full; of the others one line each, as far as these go; lines under one heading.
MOST_ENTRIES, MOST_BRIEF, MOST_MOVES = 50, 200, 60
#: Flags of earlier letters that are named by number.
MOST_NUMBERS = 20
NEW, UNSEEN = "New and stronger claims", "New and stronger claims that a visitor does not see"
UNSURE = "Perhaps read wrongly"
CASES, DECIDED = "Your cases", "Moved since a decision"
_YOURS = (CASES, DECIDED)
_NEWS = (NEW, UNSEEN, UNSURE)
#: Changes told elsewhere (flags, statements, studies) or of no use to a reader one by one.
_MOVES = ("gone", "weaker", "moved", "reworded", "stronger", "returned", "vanished", "position", "verdict")
#: Changes by which a claim has other words than those that were decided on.
_REWORDED = ("weaker", "reworded", "stronger")


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading, a sentence about what stands under it, and the lines."""

    title: str
    about: str
    moves: tuple[Move, ...]
    more: int = 0
    """Lines left out; `exowatch changes` has them."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, a sentence about what stands under it, and flags by page."""

    title: str
    about: str
    entries: tuple[Entry, ...]
    others: tuple[str, ...] = ()
    """Further pages, a line each."""
    more: int = 0
    """Pages beyond those."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that is printed of a digest, in plain words."""

    date: str
    jurisdiction: str
    window: str
    simulated: bool
    lead: str
    tallies: tuple[tuple[str, int], ...]
    asides: tuple[str, ...]
    sections: tuple[Section, ...]
    """The flags under their headings, in the order of every letter; what holds none is left out."""
    chapters: tuple[Chapter, ...]
    coverage: tuple[Watched, ...]
    total: Watched
    unread: tuple[Unread, ...]
    issues: tuple[str, ...]
    knowledge: str
    places: tuple[tuple[str, tuple[int, ...]], ...] = ()
    """Jurisdiction and news by severity, gravest first."""
    days: tuple[tuple[str, tuple[int, ...]], ...] = ()
    """Day and flags raised by severity; empty where none was raised in all of them."""
    needs: str = ""
    """What needs a decision."""
    running: str = ""
    law: tuple[str, ...] = ()
    """Where no provision can be named, and which regulators have said nothing."""
    notice: str = wording.NOTICE
    held_back: tuple[str, ...] = ()
    """What was left out, and why, in sentences."""
    unread_more: int = 0
    coverage_more: int = 0
    """Sources counted in ``total`` and not listed."""
    counted: str = HOW_COUNTED
    """How pages are counted in ``coverage``."""

    @property
    def parts(self) -> tuple[Section | Chapter, ...]:
        """All headings in the order of reading: news, then what a person decided or waits for, then what was there
        before, then the rest."""
        news = [one for one in self.sections if one.title in _NEWS]
        others = [one for one in self.sections if one.title not in _NEWS]
        yours = [one for one in self.chapters if one.title in _YOURS]
        return (*news, *yours, *others, *(one for one in self.chapters if one.title not in _YOURS))

    @property
    def news(self) -> tuple[Entry, ...]:
        """Pages with news, those that no visitor sees included."""
        return tuple(entry for section in self.sections if section.title in _NEWS for entry in section.entries)


def _sections(digest: Digest, most: int) -> tuple[Section, ...]:
    left = max(0, digest.baseline_count - len(by_page(digest.baseline)))
    waiting = "Critical and high ones: what was most likely read rightly first, then the gravest, then the oldest; " + (
        f"{left} more page{_s(left)} to go after these." if left else "no more pages wait after these."
    )
    hidden = "They stand in the page's data, not on its face."
    moved = "The sentence stood still; evidence, a rule or the words around it moved."
    seen, unseen, unsure = parted(digest.flags)
    doubt = "The program is less sure of these: read the sentence on its page before anything else."
    told = (
        (NEW, "", seen),
        (UNSEEN, hidden, unseen),
        (UNSURE, doubt, unsure),
        ("Already there when we began", waiting, digest.baseline),
        ("Judged anew", moved, digest.reassessed),
    )
    return tuple(_section(title, about, rows, most) for title, about, rows in told if rows)


def _section(title: str, about: str, rows: Sequence[Row], most: int) -> Section:
    """The first pages in full, a line each of some more, and a count of the rest."""
    pages = by_page(rows)
    rest = pages[most:]
    lines = tuple(_line(page) for page in rest[:MOST_BRIEF])
    return Section(title, about, tuple(items.entry(page) for page in pages[:most]), lines, len(rest) - len(lines))


def _line(page: PageGroup) -> str:
    first, count = page.rows[0], len(page.rows)
    who, where = brief(page.trader, 80), address(page.url).text
    told = f"{count} claim{_s(count)}; flag {brief(first.get('id'), 20)}"
    return f"{brief(first.get('severity'), 10)}: {who}, {where} ({told})"


def lay_out(digest: Digest, zone: str = "UTC") -> Sheet:
    """Everything a rendering prints, made safe and put in order; times are told in ``zone``."""
    with wording.told_in(zone):
        return _laid_out(digest, ZoneInfo(zone))


def _laid_out(digest: Digest, zone: ZoneInfo) -> Sheet:
    day = digest.until.astimezone(zone)
    coverage = tuple(watched_of(row) for row in digest.coverage)
    total = total_of(coverage)
    return Sheet(
        date=f"{day.day} {day:%B %Y}",
        jurisdiction=brief(", ".join(digest.jurisdictions) or digest.jurisdiction, 120) or "all jurisdictions",
        window=_window(digest),
        simulated=digest.simulated,
        lead=_lead(digest, total, len(coverage)),
        tallies=tuple((name, digest.counts.get(name, 0)) for name in SEVERITIES),
        asides=_asides(digest),
        sections=_sections(digest, MOST_ENTRIES),
        chapters=tuple(chapter for chapter in _chapters(digest) if chapter.moves),
        coverage=coverage,
        total=total,
        unread=tuple(unread_of(row) for row in digest.unfit[:MOST_MOVES]),
        unread_more=max(0, len(digest.unfit) - MOST_MOVES),
        issues=tuple(dict.fromkeys(_issue(row) for row in digest.issues)),
        knowledge=brief(digest.knowledge, 80),
        places=tuple((brief(row["jurisdiction"], 10), _severities(row)) for row in digest.places),
        days=tuple((str(row["day"]), _severities(row)) for row in digest.days) if _any(digest.days) else (),
        needs=_needs(digest),
        law=tuple(brief(words, 400) for words in digest.law),
        held_back=_held_back(digest),
        running=brief(
            f"Still going while this was composed: {', '.join(digest.running)}. What it settles is in the next letter.",
            400,
        )
        if digest.running
        else "",
    )


def _severities(row: Row) -> tuple[int, ...]:
    return tuple(int(row.get(name) or 0) for name in SEVERITIES)


def _any(days: Iterable[Row]) -> bool:
    return any(sum(_severities(row)) for row in days)


def _needs(digest: Digest) -> str:
    """What needs a decision: grave news, what moved since a decision, near deadlines."""
    anew = [row for row in digest.reassessed if row.get("state") in (None, "open") and not row.get("review")]
    grave = sum(1 for row in (*digest.flags, *anew) if row.get("severity") in ("critical", "high"))
    stale = _stale(digest)
    counted = [
        (grave, f"{grave} critical or high flag{_s(grave)}"),
        (len(digest.undecided), f"{len(digest.undecided)} flag{_s(len(digest.undecided))} of earlier letters"),
        (
            len(digest.baseline),
            f"{len(by_page(digest.baseline))} page{_s(len(by_page(digest.baseline)))} from before we began",
        ),
        (stale, f"{stale} whose words moved after a decision"),
        (len(digest.cases), f"{len(digest.cases)} step{_s(len(digest.cases))} in your cases"),
    ]
    told = [words for count, words in counted if count]
    return (
        f"To decide: {'; '.join(told)}. `exowatch review FLAG …` keeps a decision."
        if told
        else "Nothing to decide today."
    )


def _stale(digest: Digest) -> int:
    """Flags whose words moved after a decision: those told here, and those of earlier letters that their page reworded
    since, unless a new flag tells it."""
    told = [*digest.flags, *digest.baseline]
    new = {row.get("lineage_id") for row in told}
    moved = [row for row in digest.decided if row.get("kind") in _REWORDED and row.get("lineage_id") not in new]
    here = {row.get("id") for row in told if row.get("wording") == "stale"}
    return len(here | {(row.get("decided") or {}).get("flag") for row in moved})


def _window(digest: Digest) -> str:
    until = wording.moment(digest.until)
    return f"from {wording.moment(digest.since)} to {until}" if digest.since else f"from the beginning to {until}"


def _lead(digest: Digest, total: Watched, sources: int) -> str:
    news = sum(digest.counts.get(name, 0) for name in SEVERITIES)
    told = f"{news} new or stronger claim{_s(news)}" if news else "No new claims"
    if not news and digest.since is None and total.seen:
        told = "First letter: what stands on the pages now is where we begin, and no news"
    if not news and sources and not total.seen:
        return f"No page was visited: nothing can be said of the {sources} source{_s(sources)} watched."
    met = total.seen - total.disallowed  # robots.txt keeps us from visiting the others
    barred = f"; {total.disallowed} not allowed" if total.disallowed else ""
    watched = f"{sources} source{_s(sources)} watched, {met} page{_s(met)} visited"
    return f"{told}; {watched}: {how_seen(total)}{barred}."


def _asides(digest: Digest) -> tuple[str, ...]:
    """Sentences of the summary under the tallies."""
    low, waiting = digest.counts.get("below_threshold", 0), digest.baseline_count
    held = sum(1 for row in digest.coverage if row.get("verdict") in ("partial", "held"))
    pages, wait = f"page{_s(waiting)}", "waits" if waiting == 1 else "wait"
    here = len(by_page(digest.baseline))
    said = [
        (low, f"{low} of them below the threshold of this letter, counted but not shown."),
        (
            waiting > here,
            f"{waiting} {pages} with critical or high claims from before we began {wait} for a decision; {here} "
            "shown here.",
        ),
        (bool(digest.undecided), _still_waiting(digest.undecided)),
        (held, f"{held} source{_s(held)} could not be seen well enough to say that anything is gone there."),
    ]
    return tuple(words for count, words in said if count)


def _still_waiting(undecided: Sequence[Row]) -> str:
    numbers = ", ".join(brief(row.get("id"), 20) for row in undecided[:MOST_NUMBERS])
    more = f" and {len(undecided) - MOST_NUMBERS} more" if len(undecided) > MOST_NUMBERS else ""
    return (
        "Critical and high ones of earlier letters that nobody has decided on: "
        f"flag{_s(len(undecided))} {numbers}{more}; exowatch flags --review undecided lists them."
    )


def _held_back(digest: Digest) -> tuple[str, ...]:
    """What the letter does not show, and why, one sentence a reason."""
    below = digest.counts.get("below_threshold", 0)
    decided, withdrawn = digest.counts.get("decided_before", 0), digest.counts.get("withdrawn", 0)
    lesser, missing = digest.counts.get("baseline_below_threshold", 0), len(digest.unconfirmed)
    unsure = sum(1 for row in digest.coverage if row.get("verdict") in ("partial", "held"))
    asked = digest.subscription or {}
    wish = "; ".join(", ".join(asked[name]) for name in ("jurisdictions", "kinds", "languages") if asked.get(name))
    said = [
        (below, f"{below} new or stronger flag{_s(below)} less grave than {asked.get('threshold', 'the threshold')}."),
        (decided, f"{decided} new or stronger flag{_s(decided)} that a person had decided on before this letter."),
        (
            withdrawn,
            f"{withdrawn} new or stronger flag{_s(withdrawn)} withdrawn before this letter: evidence supports "
            f"{'it' if withdrawn == 1 else 'them'}.",
        ),
        (lesser, f"{lesser} flag{_s(lesser)} from before we began that are neither critical nor high."),
        (digest.left_out, f"{digest.left_out} flag{_s(digest.left_out)} outside what was asked for ({wish})."),
        (missing, f"{missing} claim{_s(missing)} not seen lately: not called gone until separate visits lack them."),
        (
            unsure,
            f"Nothing is called gone on {unsure} source{_s(unsure)} that could not be seen whole, "
            "and what may be new there waits for a whole visit.",
        ),
    ]
    return tuple(brief(words, 400) for count, words in said if count)


def _chapters(digest: Digest) -> Iterable[Chapter]:
    page = [row for row in digest.changes if row.get("cause", "page") == "page" and row.get("kind") in _MOVES]
    other = [row for row in digest.changes if row.get("cause", "page") != "page"]
    told = {"statement", "study"}
    yield _chapter(
        CASES, "Claims that moved since the letter, and deadlines within five days.", items.case, digest.cases
    )
    yield _chapter(
        DECIDED,
        "Claims that a person had decided on: gone, weaker, said in other words or back again.",
        items.decided,
        _told_once(digest),
    )
    regulators = {row.get("source") for row in digest.coverage if row.get("kind") in ("regulator", "register")}
    theirs = [row for row in page if row.get("source") in regulators or row.get("kind") == "position"]
    page = [row for row in page if row not in theirs]
    yield _chapter(
        "What else moved on the pages",
        "Claims that are gone, weaker, moved or reworded since the letter before.",
        items.move,
        (row for row in page if row.get("subject") not in told or row.get("kind") == "gone"),
    )
    yield _chapter(
        "Not seen, and not yet held to be gone",
        "A claim counts as gone only when fit captures of separate visits lack it on the whole site.",
        items.missing,
        digest.unconfirmed,
    )
    yield _chapter("Regulators' statements", "First seen since the letter before.", items.statement, digest.statements)
    yield _chapter(
        "Regulators' pages", "Statements and pages of regulators that changed, moved or are gone.", items.move, theirs
    )
    yield _chapter(
        "Sites that keep us out",
        "Excluded by robots.txt, or met with a challenge or a wall: nothing that stands there is held to be gone.",
        items.refusing,
        digest.refusing,
    )
    yield _chapter("Studies", "First seen since the letter before.", items.study, digest.studies)
    for cause in ("evidence", "rule", "knowledge", "reader"):
        yield _chapter(
            "Moved on our side",
            f"Not news about any site: {wording.CAUSE_WORDS[cause]}.",
            items.move,
            (row for row in other if row.get("cause") == cause),
        )


def _told_once(digest: Digest) -> Iterable[Row]:
    """What moved since a decision, but for what stands under "Your cases"."""
    cased = {row.get("flag") for row in digest.cases} - {None}
    return (row for row in digest.decided if (row.get("decided") or {}).get("flag") not in cased)


def _chapter(title: str, about: str, show: Callable[[Row], Move], rows: Iterable[Row]) -> Chapter:
    found = tuple(rows)
    return Chapter(title, about, tuple(show(row) for row in found[:MOST_MOVES]), max(0, len(found) - MOST_MOVES))


def _issue(row: Row) -> str:
    where = brief(row.get("source") or row.get("source_id"), 80)
    return ": ".join(part for part in (brief(row.get("code"), 80), where, brief(row.get("message"), 300)) if part)


def _s(count: int) -> str:
    return "" if count == 1 else "s"
