"""Which page next: the most relevant link first, each URL once, traps left aside."""

from __future__ import annotations

import heapq
import re
from collections import Counter
from urllib.parse import parse_qsl, urljoin, urlsplit, urlunsplit

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
#: What is never a page of text.
_NO_PAGE = re.compile(
    r"\.(jpe?g|png|gif|webp|svg|ico|bmp|tiff?|mp[34]|m4[av]|avi|mov|webm|wav|zip|gz|rar|7z|exe|dmg|css|js|json|woff2?|"
    r"ttf|eot|docx?|xlsx?|pptx?)$",
    re.IGNORECASE,
)
_TRACKING = re.compile(r"^(utm_\w+|fbclid|gclid|msclkid|mc_[ce]id|_ga|phpsessid)$", re.IGNORECASE)
#: URLs of one pattern (digits alike, same query keys) beyond this many are a calendar or a faceted list, not a site.
PATTERN_QUOTA = 300
LONGEST_URL = 1000


def tidy(base: str, link: str) -> str | None:
    """``link`` as an absolute web address without fragment and tracking; None where it can be no page."""
    try:
        parts = urlsplit(urljoin(base, link.strip()))
        host = parts.hostname
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or _NO_PAGE.search(parts.path):
        return None
    # the rest of the query stays as it is written: "?page" and "?page=" may be two pages
    query = "&".join(part for part in parts.query.split("&") if not _TRACKING.match(part.partition("=")[0]))
    host = f"[{host}]" if ":" in host else host
    place = host if port is None else f"{host}:{port}"
    url = urlunsplit((parts.scheme, place, parts.path or "/", query, ""))
    return url if len(url) <= LONGEST_URL else None


def site_of(url: str) -> str:
    """The site that a URL belongs to: host (``www.`` left off) and port."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    return host if parts.port is None else f"{host}:{parts.port}"


class Frontier:
    """URLs of one source that wait to be asked for."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._allow = [re.compile(one) for one in source.allow]
        self._deny = [re.compile(one) for one in source.deny]
        self._heap: list[tuple[int, int, int, str]] = []
        self._seen: set[str] = set()
        self._patterns: Counter[str] = Counter()
        self.sites = {site_of(url) for url in source.start_urls}
        self.too_deep: list[str] = []

    def add(self, url: str, text: str = "", depth: int = 0, *, bonus: int = 0, wanted: bool = False) -> None:
        """Put a URL in, once. ``wanted``: a start page or a known page, which no pattern keeps out."""
        if url in self._seen or not (wanted or self._lets_in(url)):
            return
        if depth > self._source.max_depth and not wanted:
            self.too_deep.append(url)
            return
        self._seen.add(url)
        rank = self._score(url, text) + bonus - 3 * depth
        heapq.heappush(self._heap, (-rank, depth, len(self._seen), url))

    def pop(self) -> tuple[str, int] | None:
        """The best URL and its depth."""
        if not self._heap:
            return None
        _, depth, _, url = heapq.heappop(self._heap)
        return url, depth

    def rest(self) -> list[str]:
        """What is left, best first."""
        return [url for _, _, _, url in sorted(self._heap)]

    def own(self, url: str) -> bool:
        """True for a page of this source's sites."""
        return site_of(url) in self.sites

    def _lets_in(self, url: str) -> bool:
        if not self.own(url):
            return False
        parts = urlsplit(url)
        place = parts.path + (f"?{parts.query}" if parts.query else "")
        if any(one.search(place) for one in self._deny) or (
            self._allow and not any(one.search(place) for one in self._allow)
        ):
            return False
        keys = ",".join(sorted(k for k, _ in parse_qsl(parts.query)))
        pattern = re.sub(r"\d+", "0", parts.path) + "?" + keys
        self._patterns[pattern] += 1
        limit = PATTERN_QUOTA if keys else max(PATTERN_QUOTA, self._source.max_pages)
        return self._patterns[pattern] <= limit and place.count("/") < 20

    def _score(self, url: str, text: str) -> int:
        told = f"{url} {text}"
        score = 100 if _EXOSOME.search(told) else 30 if _NEAR.search(told) else 0
        if self._source.kind == "journal":
            score += 40 if _ARTICLE.search(url) else 20 if _LISTS.search(url) else 0
        return score - (60 if _FAR.search(told) else 0) - (10 if url.endswith(".pdf") else 0)
