"""How a visit ends when the record cannot be kept or it is asked to end."""

import asyncio
import time
from contextlib import suppress
from dataclasses import replace
from types import SimpleNamespace

import pytest
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.http import HtmlResponse, Request, Response
from twisted.python.failure import Failure

from exowatch.config import Config
from exowatch.errors import NoRoomError
from exowatch.model.sources import Run, Source
from exowatch.sections import Limits
from spiders.archiving import CAPTURE, Archiving
from spiders.crawling import _settings
from spiders.middleware import InTurn, Redirects
from spiders.pace import NotAsked, Pace
from spiders.site import LINKS, SiteSpider
from spiders.visit import Visit

HOME = "https://quay.example/"


class Engine:
    """Stands for Scrapy's: remembers why it was closed."""

    def __init__(self, running=True):
        self.running, self.closed = running, []

    async def close_spider_async(self, *, reason):
        self.closed.append(reason)


class Full:
    """An archive on a disk without room."""

    def __init__(self, folder, error):
        self.folder, self._error = folder, error

    def put_exchange(self, exchange):
        raise self._error


@pytest.fixture
def visit(tmp_path):
    told = []
    source = Source("quay", "Quay", "clinic", "IE", (HOME,))
    made = Visit(Config(), source, Run("r", "crawl", ("quay",), None, 1), None, told.append, lambda: None, pace=None)
    made.told = told
    return made


class Loop:
    """Stands for the running one; unit tests have no sockets, and so no loop."""

    def create_task(self, coroutine):
        with suppress(StopIteration):
            coroutine.send(None)


@pytest.fixture(autouse=True)
def loop(monkeypatch):
    monkeypatch.setattr(asyncio, "get_running_loop", Loop)


def test_an_engine_that_does_not_run_yet_is_left_to_end_by_itself(visit):
    engine = Engine(running=False)
    visit.end("stopped", SimpleNamespace(engine=engine))
    assert engine.closed == []
    assert visit.ending.is_set()
    assert visit.end_reason == "stopped"
    spider = SiteSpider(visit, None)
    spider.frontier.start(HOME)
    assert list(spider.more()) == []


def test_a_full_disk_ends_the_visit_and_is_no_failure_of_the_page(visit, tmp_path):
    visit.writer = Full(tmp_path, NoRoomError("disk full"))
    spider = SiteSpider(visit, None)
    crawler = SimpleNamespace(engine=Engine(), spider=spider, signals=SimpleNamespace(connect=lambda *_: None))
    with pytest.raises(NoRoomError) as caught:
        Archiving(crawler).process_response(Request(HOME, callback=spider.page), Response(HOME, body=b"x"))
    assert crawler.engine.closed == ["the record could not be kept"]
    assert visit.broken is caught.value
    assert list(spider.failed(Failure(caught.value))) == []
    assert visit.told == []


def test_a_disk_that_fills_while_a_visit_goes_on_ends_it_at_the_next_page(visit, tmp_path, monkeypatch):
    room = iter([None, None, "only 0.10 GB are free"])
    monkeypatch.setattr("spiders.archiving.too_little", lambda config: next(room))
    wire = object.__new__(Archiving)
    wire.crawler = SimpleNamespace(engine=Engine())
    wire._look_at_disk(visit)
    wire._look_at_disk(visit)
    assert visit.broken is None
    wire._look_at_disk(visit)
    assert isinstance(visit.broken, NoRoomError)
    assert "only 0.10 GB are free" in str(visit.broken)
    assert "kept:" in str(visit.broken)
    assert wire.crawler.engine.closed == ["the record could not be kept"]


def test_memory_is_looked_at_more_than_once_a_minute():
    made = _settings(Config(limits=Limits(max_memory_mb=900)))
    assert made.getfloat("MEMUSAGE_CHECK_INTERVAL_SECONDS") <= 10
    assert made.getint("MEMUSAGE_LIMIT_MB") == 900
    assert made.getbool("MEMUSAGE_ENABLED")


