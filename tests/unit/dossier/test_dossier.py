"""A bundle proves what a flag says to whoever has nothing else: sound records, quotes in context, signed manifests."""

import hashlib
import io
import json
import re
import shutil
import subprocess
import zipfile
from html.parser import HTMLParser

import pytest
from fastwarc.warc import ArchiveIterator
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.checker import Checker

from exowatch.archive.exchange import Exchange
from exowatch.archive.write import WarcWriter
from exowatch.dossier.check import check_dossier
from exowatch.dossier.render import marked
from exowatch.dossier.write import write_dossier, zipped
from exowatch.errors import SetupError
from exowatch.intake import begin_run, close_run, known_page, settle_file, take_in
from exowatch.seal.keys import make_key
from exowatch.watchlist import load_watchlist
from tests.unit.importing.foreign_files import HOME, MORE, page

NOTICE = "Machine reading of a public page; not a finding against anyone."
ODD = "Exosome therapy cures alopecia \u202eeht <script>alert(1)</script> &amp; psoriasis for good."


def crawled(sealed, pages):
    """A crawl as the spiders write it: robots.txt, a redirect, each page (URL, body, media type), seen twice."""
    desk = sealed.desk
    (source,) = load_watchlist(desk.config.watchlist.dir).named(["quay"])
    for visit in range(2):
        run = begin_run(desk, "crawl", [source])
        writer = WarcWriter(desk.archive_dir, run, desk.clock)

        def put(place, body, kind, writer=writer, **more):
            told = dict(
                source_id="quay", url=place, request_url=place, method="GET", status=200, reason="OK", body=body,
                request_headers=(("User-Agent", "ExoWatch/0.1"), ("Accept-Language", "en")),
                response_headers=(("Content-Type", kind),), fetched_at=desk.clock(), ip="192.0.2.7",
            )  # fmt: skip
            return writer.put_exchange(Exchange(**told | more))

        put(HOME + "robots.txt", b"User-agent: *\nAllow: /", "text/plain", page=False)
        put(HOME + "old", b"", "text/html", page=False, status=301)
        for url, body, kind in pages:
            known = known_page(desk, "quay", url)
            capture = put(url, body, kind, known=known, url=HOME + "old", redirect_chain=(HOME + "old",))
            take_in(desk, capture, source, run)
        for file in writer.close():
            settle_file(desk, file)
        close_run(desk, run, {"quay": "finished"})
        sealed.seal(days=visit)


@pytest.fixture
def made(sealed, tmp_path):
    """Make a dossier: the flags of a crawled page with odd words, files by name, and where it is."""
    url = HOME + "three"
    crawled(sealed, [(url, page(MORE, ODD.replace("<", "&lt;").replace("&amp;", "&amp;amp;")), "text/html")])
    flags = [str(row[0]) for row in sealed.taken.sql(
        f"SELECT f.id FROM flags f JOIN pages p ON p.id = f.page_id WHERE p.url = '{url}' ORDER BY f.id")]  # fmt: skip
    assert flags
    path = tmp_path / "evidence.zip"
    told = write_dossier(sealed.desk, flags, path)
    assert told.notes == ()
    return sealed, flags, path


def files_of(path):
    with zipfile.ZipFile(path) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def test_it_holds_what_it_says_and_nothing_of_this_machine(made):
    sealed, flags, path = made
    files = files_of(path)
    listed = dict(line.split("  ")[::-1] for line in files["SHA256SUMS"].decode().splitlines())
    assert listed == {n: hashlib.sha256(b).hexdigest() for n, b in files.items() if n != "SHA256SUMS"}
    for name in ("index.html", "VERIFY.html", "facts.json", "records.warc.gz", f"keys/{sealed.key.id}.pem"):
        assert name in files
    for name, body in files.items():
        assert str(sealed.taken.folder.parent).encode() not in body, name
        assert b"/tmp/" not in body, name
    assert {str(flag["id"]) for flag in json.loads(files["facts.json"])["flags"]} == set(flags)
    for name in files:
        if name.endswith(".html"):
            assert NOTICE in files[name].decode(), name


def test_the_facts_of_the_capture_are_told(made):
    _, _, path = made
    files = files_of(path)
    (capture,) = json.loads(files["facts.json"])["captures"]
    facts = dict(capture["facts"])
    assert facts["Address of the server (IP)"] == "192.0.2.7"
    assert facts["User agent sent"] == "ExoWatch/0.1"
    assert facts["Language asked for"] == "en"
    assert facts["Led there by"] == HOME + "old"
    assert "as stated by this system" in facts["Time"]
    assert "HTTP 200" in facts["robots.txt"]
    assert facts["Digest of the body as sent"].startswith("sha256:")
    assert "2 times, from 2026-11-24" in files["index.html"].decode()


