"""Which page next: the most relevant link first, each URL once, traps left aside."""

from __future__ import annotations

import heapq
import re
from collections import Counter, deque
from collections.abc import Container, Iterable
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from exowatch.model.addresses import site_of, whole
from exowatch.model.captures import KnownUrl
from exowatch.model.sources import Source

#: Exosomes in the languages of the vocabulary: what makes a link worth the budget.
_EXOSOME = re.compile(
    "exosom|exossom|exosóm|esosom|egzosom|egzozom|eksozom|ekzozom|eksosom|экзосом|екзосом|егзозом|егзосом|εξωσ|"
    "エクソソーム|エキソソーム|엑소좀|엑소솜|外泌体|外泌體|اكسوسوم|إكسوسوم|اكسوزوم|vesicle",
    re.IGNORECASE,
)
_NEAR = re.compile(
    "regenerat|stem.?cell|secretome|treatment|therap|skin|hair|scalp|faq|price|blog|product|science|injection|"
    "лечен|процедур|кож|волос|tedavi|tratamient|behandlung|trattament|soin|leczen|美容|治療|시술",
    re.IGNORECASE,
)
_FAR = re.compile(
    r"privacy|cookie|terms|impressum|login|sign-?in|cart|checkout|account|career|jobs|wp-json|/tag/|/author/|\?replytocom|"
    "calendar|print=|share=",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"/article/view/\d|/jour/article/|/doi/|/abs/|/content/\d", re.IGNORECASE)
_LISTS = re.compile(r"/issue/|/archive|/current|toc", re.IGNORECASE)
#: URLs of one pattern (digits alike, same query keys) beyond this many are a calendar or a faceted list, not a site.
PATTERN_QUOTA = 300
#: Most of those that are remembered as having been there; a calendar has no end.
MOST_ALIKE = 10_000
#: One request in so many is for a link that was never read, while both such links and known pages wait.
UNSEEN_EACH = 4


class Refusal(NamedTuple):
    """Why a URL is not asked for: a stable code, and words."""

    code: str
    words: str


