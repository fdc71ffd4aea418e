"""Serves the made-up web on loopback, each site on an address of its own, on the day it is told to show."""

from __future__ import annotations

import gzip
import socketserver
import threading
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

from exowatch.demo.pages import DAYS, Answer, answer, site_facts
from exowatch.errors import SetupError

#: Addresses 127.0.0.11, 127.0.0.12 …, one a site; a system that has 127.0.0.1 only gets one port a site.
_FIRST = 11
_TRIES = 5
_GZIP_FROM = 400


class MadeUpWeb:
    """The web of the demo. Use it in ``with``: it serves inside and is closed outside, whatever happened."""

    def __init__(self) -> None:
        names = tuple(str(fact["site"]) for fact in site_facts())
        self._servers = dict(zip(names, _bound(names), strict=True))
        self._day = DAYS[0]
        self.origins = {name: f"http://{server.place}" for name, server in self._servers.items()}
        """Site to ``http://address:port``."""

    @property
    def allow_addresses(self) -> tuple[str, ...]:
        """The ``ip:port`` pairs that a crawl of this web must let through its guard."""
        return tuple(server.place for server in self._servers.values())

    def show(self, day: int) -> None:
        """From now on answer as on ``day`` (1 or 2)."""
        if day not in DAYS:
            raise ValueError(f"the made-up web has the days {DAYS}, not {day}")
        self._day = day

    def answer(self, site: str, path: str) -> Answer:
        """What ``site`` answers to ``path`` on the day shown now."""
        return answer(site, path, self._day, self.origins)

    def __enter__(self) -> MadeUpWeb:
        for name, server in self._servers.items():
            server.web, server.site = self, name
            threading.Thread(target=server.serve_forever, args=(0.05,), name=f"demo {name}", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers.values():
            server.shutdown()
            server.server_close()


class _Server(ThreadingHTTPServer):
    """One site. Its threads end with the program."""

    daemon_threads = True
    block_on_close = False
    web: MadeUpWeb
    site: str

    def server_bind(self) -> None:
        """Bind without asking a name server who we are, as HTTPServer would."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    @property
    def place(self) -> str:
        return f"{self.server_name}:{self.server_port}"


class _Visitor(BaseHTTPRequestHandler):
    """One connection: GET and HEAD, validators, gzip."""

    protocol_version = "HTTP/1.1"
    server_version = "MadeUpWeb"
    sys_version = ""
    timeout = 10
    server: _Server

    def do_GET(self) -> None:
        """Answer with the body, or with 304 where the visitor has it."""
        self._reply(self.server.web.answer(self.server.site, self.path))

    def do_HEAD(self) -> None:
        """Answer as to GET, without the body."""
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the tour talks."""

    def _reply(self, found: Answer) -> None:
        headers, body = dict(found.headers), found.body
        status = 304 if found.status == 200 and self._has(found) else found.status
        if found.status == 200:
            headers |= {"ETag": found.etag, "Vary": "Accept-Encoding", "Cache-Control": "no-cache"}
        if status == 304:
            body = b""
            headers.pop("Content-Type", None)
        elif len(body) >= _GZIP_FROM and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, mtime=0)
            headers["Content-Encoding"] = "gzip"
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _has(self, found: Answer) -> bool:
        """Does the visitor hold this very body? An ETag decides alone; a date counts only without one."""
        known = self.headers.get("If-None-Match")
        if known is not None:
            return known.strip() == "*" or found.etag in (tag.strip().removeprefix("W/") for tag in known.split(","))
        since, changed = self.headers.get("If-Modified-Since"), found.headers.get("Last-Modified")
        if since is None or changed is None:
            return False
        try:
            return parsedate_to_datetime(changed) <= parsedate_to_datetime(since)
        except ValueError:
            return False


def _bound(names: tuple[str, ...]) -> list[_Server]:
    """One listening server a site: one port on many addresses, else many ports on 127.0.0.1."""
    hosts = [f"127.0.0.{_FIRST + place}" for place in range(len(names))]
    for _ in range(_TRIES):
        servers = _listening(hosts, one_port=True)
        if servers:
            return servers
    servers = _listening(["127.0.0.1"] * len(names), one_port=False)
    if not servers:
        raise SetupError(
            "no port of this machine's loopback is free for the demo's web", remedy="end other servers, then try again"
        )
    return servers


def _listening(hosts: list[str], *, one_port: bool) -> list[_Server]:
    """Servers on all ``hosts``, or none where one address or the shared port cannot be had."""
    servers = list[_Server]()
    try:
        for host in hosts:
            port = servers[0].server_port if one_port and servers else 0
            servers.append(_Server((host, port), _Visitor))
    except OSError:
        for server in servers:
            server.server_close()
        return []
    return servers
