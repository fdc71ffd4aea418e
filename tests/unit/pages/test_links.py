"""Addresses are made absolute as a browser makes them, quickly for the plain ones."""

from __future__ import annotations

from urllib.parse import urldefrag, urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exowatch.pages.links import absolute, base_of, read_links

BASE = "https://alder.example:8443/en/care/"


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("/team", "https://alder.example:8443/team"),
        ("team/", "https://alder.example:8443/en/care/team/"),
        ("../team?x=1#y", "https://alder.example:8443/en/team?x=1"),
        ("/a/../team", "https://alder.example:8443/team"),
        ("//other.example/x", "https://other.example/x"),
        ("http://other.example/x/y.html", "http://other.example/x/y.html"),
        (" /te\nam ", "https://alder.example:8443/team"),
        ("HTTPS://Other.example/", "https://Other.example/"),
        ("ftp://other.example/", None),
        ("data:text/html,x", None),
        ("tel:123", None),
        ("http://", None),
        ("http://[", None),
        ("/" + "a" * 5000, None),
    ],
)
def test_addresses_seen_from_the_page(href: str, url: str | None) -> None:
    assert [link.url for link in read_links([(href, "", "")], BASE)] == ([url] if url else [])


@given(st.text(alphabet="abc/.?=&-_%~:#@ ", max_size=25))
def test_the_quick_way_and_the_general_way_agree(href: str) -> None:
    found = [link.url for link in read_links([(href, "", "")], BASE)]
    if not href.lstrip().startswith("#"):
        general = absolute(href, BASE)
        assert found == ([general] if general else [])


def test_a_wrong_base_is_not_used() -> None:
    assert base_of(BASE, "javascript:0") == BASE
    assert base_of(BASE, None) == BASE
    assert base_of(BASE, "/fr/") == urldefrag(urljoin(BASE, "/fr/")).url