class Frontier:
    """URLs of one source that wait to be asked for: start pages, pages known from earlier visits, links never read.

    Known pages, least recently asked for first, and unseen links, most relevant first, share the page budget, so that
    neither a site larger than its budget nor a flood of new links keeps the other from being read. A known page keeps
    the depth at which it was first read: were it a new start, each visit would open the site a little deeper, and what
    always stood there would look new.
    """

    def __init__(self, source: Source, put_off: Container[str] = ()) -> None:
        """``put_off``: hosts that are asked no more; it may grow at any time."""
        self._source, self._put_off = source, put_off
        self._allow = [re.compile(one) for one in source.allow]
        self._deny = [re.compile(one) for one in source.deny]
        self._starts: deque[str] = deque()
        self._links: list[tuple[int, int, int, str]] = []
        self._known: list[tuple[int, str]] = []
        self._unplaced: dict[str, int] = {}
        """Known pages whose depth nobody knows (an import, a killed visit) → their turn: a link may still tell it."""
        self._kept: set[str] = set()
        """Known pages that keep their depth."""
        self.respelt: dict[str, str] = {}
        """Addresses of known pages as earlier versions wrote them → as they are written now, and asked for."""
        self._depths: dict[str, int] = {}
        self._asked: set[str] = set()
        self._taken: Counter[str] = Counter()
        self._patterns: Counter[str] = Counter()
        self._reserve = -(-source.max_pages // UNSEEN_EACH)
        self.sites = {site_of(place) for url in source.start_urls if (place := whole(url, url))}
        self._too_deep: dict[str, None] = {}
        self._too_many: dict[str, None] = {}
        self._closed: dict[str, Refusal] = {}
        self.later: dict[str, None] = {}
        """Pages that their host puts off until the next visit."""

    def start(self, url: str) -> None:
        """Put a start page in: nothing keeps it out, and it comes first."""
        if url not in self._depths:
            self._depths[url] = 0
            self._kept.add(url)
            self._starts.append(url)

    def know(self, pages: Iterable[KnownUrl]) -> None:
        """Put in what earlier visits read, least recently asked for first."""
        for turn, page in enumerate(pages):
            place = whole(page.url, page.url) or page.url
            if place != page.url:
                self.respelt[page.url] = place
            refusal = self.refusal(place)
            if place in self._depths or place in self._unplaced:
                continue
            if refusal:
                self._closed[place] = refusal
            elif page.depth is None:
                self._unplaced[place] = turn
            else:
                self._depths[place] = page.depth
                self._kept.add(place)
                heapq.heappush(self._known, (turn, place))

    def add(self, url: str, text: str = "", depth: int = 0, *, bonus: int = 0) -> None:
        """Put a link in, once; the shortest way to it counts while it waits."""
        if url in self._kept or url in self.later or depth >= self._depths.get(url, depth + 1):
            return
        if depth > self._source.max_depth:
            if url not in self._unplaced and url not in self._too_deep and self._lets_in(url):
                self._too_deep[url] = None
            return
        if url in self._asked:
            self._depths.setdefault(url, depth)
        elif url in self._unplaced:
            self._depths[url] = depth
            heapq.heappush(self._known, (self._unplaced.pop(url), url))
            self._kept.add(url)
        elif url in self._depths or self._lets_in(url):
            self._depths[url] = depth
            rank = self._score(url, text) + bonus - 3 * depth
            heapq.heappush(self._links, (-rank, depth, len(self._depths), url))

    def pop(self, *, idle: bool = True) -> tuple[str, int] | None:
        """The next URL and its depth. ``idle``: no answer is under way that could bring more links."""
        while (found := self._next(idle)) is not None:
            kind, url = found
            if urlsplit(url).hostname not in self._put_off:
                return self._take(kind, url)
            self.leave(url)
        return None

    def leave(self, url: str) -> None:
        """Its host puts us off: the page waits for the next visit, as if it had not been asked for."""
        self._unplaced.pop(url, None)
        self._asked.discard(url)
        self.later[url] = None

    def _next(self, idle: bool) -> tuple[str, str] | None:
        """Kind and URL of what comes next, taken out of what waits."""
        self._drop_asked()
        over = idle and not self._links
        room = self._taken["start"] + self._taken["known"] < self._source.max_pages - self._reserve
        links_turn = bool(self._links) and self._taken["link"] * (UNSEEN_EACH - 1) <= self._taken["known"]
        if self._starts:
            return "start", self._starts.popleft()
        if self._known and (over or (room and not links_turn)):
            return "known", heapq.heappop(self._known)[1]
        if self._unplaced and (over or (room and self._left() <= len(self._unplaced))):
            return "known", next(iter(self._unplaced))
        if self._links:
            return "link", heapq.heappop(self._links)[3]
        return None

    def claim(self, url: str, depth: int) -> bool:
        """A redirect leads to ``url``: False where it was asked for already; else it is asked for now."""
        if url in self._asked:
            return False
        self._asked.add(url)
        self._unplaced.pop(url, None)
        self._depths.setdefault(url, depth)
        return True

    def depth_of(self, url: str, depth: int) -> int:
        """The depth of a page that answered; ``depth`` where only the way to it is known."""
        return self._depths.get(url, depth)

    def refusal(self, url: str) -> Refusal | None:
        """Why the watchlist keeps this URL out, wherever it was met; start pages are not asked about."""
        if not self.own(url):
            return Refusal("off-site", "it belongs to another site")
        place = _place(url)
        if any(one.search(place) for one in self._deny):
            return Refusal("denied", "deny of the watchlist keeps it out")
        if self._allow and not any(one.search(place) for one in self._allow):
            return Refusal("not-allowed", "allow of the watchlist does not let it in")
        return None

    def closed(self) -> dict[str, Refusal]:
        """Known pages that the watchlist keeps out now, but for those to which a start page led."""
        return {url: why for url, why in self._closed.items() if url not in self._asked}

    def rest(self) -> list[str]:
        """Links that are left, best first: the budget did not reach them, and they were never read."""
        return list(dict.fromkeys(url for *_, url in sorted(self._links) if url not in self._asked))

    def unread(self) -> int:
        """How many known pages the budget did not reach, those aside that were put off."""
        return len(self._unplaced) + sum(url not in self._asked for _, url in self._known)

    def too_deep(self) -> list[str]:
        """Links that stand deeper than the watchlist lets a visit go, and to which no shorter way was found."""
        return [url for url in self._too_deep if url not in self._depths]

    def too_many(self) -> list[str]:
        """Links that were left out since too many are written alike."""
        return [url for url in self._too_many if url not in self._depths]

    def depths(self) -> dict[str, int]:
        """Pages asked for → their depth, where it is known."""
        return {url: self._depths[url] for url in self._asked if url in self._depths}

    def _take(self, kind: str, url: str) -> tuple[str, int]:
        self._unplaced.pop(url, None)
        self._taken[kind] += 1
        self._asked.add(url)
        return url, self._depths.get(url, self._source.max_depth)

    def _drop_asked(self) -> None:
        """A link waits twice when a shorter way to it was found; a redirect may have led to what waits."""
        while self._starts and self._starts[0] in self._asked:
            self._starts.popleft()
        while self._known and self._known[0][-1] in self._asked:
            heapq.heappop(self._known)
        while self._links and self._links[0][-1] in self._asked:
            heapq.heappop(self._links)

    def _left(self) -> int:
        return self._source.max_pages - self._taken.total()

    def own(self, url: str) -> bool:
        """True for a page of this source's sites; the entries of a feed may stand anywhere."""
        return self._source.via == "feed" or site_of(url) in self.sites

    def _lets_in(self, url: str) -> bool:
        if self.refusal(url):
            return False
        parts = urlsplit(url)
        keys = ",".join(sorted(k for k, _ in parse_qsl(parts.query)))
        pattern = re.sub(r"\d+", "0", parts.path) + "?" + keys
        self._patterns[pattern] += 1
        limit = PATTERN_QUOTA if keys else max(PATTERN_QUOTA, self._source.max_pages)
        if self._patterns[pattern] > limit:
            if len(self._too_many) < MOST_ALIKE:
                self._too_many[url] = None
            return False
        return _place(url).count("/") < 20

    def _score(self, url: str, text: str) -> int:
        told = f"{url} {text}"
        score = 100 if _EXOSOME.search(told) else 30 if _NEAR.search(told) else 0
        if self._source.kind == "journal":
            score += 40 if _ARTICLE.search(url) else 20 if _LISTS.search(url) else 0
        return score - (60 if _FAR.search(told) else 0) - (10 if url.endswith(".pdf") else 0)


def _place(url: str) -> str:
    """Path and query: what ``allow`` and ``deny`` look at."""
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")
