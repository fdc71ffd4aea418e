"""A real browser looks at pages: what scripts make is read, pictures are kept, and it reaches nothing it may not."""

import json
import socket
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing

import pytest

from exowatch.archive.excerpt import Files
from tests.browser import needs_browser
from tests.e2e.sites import CLAIMS, page
from tests.e2e.watch import make_watch
from tests.e2e.web import Answer, html, served

pytestmark = needs_browser
#: Ways in which a page may try to reach what its reader's machine can reach.
PRYING = """<script>
const secret = "SECRET";
for (const way of [
  () => fetch("http://" + secret + "/fetched"),
  () => { new Image().src = "http://" + secret + "/pixel"; },
  () => { new WebSocket("ws://" + secret + "/socket"); },
  () => { new Image().src = "/led"; },
  () => { window.open("http://" + secret + "/opened"); },
  () => { const f = document.createElement("iframe"); f.src = `http://${secret}/framed`; document.body.append(f); },
  () => navigator.sendBeacon("http://" + secret + "/beacon"),
  () => fetch("http://[::ffff:127.0.0.1]:" + secret.split(":")[1] + "/mapped"),
  () => {
    const f = document.createElement("iframe"); document.body.append(f);
    for (const w of [window, f.contentWindow]) {
      const pc = new w.RTCPeerConnection({iceServers: [{urls: "stun:DATAGRAMS"}]});
      pc.createDataChannel("x"); pc.createOffer().then(o => pc.setLocalDescription(o));
    }
  },
]) { try { way(); } catch (e) {} }
</script>"""
BUILDS = """<script>
const p = document.createElement("p"); p.textContent = "WORDS"; document.querySelector("main").append(p);
document.getElementById("early")?.remove();
const a = document.createElement("a"); a.href = "/exosomes/by-script"; a.textContent = "More";
document.querySelector("main").append(a);
</script>"""
#: Grave enough for the queue of what was there when we began.
BUILT = "Exosomes cure psoriasis on the scalp."


def scripted(first, *scripts):
    """A clinic page whose first claim a script takes away, and where another puts ``BUILT``."""
    body = page("Exosome clinic", [CLAIMS[0]]).replace(f"<p>{CLAIMS[0]}</p>", f'<p id="early">{first}</p>')
    return html(body.replace("</body>", "".join(scripts).replace("WORDS", BUILT) + "</body>"))


@pytest.fixture(scope="module")
def secured(tmp_path_factory):
    """One page secured: its scripts build a claim, remove one, and pry."""
    folder = tmp_path_factory.mktemp("secured")
    with served({"one": {}, "secret": {}}) as web, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
        datagrams.bind(("127.0.0.1", 0))
        datagrams.setblocking(False)
        secret = web.addresses.pop("secret")
        prying = PRYING.replace("SECRET", secret).replace("DATAGRAMS", "{}:{}".format(*datagrams.getsockname()))
        web.answers["one"]["/"] = scripted(CLAIMS[2], prying, BUILDS)
        web.answers["one"]["/closed"] = Answer(b"<h1>Forbidden</h1>", 403)
        web.answers["one"]["/led"] = Answer(b"", 302, {"Location": f"http://{secret}/led"})
        watch = make_watch(folder, web, {"one": {}})
        watch.here("db", "upgrade")
        with closing(sqlite3.connect(folder / "exowatch.db")) as db, db:
            db.execute(
                "INSERT INTO cases (id, trader, status, opened_at) VALUES (3, 'One', 'open', '2026-11-26T00:00:00Z')"
            )
        pages = (web.url("one"), web.url("one", "/closed"))
        done = watch.run("capture", *pages, "--case", "3", "--format", "json")
        told, closed = json.loads(done.stdout)
        assert "no browser is sent to get round that" in closed["lacking"]
        with pytest.raises(BlockingIOError):  # WebRTC sent none
            datagrams.recv(1)
        yield watch, told, web


def test_crawler_and_browser_see_the_page_and_where_they_differ_is_told(secured):
    watch, told, _ = secured
    assert (told["both"], told["read_from"], told["pictures"], told["lacking"]) == (True, "crawler", 2, "")
    assert told["browser_lacks"] == [CLAIMS[2]]
    assert told["unread"] == [BUILT]
    (issue,) = watch.sql("SELECT code, message FROM issues")
    assert issue["code"] == "browser-shows-more"
    assert BUILT in issue["message"]


def test_a_browser_reaches_no_address_that_is_not_allowed(secured):
    _, _, web = secured
    assert [path for site, path, _ in web.asked if site == "secret"] == []
    assert ("one", "/led", 302) in web.asked


