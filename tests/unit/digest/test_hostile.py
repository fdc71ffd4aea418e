"""Whatever stands on a page, in a name or in an address: nothing of it is obeyed, and no layout breaks."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from lxml import html as lxml_html

from exowatch.digest.compose import Rows, compose
from exowatch.digest.feed import as_feed
from exowatch.digest.render import as_html, as_json, as_mail, as_markdown, as_summary, as_text, render
from tests.browser import needs_browser
from tests.unit.digest.letters import EVENING, change, coverage, flag, letter

ROOT = Path(__file__).parents[3]
PIECES = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "</style></title><svg onload=alert(1)>",
    "{{ 7*7 }}{% raw %}",
    '=HYPERLINK("http://evil.example")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\x1b[31m\x1b]0;title\x07\x9b2J",
    "\u202egnp.exe\u2066\u200f",
    "![x](http://evil.example/a.png) [y](javascript:alert(1)) `z` **b** | c",
    "http://evil.example/?a=<b>",
    "\ud83d",
    "W" * 10_000,
    "無" * 3_000,
    "\r\nBcc: everybody@example.org",
)
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=20)), min_size=1, max_size=3).map(" ".join)
FEED = {"feed", "entry", "id", "title", "subtitle", "updated", "author", "name", "content"}
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def digest_of(words: str):
    """A letter in which every text of strangers is ``words``."""
    texts = ("trader", "source", "url", "page_title", "quote", "context", "body_digest")
    bad = flag(
        **dict.fromkeys(texts, words),
        heading_path=[words],
        language=words,
        reasons=[{"rule": "r", "words": words, "cites": [words]}],
        considered=[
            {"kind": kind, "authority": words, "words": words, "mismatches": [words]} for kind in ("study", "position")
        ],
        also=[{"id": 9, "source": words, "trader": words, "url": words}],
        kinds=[words],
        conditions=[{"id": words, "name": words, "tier": words}],
        agencies=[words],
        status=words,
        jurisdictions=[words],
    )
    decision = {"reading": words, "action": words, "by": words, "at": EVENING, "flag": words}
    moved = change(source=words, url=words, before=words, after=f"{words} more", why=words)
    seen = coverage(source=words, name=words, verdict="partial", why=words)
    out = {"source": words, "url": words, "result": "UNFIT", "code": "challenge", "detail": words, "at": None}
    rows = Rows(
        flags=[bad],
        changes=[moved, moved | {"kind": "gone", "decided": decision, "lineage_id": 8}],
        unconfirmed=[{"source": words, "url": words, "quote": words, "language": words}],
        coverage=[seen],
        outcomes=[out],
        statements=[{"source": words, "url": words, "quote": words, "agencies": [words], "scope": words}],
        studies=[{"source": words, "url": words, "title": words, "doi": words}],
        issues=[{"code": words, "source": words, "message": words}],
        cases=[
            {"case": 1, "status": words, "trader": words, "url": words, "before": words, "after": words}
            | {"words": f"weaker since the letter; their reply: {words}; flag 3"}
        ],
    )
    return compose(rows, letter(running=(words,)))


@given(TEXTS)
def test_html_holds_no_script_no_outside_request_and_no_link_but_to_the_web(words):
    digest = digest_of(words)
    for said in (as_html(digest), as_mail(digest).html):
        page = lxml_html.document_fromstring(said)
        assert not page.xpath("//script | //img | //svg | //iframe | //form | //object | //body//style | //link")
        assert all(link.startswith(("http://", "https://")) for link in page.xpath("//@href"))
        assert not [name for one in page.iter() for name in one.attrib if name.startswith("on")]
        assert not STEERING.search(said)


@given(TEXTS)
def test_text_steers_no_terminal_and_stays_in_its_columns(words):
    said = as_text(digest_of(words))
    assert not STEERING.search(said)
    assert max(map(len, said.splitlines())) <= 80


@given(TEXTS)
def test_markdown_obeys_nothing_and_json_keeps_every_letter(words):
    digest = digest_of(words)
    bare = re.sub(r"\\[^\w\s]", "", as_markdown(digest))
    assert not re.search(r"[<\[\]`]|!\[|https?://", bare)
    assert not STEERING.search(as_markdown(digest))
    assert json.loads(as_json(digest))["flags"][0]["quote"] == words


@given(TEXTS)
def test_a_summary_steers_no_terminal_and_stays_in_its_columns(words):
    said = as_summary(digest_of(words))
    assert not STEERING.search(said)
    assert max(map(len, said.splitlines())) <= 80


@given(TEXTS)
def test_a_feed_holds_text_alone_and_any_reader_takes_it(words):
    made = as_feed([(1, digest_of(words))], installation=words)
    told = feedparser.parse(made)
    assert not told.bozo
    assert not STEERING.search(made.decode())
    tree = etree.fromstring(made)
    assert {etree.QName(one).localname for one in tree.iter()} <= FEED
    assert not tree.xpath("//@href | //@src")
    assert {one.get("type") for one in tree.iter("{*}content")} == {"text"}


def test_paper_runs_nothing_leads_only_to_the_web_and_holds_every_line_on_its_page():
    pytest.importorskip("weasyprint", exc_type=ImportError)
    from pypdf import PdfReader

    digest = digest_of(" ".join(PIECES))
    paper = PdfReader(io.BytesIO(render(digest, "pdf")))
    actions = [
        one.get_object()["/A"] for page in paper.pages for one in page.get("/Annots", ()) if "/A" in one.get_object()
    ]
    assert {str(action["/S"]) for action in actions} <= {"/URI"}
    assert all(str(action["/URI"]).startswith(("http://", "https://")) for action in actions)
    assert not [name for name in ("/OpenAction", "/AA", "/AcroForm") if name in paper.trailer["/Root"]]
    names = paper.trailer["/Root"].get("/Names", {})
    assert not {"/JavaScript", "/EmbeddedFiles"} & set(names)
    # pypdf gives the letters of some fonts with their first, empty byte
    lines = [line for page in paper.pages for line in page.extract_text().replace("\0", "").splitlines()]
    assert max(map(len, lines)) < 150
    assert sum(line.count("W") for line in lines) == pytest.approx(as_text(digest).count("W"), abs=20)
    assert not {"\u202e", "\u2066", "\u200f"} & set("".join(lines))


@needs_browser
def test_a_real_browser_asks_for_nothing_runs_nothing_and_needs_no_wider_screen(tmp_path):
    file = tmp_path / "letter.html"
    file.write_text(as_html(digest_of(" ".join(PIECES))), encoding="utf-8")
    looks = [sys.executable, "-m", "bench.pictures", str(tmp_path), "--letter", str(file)]
    done = subprocess.run(looks, capture_output=True, text=True, cwd=ROOT, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr  # it tells whatever was wrong
    assert len(list(tmp_path.glob("*.png"))) == 6
