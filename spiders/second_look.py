"""At the end of a source's first visit its pages with claims are asked for once more: what differs is no change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Request, Response

from exowatch.intake import pages_to_look_at_again
from spiders.archiving import AGAIN, CAPTURE
from spiders.visit import Fetched, Visit


class SecondLook:
    """Waits until nothing is left to fetch or to read, then asks again; once a visit."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._done = False
        crawler.signals.connect(self.idle, signals.spider_idle)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> SecondLook:
        return cls(crawler)

    def idle(self, spider: Any) -> None:
        """Scrapy's signal: the visit would end now."""
        visit: Visit = spider.visit
        if self._done or not visit.config.crawl.second_look or visit.desk is None or visit.ending.is_set():
            return
        if visit.securing or visit.source.render:  # these are looked at twice already, by crawler and browser
            return
        self._done = True
        urls = pages_to_look_at_again(visit.desk, visit.run, visit.source.id)
        engine = self.crawler.engine
        if not urls or engine is None:
            return
        for url in urls:
            engine.crawl(Request(url, callback=again, errback=missed, meta={AGAIN: True}, dont_filter=True))
        raise DontCloseSpider


def again(response: Response) -> Iterator[Fetched]:
    """The second capture of a page."""
    yield Fetched(response.meta[CAPTURE], again=True)


def missed(failure: Any) -> None:
    """A page that does not answer twice was seen once: that is enough."""
