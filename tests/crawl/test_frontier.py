"""What a visit asks for, over several visits: shares of the budget, and how deep a site is opened."""

import gzip
import itertools
import json
import threading
from urllib.parse import quote

import pytest

from tests.e2e.sites import CLAIMS, clinic, page
from tests.e2e.watch import make_watch
from tests.e2e.web import Answer, html, served


def asked(web):
    """Paths of pages asked for since the last look."""
    paths = [path for _, path, _ in web.asked if path not in ("/robots.txt", "/sitemap.xml")]
    web.asked.clear()
    return paths


def test_a_new_page_is_read_though_known_pages_fill_the_budget(tmp_path):
    with served({"one": clinic(5)}) as web:
        watch = make_watch(tmp_path, web, {"one": {"max_pages": 4}})
        watch.run("crawl", "--all", EXOWATCH_NOW="2026-11-01T06:00:00Z")
        assert len(asked(web)) == 4
        links = [f"/exosomes/{n}" for n in range(5)]
        web.answers["one"]["/"] = html(page("Exosome clinic", [CLAIMS[0]], ["/new-exosome-cure", *links]))
        web.answers["one"]["/new-exosome-cure"] = html(page("New", ["Our exosomes cure Alzheimer's disease."]))
        seen = set()
        for day in range(2, 5):
            watch.run("crawl", "--all", EXOWATCH_NOW=f"2026-11-0{day}T06:00:00Z")
            paths = asked(web)
            assert len(paths) == 4
            seen |= set(paths)
        assert seen == {"/", "/new-exosome-cure", *links}
        assert "Alzheimer" in "".join(flag["quote"] for flag in watch.rows("flags") if flag["change"] == "new")
        assert {row["verdict"] for row in watch.sql("SELECT verdict FROM run_sources")} == {"complete"}
        told = watch.sql("SELECT code, message FROM issues WHERE source_id = 'one'")
        assert {row["code"] for row in told} == {"budget-binds"}
        assert "max_pages of 4 left 2 links and 0 known pages unread" in told[0]["message"]


def test_a_chain_of_pages_that_does_not_change_gives_no_news(tmp_path):
    names = "abcdefghijkl"
    site = {"/": html(page("Exosome clinic", [CLAIMS[0]], ["/e/a"]))}
    for name, after in zip(names, [*names[1:], None], strict=True):
        words = [f"Our exosomes cure arthritis in room {name}."]
        site[f"/e/{name}"] = html(page(f"Room {name}", words, [f"/e/{after}"] if after else []))
    with served({"one": site}) as web:
        watch = make_watch(tmp_path, web, {"one": {}})
        watch.run("crawl", "--all")
        first = sorted(asked(web))
        assert first == ["/", "/e/a", "/e/b", "/e/c", "/e/d"]
        for _ in range(2):
            watch.run("crawl", "--all")
            assert sorted(asked(web)) == first
        assert {flag["change"] for flag in watch.rows("flags")} == {"baseline"}
        assert not watch.rows("changes")


def leads_to(place, status=302):
    return Answer(status=status, headers={"Location": place, "Content-Type": ""})


def outcomes(watch, code):
    return [row["url"] for row in watch.sql(f"SELECT url FROM outcomes WHERE code = '{code}' ORDER BY url")]


def test_a_known_page_that_leads_to_another_site_is_not_laid_at_this_source(tmp_path):
    other = {"/": html(page("Another firm", ["Our exosomes cure cancer."]))}
    with served({"one": clinic(3), "other": other}) as web:
        watch = make_watch(tmp_path, web, {"one": {}})
        watch.run("crawl", "--all")
        web.answers["one"]["/exosomes/1"] = leads_to(web.url("other"))
        watch.run("crawl", "--all")
        assert "other" not in {site for site, _, _ in web.asked}
        assert outcomes(watch, "off-site") == [web.url("one", "/exosomes/1")]
        assert not watch.rows("claims", "--text", "cancer")


def test_a_start_page_that_leads_to_another_site_is_read_and_told_to_the_operator(tmp_path):
    with served({"one": {}, "new": clinic(2)}) as web:
        web.answers["one"]["/"] = leads_to(web.url("new"), 301)
        watch = make_watch(tmp_path, web, {"one": {}})
        for _ in range(2):
            watch.run("crawl", "--all")
        assert [path for site, path, _ in web.asked if site == "new" and path != "/robots.txt"] == ["/", "/"]
        told = watch.sql("SELECT code, url FROM issues")
        assert told == [{"code": "start-elsewhere", "url": web.url("new")}] * 2
        assert watch.sql("SELECT DISTINCT code FROM outcomes") != [{"code": "off-site"}]