def test_its_records_are_those_of_the_archive_and_every_reader_takes_them(made, tmp_path):
    _, _, path = made
    warc = files_of(path)["records.warc.gz"]
    (tmp_path / "records.warc.gz").write_bytes(warc)
    found = [(r.headers.get("WARC-Type"), r.headers.get("WARC-Target-URI"))
             for r in ArchiveIterator(io.BytesIO(warc), verify_digests=True)]  # fmt: skip
    assert [kind for kind, _ in found][:2] == ["warcinfo", "warcinfo"]
    for expected in (
        ("response", HOME + "robots.txt"), ("response", HOME + "old"), ("response", HOME + "three"),
        ("request", HOME + "three"), ("revisit", HOME + "three"),
    ):  # fmt: skip
        assert expected in found
    command = type("Asked", (), {"inputs": [str(tmp_path / "records.warc.gz")], "verbose": False})()
    checker = Checker(command)
    checker.process_all()
    assert not checker.exit_value


def test_the_same_record_gives_the_same_bytes(made, tmp_path):
    sealed, flags, path = made
    sealed.seal(days=5)
    write_dossier(sealed.desk, flags[::-1], tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == path.read_bytes()


class _Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.addresses = set(), set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.addresses |= {value for name, value in attrs if name in ("src", "href")}


def test_its_pages_are_self_contained_and_obey_no_word_of_a_stranger(made):
    _, _, path = made
    for name, body in files_of(path).items():
        if not name.endswith(".html"):
            continue
        text = body.decode()
        seen = _Tags()
        seen.feed(text)
        assert not seen.tags & {"script", "img", "iframe", "link", "object", "form"}, name
        assert not [one for one in seen.addresses if "//" in one], name
        assert "\u202e" not in text, name
    copy = next(body.decode() for name, body in files_of(path).items() if name.startswith("pages/") and "html" in name)
    assert re.search(r"<mark>[^<]*⟨U\+202E⟩[^<]*&lt;script&gt;[^<]*</mark>", copy)


def test_a_pdf_goes_in_as_it_is(sealed, tmp_path):
    from tests.unit.pages.test_pdf import made_pdf

    body = made_pdf(["Exosome infusions cure Alzheimer disease in every patient."] * 3)
    crawled(sealed, [(HOME + "brochure.pdf", body, "application/pdf")])
    flags = [str(row[0]) for row in sealed.taken.sql("SELECT MAX(id) FROM flags WHERE context LIKE '%Alzheimer%'")]
    write_dossier(sealed.desk, flags, tmp_path / "d.zip")
    files = files_of(tmp_path / "d.zip")
    assert [files[name] for name in files if name.endswith(".pdf")] == [body]
    assert check_dossier(tmp_path / "d.zip", [sealed.key]).damage == ()


def test_it_is_verified_with_the_public_key_alone(made, tmp_path):
    sealed, _, path = made
    found = check_dossier(path, [sealed.key])
    assert (found.damage, found.notes) == ((), ())
    assert found.sealed == found.captures >= 4
    stranger = make_key(tmp_path / "stranger.pem").public
    assert any("which was not given" in one.problem for one in check_dossier(path, [stranger]).damage)
    assert any("no public key was given" in note for note in check_dossier(path).notes)


def test_every_command_of_the_verify_page_does_what_it_says(made, tmp_path):
    if shutil.which("openssl") is None or shutil.which("sha256sum") is None:
        pytest.skip("no openssl here")
    _, _, path = made
    with zipfile.ZipFile(path) as bundle:
        bundle.extractall(tmp_path / "dossier")
    blocks = re.findall(r"<pre>(.*?)</pre>", files_of(path)["VERIFY.html"].decode(), re.S)
    lines = "\n".join(blocks).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").replace("\\\n", "")
    steps = [line for line in lines.splitlines() if line.startswith(("sha256sum", "openssl", "tail", "grep"))]
    for step in steps:
        words, _, wanted = step.partition("   # ")
        done = subprocess.run(words, shell=True, cwd=tmp_path / "dossier", capture_output=True, text=True, check=False)
        if "rawin" in done.stderr:
            pytest.skip("this openssl is older than 3.0")
        assert done.returncode == 0, step
        assert wanted.strip() in done.stdout
    assert sum(step.startswith("tail") for step in steps) >= 4


def changed(files, **more):
    """The bundle with other files and a list made anew, as a forger would."""
    files = files | more
    sums = "".join(f"{hashlib.sha256(b).hexdigest()}  {n}\n" for n, b in sorted(files.items()) if n != "SHA256SUMS")
    return zipped(files | {"SHA256SUMS": sums.encode()})


def test_whatever_is_changed_in_a_bundle_is_named(made, tmp_path):
    sealed, _, path = made
    files = files_of(path)
    other = tmp_path / "other.zip"

    def told(body):
        other.write_bytes(body)
        return " ".join(f"{one.file}: {one.problem}" for one in check_dossier(other, [sealed.key]).damage)

    quote = json.loads(files["facts.json"])["flags"][0]["quote"]
    lie = files["facts.json"].replace(json.dumps(quote).encode(), b'"Exosomes are sold here."')
    assert "facts.json: it is not what SHA256SUMS lists" in told(zipped(files | {"facts.json": lie}))
    assert "does not stand in the archived page" in told(changed(files, **{"facts.json": lie}))
    assert "it was added" in told(zipped(files | {"more.txt": b"x"}))
    assert "the file is missing" in told(zipped({n: b for n, b in files.items() if n != "index.html"}))
    warc = bytearray(files["records.warc.gz"])
    warc[len(warc) // 2] ^= 4
    assert "records.warc.gz" in told(changed(files, **{"records.warc.gz": bytes(warc)}))
    name = next(name for name in files if re.search(r"\d\.jsonl$", name))
    assert "signature does not hold" in told(changed(files, **{name: files[name].replace(b"response", b"resource", 1)}))
    bare = {n: b for n, b in files.items() if not n.startswith("manifests/0")}
    assert "nothing vouches" in told(changed(bare))


def test_a_record_made_up_is_in_no_manifest(made, tmp_path):
    import gzip

    sealed, _, path = made
    files = files_of(path)
    plain = gzip.decompress(files["records.warc.gz"])
    other = tmp_path / "other.zip"
    other.write_bytes(changed(files, **{"records.warc.gz": gzip.compress(plain.replace(b"192.0.2.7", b"192.0.2.8"))}))
    assert any("in no manifest" in one.problem for one in check_dossier(other, [sealed.key]).damage)


@pytest.mark.parametrize("name", ["0", "99999", "case:3", "case:", "flag", "-1", "9" * 30, "case:" + "9" * 30, "²"])
def test_what_is_no_flag_and_no_case_is_refused(sealed, tmp_path, name):
    with pytest.raises(SetupError):
        write_dossier(sealed.desk, [name], tmp_path / "d.zip")
    assert not (tmp_path / "d.zip").exists()


def test_a_case_that_is_none_is_told_with_those_there_are(sealed, tmp_path):
    with pytest.raises(SetupError, match="there is no case 9") as told:
        write_dossier(sealed.desk, ["case:9"], tmp_path / "d.zip")
    assert told.value.remedy.startswith("there is none yet")
    for number in range(1, 15):
        opened = f"VALUES ({number}, 'Quay', 'open', '2026-11-24T00:00:00Z')"
        sealed.write(f"INSERT INTO cases (id, trader, status, opened_at) {opened}")
    with pytest.raises(SetupError) as told:
        write_dossier(sealed.desk, ["case:99"], tmp_path / "d.zip")
    assert told.value.remedy.startswith("there are cases 1, 2, 3")
    assert told.value.remedy.endswith("12 and 2 more: `exowatch case list`")


def test_a_case_stands_for_its_flags(sealed, tmp_path):
    sealed.write("INSERT INTO cases (id, trader, status, opened_at) VALUES (3, 'Quay', 'open', '2026-11-24T00:00:00Z')")
    with pytest.raises(SetupError, match="has no flag"):
        write_dossier(sealed.desk, ["case:3"], tmp_path / "d.zip")
    sealed.write("UPDATE flags SET case_id = 3")
    everything = [row[0] for row in sealed.taken.sql("SELECT id FROM flags ORDER BY id")]
    assert list(write_dossier(sealed.desk, ["case:3", "1"], tmp_path / "d.zip").flags) == everything
    assert check_dossier(tmp_path / "d.zip", [sealed.key]).damage == ()


def test_what_is_not_sealed_yet_is_said_to_be_so(sealed, tmp_path, monkeypatch):
    for path in (sealed.archive / "manifests").iterdir():
        path.unlink()
    told = write_dossier(sealed.desk, ["1"], tmp_path / "d.zip")
    assert "in no signed manifest yet" in told.notes[0]
    assert "No manifest lists these records" in files_of(tmp_path / "d.zip")["VERIFY.html"].decode()
    assert any("nothing vouches" in one.problem for one in check_dossier(tmp_path / "d.zip").damage)


@settings(max_examples=40, deadline=None)
@given(body=st.binary(max_size=200))
def test_a_file_that_is_no_dossier_is_refused(body, tmp_path_factory):
    path = tmp_path_factory.mktemp("none") / "x.zip"
    path.write_bytes(body)
    with pytest.raises(SetupError, match="no dossier"):
        check_dossier(path)


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=60), quotes=st.lists(st.text(max_size=5), max_size=4))
def test_marking_changes_no_word(text, quotes):
    import html

    plain = html.unescape(re.sub(r"</?mark>", "", str(marked(text, quotes))))
    assert plain == html.unescape(str(marked(text, [])))
