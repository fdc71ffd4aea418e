"""The FDA's warning letters: its list to the end, then each letter that may concern us, and those known before."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy.http import Request, Response

from exowatch.errors import UnreadableError
from exowatch.model.addresses import tidy
from spiders.answers import TRIES
from spiders.base import SourceSpider

PLACE = (
    "https://www.fda.gov/inspections-compliance-enforcement-and-criminal-investigations/"
    "compliance-actions-and-activities/warning-letters"
)
#: Rows of which letters are read; ``query`` of the source (words with OR between them) takes its place.
CONCERN = "exosome OR extracellular vesicle OR biologic OR CBER OR HCT/P OR human cell OR cord blood OR unapproved"


class LettersSpider(SourceSpider):
    """Listing, tables, letters."""

    name = "fda-warning-letters"

    async def start(self) -> AsyncIterator[Request]:
        self.frontier.know(self.visit.known_urls)  # a letter that vanishes is noticed
        words = (self.visit.source.query or CONCERN).split(" OR ")
        self.concern = re.compile("|".join(re.escape(word.strip()) for word in words if word.strip()), re.IGNORECASE)
        for url in self.visit.source.start_urls or (PLACE,):
            yield self._ask(url)

    def _ask(self, url: str, tries: int = 1) -> Request:
        self.going += 1
        told = {"tries": tries}
        meta = {"max_retry_times": TRIES}
        return Request(url, callback=self.listing, errback=self.failed, cb_kwargs=told, meta=meta, dont_filter=True)

    def listing(self, response: Response, tries: int) -> Iterator[Any]:
        """Letters of one part of the list into the frontier; the next part is asked for."""
        from exowatch.records.listing import read_listing  # its parser takes a tenth of a second to start

        self.going -= 1
        try:
            if response.status not in (200, 304):
                raise UnreadableError(f"HTTP {response.status}", url=response.url)
            found = read_listing(response.body, response.url)
        except UnreadableError as error:
            if tries < TRIES and not self.visit.ending.is_set():
                yield self._ask(response.request.url if response.request else response.url, tries + 1)
                return
            self.visit.fail(response.url, "UNFIT", "broken-answer", f"asked {tries} times: {error.detail}")
            self.visit.end_reason = self.visit.end_reason or "the list of letters could not be read"
            yield from self.more()
            return
        for place, row in enumerate(found.rows):
            url = tidy(response.url, row.url)
            if url and self.concern.search(row.words):
                self.frontier.add(url, row.words, depth=1, bonus=-place)
        if found.following and not self.visit.ending.is_set():
            yield self._ask(found.following)
        yield from self.more()
