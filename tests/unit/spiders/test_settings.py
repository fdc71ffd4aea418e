"""Scrapy looks for spiders in our modules: that must not import what only an extra brings."""

import sys

from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader

from spiders import settings
from spiders.site import VIAS


def test_spiders_are_found_where_nothing_can_drive_a_browser(monkeypatch):
    for name in ("playwright", "playwright.async_api", "scrapy_playwright"):
        monkeypatch.setitem(sys.modules, name, None)
    for name in [name for name in sys.modules if name.startswith("spiders.")]:
        monkeypatch.delitem(sys.modules, name)
    ours = Settings()
    ours.setmodule(settings)
    assert set(SpiderLoader.from_settings(ours).list()) == {spider.name for spider in VIAS.values()}
