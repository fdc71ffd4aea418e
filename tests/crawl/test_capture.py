"""`exowatch capture`: pages secured at once by the crawler alone, where no browser can look; what is refused."""

import json

import pytest

from tests.e2e.sites import CLAIMS, page
from tests.e2e.watch import make_watch
from tests.e2e.web import Answer, html, served

HOME = html(page("Exosome clinic", [CLAIMS[0]]))
NO_BROWSER = {"EXOWATCH_CRAWL__BROWSER": "/nowhere/chromium"}
PRIVATE = Answer(b"User-agent: *\nDisallow: /private", headers={"Content-Type": "text/plain"})


def captured(watch, *words, expect=0):
    done = watch.run("capture", *words, "--format", "json", expect=expect, **NO_BROWSER)
    return json.loads(done.stdout), done.stderr


@pytest.fixture(scope="module")
def secured(tmp_path_factory):
    """A watched clinic crawled once; then one of its pages that changed, one that did not, and a page of a stranger."""
    site = {"/": html(page("Exosome clinic", [CLAIMS[0]], ["/exosomes"])), "/exosomes": html(page("Ex", [CLAIMS[1]]))}
    with served({"one": site, "other": {"/": HOME}}) as web:
        watch = make_watch(tmp_path_factory.mktemp("secured"), web, {"one": {}})
        watch.run("crawl", "--all")
        web.answers["one"]["/exosomes"] = html(page("Exosomes", [CLAIMS[2]]))
        web.asked.clear()
        told, said = captured(watch, web.url("one", "/exosomes"), web.url("one"), web.url("other"), web.url("other"))
        yield watch, told, said, web


def test_a_page_of_the_watchlist_is_secured_for_its_source_and_proves_nothing_about_the_rest(secured):
    watch, (changed, *_), _, web = secured
    assert (changed["secured"], changed["source"], changed["result"], changed["both"]) == (True, "one", "READ", False)
    assert "which is no program" in changed["lacking"]
    assert next(path for site, path, _ in web.asked if site == "one") == "/robots.txt"
    visits = watch.sql("SELECT verdict, baseline FROM v_coverage WHERE run_kind = 'capture' AND source = 'one'")
    assert visits == [{"verdict": "complete", "baseline": 0}]
    assert watch.sql("SELECT kind FROM v_changes WHERE kind = 'gone'") == []
    assert watch.rows("flags", "--text", "completely safe")[0]["source"] == "one"
    assert json.loads(watch.here("verify", "--format", "json"))["damage"] == []


def test_a_page_that_says_what_it_said_is_archived_anew_whole_and_has_a_row(secured):
    watch, (_, same, _), _, web = secured
    assert same["result"] == "UNCHANGED"
    assert ("one", "/", 200) in web.asked
    assert ("one", "/", 304) not in web.asked
    (row,) = watch.sql(f"SELECT ip, user_agent, language_sent, rendered FROM v_captures WHERE id = '{same['id']}'")
    assert (row["ip"], row["rendered"]) == ("127.0.0.60", 0)
    assert row["user_agent"].startswith("ExoWatch/")
    assert row["language_sent"].startswith("en")


def test_a_site_on_no_watchlist_gets_a_source_of_its_own_and_is_read(secured):
    watch, (*_, strange), said, _ = secured
    assert strange["source"].startswith("captured-127-0-0-61-")
    assert "on no watchlist" in said
    (source,) = watch.sql(f"SELECT kind, jurisdiction, tags FROM v_sources WHERE id = '{strange['source']}'")
    assert source == {"kind": "clinic", "jurisdiction": "US", "tags": "captured"}
    assert watch.rows("flags", "--source", strange["source"])


def test_what_cannot_be_secured_is_named_and_the_rest_is_without_any_watchlist(tmp_path):
    with served({"one": {"/": HOME, "/robots.txt": PRIVATE, "/private": HOME}}) as web:
        watch = make_watch(tmp_path, web, {})
        (tmp_path / "watchlist").rmdir()
        port = web.addresses["one"].rpartition(":")[2]
        wanted = [web.url("one"), web.url("one", "/private"), f"http://127.0.0.1:{port}/", "http://localhost:9/x"]
        told, _ = captured(watch, *wanted, expect=1)
        assert ("one", "/private", 200) not in web.asked
    assert [one["secured"] for one in told] == [True, False, False, False]
    assert told[1]["why"].startswith("robots: robots.txt asks us not to")
    assert told[2]["why"].startswith("refused-address: 127.0.0.1:")
    assert "allow_addresses" in told[3]["why"]


def test_without_a_browser_what_needs_one_is_not_read_and_a_case_must_be_there(tmp_path):
    with served({"one": {"/": HOME}, "other": {"/": HOME}}) as web:
        watch = make_watch(tmp_path, web, {"one": {"render": True}, "other": {}})
        done = watch.run("crawl", "--all", expect=1, **NO_BROWSER)
        assert "needs a browser" in done.stderr
        assert {site for site, _, _ in web.asked} == {"other"}
        web.asked.clear()
        assert "there is no case 3" in watch.run("capture", web.url("one"), "--case", "3", expect=2).stderr
        assert web.asked == []
    (visit,) = watch.sql("SELECT verdict, finish_reason FROM run_sources WHERE source_id = 'one'")
    assert visit == {"verdict": "partial", "finish_reason": "no browser"}
    assert [row["code"] for row in watch.sql("SELECT code FROM issues")] == ["no-browser"]
