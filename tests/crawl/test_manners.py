"""How a site is asked: never more often than the delay, and not at all while it asks for time."""

import time
from itertools import pairwise

from tests.e2e.sites import CLAIMS, clinic, page
from tests.e2e.watch import make_watch
from tests.e2e.web import Answer, html, served

ROBOTS = Answer(b"User-agent: *\nDisallow:\n", headers={"Content-Type": "text/plain"})
#: A request is timed when it has arrived, which may be a little sooner after it was sent than the one before it.
ROUGHLY = 0.05


def timed(pages):
    """The same answers, and a list of (when, path) that grows with each request."""
    log = []

    def wrapped(path, answer):
        def handle(handler):
            log.append((time.monotonic(), path))
            give(handler, answer() if callable(answer) else answer)

        return handle

    return {path: wrapped(path, answer) for path, answer in pages.items()}, log


def give(handler, answer):
    handler.send_response(answer.status)
    for name, value in ({"Content-Length": str(len(answer.body))} | answer.headers).items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(answer.body)


def in_turn(*answers):
    """Each answer once, the last one for ever."""
    left = list(answers)
    return lambda: left.pop(0) if len(left) > 1 else left[0]


def busy(seconds):
    return Answer(b"slow down", 429, {"Retry-After": str(seconds), "Content-Type": "text/plain"})


def gaps(log):
    times = [at for at, _ in log]
    return [after - before for before, after in pairwise(times)]


def verdicts(watch):
    return watch.sql("SELECT verdict, why FROM run_sources")


def test_nothing_is_asked_of_a_source_while_it_wants_time(tmp_path):
    site = clinic(12) | {"/robots.txt": ROBOTS}
    site["/exosomes/3"] = in_turn(busy(2), site["/exosomes/3"])
    pages, log = timed(site)
    with served({"one": pages}) as web:
        watch = make_watch(tmp_path, web, {"one": {}})
        watch.run("crawl", "--all", EXOWATCH_CRAWL__DELAY="0.1")
    told = next(at for at, path in log if path == "/exosomes/3")
    assert [path for at, path in log if told < at < told + 2 - ROUGHLY] == []
    assert [path for _, path in log].count("/exosomes/3") == 2


def test_robots_txt_waits_too_and_the_longer_of_two_pauses_holds(tmp_path):
    pages, log = timed(clinic(2) | {"/robots.txt": in_turn(busy(1), busy(2), ROBOTS)})
    with served({"one": pages}) as web:
        watch = make_watch(tmp_path, web, {"one": {}})
        watch.run("crawl", "--all")
    assert [path for _, path in log[:3]] == ["/robots.txt"] * 3
    first, second = gaps(log)[:2]
    assert first >= 1 - ROUGHLY
    assert second >= 2 - ROUGHLY


def test_a_second_longer_pause_while_the_first_lasts_is_kept(tmp_path):
    """Without a delay several requests are under way, and each may be told another time."""
    links = ["/exosomes/0", "/exosomes/1"]
    site = {"/": html(page("Exosome clinic", [CLAIMS[0]], links)), "/robots.txt": ROBOTS, "/sitemap.xml": ROBOTS}
    for link, pause in zip(links, (1, 2), strict=True):
        site[link] = in_turn(busy(pause), html(page("Exosomes", [CLAIMS[1]])))
    pages, log = timed(site)
    with served({"one": pages}) as web:
        watch = make_watch(tmp_path, web, {"one": {}})
        watch.run("crawl", "--all")
    again = [at for at, path in log if path in links]
    assert len(again) == 4
    assert again[2] - again[1] >= 2 - 2 * ROUGHLY


def test_a_site_that_wants_more_time_than_a_visit_has_makes_it_partial(tmp_path):
    site = clinic(20) | {"/robots.txt": ROBOTS}
    with served({"one": dict(site)}) as web:
        watch = make_watch(tmp_path, web, {"one": {}})
        watch.run("crawl", "--all")
        web.asked.clear()
        web.answers["one"] = {path: busy(3600) for path in site} | {"/robots.txt": ROBOTS}
        watch.run("crawl", "--all", expect=1, EXOWATCH_CRAWL__DELAY="0.2")
        assert [status for _, _, status in web.asked].index(429) == len(web.asked) - 1
        last = verdicts(watch)[-1]
    assert last["verdict"] == "partial"
    assert "asked to wait 3600 seconds" in last["why"]


