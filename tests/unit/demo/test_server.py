"""The server's own rules, asked without a socket; that it listens at all is seen by the tests that crawl it."""

from __future__ import annotations

import gzip
import io
from email.message import Message
from types import SimpleNamespace
from typing import Any

import pytest

from exowatch.demo.pages import answer, site_facts
from exowatch.demo.server import MadeUpWeb, _Visitor

ORIGINS = {fact["site"]: "http://127.0.0.11:80" for fact in site_facts()}


def ask(path: str, command: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """What a visitor of ``annals`` gets: status, headers, body."""
    visitor = _Visitor.__new__(_Visitor)
    visitor.server = SimpleNamespace(site="annals", web=SimpleNamespace(answer=lambda s, p: answer(s, p, 1, ORIGINS)))
    visitor.path, visitor.command, visitor.request_version = path, command, "HTTP/1.1"
    visitor.requestline, visitor.close_connection = f"{command} {path} HTTP/1.1", True
    visitor.headers, visitor.wfile = _message(headers), io.BytesIO()
    visitor.do_HEAD() if command == "HEAD" else visitor.do_GET()
    head, _, body = visitor.wfile.getvalue().partition(b"\r\n\r\n")
    status, *lines = head.decode().split("\r\n")
    return int(status.split()[1]), dict(line.split(": ", 1) for line in lines), body


def _message(headers: dict[str, str]) -> Any:
    message = Message()
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    return message


def test_a_page_comes_with_validators():
    status, headers, body = ask("/")
    assert status == 200
    assert headers["ETag"]
    assert headers["Last-Modified"]
    assert int(headers["Content-Length"]) == len(body)


def test_who_has_the_page_is_told_so():
    _, headers, _ = ask("/")
    for known in ({"If_None_Match": headers["ETag"]}, {"If_Modified_Since": headers["Last-Modified"]}):
        status, _, body = ask("/", **known)
        assert (status, body) == (304, b"")


def test_an_old_validator_gets_the_page():
    assert ask("/", If_None_Match='"old"', If_Modified_Since="Fri, 20 Nov 2026 08:00:00 GMT")[0] == 200
    assert ask("/", If_Modified_Since="Fri, 20 Nov 2020 08:00:00 GMT")[0] == 200
    assert ask("/", If_Modified_Since="yesterday")[0] == 200


def test_a_long_page_is_compressed_for_who_asks():
    _, headers, body = ask("/", Accept_Encoding="gzip, deflate")
    assert headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(body) == ask("/")[2]


def test_head_has_no_body():
    status, headers, body = ask("/", "HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) > 0


def test_a_page_that_is_not_there_has_no_validator():
    status, headers, _ = ask("/nothing")
    assert status == 404
    assert "ETag" not in headers


def test_there_are_two_days_only():
    web = MadeUpWeb.__new__(MadeUpWeb)
    with pytest.raises(ValueError, match="days"):
        web.show(3)
