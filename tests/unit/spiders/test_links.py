"""The links of a page, and that no page holds the engine up with how it is made."""

from __future__ import annotations

import time

import pytest

from spiders.links import links_of

LINK = '<a href="/hair?a=1&amp;b=2">Exosomes for <b>hair</b></a>'


def test_links_frames_and_forwards_come_with_their_words():
    base, links = links_of(
        f'<base href="/de/">{LINK}<a rel=nofollow href=/no>x</a><iframe src=/in></iframe>'
        '<meta http-equiv=refresh content="0; url=/next">'
    )
    assert base == "/de/"
    assert list(links) == [("/hair?a=1&b=2", "Exosomes for hair"), ("/in", ""), ("/next", "")]


@pytest.mark.parametrize(
    "hostile",
    [
        "<div>" * 200_000,
        "".join(f"<b x{i}>" for i in range(100_000)),
        "<a href=/x><table>" * 60_000,
        "<div " + " ".join(f"a{i}=1" for i in range(100_000)) + ">",
    ],
    ids=["depth", "formats", "tables", "attributes"],
)
def test_a_page_made_to_cost_the_square_of_its_length_is_read_tag_by_tag(hostile):
    began = time.process_time()
    base, links = links_of(f'<base href="/de/">{LINK}{hostile}<iframe src="/in"></iframe>')
    found = list(links)
    assert time.process_time() - began < 2
    assert base == "/de/"
    assert found[0] == ("/hair?a=1&b=2", "Exosomes for ")
    assert ("/in", "") in found


def test_a_long_page_of_unclosed_items_and_drawings_is_parsed():
    long = "<ul>" + "<li>one<br><p>two" * 5000 + "</ul><svg>" + "<path d='M0 0'/>" * 5000 + "</svg>"
    assert list(links_of(long + LINK)[1]) == [("/hair?a=1&b=2", "Exosomes for hair")]
