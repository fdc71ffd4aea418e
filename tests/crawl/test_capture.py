"""`exowatch capture`: pages secured at once by the crawler alone, where no browser can look; what is refused."""

import json
import zipfile

import pytest

from tests.e2e.sites import CLAIMS, page
from tests.e2e.watch import make_watch
from tests.e2e.web import Answer, html, served
from tests.secure import secure_site

HOME = html(page("Exosome clinic", [CLAIMS[0]]))
SITE = {
    "/": html(page("Exosome clinic", [CLAIMS[0]], ["/exosomes"])),
    "/exosomes": html(page("Ex", [CLAIMS[1]])),
    "/old": Answer(b"", 301, {"Location": "/exosomes"}),
}
PRIVATE = Answer(b"User-agent: *\nDisallow: /private", headers={"Content-Type": "text/plain"})
NO_BROWSER = {"EXOWATCH_CRAWL__BROWSER": "/nowhere/chromium"}


class Secured:
    """A watched clinic crawled once, and what came of securing some pages."""

    def __init__(self, watch, web, secure):
        self.watch, self.web, self.secure = watch, web, secure
        self.crawled = watch.run("crawl", "--all", expect=1, **NO_BROWSER)
        self.asked_by_crawl = list(web.asked)
        web.answers["one"]["/exosomes"] = html(page("Exosomes", [CLAIMS[2]]))
        web.asked.clear()
        port = web.addresses["one"].rpartition(":")[2]
        wanted = [web.url("one", "/exosomes"), web.url("one"), web.url("other"), web.url("other")]
        wanted += [web.url("one", "/old")]
        wanted += [web.url("one", "/private"), f"http://127.0.0.1:{port}/", "http://localhost:9/x"]
        wanted += [f"https://{secure.address}/"]
        env = NO_BROWSER | {"SSL_CERT_FILE": str(secure.trust)}
        done = watch.run("capture", *wanted, "--format", "json", expect=1, **env)
        self.told, self.said = json.loads(done.stdout), done.stderr


@pytest.fixture(scope="module")
def secured(tmp_path_factory):
    folder, site = tmp_path_factory.mktemp("secured"), SITE | {"/robots.txt": PRIVATE, "/private": HOME}
    sites = {"one": site, "other": {"/": HOME}, "scripts": {"/": HOME}}
    with served(sites) as web, secure_site(folder, HOME.body, ahead=3600) as secure:
        web.addresses["secure"] = secure.address
        yield Secured(make_watch(folder, web, {"one": {}, "scripts": {"render": True}}), web, secure)


def test_a_page_of_the_watchlist_is_secured_for_its_source_and_proves_nothing_about_the_rest(secured):
    watch, changed = secured.watch, secured.told[0]
    assert (changed["secured"], changed["source"], changed["result"], changed["both"]) == (True, "one", "READ", False)
    assert "which is no program" in changed["lacking"]
    assert next(path for site, path, _ in secured.web.asked if site == "one") == "/robots.txt"
    visits = watch.sql("SELECT verdict, baseline FROM v_coverage WHERE run_kind = 'capture' AND source = 'one'")
    assert visits == [{"verdict": "complete", "baseline": 0}]
    assert watch.sql("SELECT kind FROM v_changes WHERE kind = 'gone'") == []
    assert watch.rows("flags", "--text", "completely safe")[0]["source"] == "one"
    assert json.loads(watch.here("verify", "--format", "json"))["damage"] == []


def test_a_page_that_says_what_it_said_is_archived_anew_whole_and_has_a_row(secured):
    same = secured.told[1]
    assert same["result"] == "UNCHANGED"
    assert ("one", "/", 200) in secured.web.asked
    assert ("one", "/", 304) not in secured.web.asked
    asked = f"SELECT ip, user_agent, language_sent, rendered FROM v_captures WHERE id = '{same['id']}'"
    (row,) = secured.watch.sql(asked)
    assert (row["ip"], row["rendered"]) == ("127.0.0.60", 0)
    assert row["user_agent"].startswith("ExoWatch/")
    assert row["language_sent"].startswith("en")


def test_two_addresses_that_lead_to_one_page_are_both_secured_by_it(secured):
    page, old = secured.told[0], secured.told[3]
    assert (old["answered"], old["id"]) == (page["url"], page["id"])


def test_the_certificate_of_the_server_and_its_clock_are_recorded_and_told(secured, tmp_path):
    told = secured.told[-1]
    (row,) = secured.watch.sql(f"SELECT certificate, clock_offset FROM v_captures WHERE id = '{told['id']}'")
    assert row["certificate"] == secured.secure.digest
    assert row["clock_offset"] in range(3590, 3602)
    flag = secured.watch.rows("flags", "--source", told["source"])[0]["id"]
    secured.watch.here("dossier", str(flag), "-o", str(tmp_path / "d.zip"))
    with zipfile.ZipFile(tmp_path / "d.zip") as bundle:
        (capture,) = json.loads(bundle.read("facts.json"))["captures"]
    facts = dict(capture["facts"])
    assert facts["Digest of the server's TLS certificate"] == secured.secure.digest
    assert (
        facts["Clock of the server against ours"]
        == f"{row['clock_offset']:+d} seconds (its own Date header, whole seconds)"
    )
    assert facts["Looked at by"] == "the crawler, which runs no scripts"


def test_a_site_on_no_watchlist_gets_a_source_of_its_own_and_is_read(secured):
    strange = secured.told[2]
    assert strange["source"].startswith("captured-127-0-0-61-")
    assert "on no watchlist" in secured.said
    (source,) = secured.watch.sql(f"SELECT kind, jurisdiction, tags FROM v_sources WHERE id = '{strange['source']}'")
    assert source == {"kind": "clinic", "jurisdiction": "US", "tags": "captured"}
    assert secured.watch.rows("flags", "--source", strange["source"])


def test_what_cannot_be_secured_is_named_and_the_rest_is_secured(secured):
    assert [one["secured"] for one in secured.told] == [True, True, True, True, False, False, False, True]
    private, loopback, local = (one["why"] for one in secured.told[4:7])
    assert private.startswith("robots: robots.txt asks us not to")
    assert loopback.startswith("refused-address: 127.0.0.1:")
    assert "allow_addresses" in local
    assert "/private" not in {path for _, path, _ in secured.web.asked}


def test_a_source_that_needs_a_browser_is_not_read_without_one(secured):
    assert "scripts: `render: true` needs a browser" in secured.crawled.stderr
    assert {site for site, _, _ in secured.asked_by_crawl} == {"one"}
    (visit,) = secured.watch.sql("SELECT verdict, finish_reason FROM run_sources WHERE source_id = 'scripts'")
    assert visit == {"verdict": "partial", "finish_reason": "no browser"}
    assert {row["code"] for row in secured.watch.sql("SELECT code FROM issues")} == {"no-browser"}


def test_a_case_must_be_there_and_a_watchlist_need_not(tmp_path):
    with served({"one": {"/": HOME}}) as web:
        watch = make_watch(tmp_path, web, {})
        (tmp_path / "watchlist").rmdir()
        done = watch.run("capture", web.url("one"), "--case", "3", expect=2, **NO_BROWSER)
        assert "there is no case 3" in done.stderr
        assert web.asked == []
