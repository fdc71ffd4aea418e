"""The ways in: politeness, sitemaps, feeds, journals, imports, and reading again."""

from tests.e2e.sites import CLAIMS, clinic, page
from tests.e2e.watch import make_watch
from tests.e2e.web import Answer, html, served

ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Notices</title><id>n</id>
<updated>2026-11-01T00:00:00Z</updated><entry><title>On exosomes</title><id>1</id>
<updated>2026-11-01T00:00:00Z</updated>
<link href="/notices/1"/></entry></feed>"""
ARTICLE = """<html lang="en"><head><meta charset="utf-8"><title>Vesicle gel for scars</title>
<meta name="citation_title" content="Vesicle gel for scars"><meta name="citation_doi" content="10.5555/gel.1"></head>
<body><article><h1>Vesicle gel for scars</h1><h2>Abstract</h2><p>Forty patients were divided into two groups:
20 received exosome gel and 20 received a plain gel. Scores on the POSAS scale fell (p<0.05).</p></article></body>
</html>"""


def results(watch):
    return {row["url"].split("/", 3)[3]: row["result"] for row in watch.sql("SELECT url, result FROM outcomes")}


def test_robots_are_obeyed_recorded_and_told_who_we_are(tmp_path):
    seen = []

    def look(handler):
        seen.append(handler.headers["User-Agent"])
        body = b"User-agent: *\nDisallow: /exosomes/1\n"
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    with served({"one": clinic(3) | {"/robots.txt": look}}) as web:
        watch = make_watch(tmp_path, web, {"one": {}})
        watch.run("crawl", "--all")
        assert results(watch)["exosomes/1"] == "DISALLOWED"
        assert "/exosomes/1" not in [path for _, path, _ in web.asked]
    assert "tests@exowatch.example" in seen[0]


def test_a_site_whose_robots_cannot_be_read_is_left_alone(tmp_path):
    def broken(handler):
        handler.send_response(500)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    with served({"one": clinic(2) | {"/robots.txt": broken}}) as web:
        watch = make_watch(tmp_path, web, {"one": {}})
        watch.run("crawl", "--all", expect=1)
        assert {path for _, path, _ in web.asked} <= {"/robots.txt"}
        told = watch.sql("SELECT DISTINCT result, code FROM outcomes")
    assert told == [{"result": "DISALLOWED", "code": "robots-unreadable"}]


def test_a_sitemap_that_robots_names_is_read(tmp_path):
    def robots(handler):
        body = f"User-agent: *\nSitemap: http://{handler.headers['Host']}/hidden-map.xml\n".encode()
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def sitemap(handler):
        host = handler.headers["Host"]
        body = (
            '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
            f"<url><loc>http://{host}/unlinked</loc></url></urlset>"
        ).encode()
        handler.send_response(200)
        handler.send_header("Content-Type", "application/xml")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    pages = {"/robots.txt": robots, "/hidden-map.xml": sitemap, "/unlinked": html(page("Exosomes", [CLAIMS[0]]))}
    with served({"one": clinic(2) | pages}) as web:
        watch = make_watch(tmp_path, web, {"one": {}})
        watch.run("crawl", "--all")
        assert results(watch)["unlinked"] == "READ"


def test_a_server_that_asks_for_time_gets_it(tmp_path):
    asked = []

    def busy_once(handler):
        asked.append(handler.path)
        body = page("Exosomes", [CLAIMS[0]]).encode() if len(asked) > 1 else b""
        handler.send_response(200 if body else 503)
        handler.send_header("Content-Type", "text/html")
        if not body:
            handler.send_header("Retry-After", "1")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    with served({"one": {"/": busy_once}}) as web:
        watch = make_watch(tmp_path, web, {"one": {"via": "page"}})
        watch.run("crawl", "--all")
        assert results(watch) == {"": "READ"}
    assert len(asked) == 2


def test_sitemap_feed_and_single_pages(tmp_path):
    site = clinic(3)
    with served({"map": dict(site), "news": {}, "single": dict(site)}) as web:
        locations = "".join(f"<url><loc>{web.url('map', f'/exosomes/{n}')}</loc></url>" for n in range(2))
        web.answers["map"]["/sitemap.xml"] = Answer(
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{locations}</urlset>'.encode()
        )
        web.answers["news"] = {
            "/feed.xml": Answer(ATOM.encode(), headers={"Content-Type": "application/atom+xml"}),
            "/notices/1": html(page("Notice", ["No exosome product has been approved by the HPRA."])),
        }
        watch = make_watch(
            tmp_path,
            web,
            {
                "map": {"via": "sitemap", "start_urls": [web.url("map", "/sitemap.xml")]},
                "news": {"via": "feed", "kind": "regulator", "start_urls": [web.url("news", "/feed.xml")]},
                "single": {"via": "page"},
            },
        )
        watch.run("crawl", "--all")
        read = watch.sql("SELECT source_id, COUNT(*) AS n FROM outcomes WHERE result = 'READ' GROUP BY source_id")
        assert {row["source_id"]: row["n"] for row in read} == {"map": 2, "news": 1, "single": 1}
        (told,) = watch.rows("statements", "--source", "news")
        assert (told["agencies"], told["status"]) == (["HPRA"], "not_approved")


def test_a_journal_is_followed_to_its_articles(tmp_path):
    site = {
        "/": html('<html lang="en"><body><h1>Journal</h1><a href="/issue/view/1">Current issue</a></body></html>'),
        "/issue/view/1": html('<html lang="en"><body><h1>Issue</h1><a href="/article/view/7">Gel</a></body></html>'),
        "/article/view/7": html(ARTICLE),
    }
    with served({"journal": site}) as web:
        watch = make_watch(tmp_path, web, {"journal": {"kind": "journal"}})
        watch.run("crawl", "--all", expect=(0, 1))
        (study,) = watch.rows("studies")
    assert (study["doi"], study["participants"], study["groups"]) == ("10.5555/gel.1", 40, [20, 20])
    assert (study["design"], study["outcomes"]) == ("controlled", ["POSAS", "scars"])


def test_pages_that_the_budget_left_out_are_no_news_later(tmp_path):
    with served({"one": clinic(6)}) as web:
        watch = make_watch(tmp_path, web, {"one": {"max_pages": 3}})
        watch.run("crawl", "--all")
        assert watch.sql("SELECT COUNT(*) AS n FROM frontier")[0]["n"] == 4
        file = watch.folder / "watchlist" / "one.yml"
        file.write_text(file.read_text().replace('"max_pages": 3', '"max_pages": 50'))
        watch.run("crawl", "--all")
        assert {flag["change"] for flag in watch.rows("flags")} == {"baseline"}
        assert watch.sql("SELECT COUNT(*) AS n FROM v_pages WHERE last_fit_at IS NOT NULL")[0]["n"] == 7


def test_a_saved_page_and_an_older_one_are_imported_on_the_same_path(tmp_path):
    with served({"one": clinic(1)}) as web:
        watch = make_watch(tmp_path, web, {"one": {}})
        watch.run("crawl", "--all")
        old = watch.folder / "old.html"
        old.write_text(page("Exosome clinic", [CLAIMS[0], "Exosomes cure eczema."]))
        address = ["--source", "one", "--url", web.url("one"), "--by", "a colleague"]
        watch.run("import", str(old), *address, "--fetched-at", "2020-01-02T03:04:05Z")
        (claim,) = watch.rows("claims", "--text", "fine lines within two weeks", "--until", "2020-02-01")
        assert claim["first_seen"] == "2020-01-02T03:04:05Z"
        assert not [flag for flag in watch.rows("flags") if flag["change"] != "baseline"]
        broken = watch.folder / "broken.warc.gz"
        broken.write_bytes(b"no archive")
        done = watch.run("import", str(broken), "--source", "one", expect=1)
        assert "broken.warc.gz" in done.stderr
        assert "remedy" in watch.run("import", str(old), "--source", "one", expect=2).stderr
        assert "all whole" in watch.run("verify").stdout


def test_a_change_of_rules_is_told_by_its_cause_and_is_no_news(tmp_path):
    with served({"one": clinic(2)}) as web:
        watch = make_watch(tmp_path, web, {"one": {}})
        watch.run("crawl", "--all")
        ours = watch.folder / "rules"
        ours.mkdir()
        why = "reason: not for us, source: us, reviewer: us, date: 2026-11-24"
        (ours / "ours.yml").write_text(f"- {{id: exosome, role: subject, {why}, disable: true}}\n")
        settings = watch.folder / "exowatch.toml"
        settings.write_text(settings.read_text() + f'[knowledge]\ndir = "{ours}"\n')
        assert " 0 findings differ" not in watch.run("reread").stdout
        causes = {row["cause"] for row in watch.rows("changes")}
        assert causes == {"knowledge"}
        assert not [flag for flag in watch.rows("flags") if flag["change"] == "new"]
        assert "0 pages read again" in watch.run("reread").stdout


def test_many_addresses_that_lead_to_one_page_are_read_one_after_the_other(tmp_path):
    links = [f"/exosomes-{n}" for n in range(8)]
    site = clinic(1) | {"/": html(page("Exosome clinic", [CLAIMS[0]], links))}
    site |= {link: Answer(status=302, headers={"Location": "/exosomes/0", "Content-Type": ""}) for link in links}
    with served({"one": site}) as web:
        watch = make_watch(tmp_path, web, {"one": {}})
        done = watch.run("crawl", "--all", EXOWATCH_READING__PROCESSES="3")
        assert "IntegrityError" not in done.stderr
        assert watch.sql("SELECT verdict FROM run_sources") == [{"verdict": "complete"}]
