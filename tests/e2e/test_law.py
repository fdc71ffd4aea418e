"""Provisions held against made-up law pages that a real crawl brought in."""

import json
import zipfile

import pytest

from tests.e2e.sites import CLAIMS, page
from tests.e2e.watch import make_watch
from tests.e2e.web import Answer, html, served

ARTICLE = "Nobody shall advertise that a remedy is guaranteed to work, or that it has no side effects."


def act(*articles):
    blocks = "".join(f"<h2>Article {number}</h2><p>{text}</p>" for number, text in articles)
    more = "<p>This Act was made by the Assembly of Quayland and is published in its gazette for everybody to read.</p>"
    return html(
        f"<html lang=en><head><title>Remedies Act</title></head><body><main>{more}{blocks}</main></body></html>"
    )


WHOLE = act(
    (1, "This Act is about remedies."), (9, "Fees are set by the Board."), (90, ARTICLE), (91, "It begins today.")
)


def rule(name, url, **changes):
    example = {"quote": "Guaranteed.", "acts": ["guarantee"]}
    return {
        "id": name,
        "statute": "Remedies Act",
        "article": "Article 90",
        "words": "assuring an effect",
        "when": {"acts": ["guarantee"]},
        "competent_body": "the Board",
        "checked": {"level": "reported"},
        "expects": {"url": url, "anchors": ["Article 90"], "terms": ["guaranteed", "side effects"]},
        "rows": ["NZ-1"],
        "reason": "made up",
        "examples": {"match": [example], "not": [{"quote": "Maybe.", "acts": ["safety"]}]},
    } | changes


@pytest.fixture
def quayland(tmp_path):
    """An official host, a secondary one, and provisions whose texts should stand there."""
    pages = {"/act": WHOLE, "/robots.txt": Answer(b"", 404)}
    with served({"gazette": dict(pages), "blog": dict(pages)}) as web:
        watch = make_watch(tmp_path, web, {})
        watch.inside = True  # starting each command anew takes longer than the crawls
        (tmp_path / "knowledge").mkdir()
        with (tmp_path / "exowatch.toml").open("a") as file:
            file.write('[knowledge]\ndir = "knowledge"\n')
        lay(watch, web, rule("nz-90", web.url("gazette", "/act")))
        yield watch, web


def lay(watch, web, *rules):
    host = web.addresses["gazette"].split(":")[0]
    law = {"jurisdiction": "NZ", "name": "Quayland", "official_hosts": [host], "rules": list(rules)}
    (watch.folder / "knowledge/regulation-nz.yml").write_text(json.dumps(law))


def crawl(watch, day="2026-11-01", **env):
    watch.run("knowledge", "law", "sources", "--write")
    for file in (watch.folder / "watchlist").glob("law-*.yml"):
        if file.name != "law-nz.yml":
            file.unlink()  # those of real places would go out into the Internet
    watch.run("crawl", "--all", expect=(0, 1), EXOWATCH_NOW=f"{day}T09:00:00Z")


def level(watch, name="nz-90"):
    rows = json.loads(watch.run("knowledge", "law", "list", "--format", "json").stdout)
    row = next(one for one in rows if one["id"] == name)
    return row["level"], row["recheck"]


def check(watch, *words, expect=0):
    return watch.run("knowledge", "law", "check", *words, expect=expect).stdout


def test_a_provision_found_on_its_official_page_is_read_and_says_where_and_when(quayland):
    watch, web = quayland
    assert level(watch) == ("reported", "")
    crawl(watch)
    assert "nz-90: found" in check(watch)
    (row,) = [
        r for r in json.loads(watch.run("knowledge", "law", "list", "--format", "json").stdout) if r["id"] == "nz-90"
    ]
    assert (row["level"], row["checked_by"], row["checked_on"]) == ("text_read", "machine", "2026-11-01")
    assert row["url"] == web.url("gazette", "/act")
    assert "news" not in check(watch)


def test_a_text_that_changed_asks_for_a_recheck_once_until_a_person_accepts_it(quayland):
    watch, web = quayland
    crawl(watch)
    check(watch)
    web.answers["gazette"]["/act"] = act((90, ARTICLE + " Fines are doubled."), (91, "It begins today."))
    crawl(watch, "2026-11-08")
    assert "news 2026-11-08 nz-90: changed" in check(watch, expect=1)
    assert "changed" not in check(watch, expect=1).replace("recheck", "")
    assert level(watch) == ("text_read", "its text is not what it was on 2026-11-01")
    (issue,) = watch.sql("SELECT message FROM issues WHERE code = 'law-text'")
    assert issue == {"message": "nz-90: its text is not what it was on 2026-11-01"}
    check(watch, "--accept", "nz-90", "--by", "Ann Example")
    assert level(watch) == ("text_read", "")


@pytest.mark.long
def test_another_article_that_changed_is_no_change_of_this_one(quayland):
    watch, web = quayland
    crawl(watch)
    check(watch)
    web.answers["gazette"]["/act"] = act((1, "New purpose."), (90, ARTICLE), (91, "It ended."))
    crawl(watch, "2026-11-08")
    assert "news" not in check(watch)
    assert level(watch) == ("text_read", "")


