"""Answers of an API, page by page to the end: each is archived and handed on; a broken one is asked for again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from scrapy.http import Request, Response

from exowatch.errors import UnreadableError
from exowatch.intake import harvested_from
from exowatch.pages.decode import decoded
from exowatch.records.answers import ANSWERS, first_question, read_answer
from spiders.archiving import CAPTURE
from spiders.base import SourceSpider
from spiders.looking import alone

#: How often one question is asked where its answer is cut, broken or an error.
TRIES = 4
#: Least seconds between two questions: NCBI allows three a second without a key, Crossref five (sources.md).
GAP = {"pubmed": 0.4}
_RATE, _RATE_TIME = b"X-Rate-Limit-Limit", b"X-Rate-Limit-Interval"


class AnswersSpider(SourceSpider):
    """Asks what is new since the last whole harvest, or for everything, and follows the answers to their end."""

    name = "answers"

    async def start(self) -> AsyncIterator[Request]:
        visit = self.visit
        self.since: date | None = harvested_from(visit.desk, visit.source.id, visit.clock()) if visit.desk else None
        for url in first_question(visit.source, self.since, _mail(visit.config.crawl.contact)):
            yield self._ask(url)

    def _ask(self, url: str, tries: int = 1) -> Request:
        self.going += 1
        if tries == 1:
            self.asked += 1
        return Request(
            url,
            callback=self.answer,
            errback=self.failed,
            cb_kwargs={"tries": tries},
            meta={"max_retry_times": TRIES},
            headers={"Accept": "application/json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"},
            dont_filter=True,
        )

    def answer(self, response: Response, tries: int) -> Iterator[Any]:
        """One answer: handed on where it is whole, asked for again where it is not."""
        self.going -= 1
        self._keep_to_rate(response)
        capture, source = response.meta[CAPTURE], self.visit.source
        try:
            if response.status not in (200, 304):
                raise UnreadableError(f"HTTP {response.status}", url=response.url)
            body = decoded(response.body, None, self.visit.config.crawl.max_bytes)
            found = read_answer(source.via, body, response.url)
        except UnreadableError as error:
            if tries < TRIES and not self.visit.ending.is_set():
                yield self._ask(capture.url, tries + 1)
                return
            self.visit.fail(capture.url, "UNFIT", "broken-answer", f"asked {tries} times: {error.detail}")
            self.visit.end_reason = self.visit.end_reason or "an answer could not be read"
            return
        yield alone(self.visit, capture)
        if found.following is None or self.visit.ending.is_set():
            return
        if self.asked >= source.max_pages:
            words = f"max_pages of {source.max_pages} ends the harvest"
            told = f" of {found.total} records" if found.total else ""
            self.visit.raise_issue("budget-binds", f"{words}{told}; raise max_pages, or narrow the query")
            self.visit.end_reason = self.visit.end_reason or "budget binds the harvest"
            return
        yield self._ask(found.following)

    def _keep_to_rate(self, response: Response) -> None:
        """Ask no more often than the API says it allows (Crossref), or is known to (NCBI)."""
        limit, interval = response.headers.get(_RATE), response.headers.get(_RATE_TIME)
        gap = GAP.get(self.visit.source.via, 0.0)
        if limit and interval:
            with suppress(ValueError):  # a header that is no figure sets no pace
                gap = max(gap, float(interval.rstrip(b"s") or b"1") / max(1.0, float(limit)))
        if gap:
            self.visit.pace.clock(urlsplit(response.url).hostname or "").slow_down(gap)


def _mail(contact: str | None) -> str | None:
    """The contact, where it is an e-mail address."""
    return contact.removeprefix("mailto:") if contact and "@" in contact else None


WAYS: dict[str, type[SourceSpider]] = dict.fromkeys(sorted(ANSWERS), AnswersSpider)