def test_pauses_are_counted_once_where_they_lie_over_each_other(visit, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    assert visit.wait_until(1100) == 100
    assert visit.wait_until(1060) == 100
    assert visit.wait_until(1120) == 120
    now[0] = 2000.0
    assert visit.wait_until(2050) == 170
    assert visit.not_before == 2050


def test_a_site_that_wants_ever_more_time_is_put_off(visit, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])

    async def answer(self, request):
        return Response(HOME, status=429, headers={"Retry-After": "120"})

    monkeypatch.setattr(HTTP11DownloadHandler, "download_request", answer)
    wire, pace = object.__new__(InTurn), Pace(0)
    wire.crawler = SimpleNamespace(spider=SimpleNamespace(visit=visit))
    visit.pace = pace
    for asked in range(8):
        assert visit.put_off == {}, asked
        with suppress(StopIteration):
            wire.download_request(Request(HOME)).send(None)
        now[0] += 120
    assert visit.put_off == {"quay.example": 960}
    for one in (visit, replace(visit, put_off={})):  # another source on that host leaves it alone as well
        wire.crawler.spider.visit = one
        with pytest.raises(NotAsked):
            wire.download_request(Request(f"{HOME}more")).send(None)
        assert one.put_off == {"quay.example": 960}


def test_where_a_redirect_leads_is_written_as_links_are_unless_that_is_where_it_came_from(visit):
    spider, guard = SiteSpider(visit, None), object.__new__(Redirects)
    guard.crawler = SimpleNamespace(spider=spider)

    def led(*chain):
        *before, url = (HOME + path for path in chain)
        meta = {"redirect_urls": before}
        again = guard.process_request(Request(url, callback=spider.page, meta=meta, cb_kwargs={"depth": 1}))
        return again and again.url

    assert led("old", "caf%c3%a9?utm_source=x") == HOME + "caf%C3%A9"
    assert led("old", "caf%C3%A9") is None
    assert led("na%C3%AFve", "na%c3%afve") is None
    assert spider.frontier.depths() == {HOME + "caf%C3%A9": 1, HOME + "na%c3%afve": 1}


def links(*places):
    return "".join(f'<a href="{place}">x</a>' for place in places)


def read(spider, path, body, **facts):
    answer = HtmlResponse(HOME + path, body=body.encode(), **facts)
    answer.request = Request(HOME + path, meta={CAPTURE: SimpleNamespace(final_url=HOME + path)})
    spider.follow(answer, 0)


def test_frames_and_forwarding_pages_lead_on_whatever_charset_they_claim(visit):
    spider = SiteSpider(visit, None)
    frames = '<frameset><frame src="/in-frame"></frameset>'
    forward = '<meta HTTP-EQUIV="Refresh" content="0; URL=\'/next?a=1\'">'
    read(spider, "a", frames, headers={"Content-Type": "text/html; charset=hex"})
    read(spider, "b", f"<head>{forward}</head>", headers={"Content-Type": "text/html; charset=base64"})
    assert set(visit.found) == {HOME + "in-frame", HOME + "next?a=1"}


def test_a_page_of_endless_links_is_looked_at_in_part(visit):
    read(SiteSpider(visit, None), "a", links(*(f"/p{n}" for n in range(LINKS + 5))))
    assert len(visit.found) == LINKS


def test_the_visit_notes_where_it_met_what_it_did_not_know(visit):
    visit.__dict__["held"] = frozenset({HOME, HOME + "read"})
    spider = SiteSpider(visit, None)
    spider.begin()

    read(spider, "new", links("/a", "/b", "/read", "https://other.example/", "/new"))
    read(spider, "read", links("/b", "/c"))
    place = b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>/d</loc></url></urlset>'
    list(spider.sitemap(Response(HOME + "sitemap.xml", body=place)))
    assert visit.found == {
        HOME + "a": HOME + "new",
        HOME + "b": None,
        HOME + "c": None,
        HOME + "d": HOME + "sitemap.xml",
    }
    assert visit.sitemaps == {HOME + "sitemap.xml"}


def test_a_part_that_nobody_asked_for_is_no_whole_page(visit):
    kept = []
    visit.writer = SimpleNamespace(folder="", put_exchange=lambda told: kept.append(told) or SimpleNamespace())
    crawler = SimpleNamespace(spider=SiteSpider(visit, None), signals=SimpleNamespace(connect=lambda *_: None))
    for status in (200, 206):
        request = Request(HOME, callback=crawler.spider.page)
        Archiving(crawler).process_response(request, Response(HOME, status=status, body=b"x"))
    assert [told.truncated for told in kept] == [None, "unspecified"]
