import json
import shutil

from click.testing import CliRunner

from exowatch.cli import command
from exowatch.crawl import CrawlSummary
from exowatch.health.disk import daily_growth
from exowatch.schedule import by_hand


def test_looking_makes_no_database(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "exowatch.toml").write_text("")
    told = CliRunner().invoke(command, ["doctor"])
    assert "database: none yet" in told.output
    assert [path.name for path in tmp_path.iterdir()] == ["exowatch.toml"]


def archive(folder, *days):
    folder.mkdir()
    for day in days:
        (folder / f"exowatch-202611{day:02}T060000Z-aa-1-b.warc.gz").write_bytes(b"x" * 3_000_000)
    return folder


def test_the_disk_forecast_goes_by_the_days_in_the_names_of_the_files(tmp_path):
    assert daily_growth(archive(tmp_path / "a", 1, 2, 3)) == 3_000_000
    assert daily_growth(archive(tmp_path / "b", 1, 5)) == 1_200_000


def test_one_day_makes_no_forecast(tmp_path):
    assert daily_growth(archive(tmp_path / "a", 1, 1)) is None
    assert daily_growth(tmp_path / "none") is None


def test_a_disk_that_lasts_for_days_only_is_worth_a_word(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    archive(tmp_path / "archive", 1, 2)
    (tmp_path / "exowatch.toml").write_text("[limits]\nmin_free_gb = 0.1\n")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**12, 0, 130_000_000))
    told = CliRunner().invoke(command, ["doctor"]).output
    assert "grows by 3.0 MB a day, so for 10 days" in told
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**12, 0, 90_000_000))
    told = CliRunner().invoke(command, ["doctor"])
    assert "make room" in told.output
    (tmp_path / "exowatch.toml").write_text("[limits]\nmin_free_gb = 0\n")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**12, 0, 9_000_000))
    assert "WRONG   disk: 0.0 GB free" in CliRunner().invoke(command, ["doctor"]).output


def test_a_question_in_the_wrong_folder_says_so_and_makes_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for words in (["flags"], ["sql", "SELECT 1"], ["digest"], ["verify"]):
        done = CliRunner().invoke(command, words)
        assert "is this the right folder?" in str(done.exception)
        assert done.exception.exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_page_is_told_without_starting_a_crawler(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(command, ["extract", "http://[::1", "https://", "nothing.html", "."])
    said = done.stderr.splitlines()
    assert [line.rpartition(": ")[2] for line in said] == [
        "this is no web address",
        "this is no web address",
        "No such file or directory",
        "Is a directory",
    ]


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
    monkeypatch.setattr(by_hand, "run_crawl", lambda *_, **__: CrawlSummary(0))
    monkeypatch.setenv("EXOWATCH_CRAWL__BROWSER", "/nowhere/chromium")
    doctor = CliRunner().invoke(command, ["doctor"]).output
    assert "one: `render: true` needs a browser" in doctor
    assert "browser: " in doctor
    told = CliRunner().invoke(command, ["crawl", "one", "old"]).stderr
    assert "note: one: `render: true` needs a browser" in told
    assert "note: old was retired on 2026-11-01" in told


def test_a_metrics_file_without_a_folder_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "exowatch.toml").write_text('[monitor]\nmetrics_file = "none/exowatch.prom"\n')
    assert f"WRONG   metrics: folder {tmp_path}/none does not exist" in CliRunner().invoke(command, ["doctor"]).output
    (tmp_path / "none").mkdir()
    assert "ok      metrics: " in CliRunner().invoke(command, ["doctor"]).output
