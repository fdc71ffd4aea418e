"""A site that does everything wrong, crawled once: each page has a clear outcome, and nothing is lost."""

import gzip

import pytest

from tests.e2e.sites import CLAIMS, page
from tests.e2e.watch import make_watch
from tests.e2e.web import Answer, html, served


def bomb() -> bytes:
    """200 MB of nothing in 200 KB."""
    squeezed = gzip.compress(b"\0" * 1_000_000, 9)
    return squeezed * 200


def one_line() -> str:
    """A page of 2 MB without a line break."""
    filler = "The skin is looked after gently in our rooms by the river. " * 34_000
    return page("One line", [filler, CLAIMS[0]])


def redirect(to: str) -> Answer:
    return Answer(status=302, headers={"Location": to, "Content-Type": ""})


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    """One site that does everything wrong, crawled once."""
    links = ["/bomb", "/no-charset", "/wrong-charset", "/one-line", "/empty", "/paper.pdf", "/loop", "/inside", "/good"]
    cyrillic = page("Экзосомы", ["Экзосомы улучшают кожу лица и разглаживают морщины уже после первой процедуры."])
    site = {
        "/": html(page("Exosome clinic", [CLAIMS[0]], links)),
        "/bomb": Answer(bomb(), headers={"Content-Encoding": "gzip", "Content-Type": "text/html"}),
        "/no-charset": Answer(
            cyrillic.replace('<meta charset="utf-8">', "").encode("windows-1251"), headers={"Content-Type": "text/html"}
        ),
        "/wrong-charset": Answer(
            page("Skin café", ["Exosomes smooth naïve skin."]).replace('<meta charset="utf-8">', "").encode("latin-1"),
            headers={"Content-Type": "text/html; charset=utf-8"},
        ),
        "/one-line": html(one_line()),
        "/empty": html(""),
        "/paper.pdf": Answer(b"This is not a PDF at all.", headers={"Content-Type": "application/pdf"}),
        "/loop": redirect("/loop"),
        "/good": html(page("Exosomes for hair", [CLAIMS[1]])),
    }
    with served({"odd": site, "secret": {"/": html(page("Inside", ["Exosomes cure everything."]))}}) as web:
        inside = web.addresses.pop("secret")  # not let through the guard
        web.answers["odd"]["/inside"] = redirect(f"http://{inside}/")
        door = {"start_urls": [f"{web.url('odd')}inside"], "via": "page"}
        nowhere = {"start_urls": ["http://no-such-name.invalid/"]}
        watch = make_watch(
            tmp_path_factory.mktemp("odd"), web, {"odd": {}, "nowhere": nowhere, "door": door}, readers=1
        )
        done = watch.run("crawl", "--all", expect=1)
        yield watch, done, web


def outcome(crawled, path):
    watch, _, web = crawled
    rows = watch.sql(f"SELECT result, code, detail FROM outcomes WHERE url LIKE 'http://{web.addresses['odd']}{path}'")
    assert len(rows) == 1, rows
    return rows[0]


def test_a_name_that_does_not_resolve_fails_with_its_cause_and_is_named(crawled):
    watch, done, _ = crawled
    (row,) = watch.sql("SELECT result, code FROM outcomes WHERE source_id = 'nowhere' AND url NOT LIKE '%robots.txt'")
    assert row == {"result": "FAILED", "code": "dns"}
    assert "nowhere" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_gzip_bomb_is_kept_small_and_unfit(crawled):
    told = outcome(crawled, "/bomb")
    assert (told["result"], told["code"]) == ("UNFIT", "too-large")


def test_a_page_without_a_charset_is_read(crawled):
    assert outcome(crawled, "/no-charset")["result"] == "READ"
    (row,) = crawled[0].sql("SELECT title FROM v_pages WHERE url LIKE '%/no-charset'")
    assert row["title"] == "Экзосомы"


def test_a_page_with_a_wrong_charset_is_read(crawled):
    assert outcome(crawled, "/wrong-charset")["result"] == "READ"
    (row,) = crawled[0].sql("SELECT title FROM v_pages WHERE url LIKE '%/wrong-charset'")
    assert row["title"] == "Skin café"


def test_two_megabytes_in_one_line_are_read(crawled):
    assert outcome(crawled, "/one-line")["result"] == "READ"
    assert crawled[0].sql("SELECT COUNT(*) AS n FROM v_claims WHERE url LIKE '%/one-line'")[0]["n"] > 0


def test_an_empty_page_is_unfit(crawled):
    assert outcome(crawled, "/empty") | {"detail": ""} == {"result": "UNFIT", "code": "empty", "detail": ""}


def test_a_pdf_that_is_none_is_unfit(crawled):
    told = outcome(crawled, "/paper.pdf")
    assert (told["result"], told["code"]) == ("UNFIT", "unreadable")


def test_a_redirect_loop_ends_as_a_failure(crawled):
    told = outcome(crawled, "/loop")
    assert (told["result"], told["code"]) == ("FAILED", "redirect-loop")


def test_a_redirect_to_a_private_address_is_refused_at_the_connection(crawled):
    watch, _, web = crawled
    # a start page may lead to another site, so that only the guard stands between it and what is private
    told = "SELECT result, code FROM outcomes WHERE source_id = 'door' AND url NOT LIKE '%robots.txt'"
    (row,) = watch.sql(told)
    assert row["result"] == "FAILED"
    assert row["code"].endswith("refused-address")
    judged = "SELECT code FROM outcomes WHERE source_id = 'odd' AND url LIKE '%/inside'"
    assert watch.sql(judged) == [{"code": "off-site"}]  # where a page's redirect leads is judged before
    assert not [asked for asked in web.asked if asked[0] == "secret"]


def test_the_good_page_among_them_is_read_and_flagged(crawled):
    assert outcome(crawled, "/good")["result"] == "READ"
    assert CLAIMS[1] in [row["quote"] for row in crawled[0].rows("flags")]


def test_everything_is_archived_whole(crawled):
    assert "all whole" in crawled[0].run("verify").stdout
