"""Other monitors on the same stories: urlwatch and changedetection.io, run headless against a loopback server.

Both are installed in environments of their own and named by their programs; they watch pages, so they are scored by
story and day: did they alert on a day on which something real changed, and on no other.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml

from bench.series.site import PATHS
from bench.series.story import Story

Alerts = set[tuple[int, int]]
"""Story (its place in the list) and day."""
#: Seconds that one day of changedetection.io may take.
_PATIENCE = 600


class _Web:
    """The stories' pages of one day: ``/7/face`` is the page ``/face`` of story 7."""

    def __init__(self, stories: Sequence[Story]) -> None:
        self.day, self._stories = 0, stories
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                web.answer(self)

            def log_message(self, format: str, *args: Any) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def url(self, number: int, path: str) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/{number}{path}"

    def urls(self) -> dict[str, int]:
        """Address of each page that stands there from the beginning → its story."""
        return {self.url(n, path): n for n in range(len(self._stories)) for path in PATHS}

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        number, _, path = handler.path.removeprefix("/").partition("/")
        if not number.isdigit():
            handler.send_error(404)
            return
        story = self._stories[int(number)]
        page = story.days[min(self.day, len(story.days) - 1)].answers().get(f"/{path}")
        if page is None:
            handler.send_error(404)
        elif page.no_answer:
            handler.close_connection = True
        elif page.led_to is not None and page.led_to != f"/{path}":
            handler.send_response(302)
            handler.send_header("Location", self.url(int(number), page.led_to))
            handler.end_headers()
        else:
            handler.send_response(page.status)
            handler.send_header("Content-Type", page.content_type)
            handler.send_header("Content-Length", str(len(page.body)))
            handler.end_headers()
            handler.wfile.write(page.body)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def urlwatch_alerts(program: Path, stories: Sequence[Story], folder: Path) -> Alerts:
    """Story-days on which urlwatch reports a change of a page, with its default filter for text of HTML."""
    web, found = _Web(stories), Alerts()
    with contextlib.closing(web):
        jobs = [{"name": f"s{n}e", "url": url, "filter": ["html2text"]} for url, n in web.urls().items()]
        (folder / "urls.yaml").write_text("---\n".join(yaml.safe_dump(job) for job in jobs))
        (folder / "hooks.py").write_text("")
        report = {"stdout": {"enabled": True, "color": False}, "text": {"details": False, "footer": False}}
        display = {"new": False, "error": False, "unchanged": False, "empty-diff": True}
        (folder / "urlwatch.yaml").write_text(yaml.safe_dump({"display": display, "report": report}))
        names = ("urls.yaml", "urlwatch.yaml", "cache.db", "hooks.py")
        asked = [
            f"--{key}={folder / name}" for key, name in zip(("urls", "config", "cache", "hooks"), names, strict=True)
        ]
        for web.day in range(max(len(story.days) for story in stories)):
            done = subprocess.run([program, *asked], capture_output=True, text=True, check=False)
            found |= {(int(n), web.day) for n in re.findall(r"CHANGED: s(\d+)e", done.stdout)}
    return _within(found, stories)


def changedetection_alerts(program: Path, stories: Sequence[Story], folder: Path) -> Alerts:
    """Story-days on which changedetection.io keeps a new version of a page, with its defaults."""
    web, found = _Web(stories), Alerts()
    with contextlib.closing(web), _changedetection(program, folder) as ask:
        ids = {ask("POST", "watch", {"url": url})["uuid"]: n for url, n in web.urls().items()}
        before: dict[str, int] = {}
        for web.day in range(max(len(story.days) for story in stories)):
            watches = _checked(ask, ids)
            for name, watch in watches.items():
                if web.day and watch["last_changed"] > before.get(name, 0):
                    found.add((ids[name], web.day))
                before[name] = watch["last_changed"]
            time.sleep(1.1)  # times are kept in whole seconds
    return _within(found, stories)


_Ask = Callable[..., Any]


def _checked(ask: _Ask, ids: dict[str, int]) -> dict[str, Any]:
    """Every watch, once it was checked anew."""
    began = int(time.time())
    ask("GET", "watch?recheck_all=1")
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        watches = ask("GET", "watch")
        if all(watches[name]["last_checked"] >= began for name in ids):
            return {name: watches[name] for name in ids}
        time.sleep(1)
    raise TimeoutError("changedetection.io did not check all pages in time")


@contextlib.contextmanager
def _changedetection(program: Path, folder: Path) -> Iterator[_Ask]:
    port = _free_port()
    settings = {
        "ALLOW_IANA_RESTRICTED_ADDRESSES": "true",  # the pages stand on loopback
        "DISABLE_VERSION_CHECK": "true",
        "LISTEN_HOST": "127.0.0.1",
        "FETCH_WORKERS": "8",
        "LOGGER_LEVEL": "ERROR",
        "MINIMUM_SECONDS_RECHECK_TIME": "0",
        # what is not on loopback leads to a closed port: its own examples and price lists stay unasked for
        **dict.fromkeys(("HTTPS_PROXY", "https_proxy"), "http://127.0.0.1:9"),
    }
    process = subprocess.Popen(
        [program, "-C", "-d", folder, "-p", str(port)],
        env=os.environ | settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        key = _key(folder)

        def ask(method: str, what: str, told: Any = None) -> Any:
            request = urllib.request.Request(
                f"http://127.0.0.1:{port}/api/v1/{what}",
                method=method,
                data=None if told is None else json.dumps(told).encode(),
                headers={"x-api-key": key, "Content-Type": "application/json"},
            )
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.loads(answer.read() or b"null")

        for _ in range(120):
            with contextlib.suppress(OSError):
                for name in ask("GET", "watch"):  # it comes with examples of its own, which stand on the Internet
                    ask("DELETE", f"watch/{name}")
                break
            time.sleep(0.5)
        yield ask
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _key(folder: Path) -> str:
    """The key of its interface, as it writes it at its first start."""
    for _ in range(240):
        for file in folder.glob("*.json"):
            with contextlib.suppress(ValueError, KeyError, TypeError, OSError):
                return str(json.loads(file.read_text())["settings"]["application"]["api_access_token"])
        time.sleep(0.5)
    raise TimeoutError("changedetection.io did not start")


def _free_port() -> int:
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _within(found: Alerts, stories: Sequence[Story]) -> Alerts:
    return {(n, day) for n, day in found if day < len(stories[n].days)}


def days_scored(alerts: Alerts, stories: Sequence[Story], latest: int = 0) -> tuple[int, int, int]:
    """Alerts on days with a real change (or until ``latest`` days after), other alerts, and changes not told."""
    real = {(n, truth.day) for n, story in enumerate(stories) for truth in story.truths}
    span = range(latest + 1)
    right = {(n, day) for n, day in alerts if any((n, day - back) in real for back in span)}
    missed = {(n, day) for n, day in real if not any((n, day + late) in alerts for late in span)}
    return len(right), len(alerts - right), len(missed)
