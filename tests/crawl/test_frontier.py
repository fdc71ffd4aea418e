"""What a visit asks for, over several visits: shares of the budget, and how deep a site is opened."""

from tests.e2e.sites import CLAIMS, clinic, page
from tests.e2e.watch import make_watch
from tests.e2e.web import html, served


def asked(web):
    """Paths of pages asked for since the last look."""
    paths = [path for _, path, _ in web.asked if path not in ("/robots.txt", "/sitemap.xml")]
    web.asked.clear()
    return paths


def test_a_new_page_is_read_though_known_pages_fill_the_budget(tmp_path):
    with served({"one": clinic(8)}) as web:
        watch = make_watch(tmp_path, web, {"one": {"max_pages": 5}})
        watch.run("crawl", "--all", EXOWATCH_NOW="2026-11-01T06:00:00Z")
        assert len(asked(web)) == 5
        links = [f"/exosomes/{n}" for n in range(8)]
        web.answers["one"]["/"] = html(page("Exosome clinic", [CLAIMS[0]], ["/new-exosome-cure", *links]))
        web.answers["one"]["/new-exosome-cure"] = html(page("New", ["Our exosomes cure Alzheimer's disease."]))
        seen = set()
        for day in range(2, 8):
            watch.run("crawl", "--all", EXOWATCH_NOW=f"2026-11-0{day}T06:00:00Z")
            paths = asked(web)
            assert len(paths) == 5
            seen |= set(paths)
        assert seen == {"/", "/new-exosome-cure", *links}
        assert "Alzheimer" in "".join(flag["quote"] for flag in watch.rows("flags") if flag["change"] == "new")
        assert {row["verdict"] for row in watch.sql("SELECT verdict FROM run_sources")} == {"complete"}
        told = watch.sql("SELECT code, message FROM issues WHERE source_id = 'one'")
        assert {row["code"] for row in told} == {"budget-binds"}
        assert "max_pages of 5 left 4 links and 0 known pages unread" in told[0]["message"]


def test_a_chain_of_pages_that_does_not_change_gives_no_news(tmp_path):
    names = "abcdefghijkl"
    site = {"/": html(page("Exosome clinic", [CLAIMS[0]], ["/e/a"]))}
    for name, after in zip(names, [*names[1:], None], strict=True):
        words = [f"Our exosomes cure arthritis in room {name}."]
        site[f"/e/{name}"] = html(page(f"Room {name}", words, [f"/e/{after}"] if after else []))
    with served({"one": site}) as web:
        watch = make_watch(tmp_path, web, {"one": {}})
        watch.run("crawl", "--all")
        first = sorted(asked(web))
        assert first == ["/", "/e/a", "/e/b", "/e/c", "/e/d"]
        for _ in range(2):
            watch.run("crawl", "--all")
            assert sorted(asked(web)) == first
        assert {flag["change"] for flag in watch.rows("flags")} == {"baseline"}
        assert not watch.rows("changes")
