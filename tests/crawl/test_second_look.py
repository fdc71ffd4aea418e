"""A new source is looked at twice: what it shows in turn is inventory, and no news on later days."""

import itertools

import pytest

from tests.e2e.sites import CLAIMS, page
from tests.e2e.watch import make_watch
from tests.e2e.web import html, served

BANNERS = (
    "This month our exosome serum removes deep wrinkles in one session.",
    "Exosome injections cure chronic knee pain without surgery.",
    "Guests with hair loss regrow thick hair with our exosomes.",
)
PROMISE = "Our exosomes heal Alzheimer's disease."
TEAM = "Doctor Moyne has worked here since spring."


def in_turn(banners):
    """A start page that shows another banner at every request."""
    turns = itertools.cycle(banners)

    def answer(handler):
        body = page("Exosome clinic", [next(turns), CLAIMS[0]]).encode()
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html; charset=utf-8")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@pytest.fixture(scope="module")
def visited(tmp_path_factory):
    """Four sites on three days; one writes a promise beside its banner on the second."""
    still = {"/": html(page("Exosome clinic", [CLAIMS[0]], ["/team"])), "/team": html(page("Team", [TEAM]))}
    sites = {"two": {"/": in_turn(BANNERS[:2])}, "three": {"/": in_turn(BANNERS)}, "still": still, "writes": {}}
    sites["writes"]["/"] = in_turn(BANNERS[:2])
    with served(sites) as web:
        folder = tmp_path_factory.mktemp("second")
        watch = make_watch(folder, web, {name: {} for name in sites}, second_look=True)
        asked = []
        for day in (1, 2, 3):
            watch.run("crawl", "--all", EXOWATCH_NOW=f"2026-11-0{day}T06:00:00Z")
            asked.append([(path, status) for site, path, status in web.asked if site == "still"])
            web.asked.clear()
            web.answers["writes"]["/"] = html(page("Exosome clinic", [BANNERS[0], CLAIMS[0], PROMISE]))
        yield watch, asked


def flags(visited, source):
    """(change, quote) of its flags."""
    return {(flag["change"], flag["quote"]) for flag in visited[0].rows("flags", "--source", source)}


def test_two_banners_in_turn_are_both_inventory_and_never_news(visited):
    assert flags(visited, "two") >= {("baseline", words) for words in (*BANNERS[:2], CLAIMS[0])}
    assert {change for change, _ in flags(visited, "two")} == {"baseline"}
    assert not visited[0].rows("changes", "--source", "two")


def test_a_third_banner_of_the_same_place_is_inventory_in_the_first_days(visited):
    assert flags(visited, "three") >= {("baseline", words) for words in (*BANNERS, CLAIMS[0])}
    assert {change for change, _ in flags(visited, "three")} == {"baseline"}
    assert not visited[0].rows("changes", "--source", "three")


def test_a_promise_elsewhere_on_such_a_page_is_news(visited):
    assert {words for change, words in flags(visited, "writes") if change == "new"} == {PROMISE}


def test_pages_with_claims_are_asked_twice_at_first_and_once_from_then_on(visited):
    watch, asked = visited
    first, second = ([path for path, _ in day if path in ("/", "/team")] for day in asked[:2])
    assert first.count("/") == 2
    assert ("/", 304) in asked[0]
    assert sorted(second) == ["/", "/team"]
    run = "(SELECT id FROM runs ORDER BY fence LIMIT 1)"
    assert watch.sql(f"SELECT COUNT(*) AS n FROM outcomes WHERE source_id = 'still' AND run_id = {run}") == [{"n": 2}]