@pytest.mark.parametrize("status", [404, pytest.param(410, marks=pytest.mark.long)])
def test_a_page_that_is_gone_lowers_its_provision(quayland, status):
    watch, web = quayland
    crawl(watch)
    check(watch)
    web.answers["gazette"]["/act"] = Answer(b"<h1>Not found</h1>", status)
    crawl(watch, "2026-11-08")
    assert "nz-90: gone" in check(watch, expect=1)
    assert level(watch) == ("reported", "its page is gone")


@pytest.mark.long
def test_a_page_that_moved_within_the_official_site_is_followed_and_told(quayland):
    watch, web = quayland
    crawl(watch)
    check(watch)
    web.answers["gazette"] |= {"/act": Answer(b"", 301, {"Location": "/laws/act"}), "/laws/act": WHOLE}
    crawl(watch, "2026-11-08")
    assert "nz-90: moved" in check(watch)
    assert level(watch) == ("text_read", "")


def test_a_page_that_leads_to_a_secondary_site_is_refused(quayland):
    watch, web = quayland
    crawl(watch)
    check(watch)
    web.answers["gazette"]["/act"] = Answer(b"", 301, {"Location": web.url("blog", "/act")})
    crawl(watch, "2026-11-08")
    assert "not official" in check(watch, expect=1)
    assert level(watch)[0] == "reported"


@pytest.mark.long
def test_a_secondary_site_never_raises_a_provision(quayland):
    watch, web = quayland
    lay(watch, web, rule("nz-90", web.url("blog", "/act")))
    crawl(watch)
    assert "nz-90: refused" in check(watch)
    assert level(watch) == ("reported", "")


@pytest.mark.long
def test_the_wrong_article_is_not_taken_for_it(quayland):
    watch, web = quayland
    expects = {"url": web.url("gazette", "/act"), "anchors": ["Article 9"], "terms": ["guaranteed"]}
    lay(watch, web, rule("nz-9", web.url("gazette", "/act"), expects=expects))
    crawl(watch)
    assert "nz-9: not-found" in check(watch, expect=1)
    assert level(watch, "nz-9")[0] == "reported"


@pytest.mark.long
def test_a_failed_visit_leaves_what_was_found(quayland):
    watch, web = quayland
    crawl(watch)
    check(watch)
    web.answers["gazette"]["/act"] = Answer(b"try later", 503)
    crawl(watch, "2026-11-08")
    check(watch)
    assert level(watch) == ("text_read", "")


def test_without_a_folder_of_local_rules_a_check_says_what_to_do(tmp_path):
    with served({"one": {}}) as web:
        watch = make_watch(tmp_path, web, {})
        watch.run("db", "upgrade")
        assert "[knowledge] dir" in watch.run("knowledge", "law", "check", expect=2).stderr


def test_letter_listing_and_dossier_name_a_provision_once_it_was_read_and_until_180_days_are_over(quayland):
    watch, web = quayland
    site = {"/": html(page("Exosome clinic", ["Our exosome therapy is guaranteed to cure your hair loss.", CLAIMS[0]]))}
    web.answers["blog"] |= site
    told = {
        "id": "blog",
        "name": "Quay Clinic",
        "kind": "clinic",
        "jurisdiction": "NZ",
        "start_urls": [web.url("blog")],
    }
    (watch.folder / "watchlist").mkdir(exist_ok=True)
    (watch.folder / "watchlist/blog.yml").write_text(json.dumps(told))
    crawl(watch)

    def hooks(day):
        rows = json.loads(watch.run("flags", "--format", "json", EXOWATCH_NOW=f"{day}T09:00:00Z").stdout)
        return [hook for row in rows for hook in row["hooks"]]

    def letter(day):
        text = watch.run("digest", "--since", "2026-10-01", "--format", "text", EXOWATCH_NOW=f"{day}T09:00:00Z").stdout
        return " ".join(text.split())

    assert {(hook["rule"], hook["level"], hook["print"]) for hook in hooks("2026-11-02")} == {
        ("nz-90", "reported", False)
    }
    assert "Article 90" not in letter("2026-11-02")
    assert "NZ: no law hook can be printed yet" in letter("2026-11-02")
    check(watch)
    assert {hook["print"] for hook in hooks("2026-11-02")} == {True}
    assert (
        "may engage Article 90, Remedies Act (assuring an effect); verify (machine-checked, not by a lawyer)"
        in letter("2026-11-02")
    )
    late = letter("2027-05-02")
    assert "recheck: Article 90, Remedies Act, last checked on 2026-11-01" in late
    assert "may engage Article 90" not in late
    (flag, *_) = {row["id"] for row in json.loads(watch.run("flags", "--format", "json").stdout) if row["hooks"]}
    watch.run("dossier", str(flag), "-o", "bundle.zip", EXOWATCH_NOW="2026-11-02T09:00:00Z")
    with zipfile.ZipFile(watch.folder / "bundle.zip") as bundle:
        index = bundle.read(next(name for name in bundle.namelist() if name.endswith("index.html"))).decode()
    assert "may engage Article 90" in index
