"""WARC, WACZ and ARC files of other programs give what a crawl of the same bytes gives."""

import functools
import gzip

import brotli
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exowatch.archive.foreign import Trouble, answers_in
from tests.unit.importing.foreign_files import AT, HOME, MORE, SAYS, Warc, arc, chunked, page, wacz

HTML = ("Content-Type", "text/html")
BODY = page(SAYS, MORE)


def wget(packed):
    """Request first, addresses in angle brackets, SHA-1 digests, chunks kept in the payload."""
    made = Warc(packed=packed)
    made.request(f"<{HOME}>", WARC_Record_ID="<urn:uuid:r1>")
    return made.answer(f"<{HOME}>", chunked(BODY), headers=(HTML, ("Transfer-Encoding", "chunked"))).bytes()


def heritrix():
    made = Warc()
    made.answer(HOME, BODY, WARC_IP_Address="1.2.3.4")
    told = f"<{made.ids[0].strip('<>')}>"
    made.request(WARC_Concurrent_To=told)
    made.answer(HOME, b"via: x", kind="metadata", Content_Type="application/warc-fields", WARC_Concurrent_To=told)
    made.answer("dns:quay.example", b"1.2.3.4", kind="resource", Content_Type="text/dns")
    return made.answer(HOME, b"plain words", kind="conversion", Content_Type="text/plain").bytes()


def browsertrix():
    made = Warc(version="1.1").answer(HOME, BODY, at="2026-11-20T06:00:00.123Z")
    made.answer("urn:pageinfo:" + HOME, b"{}", kind="resource", Content_Type="application/json")
    made.answer(HOME + "logo.png", b"\x89PNG", headers=(("Content-Type", "image/png"),))
    made.answer(HOME + "none.png", b"", status="404 Not Found", headers=())
    made.answer(HOME + "app.js", b"let x", headers=(("Content-Type", "text/javascript"),))
    made.answer("https://ads.example/frame", page("Our exosomes cure all."))
    made.answer(HOME + "api", b"<p>Our exosome serum cures acne.</p>", WARC_Record_ID="<urn:uuid:p1>")
    made.request(HOME + "api", "POST", WARC_Concurrent_To="<urn:uuid:p1>")
    return made.bytes()


FILES = {
    "plain.warc": lambda: Warc(packed=False).answer(HOME, BODY).bytes(),
    "warcio.warc.gz": lambda: Warc().answer(HOME, BODY).bytes(),
    "no-digests.warc.gz": lambda: Warc().answer(HOME, BODY, digests=False).bytes(),
    "one-member.warc.gz": lambda: gzip.compress(Warc(packed=False).answer(HOME, BODY).request().bytes()),
    "wget.warc.gz": lambda: wget(True),
    "wget.warc": lambda: wget(False),
    "lying-chunks.warc.gz": lambda: Warc().answer(HOME, BODY, headers=(HTML, ("Transfer-Encoding", "chunked"))).bytes(),
    "packed.warc.gz": lambda: (
        Warc().answer(HOME, gzip.compress(BODY), headers=(HTML, ("Content-Encoding", "gzip"))).bytes()
    ),
    "packed-chunks.warc.gz": lambda: (
        Warc()
        .answer(
            HOME,
            chunked(brotli.compress(BODY)),
            headers=(HTML, ("Content-Encoding", "br"), ("Transfer-Encoding", "chunked")),
        )
        .bytes()
    ),
    "heritrix.warc.gz": heritrix,
    "resource.warc.gz": lambda: Warc().answer(HOME, BODY, kind="resource", Content_Type="text/html").bytes(),
    "browsertrix.wacz": lambda: wacz(browsertrix()),
    "packed.wacz": lambda: wacz(browsertrix(), packed=True),
    "old.arc": lambda: arc((HOME, BODY)),
    "old.arc.gz": lambda: arc((HOME, BODY), packed=True),
}


@pytest.fixture(scope="module")
def expected():
    """Filled by the first file: every file must give the same."""
    return []


@pytest.mark.parametrize("name", FILES)
def test_every_kind_of_file_gives_the_same_findings(name, imports, expected):
    path = imports.folder / name
    path.write_bytes(FILES[name]())
    result = imports.take(path)
    assert (result.refused, dict(result.counts)) == ([], {"READ": 1})
    assert imports.pages() == [HOME]
    assert imports.sql("SELECT at FROM outcomes") == [("2026-11-20T06:00:00Z",)]
    found = imports.claims()
    assert any(SAYS in quote for _, quote, *_ in found)
    expected[:] = expected or found
    assert found == expected