def test_deny_holds_for_known_pages_and_for_where_redirects_lead(tmp_path):
    links = ["/exosomes/0", "/exosomes/1", "/exosome-offer"]
    site = clinic(2) | {
        "/": html(page("Exosome clinic", [CLAIMS[0]], links)),
        "/exosome-offer": leads_to("/secret/offer"),
        "/secret/offer": html(page("Offer", ["Our exosomes cure arthritis."])),
    }
    with served({"one": site}) as web:
        watch = make_watch(tmp_path, web, {"one": {"deny": ["/secret/"]}})
        watch.run("crawl", "--all")
        assert "/secret/offer" not in asked(web)
        file = watch.folder / "watchlist" / "one.yml"
        file.write_text(json.dumps(json.loads(file.read_text()) | {"deny": ["/secret/", "/exosomes/1"]}))
        watch.run("crawl", "--all")
        assert sorted(asked(web)) == ["/", "/exosome-offer", "/exosomes/0"]
        assert set(outcomes(watch, "denied")) == {web.url("one", "/exosome-offer"), web.url("one", "/exosomes/1")}


def test_each_page_is_asked_for_once_whatever_its_links_look_like(tmp_path):
    links = ["/экзосомы", *(f"/exosome-way-{n}" for n in range(4))]
    site = clinic(1) | {
        "/": html(page("Exosome clinic", [CLAIMS[0]], [*links, "/exosomes/0"])),
        quote("/экзосомы"): html(page("Экзосомы", ["Our exosomes cure gout."])),
    }
    with served({"one": site}) as web:
        web.answers["one"] |= {link: leads_to("/exosomes/0") for link in links[1:]}
        watch = make_watch(tmp_path, web, {"one": {}})
        for _ in range(2):
            watch.run("crawl", "--all")
            paths = asked(web)
            assert sorted(paths) == sorted(["/", quote("/экзосомы"), "/exosomes/0", *links[1:]])


def test_the_words_of_a_link_are_read_in_the_letters_of_its_page(tmp_path):
    links = "".join(f'<a href="/p{n}">О нас {n}</a>' for n in range(6))
    home = (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><title>x</title></head>'
        f"<body><h1>Клиника</h1><p>Мы работаем давно.</p>{links}<a href='/p9?q=да'>Экзосомы</a></body></html>"
    )
    with served({"one": {"/": Answer(home.encode("cp1251"), headers={"Content-Type": "text/html"})}}) as web:
        watch = make_watch(tmp_path, web, {"one": {"max_pages": 2}})
        watch.run("crawl", "--all", expect=(0, 1))
        assert asked(web) == ["/", "/p9?q=%E4%E0"]


def sitemap(*places, kind="urlset", entry="url"):
    told = "".join(f"<{entry}><loc>{place}</loc></{entry}>" for place in places)
    return f'<{kind} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{told}</{kind}>'.encode()


def test_packed_sitemaps_are_read_wherever_they_are_named(tmp_path):
    packed = {"Content-Type": "application/gzip"}
    hidden = {path: html(page("Hidden", [CLAIMS[0]])) for path in ("/hidden-1", "/hidden-2")}
    with served({"one": clinic(1) | hidden, "two": clinic(2)}) as web:
        first, second = (gzip.compress(sitemap(web.url("one", path))) for path in hidden)
        index = sitemap(web.url("one", "/s1.xml.gz"), kind="sitemapindex", entry="sitemap")
        robots = f"User-agent: *\nSitemap: {web.url('one', '/s2.xml.gz')}\n".encode()
        web.answers["one"] |= {
            "/sitemap.xml": Answer(index, headers={"Content-Type": "application/xml"}),
            "/s1.xml.gz": Answer(first, headers=packed),
            "/s2.xml.gz": Answer(second, headers=packed),
            "/robots.txt": Answer(robots, headers={"Content-Type": "text/plain"}),
        }
        web.answers["two"]["/sitemap.xml"] = Answer(b"plain text, no sitemap", headers={"Content-Type": "text/plain"})
        watch = make_watch(tmp_path, web, {"one": {}, "two": {}})
        done = watch.run("crawl", "--all")
        assert set(hidden) <= {path for site, path, _ in web.asked if site == "one"}
        assert "Traceback" not in done.stderr
        assert watch.sql("SELECT COUNT(*) AS n FROM outcomes WHERE source_id = 'two'") == [{"n": 3}]


