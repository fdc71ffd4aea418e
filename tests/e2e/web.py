"""A loopback web for whole runs: each site on an address of its own, answers that a test can change while it is up."""

from __future__ import annotations

import hashlib
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Answer:
    """One answer of a server."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def html(text: str, **headers: str) -> Answer:
    return Answer(text.encode(), headers={"Content-Type": "text/html; charset=utf-8"} | headers)


@dataclass
class Web:
    """Sites by name; ``answers[site][path]`` may be changed at any time."""

    answers: dict[str, dict[str, Answer | Callable[[BaseHTTPRequestHandler], None]]]
    addresses: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str, int]] = field(default_factory=list)
    """(site, path, status) of every request, in order."""

    def url(self, site: str, path: str = "/") -> str:
        return f"http://{self.addresses[site]}{path}"


class _Server(ThreadingHTTPServer):
    """Says nothing of clients that hang up: crawlers under test do so on purpose."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # as the base class has it


@contextmanager
def served(answers: Mapping[str, dict[str, Answer]]) -> Iterator[Web]:
    """Serve every site until the end of the block."""
    web = Web({site: dict(pages) for site, pages in answers.items()})
    servers = []
    for number, site in enumerate(web.answers):
        server = _Server((f"127.0.0.{60 + number}", 0), _handler(web, site))
        server.daemon_threads = True
        web.addresses[site] = f"{server.server_address[0]}:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        servers.append(server)
    try:
        yield web
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


def _handler(web: Web, site: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            told = web.answers[site].get(self.path, Answer(b"<h1>404 not found</h1>", 404))
            if callable(told):
                web.asked.append((site, self.path, 0))
                told(self)
                return
            tag = f'"{hashlib.sha256(told.body).hexdigest()[:16]}"'
            same = told.status == 200 and self.headers.get("If-None-Match") == tag
            web.asked.append((site, self.path, 304 if same else told.status))
            self.send_response(304 if same else told.status)
            body = b"" if same else told.body
            headers = {"Content-Type": "text/html", "ETag": tag, "Content-Length": str(len(body))}
            for name, value in (headers | told.headers).items():
                if value:
                    self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(body)
            except ConnectionError:
                self.close_connection = True

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    return Handler