def test_the_pictures_are_resource_records_that_other_tools_accept(secured):
    watch, told, web = secured
    archive = watch.folder / "archive"
    records = {one.url: one for one in Files(archive).records(told["file"]) if one.kind == "resource"}
    assert set(records) == {web.url("one"), f"urn:fullPage:{web.url('one')}", f"urn:pdf:{web.url('one')}"}
    begins = {url.partition(":http")[0]: Files(archive).block(one)[:5] for url, one in records.items()}
    assert (begins["urn:fullPage"], begins["urn:pdf"]) == (b"\x89PNG\r", b"%PDF-")
    assert BUILT.encode() in Files(archive).block(records[web.url("one")])
    check = [sys.executable, "-m", "warcio.cli", "check", archive / told["file"]]
    assert subprocess.run(check, capture_output=True, check=False).returncode == 0
    assert json.loads(watch.here("verify", "--format", "json"))["damage"] == []


def test_a_dossier_tells_who_shows_the_sentence_and_brings_the_pictures(secured, tmp_path):
    watch, told, web = secured
    (flag,) = [row["id"] for row in watch.rows("flags") if row["quote"] == CLAIMS[2]]
    for name in (str(flag), "case:3"):
        bundle = tmp_path / f"{name.replace(':', '-')}.zip"
        watch.here("dossier", name, "-o", str(bundle))
        checked = json.loads(watch.here("verify", str(bundle), "--format", "json"))
        assert checked["damage"] == []
    facts, files = opened(tmp_path / f"{flag}.zip")
    (look,) = [one["looked_at"] for one in facts["flags"]]
    assert look["sentence_in"] == {"crawler": True, "browser": False}
    assert {files[name][:4] for name in look["pictures"]} == {b"\x89PNG", b"%PDF"}
    assert "the browser does not show it" in files["index.html"].decode()
    assert all(name in files[f"pages/{told['id']}.html"].decode() for name in look["pictures"])
    facts, files = opened(tmp_path / "case-3.zip")
    pages = {page["url"]: len(page["pictures"]) for page in facts["secured"]}
    assert pages == {web.url("one"): 2, web.url("one", "/closed"): 0}
    assert facts["flags"] == []


def opened(path):
    """The facts of a dossier, and its files."""
    with zipfile.ZipFile(path) as bundle:
        files = {name: bundle.read(name) for name in bundle.namelist()}
    return json.loads(files["facts.json"]), files


def test_the_browser_says_who_looks(secured):
    watch, told, web = secured
    requests = [one for one in Files(watch.folder / "archive").records(told["file"]) if one.kind == "request"]
    agents = [one.head.decode() for one in requests if one.url == web.url("one")]
    assert len(agents) == 2
    assert all("ExoWatch/" in one and "tests@exowatch.example" in one for one in agents)
    assert "Chrome/" in agents[1]


def test_a_page_that_needs_scripts_is_read_from_the_browser_and_stays_as_it_is(tmp_path):
    with served({"one": {}}) as web:
        web.answers["one"]["/"] = scripted(CLAIMS[2], BUILDS)
        web.answers["one"]["/exosomes/by-script"] = html(page("Exosomes", [CLAIMS[3]]))
        watch = make_watch(tmp_path, web, {"one": {"render": True}})
        watch.run("crawl", "--all")
        assert ("one", "/exosomes/by-script", 200) in web.asked
        quotes = {row["quote"] for row in watch.rows("claims")}
        assert {BUILT, CLAIMS[3]} <= quotes
        assert CLAIMS[2] not in quotes
        rendered = watch.sql("SELECT final_url, rendered FROM v_captures")
        assert {row["rendered"] for row in rendered} == {1}
        (home,) = watch.sql(f"SELECT * FROM looks WHERE url = '{web.url('one')}'")
        assert (home["read_from"], home["pictures"], home["secured"]) == ("browser", 1, 0)
        assert len(json.loads(home["crawler_lacks"])) == 1
        assert json.loads(home["unread"]) == [CLAIMS[2]]
        watch.run("crawl", "--all")
        assert watch.sql("SELECT kind FROM v_changes") == []
        drawn = watch.sql(f"SELECT pictures FROM looks WHERE url = '{web.url('one')}' ORDER BY id")
        assert [row["pictures"] for row in drawn] == [1, 0]
        letter = watch.here("digest", "--format", "text")
    assert "only a browser shows it" in " ".join(letter.split())
