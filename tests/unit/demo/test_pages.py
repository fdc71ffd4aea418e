"""The made-up web: what each site answers on each day, and that its texts hold together."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
from lxml import etree
from lxml import html as lxml_html

from exowatch.demo.pages import answer, site_facts

NAMES = tuple(fact["site"] for fact in site_facts())
ORIGINS = {name: f"http://{name}.example" for name in NAMES}


def text(site: str, path: str, day: int) -> str:
    found = answer(site, path, day, ORIGINS)
    assert found.status == 200, (site, path, day)
    return found.body.decode()


def pages(day: int) -> list[tuple[str, str]]:
    """Every page of a day as (site, path), found in the folders."""
    found = set()
    for written in range(1, day + 1):
        root = files("exowatch.demo").joinpath("web", f"day{written}")
        for site in root.iterdir():
            found |= {(site.name, path) for path in _paths(site, "")}
    return sorted(found)


def _paths(folder, above: str):
    for child in folder.iterdir():
        if child.is_dir():
            yield from _paths(child, f"{above}/{child.name}")
        elif child.name == "index.html":
            yield f"{above}/"
        elif child.name.endswith(".html"):
            yield f"{above}/{child.name.removesuffix('.html')}"


def test_pages_are_asked_for_without_their_ending():
    assert "<h1>Prices</h1>" in text("liffeyside", "/prices", 1)
    assert answer("liffeyside", "/prices.html", 1, ORIGINS).status == 404
    assert "<h1>Joints</h1>" in text("calderbrook", "/joints/?from=mail", 1)


def test_a_folder_asked_for_without_its_stroke_is_redirected():
    found = answer("calderbrook", "/joints", 1, ORIGINS)
    assert (found.status, found.headers["Location"]) == (301, "/joints/")


@pytest.mark.parametrize("path", ["/../sites.yml", "/../../day2/annals/index.html", "//etc/passwd", "/none", "/./x"])
def test_nothing_outside_a_site_is_answered(path):
    assert answer("annals", path, 2, ORIGINS).status == 404


def test_day_two_lies_over_day_one():
    assert "may help to ease knee pain" in text("calderbrook", "/joints/", 1)
    assert "stop knee pain" in text("calderbrook", "/joints/", 2)
    assert text("calderbrook", "/fees/", 1) == text("calderbrook", "/fees/", 2)
    assert answer("mesa-alta", "/programs/brain-health", 1, ORIGINS).status == 404
    assert "Parkinson" in text("mesa-alta", "/programs/brain-health", 2)


def test_a_claim_moves_from_page_to_page():
    claim, old, new = "shrink large pores", "/treatments/exosome-microneedling", "/treatments/aftercare"
    assert [claim in text("liffeyside", old, day) for day in (1, 2)] == [True, False]
    assert [claim in text("liffeyside", new, day) for day in (1, 2)] == [False, True]


def test_a_claim_leaves_and_the_rest_of_its_page_stays():
    assert "wake up follicles" in text("calderbrook", "/hair/", 1)
    after = text("calderbrook", "/hair/", 2)
    assert "wake up follicles" not in after
    assert "There are four visits, three weeks apart." in after


def test_one_page_asks_whether_we_are_a_robot_on_day_two():
    found = answer("dermaluz", "/precios", 2, ORIGINS)
    assert found.status == 403
    assert b"Verify that you are human" in found.body
    assert answer("dermaluz", "/precios", 1, ORIGINS).status == 200


def test_validators_change_with_the_text_only():
    one, two = (answer("annals", "/", day, ORIGINS) for day in (1, 2))
    assert one.etag == two.etag
    assert one.headers["Last-Modified"] == two.headers["Last-Modified"]
    assert answer("annals", "/issue/view/7", 1, ORIGINS).etag != answer("annals", "/issue/view/7", 2, ORIGINS).etag


@pytest.mark.parametrize("day", [1, 2])
def test_every_link_within_the_made_up_web_leads_somewhere(day):
    odd = {("dermaluz", "/precios")}
    for site, path in pages(day):
        if (site, path) in odd and day == 2:
            continue
        page = lxml_html.fromstring(text(site, path, day).encode())
        for link in page.xpath("//a/@href"):
            if link.startswith("/") and (site, link) not in odd:
                assert answer(site, link, day, ORIGINS).status == 200, (site, path, link)


@pytest.mark.parametrize("day", [1, 2])
def test_every_page_has_a_language_a_title_and_says_that_it_is_made_up(day):
    for site, path in pages(day):
        found = answer(site, path, day, ORIGINS)
        if found.status != 200:
            continue
        said = found.body.decode()
        page = lxml_html.fromstring(found.body)
        assert page.get("lang"), (site, path)
        assert page.findtext(".//title"), (site, path)
        assert "Made up for the demonstration" in said, (site, path)
        assert not re.search("@@.+@@", said), (site, path)


@pytest.mark.parametrize(("site", "path"), [("liffeyside", "/sitemap.xml"), ("oversight-office", "/feed.xml")])
def test_sitemap_and_feed_are_xml_with_addresses_of_their_site(site, path):
    for day in (1, 2):
        assert etree.fromstring(text(site, path, day).encode()) is not None
        assert ORIGINS[site] in text(site, path, day)


def test_the_watched_sites_are_those_of_the_folders():
    folders = {folder.name for folder in files("exowatch.demo").joinpath("web", "day1").iterdir()}
    assert folders == set(NAMES)
    assert len({fact["jurisdiction"] for fact in site_facts() if fact["kind"] == "clinic"}) >= 3
