"""What a browser made of a page is archived as a resource beside the crawler's answer, and read back as it was."""

import subprocess
import sys
from datetime import timedelta

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator

from exowatch.archive.clocks import clock_offset
from exowatch.archive.excerpt import Files, exchange_at
from exowatch.archive.exchange import Picture
from exowatch.archive.read import captures_in, read_response
from exowatch.archive.verify import verify
from tests.unit.archive.exchanges import AT, Rows, exchange

SENT = (("User-Agent", "ExoWatch/0.1"), ("Accept-Language", "en,*;q=0.5"))
HTML = ("Content-Type", "text/html; charset=utf-8")


def date(seconds):
    return (AT + timedelta(seconds=seconds)).strftime("%a, %d %b %Y %H:%M:%S GMT")


def look_at(writer):
    """The crawler's answer, the browser's document beside it, and two pictures."""
    how = {
        "request_headers": SENT,
        "ip": "192.0.2.7",
        "certificate": "sha256:ab",
        "response_headers": (HTML, ("Date", date(3))),
    }
    sent = writer.put_exchange(exchange(page=False, **how))
    seen = writer.put_exchange(
        exchange(b"<p>after scripts</p>", browser="Chromium 156", beside=sent.id, status=404, **how)
    )
    for uri, kind, body in (("urn:fullPage:", "image/png", b"\x89PNG"), ("urn:pdf:", "application/pdf", b"%PDF-1.4")):
        uri += "https://quay.example/a"
        writer.put_picture(Picture("quay", uri, kind, body, AT, sent.id, "Chromium 156", "length"))
    return sent, seen


def test_a_capture_tells_how_it_was_made_also_when_the_archive_alone_is_left(writer, tmp_path):
    sent, seen = look_at(writer)
    (name,) = writer.close()
    for one in (sent, seen):
        told = (one.ip, one.certificate, one.user_agent, one.language_sent, one.clock_offset)
        assert told == ("192.0.2.7", "sha256:ab", "ExoWatch/0.1", "en,*;q=0.5", 3)
    assert (sent.rendered, seen.rendered, seen.status) == (False, True, 404)
    assert list(captures_in(tmp_path, name)) == [seen]
    assert read_response(tmp_path, seen.warc).body == b"<p>after scripts</p>"
    assert verify(tmp_path, Rows(seen)).damage == ()


def test_a_row_about_a_browsers_document_is_held_against_it(writer, tmp_path):
    import dataclasses

    _, seen = look_at(writer)
    writer.close()
    for change in ({"payload_digest": "sha256:x"}, {"status": 200}, {"final_url": "https://quay.example/b"}):
        (damage, *_) = verify(tmp_path, Rows(dataclasses.replace(seen, **change))).damage
        assert damage.offset == seen.warc.offset


def test_tools_of_others_accept_what_a_browser_leaves(writer, tmp_path):
    look_at(writer)
    (name,) = writer.close()
    check = [sys.executable, "-m", "warcio.cli", "check", "-v", tmp_path / name]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "fail" not in done.stdout
    with (tmp_path / name).open("rb") as file:
        kinds = [record.headers["WARC-Type"] for record in FastIterator(file)]
    assert kinds == ["warcinfo", "response", "request", "resource", "request", "resource", "resource"]


def test_both_looks_and_the_pictures_go_together_whichever_is_asked_for(writer, tmp_path):
    look_at(writer)
    writer.put_exchange(exchange(b"another page", request_url="https://quay.example/b"))
    sent, seen = look_at(writer)
    writer.close()
    kinds = [[one.kind for one in exchange_at(Files(tmp_path), place)] for place in (sent.warc, seen.warc)]
    assert kinds == [["warcinfo", "response", "request", "resource", "request", "resource", "resource"]] * 2


@pytest.mark.parametrize(
    ("headers", "offset"),
    [
        ((("Date", date(-90)),), -90),
        ((("date", date(-90)), ("Age", "85")), -5),
        ((("Date", date(0)), ("Age", "soon")), 0),
        ((("Date", "yesterday"),), None),
        ((("Date", "Fri, 31 Dec 9999 23:59:59 GMT"),), None),
        ((), None),
    ],
)
def test_the_servers_clock_is_held_against_ours(headers, offset):
    assert clock_offset(headers, AT.replace(microsecond=0)) == offset
