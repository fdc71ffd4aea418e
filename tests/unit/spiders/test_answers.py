"""An API is asked no more often than it says it allows, or is known to."""

from types import SimpleNamespace

import pytest
from scrapy.http import Response

from spiders.answers import AnswersSpider
from spiders.pace import Pace


def least_gap(via, **headers):
    pace = Pace(0)
    spider = object.__new__(AnswersSpider)
    spider.visit = SimpleNamespace(pace=pace, source=SimpleNamespace(via=via))
    spider._keep_to_rate(Response("https://API.example:8443/works", headers=headers))
    return pace.clock("api.example").least


@pytest.mark.parametrize(
    ("limit", "interval", "gap"),
    [("5", "1s", 0.2), ("50", "1s", 0.02), ("2", "10s", 5.0), ("many", "1s", 0), ("0", "1s", 1)],
)
def test_the_rate_that_crossref_tells_is_kept_to(limit, interval, gap):
    assert least_gap("crossref", **{"X-Rate-Limit-Limit": limit, "X-Rate-Limit-Interval": interval}) == gap


def test_pubmed_is_asked_less_than_three_times_a_second():
    assert least_gap("pubmed") > 1 / 3


def test_an_api_that_tells_no_rate_is_asked_at_the_pace_of_its_source():
    assert least_gap("europepmc") == 0
