"""The way out of a browser: what is checked is what is connected to, whatever a name says."""

import asyncio
import contextlib

import pytest

from spiders.gate import Gate


async def _says(words):
    """A server on loopback that answers every request with ``words``; its port."""

    async def answer(reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        writer.write(words + head)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    return server, server.sockets[0].getsockname()[1]


def through(request, *, allowed=True, most=1 << 20, longest=5.0, words=b"HTTP/1.1 200 OK\r\n\r\nhello "):
    """What a browser would get for ``request`` ({port}: the server's), and the gate."""

    async def ask():
        server, port = await _says(words)
        gate = Gate(lambda ip, at: allowed and (ip, at) == ("127.0.0.1", port), most, longest)
        await gate.open()
        reader, writer = await asyncio.open_connection("127.0.0.1", gate.port)
        writer.write(request.replace(b"{port}", str(port).encode()))
        got = b""
        with contextlib.suppress(OSError):
            got = await asyncio.wait_for(reader.read(-1), 10)
        writer.close()
        await gate.close()
        server.close()
        return got, gate, port

    return asyncio.run(ask())


def test_a_request_in_the_clear_is_passed_on_as_a_server_expects_it():
    sent = b"GET http://localhost:{port}/a?b HTTP/1.1\r\nHost: localhost\r\nProxy-Connection: close\r\nX: y\r\n\r\n"
    got, gate, port = through(sent)
    assert got.endswith(b"hello GET /a?b HTTP/1.1\r\nHost: localhost\r\nX: y\r\nConnection: close\r\n\r\n")
    assert gate.reached == {("localhost", port): "127.0.0.1"}


def test_a_tunnel_carries_what_it_is_given():
    got, *_ = through(b"CONNECT localhost:{port} HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n")
    assert got.startswith(b"HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200 OK")


def test_an_address_that_is_not_allowed_is_not_connected_to():
    tunnel, gate, port = through(b"CONNECT localhost:{port} HTTP/1.1\r\n\r\n", allowed=False)
    assert tunnel.startswith(b"HTTP/1.1 403 ")
    assert gate.refused["localhost"].endswith(f":{port}")
    assert gate.reached == {}
    plain, *_ = through(b"GET http://127.0.0.1:{port}/ HTTP/1.1\r\n\r\n", allowed=False)
    assert plain == b""  # an answer of ours would be taken for the page


@pytest.mark.parametrize("first", [b"GET / HTTP/1.1", b"CONNECT :1 HTTP/1.1", b"\0\xff", b"GET ftp://x/ HTTP/1.1"])
def test_what_is_no_request_for_a_proxy_gets_nothing(first):
    assert through(first + b"\r\n\r\n")[0] == b""


def test_a_connection_is_cut_where_it_carries_too_much():
    got, *_ = through(b"CONNECT localhost:{port} HTTP/1.1\r\n\r\nGET /\r\n\r\n", most=1000, words=b"x" * 500_000)
    assert len(got) < 100_000
