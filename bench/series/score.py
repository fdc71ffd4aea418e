"""What was told, held against what was true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bench.series.site import Sheet, Site, words
from bench.series.story import NEWS, Story, Truth
from bench.series.visits import Told, same

#: Days after the truth within which a flag still tells it.
LATEST = 2


@dataclass
class Score:
    """Counts over stories."""

    stories: int = 0
    right: int = 0
    """Flags that tell a truth."""
    late: int = 0
    """Of these: raised on a later day than it could be."""
    false: int = 0
    misread: int = 0
    """Flags on sentences that the author does not mean as claims, on the day they first stood there."""
    missed: int = 0
    unread: int = 0
    """Truths that the reader cannot see on the page by itself."""
    false_gone: int = 0
    chatter: int = 0
    """Other changes told of a claim as the page's doing, on which nothing real changed."""
    news_days: int = 0
    """Days with a flag on which nothing real changed."""
    typed: int = 0
    """Truths told as the change that they are."""
    mistyped: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.false) if self.right + self.false else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    def add(self, other: Score) -> None:
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


def score(story: Story, told: Told) -> Score:
    """One story."""
    found = Score(stories=1)
    left = [truth for truth in story.truths if truth.what in NEWS]
    for flag in told.flags:
        truth = next((one for one in left if _tells(flag, one)), None)
        if truth is not None:
            left.remove(truth)
            found.right += 1
            found.late += flag["day"] > truth.day
        elif _is_misreading(story, flag):
            found.misread += 1
            found.notes.append(f"misread day {flag['day']} {flag['change']}: {flag['quote'][:90]}")
        else:
            found.false += 1
            found.notes.append(f"FALSE day {flag['day']} {flag['change']}: {flag['quote'][:90]}")
    for truth in left:
        if truth in told.unread:
            found.unread += 1
            found.notes.append(f"unread {truth.what}: {truth.text[:90]}")
        else:
            found.missed += 1
            found.notes.append(f"MISSED {truth.what} day {truth.day}: {truth.text[:90]}")
    real = {truth.day for truth in story.truths}
    found.news_days = len({flag["day"] for flag in told.flags if not _is_misreading(story, flag)} - real)
    _changes(story, told, found)
    return found


def _changes(story: Story, told: Told, found: Score) -> None:
    by_page = [row for row in told.changes if row["cause"] == "page"]
    for row in by_page:
        if row["kind"] != "gone" or _went(story, row["before"]):
            continue
        unread = any(truth.day == row["day"] - 1 for truth in told.unread)  # its other words are no claim to the reader
        if unread or not (_meant(story, row["before"]) or _stands(row["before"], [story.days[row["day"]]], _path(row))):
            found.misread += 1
            found.notes.append(f"misread day {row['day']} gone: {row['before'][:90]}")
        else:
            found.false_gone += 1
            found.notes.append(f"FALSE GONE day {row['day']}: {row['before'][:90]} ({row['why']})")
    for row in by_page:
        texts = [row[name] for name in ("before", "after") if row[name]]
        real = any(same(text, truth.text) for text in texts for truth in story.truths)
        if row["kind"] not in ("new", "gone", "returned") and not real and any(_meant(story, one) for one in texts):
            found.chatter += 1
            found.notes.append(f"chatter day {row['day']} {row['kind']}: {texts[-1][:70]} ({row['why'][:60]})")
    for truth in story.truths:
        if truth in told.unread:
            continue
        text = "before" if truth.what == "gone" else "after"
        kinds = [row["kind"] for row in by_page if row[text] and same(row[text], truth.text)]
        if truth.what in kinds:
            found.typed += 1
        else:
            found.mistyped += 1
            found.notes.append(f"not told as {truth.what}: {truth.text[:70]} (told: {', '.join(kinds) or 'nothing'})")


def _tells(flag: Mapping[str, Any], truth: Truth) -> bool:
    return 0 <= flag["day"] - truth.day <= LATEST and same(flag["quote"], truth.text)


def _is_misreading(story: Story, flag: Mapping[str, Any]) -> bool:
    """A sentence that nobody meant as a claim, and that was not there before (of one returned: the day before)."""
    if flag["change"] not in ("new", "returned") or _meant(story, flag["quote"]):
        return False
    earlier = story.days[: flag["day"]]
    return not _stands(flag["quote"], earlier[-1:] if flag["change"] == "returned" else earlier, _path(flag))


def _path(row: Mapping[str, Any]) -> str:
    return "/" + str(row["url"]).partition(".example/")[2]


def _stands(quote: str, sites: Iterable[Site], path: str | None = None) -> bool:
    """The sentence stands on one of the sites (on the page ``path`` of it), wherever on it."""
    sheets = (
        sheet
        for site in sites
        for name, sheet in site.sheets.items()
        if path in (None, name) and not (name in site.bad and site.bad[name].status in (404, 410))
    )
    return any(same(quote, text) for sheet in sheets for text in _texts(sheet))


def _texts(sheet: Sheet) -> list[str]:
    told = [sheet.title, sheet.heading, sheet.description, sheet.og, sheet.banner, sheet.hidden]
    for more in (sheet.parts, sheet.points, sheet.cells, sheet.alts, sheet.jsonld, sheet.aside, sheet.lines):
        told += more
    told += [text for pair in sheet.faq for text in pair]
    return [text for text in told if text]


def _meant(story: Story, quote: str) -> bool:
    """The author means the sentence as a claim."""
    told = words(story.language)
    meant = [
        *told["fresh"],
        *told.get("more", ()),
        *(text for page in ("home", "face", "hair") for text in told[page]["claims"]),
    ]
    meant += [text for pair in (*told["stronger"].values(), *told["reworded"]) for text in pair]
    return any(same(quote, text) for text in meant)


def _went(story: Story, quote: str) -> bool:
    gone = [truth.text for truth in story.truths if truth.what == "gone"]
    return any(same(quote, text) for text in (*gone, *story.may_be_gone))


def total(scores: Iterable[Score]) -> Score:
    whole = Score()
    for one in scores:
        whole.add(one)
    return whole


def told_kinds(told: Iterable[Told]) -> Counter[str]:
    return Counter(verdict for one in told for verdict in one.verdicts)
