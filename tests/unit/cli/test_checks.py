import json

from click.testing import CliRunner

from exowatch.cli import collect, command
from exowatch.crawl import CrawlSummary


def test_looking_makes_no_database(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "exowatch.toml").write_text("")
    told = CliRunner().invoke(command, ["doctor"])
    assert "database: none yet" in told.output
    assert [path.name for path in tmp_path.iterdir()] == ["exowatch.toml"]


def test_a_source_that_wants_a_browser_or_is_retired_is_told_by_doctor_and_crawl(tmp_path, monkeypatch):
    (tmp_path / "watchlist").mkdir()
    source = {
        "id": "one",
        "name": "one",
        "kind": "clinic",
        "jurisdiction": "IE",
        "start_urls": ["https://one.example/"],
    }
    for name, more in (("one", {"render": True}), ("old", {"retired_on": "2026-11-01"})):
        (tmp_path / "watchlist" / f"{name}.yml").write_text(json.dumps(source | {"id": name} | more))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(collect, "run_crawl", lambda *_, **__: CrawlSummary(0))
    assert "one: `render: true` is not supported yet" in CliRunner().invoke(command, ["doctor"]).output
    told = CliRunner().invoke(command, ["crawl", "one", "old"]).stderr
    assert "note: one: `render: true` is not supported yet" in told
    assert "note: old was retired on 2026-11-01" in told
