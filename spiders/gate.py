"""The only way out of a browser: a proxy on loopback that keeps each of its connections to the rules of addresses.

A page may ask for anything: pictures of other hosts, web sockets, a router in our own network. Checks inside the
browser can be got round (a name that resolves to another address the second time, a redirect that no hook sees); here
the address that is checked is the one that is connected to.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_HEAD = 64 * 1024
_PIECE = 64 * 1024
#: Seconds for a name to resolve and a connection to be made.
_CONNECT = 20.0
#: Headers that are between the browser and its proxy alone.
_HOP = (b"proxy-connection:", b"proxy-authorization:", b"connection:", b"keep-alive:")
Address = tuple[str, int]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the browser wants: a tunnel, or one request in the clear."""

    host: str
    port: int
    head: bytes | None
    """The request as the server is to get it; None: a tunnel."""


class _RefusedError(OSError):
    """No address of the host may be connected to."""


@dataclass
class Gate:
    """``lets_through`` (address, port): whether a connection may be made. ``most_bytes``, ``longest`` (seconds): of one
    connection, which is cut there."""

    lets_through: Callable[[str, int], bool]
    most_bytes: int
    longest: float
    refused: dict[str, str] = field(default_factory=dict)
    """Host → the address (``ip:port``) that was refused last."""
    reached: dict[Address, str] = field(default_factory=dict)
    """Host and port → the address that was connected to last."""
    port: int = 0
    _server: asyncio.Server | None = None
    _going: set[asyncio.Task[None]] = field(default_factory=set)

    async def open(self) -> None:
        """Listen on loopback, on a port that the system chooses."""
        self._server = await asyncio.start_server(self._met, "127.0.0.1", 0, limit=_HEAD)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Listen no more, and cut what is going."""
        if self._server:
            self._server.close()
        for task in list(self._going):
            task.cancel()
        await asyncio.gather(*self._going, return_exceptions=True)

    def _met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._going.add(task)
        task.add_done_callback(self._going.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with contextlib.suppress(OSError, TimeoutError, ValueError, EOFError, asyncio.LimitOverrunError):
                asked = _asked(await reader.readuntil(b"\r\n\r\n"))
                await self._pass_on(asked, reader, writer)
        finally:
            with contextlib.suppress(OSError):
                writer.close()

    async def _pass_on(self, asked: _Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Connect and carry. A request in the clear that may not go on gets no answer, or it would be the page."""
        try:
            there = await self._connect(asked)
        except (OSError, TimeoutError) as error:
            if asked.head is None:
                status = "403 Forbidden" if isinstance(error, _RefusedError) else "502 Bad Gateway"
                writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
                await writer.drain()
            return
        try:
            if asked.head is None:
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                there[1].write(asked.head)
            async with asyncio.timeout(self.longest):
                await self._join((reader, writer), there)
        finally:
            there[1].close()

    async def _connect(self, asked: _Asked) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection to an address of the host that may be connected to; the address that is checked is asked."""
        found = await asyncio.wait_for(_addresses(asked.host, asked.port), _CONNECT)
        allowed = [ip for ip in found if self.lets_through(ip, asked.port)]
        if not allowed:
            self.refused[asked.host] = _pair(found[0], asked.port) if found else asked.host
            raise _RefusedError(f"{self.refused[asked.host]} is no public address")
        failed: OSError | TimeoutError | None = None
        for ip in allowed[:3]:
            try:
                made = await asyncio.wait_for(asyncio.open_connection(ip, asked.port), _CONNECT)
            except (OSError, TimeoutError) as error:
                failed = error
                continue
            self.reached[asked.host, asked.port] = ip
            return made
        assert failed is not None
        raise failed

    async def _join(
        self,
        here: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        there: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        """Carry bytes both ways until the server has said all."""
        up = asyncio.ensure_future(_carry(here[0], there[1], 1 << 62))
        try:
            await _carry(there[0], here[1], self.most_bytes)
        finally:
            up.cancel()
            with contextlib.suppress(asyncio.CancelledError, OSError):
                await up


async def _carry(source: asyncio.StreamReader, target: asyncio.StreamWriter, most: int) -> None:
    while most > 0 and (piece := await source.read(_PIECE)):
        most -= len(piece)
        target.write(piece)
        await target.drain()


async def _addresses(host: str, port: int) -> list[str]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # a label that is empty or too long
        raise OSError(str(error)) from None
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def _asked(head: bytes) -> _Asked:
    """ValueError where the request is none for a proxy."""
    line, _, rest = head.partition(b"\r\n")
    method, target, version = line.decode("latin-1").split(" ")
    if method == "CONNECT":
        parts = urlsplit(f"//{target}")
        if not parts.hostname or not parts.port:
            raise ValueError(target)
        return _Asked(parts.hostname, parts.port, None)
    parts = urlsplit(target)
    if parts.scheme != "http" or not parts.hostname:
        raise ValueError(target)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    kept = [one for one in rest.split(b"\r\n") if one and not one.lower().startswith(_HOP)]
    lines = [f"{method} {path} {version}".encode("latin-1"), *kept, b"Connection: close", b"", b""]
    return _Asked(parts.hostname, parts.port or 80, b"\r\n".join(lines))


def _pair(ip: str, port: int) -> str:
    return f"[{ip}]:{port}" if ":" in ip else f"{ip}:{port}"