def test_what_a_crawl_would_not_have_asked_for_is_passed_over_and_counted(imports):
    path = imports.folder / "x.wacz"
    path.write_bytes(wacz(browsertrix()))
    result = imports.take(path)
    assert +result.passed_over == {"images, scripts and the like": 3, "answers to POST": 1, "pages of other sites": 1}


def test_robots_redirects_and_lists_are_archived_and_are_no_pages(imports):
    made = Warc().answer(HOME + "robots.txt", b"User-agent: *", headers=(("Content-Type", "text/plain"),))
    made.answer("http://quay.example/", b"", status="301 Moved", headers=(("Location", HOME),))
    made.answer(HOME + "sitemap.xml", b"<urlset/>", headers=(("Content-Type", "application/xml"),))
    path = imports.folder / "x.warc.gz"
    path.write_bytes(made.answer(HOME, BODY).bytes())
    imports.take(path)
    assert imports.pages() == [HOME]
    (kept,) = imports.desk.archive_dir.glob("*.warc.gz")
    text = gzip.decompress(kept.read_bytes())
    assert (text.count(b"WARC-Type: response"), text.count(b"ExoWatch-Page: no")) == (4, 3)


@pytest.mark.parametrize("how", ["id", "place", "digest"])
def test_a_revisit_record_says_that_the_page_stood_as_it_was(imports, how):
    made = Warc(version="1.1").answer(HOME + "a", BODY)
    told = {
        "id": {"WARC_Refers_To": made.ids[0]},
        "place": {"WARC_Refers_To_Target_URI": HOME + "a", "WARC_Refers_To_Date": AT},
        "digest": {},
    }[how]
    digest = {"WARC_Payload_Digest": _digest(made.bytes())} if how == "digest" else {}
    for url, at in ((HOME + "a", "2026-11-21T06:00:00Z"), (HOME + "b", "2026-11-22T06:00:00Z")):
        made.answer(url, b"", kind="revisit", at=at, **told, **digest)
    path = imports.folder / "x.warc.gz"
    path.write_bytes(made.bytes())
    result = imports.take(path)
    assert (result.refused, dict(result.counts)) == ([], {"READ": 2, "UNCHANGED": 1})
    assert imports.sql("SELECT fit_captures, last_fit_at FROM pages WHERE url LIKE '%a'") == [
        (2, "2026-11-21T06:00:00Z")
    ]


def _digest(data):
    return next(line for line in gzip.decompress(data).decode().splitlines() if "Payload-Digest" in line).split(": ")[1]


def test_a_revisit_of_what_is_nowhere_is_named(imports):
    path = imports.folder / "x.warc.gz"
    path.write_bytes(Warc().answer(HOME, b"", kind="revisit", WARC_Refers_To="<urn:uuid:none>").bytes())
    ((place, why),) = imports.take(path).refused
    assert place == "x.warc.gz@0"
    assert "unchanged" in why


def test_one_page_has_one_name_however_its_address_is_written(imports):
    made = Warc()
    for day, path in enumerate(("caf%C3%A9", "café", "caf%C3%A9?utm_source=x", "caf%C3%A9#top"), 1):
        made.answer(HOME + path, BODY, at=f"2026-11-0{day}T06:00:00Z")
    file = imports.folder / "x.warc.gz"
    file.write_bytes(made.bytes())
    imports.take(file)
    assert imports.pages() == [HOME + "caf%C3%A9"]


def test_many_captures_of_a_page_in_one_file_are_its_history(imports):
    made = Warc()
    for day in (3, 1, 2):
        made.answer(HOME, page(SAYS) if day < 3 else page(SAYS, MORE), at=f"2026-11-0{day}T06:00:00Z")
    path = imports.folder / "x.warc.gz"
    path.write_bytes(made.bytes())
    result = imports.take(path)
    assert len(result.run_ids) == 3
    assert dict(result.counts) == {"READ": 2, "UNCHANGED": 1}
    assert imports.sql("SELECT first_seen FROM lineages ORDER BY id")[0] == ("2026-11-01T06:00:00Z",)


@functools.cache
def made(name):
    """Ids are drawn anew for each file; hypothesis must see the same bytes every time."""
    return FILES[name]()


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(sorted(FILES)), hurt=st.data())
def test_no_damage_whatever_stops_the_reading_of_a_file(tmp_path, name, hurt):
    data = bytearray(made(name))
    for _ in range(hurt.draw(st.integers(1, 3))):
        at = hurt.draw(st.integers(0, len(data) - 1))
        data[at : at + hurt.draw(st.integers(0, 9))] = hurt.draw(st.binary(max_size=9))
        data = data or bytearray(1)
    path = tmp_path / name
    path.write_bytes(data)
    for part in answers_in(path):
        told = part.problem if isinstance(part, Trouble) else ""
        assert told.isprintable() or not told