def test_a_page_that_asks_for_an_hour_costs_the_visit_what_is_left_on_its_host_alone(tmp_path):
    feed = '<rss version="2.0"><channel><title>x</title>{}</channel></rss>'
    with served({"news": {}, "slow": clinic(6), "quick": clinic(6)}) as web:
        web.answers["slow"] = {path: busy(3600) for path in clinic(6)}  # in whatever order they are asked
        places = [web.url(site, f"/exosomes/{n}") for n in range(5) for site in ("slow", "quick")]
        items = "".join(f"<item><title>Exosomes</title><link>{place}</link></item>" for place in places)
        web.answers["news"]["/feed"] = Answer(feed.format(items).encode(), headers={"Content-Type": "text/xml"})
        watch = make_watch(tmp_path, web, {"news": {"via": "feed", "start_urls": [web.url("news", "/feed")]}})
        watch.run("crawl", "--all", expect=1, EXOWATCH_CRAWL__DELAY="0.1")
        asked = {site: [path for name, path, _ in web.asked if name == site and "exo" in path] for site in web.answers}
        assert len(asked["quick"]) == 5
        assert len(asked["slow"]) == 1
        (told,) = watch.sql("SELECT message FROM issues WHERE code = 'asked-to-wait'")
        assert "asks us to wait 3600 seconds before we ask again: 4 pages are put off" in told["message"]
        web.answers["slow"] = clinic(6)
        web.asked.clear()
        watch.run("crawl", "--all")
        assert {path for name, path, _ in web.asked if name == "slow"} >= {f"/exosomes/{n}" for n in range(5)}
    assert [row["verdict"] for row in verdicts(watch)] == ["partial", "complete"]
    assert {flag["change"] for flag in watch.rows("flags")} == {"baseline"}


def test_a_last_page_that_asks_for_an_hour_takes_nothing_from_the_visit(tmp_path):
    site = {"/robots.txt": ROBOTS, "/b": busy(3600), "/a": html(page("Exosomes", [CLAIMS[1]], ["/b"]))}
    site["/"] = html(page("Exosome clinic", [CLAIMS[0]], ["/a"]))
    with served({"one": site}) as web:
        watch = make_watch(tmp_path, web, {"one": {}})
        watch.run("crawl", "--all", EXOWATCH_CRAWL__DELAY="0.1")
    assert [row["verdict"] for row in verdicts(watch)] == ["complete"]
    assert len(watch.sql("SELECT id FROM issues WHERE code = 'asked-to-wait'")) == 1


def test_a_pause_ends_with_the_run(tmp_path):
    with served({"one": clinic(5) | {"/robots.txt": ROBOTS, "/exosomes/3": busy(100)}}) as web:
        watch = make_watch(tmp_path, web, {"one": {}})
        began = time.monotonic()
        watch.run("crawl", "--all", expect=1, EXOWATCH_LIMITS__MAX_RUN_TIME="4")
        assert time.monotonic() - began < 30
        (told,) = verdicts(watch)
    assert told["verdict"] == "partial"


def test_the_delay_is_a_minimum(tmp_path):
    pages, log = timed(clinic(8) | {"/robots.txt": ROBOTS})
    with served({"one": pages}) as web:
        watch = make_watch(tmp_path, web, {"one": {}})
        watch.run("crawl", "--all", EXOWATCH_CRAWL__DELAY="0.3")
    assert len(log) > 8
    assert min(gaps(log)) >= 0.3 - ROUGHLY


def test_a_crawl_delay_is_a_minimum_from_the_first_page_on(tmp_path):
    slow = Answer(b"User-agent: *\nCrawl-delay: 0.6\nDisallow:\n", headers={"Content-Type": "text/plain"})
    pages, log = timed(clinic(4) | {"/robots.txt": slow})
    with served({"one": pages}) as web:
        watch = make_watch(tmp_path, web, {"one": {}})
        watch.run("crawl", "--all")
    assert min(gaps(log)) >= 0.6 - ROUGHLY


def test_two_sources_on_one_host_share_its_delay(tmp_path):
    site = {"/robots.txt": ROBOTS}
    for name in ("a", "b"):
        site[f"/{name}/"] = html(page("Exosomes", [CLAIMS[0]], [f"/{name}/exosomes/{n}" for n in range(3)]))
        site |= {f"/{name}/exosomes/{n}": html(page("Exosomes", [CLAIMS[n]])) for n in range(3)}
    pages, log = timed(site)
    with served({"one": pages}) as web:
        here = {name: {"start_urls": [web.url("one", f"/{name}/")], "allow": [f"/{name}/"]} for name in ("a", "b")}
        watch = make_watch(tmp_path, web, here)
        watch.run("crawl", "--all", EXOWATCH_CRAWL__DELAY="0.4")
    assert {path[1] for _, path in log} >= {"a", "b"}
    assert min(gaps(log)) >= 0.4 - ROUGHLY
