"""A bug in a pipeline or a spider: Scrapy only logs it, but the visit must not pass for a whole one."""

import os

import pytest

from tests.e2e.sites import clinic
from tests.e2e.watch import make_watch
from tests.e2e.web import served

#: Loaded by every Python that finds it on its path; plants the bug in the child that crawls.
PLANTED = """
import sys
if "spiders.run" in sys.orig_argv:
    from {module} import {owner}
    whole = {owner}.{name}
    def broken(self, *args, **kwargs):
        told = whole(self, *args, **kwargs)
        if "/exosomes/1" in str(args):
            raise LookupError("planted")
        return told
    {owner}.{name} = broken
"""


@pytest.mark.parametrize(
    ("module", "owner", "name"),
    [("pipelines.intake", "Intake", "_outcome"), ("spiders.site", "SiteSpider", "follow")],
)
def test_a_bug_ends_the_visit_as_partial_with_an_issue(tmp_path, module, owner, name):
    planted = tmp_path / "planted"
    planted.mkdir()
    (planted / "sitecustomize.py").write_text(PLANTED.format(module=module, owner=owner, name=name))
    path = os.pathsep.join([str(planted), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    with served({"one": clinic(3)}) as web:
        watch = make_watch(tmp_path, web, {"one": {}})
        watch.run("crawl", "--all", expect=1, PYTHONPATH=path)
    ((verdict, why),) = [tuple(row.values()) for row in watch.sql("SELECT verdict, why FROM run_sources")]
    assert verdict == "partial"
    assert "a bug; see issues" in why
    (issue,) = watch.sql("SELECT code, url, message FROM issues WHERE code = 'visit-error'")
    assert issue["url"].endswith("/exosomes/1")
    assert "planted" in issue["message"]


#: SIGTERM comes while the spider is being opened, and opening takes a while.
ASKED_TO_END = """
import asyncio, os, signal, sys
if "spiders.run" in sys.orig_argv:
    from scrapy.core.engine import ExecutionEngine
    whole = ExecutionEngine.open_spider_async
    async def slow(self, **facts):
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(0.2)
        await whole(self, **facts)
    ExecutionEngine.open_spider_async = slow
"""
#: The spider cannot even be made.
NO_SPIDER = """
import sys
if "spiders.run" in sys.orig_argv:
    from spiders.frontier import Frontier
    def broken(self, *_):
        raise LookupError("planted")
    Frontier.__init__ = broken
"""


@pytest.mark.parametrize(("program", "why"), [(ASKED_TO_END, "stopped"), (NO_SPIDER, "a bug; see issues")])
def test_a_visit_that_hardly_began_is_closed_as_partial(tmp_path, program, why):
    planted = tmp_path / "planted"
    planted.mkdir()
    (planted / "sitecustomize.py").write_text(program)
    path = os.pathsep.join([str(planted), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    with served({"one": clinic(3)}) as web:
        watch = make_watch(tmp_path, web, {"one": {}})
        watch.run("crawl", "--all", expect=1, PYTHONPATH=path)
    ((verdict, told),) = [tuple(row.values()) for row in watch.sql("SELECT verdict, why FROM run_sources")]
    assert verdict == "partial"
    assert why in told
    assert watch.sql("SELECT COUNT(*) AS n FROM runs WHERE finished_at IS NULL") == [{"n": 0}]
    issues = watch.sql("SELECT message FROM issues WHERE code = 'visit-error'")
    assert ["planted" in issue["message"] for issue in issues] == ([True] if program is NO_SPIDER else [])
