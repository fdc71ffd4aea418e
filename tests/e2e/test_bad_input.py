"""Bad input: each gives a clear error or outcome, and nothing is lost."""

import gzip
import random
import resource
import socket
import sqlite3
import subprocess
import time

import pytest

from tests.e2e.sites import CLAIMS, clinic, page
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


def noise() -> str:
    """A megabyte that does not compress."""
    return random.Random(1).randbytes(700_000).hex()


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
        watch = make_watch(tmp_path_factory.mktemp("odd"), web, {"odd": {}, "nowhere": nowhere, "door": door})
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


@pytest.fixture
def small(tmp_path):
    with served({"one": clinic(6)}) as web:
        yield make_watch(tmp_path, web, {"one": {}}), web


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("exowatch.toml", "[crawl]\ndelai = 1\n", ["exowatch.toml:2", "crawl.delai", "remedy"]),
        ("watchlist/one.yml", "id: [a\n", ["one.yml:", "not YAML", "remedy"]),
        (
            "watchlist/two.yml",
            '{"id": "one", "name": "x", "kind": "clinic", "jurisdiction": "IE", "start_urls": ["http://a.example/"]}',
            ["two.yml:1", "one.yml", "remedy"],
        ),
    ],
)
def test_a_mistake_in_a_file_stops_before_anything_is_fetched(small, file, text, told):
    watch, web = small
    (watch.folder / file).write_text(text)
    done = watch.run("crawl", "--all", expect=2)
    assert all(word in done.stderr for word in told), done.stderr
    assert "Traceback" not in done.stderr
    assert web.asked == []


@pytest.mark.parametrize("limit", [3_000, 600_000])
def test_a_full_disk_stops_the_crawl_at_once_and_the_next_one_completes(tmp_path, limit):
    site = clinic(6) | {"/exosomes/0": html(page("Exosomes", [CLAIMS[0], noise()]))}
    with served({"one": site}) as web:
        watch = make_watch(tmp_path, web, {"one": {}})
        full_disk(watch, limit)


def full_disk(watch, limit):
    limited = subprocess.run(
        watch.command("crawl", "--all"),
        cwd=watch.folder,
        env=watch.environment(),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert limited.returncode == 3, limited.stderr
    assert "Traceback" not in limited.stderr
    watch.run("crawl", "--all")
    assert "all whole" in watch.run("verify").stdout
    assert watch.sql("SELECT COUNT(*) AS n FROM v_pages WHERE last_fit_at IS NOT NULL")[0]["n"] == 7


def test_a_second_run_while_one_is_going_is_told_to_come_back(small):
    watch, web = small
    slow = web.answers["one"]["/exosomes/0"]

    def wait(handler):
        time.sleep(4)
        handler.send_response(200)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    web.answers["one"]["/exosomes/0"] = wait
    with subprocess.Popen(
        watch.command("crawl", "--all"), cwd=watch.folder, env=watch.environment(), stdout=subprocess.DEVNULL
    ) as first:
        end = time.monotonic() + 20
        while not any(path == "/exosomes/0" for _, path, _ in web.asked) and time.monotonic() < end:
            time.sleep(0.05)
        done = watch.run("crawl", "--all", expect=75)
        assert "another run" in done.stderr
        assert first.wait() == 0
    web.answers["one"]["/exosomes/0"] = slow


def test_a_database_held_by_another_program_is_told_and_nothing_archived_is_lost(small):
    watch, _ = small
    watch.run("crawl", "--all")
    other = sqlite3.connect(watch.folder / "exowatch.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    done = watch.run("crawl", "--all", expect=75, EXOWATCH_DATABASE__BUSY_SECONDS="1")
    assert "locked" in done.stderr
    other.execute("COMMIT")
    other.close()
    watch.run("crawl", "--all")
    assert "all whole" in watch.run("verify").stdout


def test_a_closed_port_is_a_failure_with_its_cause(tmp_path):
    with socket.create_server(("127.0.0.77", 0)) as free:
        address = "{}:{}".format(*free.getsockname()[:2])
    with served({"one": clinic(2)}) as web:
        web.addresses["shut"] = address
        watch = make_watch(tmp_path, web, {"one": {}, "shut": {}})
        watch.run("crawl", "--all", expect=1)
        (row,) = watch.sql("SELECT result, code FROM outcomes WHERE source_id = 'shut' AND url NOT LIKE '%robots.txt'")
        assert row == {"result": "FAILED", "code": "refused"}
