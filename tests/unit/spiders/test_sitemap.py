import gzip

import pytest

from spiders import site
from spiders.site import read_sitemap

PLACE = "https://quay.example/exosomes"
SITEMAP = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>{PLACE}</loc></url></urlset>'.encode()


@pytest.mark.parametrize("body", [SITEMAP, gzip.compress(SITEMAP), gzip.compress(SITEMAP)[:-4], SITEMAP[:-5]])
def test_a_sitemap_is_read_packed_or_not_and_as_far_as_it_goes(body):
    assert read_sitemap(body) == ("urlset", [PLACE])


@pytest.mark.parametrize("body", [b"", b" ", b"this is plain text, no sitemap", b"\x1f\x8bno gzip", b"<html>Not found"])
def test_what_is_no_sitemap_names_no_place(body):
    assert read_sitemap(body)[1] == []


def test_a_packed_sitemap_that_swells_is_left(monkeypatch):
    monkeypatch.setattr(site, "SITEMAP_BYTES", 1000)
    assert read_sitemap(gzip.compress(SITEMAP + b" " * 10_000)) == ("", [])