def test_a_sitemap_of_the_watchlist_that_cannot_be_read_is_told(tmp_path):
    with served({"missing": {}, "broken": {"/sitemap.xml": Answer(b"no sitemap")}}) as web:
        facts = {name: {"via": "sitemap", "start_urls": [web.url(name, "/sitemap.xml")]} for name in web.addresses}
        watch = make_watch(tmp_path, web, facts)
        watch.run("crawl", "--all", expect=1)
        told = watch.sql("SELECT source_id, result, code FROM outcomes ORDER BY source_id")
        assert told == [{"source_id": name, "result": "UNFIT", "code": "no-sitemap"} for name in ("broken", "missing")]


class Turns:
    """Makes some answers wait until all of ``places`` were asked for."""

    def __init__(self, places):
        self.left, self.all_asked = set(places), threading.Event()

    def counted(self, answer):
        def tell(handler):
            self.left.discard(handler.path)
            if not self.left:
                self.all_asked.set()
            self.send(handler, answer)

        return tell

    def late(self, answer):
        def tell(handler):
            assert self.all_asked.wait(20)
            self.send(handler, answer)

        return tell

    def send(self, handler, answer):
        handler.send_response(answer.status)
        for name, value in (answer.headers | {"Content-Length": str(len(answer.body))}).items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(answer.body)


@pytest.mark.parametrize("first", ["old", "new"])
def test_a_site_that_moves_takes_its_claims_along_whichever_page_is_asked_for_first(tmp_path, first):
    with served({"one": clinic(3)}) as web:
        watch = make_watch(tmp_path, web, {"one": {}})
        watch.run("crawl", "--all")
        before = watch.sql("SELECT COUNT(*) AS n FROM v_claims WHERE live = 'yes'")
        pages = {f"/~new{path}": answer for path, answer in clinic(3).items() if path != "/"}
        home = html(page("Exosome clinic", [CLAIMS[0]], list(pages)))
        old = {path.removeprefix("/~new"): leads_to(path.replace("~", "%7e"), 301) for path in pages}
        # all known pages are asked for at once; home, which has the links, or what leads on answers late
        turns = Turns(pages)
        new = {path: turns.counted(answer) for path, answer in pages.items()}
        late = {"/": home} if first == "old" else old
        web.answers["one"] |= old | new | {"/": home} | {path: turns.late(answer) for path, answer in late.items()}
        watch.run("crawl", "--all")
        assert {flag["change"] for flag in watch.rows("flags")} == {"baseline"}
        assert {change["kind"] for change in watch.rows("changes")} == {"moved"}
        assert watch.sql("SELECT COUNT(*) AS n FROM v_claims WHERE live = 'yes'") == before
        assert outcomes(watch, "moved") == [web.url("one", f"/exosomes/{n}") for n in range(3)]
        assert len(watch.sql("SELECT url FROM v_pages")) == 7


def test_a_server_that_adds_a_session_to_every_address_makes_no_new_pages(tmp_path):
    site = clinic(2)
    drawn = itertools.count(10**19)

    def with_session(path, mark):
        def tell(handler):
            place = f"{path}{mark}{next(drawn)}"
            web.answers["one"][place] = site[path]
            Turns(()).send(handler, leads_to(place))

        return tell

    with served({"one": {}}) as web:
        web.answers["one"] = {
            "/": with_session("/", "?PHPSESSID="),
            "/exosomes/0": with_session("/exosomes/0", ";jsessionid="),
            "/exosomes/1": with_session("/exosomes/1", "?gclid="),
        }
        watch = make_watch(tmp_path, web, {"one": {}})
        for _ in range(3):
            watch.run("crawl", "--all")
        pages = [web.url("one", path) for path in ("/", "/exosomes/0", "/exosomes/1")]
        assert [row["url"] for row in watch.sql("SELECT url FROM v_pages ORDER BY url")] == pages
        assert {row["result"] for row in watch.sql("SELECT result FROM outcomes")} == {"READ", "UNCHANGED"}
        assert watch.sql("SELECT COUNT(*) AS n FROM captures") == [{"n": 3}]
        assert watch.rows("changes") == []
        assert {flag["change"] for flag in watch.rows("flags")} == {"baseline"}
        assert "all whole" in watch.run("verify").stdout
        archived = b"".join(gzip.decompress(file.read_bytes()) for file in watch.folder.rglob("*.warc.gz"))
        assert archived.count(b"WARC-Target-URI: " + web.url("one", "/?PHPSESSID=").encode()) >= 3
