"""The order of the demo's two days, and that its web is closed whatever happens. Crawls and letters are stand-ins."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from exowatch.crawl import CrawlSummary
from exowatch.demo import tour
from exowatch.demo.pages import site_facts
from tests.unit.digest.letters import busy

NAMES = [fact["site"] for fact in site_facts()]


class Web:
    """A web that only remembers."""

    def __init__(self, log: list[tuple]) -> None:
        self.log, self.origins = log, {name: f"http://127.0.0.11:80/{name}" for name in NAMES}
        self.allow_addresses = ("127.0.0.11:80",)

    def show(self, day: int) -> None:
        self.log.append(("day", day))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.log.append(("closed",))


@pytest.fixture
def log(monkeypatch):
    """Stand-ins for web, crawl and letter; everything that happens is in the list."""
    happened: list[tuple] = []

    def crawl(config_file, sources, *, env, on_event):
        on_event({"event": "page", "result": "UNFIT", "url": "http://x/", "code": "challenge"})
        settings = sorted(name for name in env if name.startswith("EXOWATCH_"))
        happened.append(("crawl", env["EXOWATCH_NOW"], tuple(sources), tuple(settings)))
        return CrawlSummary(0, {"READ": 3}, (), {})

    def letter(desk):
        happened.append(("letter", desk.now))
        return SimpleNamespace(digest=busy())

    def desk(config, clock, simulated):
        assert simulated
        return SimpleNamespace(now=clock(), store=SimpleNamespace(close=lambda: happened.append(("desk closed",))))

    monkeypatch.setattr(tour, "MadeUpWeb", lambda: Web(happened))
    monkeypatch.setattr(tour, "run_crawl", crawl)
    monkeypatch.setattr(tour, "write_digest", letter)
    monkeypatch.setattr(tour, "open_desk", desk)
    monkeypatch.setattr(tour, "available", lambda: False)
    return happened


def test_two_days_three_visits_two_letters(log, tmp_path):
    said: list[str] = []
    assert tour.run_demo(tmp_path / "demo", said.append) == 0
    steps = [step[:2] if step[0] in ("day", "crawl") else step[:1] for step in log]
    assert steps == [
        ("day", 1),
        ("crawl", "2026-11-23T06:00:00Z"),
        ("letter",),
        ("desk closed",),
        ("day", 2),
        ("crawl", "2026-11-24T06:00:00Z"),
        ("day", 2),
        ("crawl", "2026-11-24T18:00:00Z"),
        ("letter",),
        ("desk closed",),
        ("closed",),
    ]
    assert [step[1] for step in log if step[0] == "letter"] == [
        datetime.fromisoformat("2026-11-23T06:30:00+00:00"),
        datetime.fromisoformat("2026-11-24T18:30:00+00:00"),
    ]


def test_the_last_letter_lies_in_the_folder_and_its_summary_is_told(log, tmp_path):
    said: list[str] = []
    tour.run_demo(tmp_path / "demo", said.append)
    digests = tmp_path / "demo" / "digests"
    assert sorted(path.name for path in digests.iterdir()) == ["2026-11-24.html", "2026-11-24.json", "2026-11-24.txt"]
    told = "\n".join(said)
    assert "9 new or stronger claims; 3 sources watched" in told
    assert str(digests / "2026-11-24.html") in told
    assert "unfit: http://x/ (challenge)" in told


def test_settings_of_a_real_installation_never_reach_the_demo(log, tmp_path, monkeypatch):
    monkeypatch.setenv("EXOWATCH_DATABASE__URL", "sqlite:////srv/real.db")
    monkeypatch.setenv("EXOWATCH_CONFIG", "/srv/exowatch.toml")
    tour.run_demo(tmp_path / "demo", lambda line: None)
    assert {step[3] for step in log if step[0] == "crawl"} == {("EXOWATCH_NOW",)}
    assert {step[2] for step in log if step[0] == "crawl"} == {tuple(NAMES)}


def test_a_source_that_fails_is_named_and_the_demo_says_so_by_its_exit_code(log, tmp_path, monkeypatch):
    summary = CrawlSummary(1, {}, ("annals",), {"annals": "partial"})
    monkeypatch.setattr(tour, "run_crawl", lambda *_, **__: summary)
    said: list[str] = []
    assert tour.run_demo(tmp_path / "demo", said.append) == 1
    assert "  not seen whole: annals (partial)" in said


def test_the_web_is_closed_when_the_user_stops_the_demo(log, tmp_path, monkeypatch):
    def stopped(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(tour, "run_crawl", stopped)
    with pytest.raises(KeyboardInterrupt):
        tour.run_demo(Path(tmp_path / "demo"), lambda line: None)
    assert log[-1] == ("closed",)
