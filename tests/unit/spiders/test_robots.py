from types import SimpleNamespace

import pytest

from spiders.robots import LONGEST, Parser, product_token

PAGE = "https://clinic.example/exosomes"


def parsed(text, token="ExoWatch"):
    return Parser.from_crawler(SimpleNamespace(settings={"ROBOTSTXT_USER_AGENT": token}, spider=None), text.encode())


def allowed(text):
    return parsed(text).allowed(PAGE, "ExoWatch")


@pytest.mark.parametrize("other", ["claims", "watch", "exo", "monitoring", "Mozilla/5.0", "ExoWatcher", "e*"])
@pytest.mark.parametrize("before", ["", "\ufeff", "# ours\r"])
def test_a_group_of_another_crawler_is_not_ours_though_its_name_is_part_of_ours(before, other):
    assert not allowed(f"{before}User-agent: {other}\nDisallow:\n\nUser-agent: *\nDisallow: /\n")


@pytest.mark.parametrize("ours", ["ExoWatch", "exowatch", "ExoWatch/0.1", "ExoWatch # you", "ExoWatch*"])
def test_our_own_group_counts_before_the_one_for_all(ours):
    assert allowed(f"User-agent: *\nDisallow: /\n\nUser-agent: {ours}\nDisallow: /private/\n")
    assert not allowed(f"User-agent: *\nDisallow:\n\nuser-agent:{ours}\nUser-agent: Other\nDisallow: /\n")


def test_a_crawl_delay_is_taken_from_our_group():
    rules = parsed("User-agent: exo\nCrawl-delay: 50\n\nUser-agent: ExoWatch\nCrawl-delay: 3\n")
    assert rules.crawl_delay("ExoWatch") == 3


def test_sitemaps_stand_outside_of_groups():
    assert list(parsed("Sitemap: https://clinic.example/map.xml\nUser-agent: x\nDisallow: /\n").rp.sitemaps) == [
        "https://clinic.example/map.xml"
    ]


def test_the_product_token_is_ours_or_the_first_of_the_configured_agent():
    assert product_token("ExoWatch/0.1 (monitoring of health claims; +a@b.example)") == "ExoWatch"
    assert product_token("Mozilla/5.0 (compatible; ExoWatch/0.1)") == "ExoWatch"
    assert product_token("Ministry-Bot/2 (+a@b.example)") == "Ministry-Bot"


def test_rules_without_end_are_heeded_as_far_as_a_crawler_can():
    rule = "Disallow: /exosomes\n"
    many = "Disallow: /another-page\n" * (LONGEST // 24)
    assert not allowed(f"User-agent: *\n{rule}{many}{many}")
    assert allowed(f"User-agent: *\n{many}{rule}")
