"""A page that a person wants secured goes to the source it belongs to, or to one made for its site."""

import dataclasses
from datetime import date

import pytest

from exowatch.errors import SetupError
from exowatch.model.sources import MADE, Source
from exowatch.securing import Wanted, addresses, assigned, country_of

DAY = date(2026, 11, 26)
QUAY = Source("quay", "Quay", "clinic", "IE", ("https://www.quay.example/",))
SKIN = Source("quay-skin", "Quay, skin", "clinic", "GB", ("https://quay.example/skin/index.html",))


def whose(url, *sources, wanted=Wanted()):  # noqa: B008 - frozen
    ((source, urls),) = assigned(sources, [url], wanted, DAY).items()
    assert urls == [url]
    return source


def test_a_page_belongs_to_the_source_whose_start_page_stands_nearest_above_it():
    assert whose("https://quay.example/skin/exosomes", QUAY, SKIN) == SKIN
    assert whose("https://quay.example/prices", QUAY, SKIN) == QUAY
    retired = dataclasses.replace(SKIN, retired_on=DAY)
    assert whose("https://quay.example/skin/exosomes", QUAY, retired) == QUAY
    assert whose("https://quay.example/skin/exosomes", retired) == retired


def test_another_site_or_port_is_another_source():
    for url in ("https://other.example/", "https://quay.example:8443/"):
        made = whose(url, QUAY)
        assert made.id.startswith(MADE)
        assert (made.via, made.kind, made.tags) == ("page", "clinic", ("captured",))
    assert len(assigned([], ["https://a.example/1", "https://www.a.example/2"], Wanted(), DAY)) == 1


@pytest.mark.parametrize(
    ("url", "wanted", "place"),
    [
        ("https://clinic.ie/", Wanted(), "IE"),
        ("https://clinic.co.uk/", Wanted(fallback="IE"), "GB"),
        ("https://clinic.com/", Wanted(fallback="IE"), "IE"),
        ("https://clinic.io/", Wanted(), "US"),
        ("https://clinic.ie/", Wanted(jurisdiction="NO"), "NO"),
        ("http://192.0.2.7:8080/", Wanted(), "US"),
    ],
)
def test_where_a_strange_site_sits_is_told_by_its_name_unless_a_person_says_so(url, wanted, place):
    assert whose(url, wanted=wanted).jurisdiction == place


def test_a_made_source_has_an_id_that_a_watchlist_could_have():
    long = f"https://{'x' * 60}.{'y' * 60}.example/"
    for url in (long, "https://xn--hxakic4aa.example/", "http://[2001:db8::1]:8080/"):
        made = whose(url).id
        assert len(made) <= 80
        assert made.replace("-", "").isalnum()
    assert whose(long).id != whose(long.replace("yy.", "zz.")).id
    assert country_of("localhost") is None


@pytest.mark.parametrize(
    "url", ["clinic.example", "ftp://clinic.example/", "http://a b/", "https://clinic.example/a.jpg"]
)
def test_what_is_no_address_of_a_page_is_refused(url):
    with pytest.raises(SetupError, match="no address of a page"):
        addresses(["https://clinic.example/", url])


def test_addresses_are_asked_for_as_a_crawl_writes_them_and_once():
    assert addresses(["HTTPS://Clinic.example/a#part", "https://clinic.example/a"]) == ("https://clinic.example/a",)
