"""A loopback web of clinic-like pages for measuring, served from a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import multiprocessing
import random
from collections.abc import Iterator

_TEXT = (
    "we our you your the a with and in of on week doctor visit plan calm consultation morning evening team room door "
    "street station parking garden tea phone appointment card invoice friend colleague question answer form record "
    "careful quiet friendly early late short long small open first second often always never please thank welcome"
)
_WORDS = _TEXT.split()
_CLAIMS = (
    "Exosomes may help reduce fine lines around the eyes.",
    "Our exosome serum improves skin texture after one session.",
    "Patients with hair loss see thicker hair after three exosome sessions.",
    "The treatment is safe and has no side effects.",
    "No exosome product has been approved by the FDA.",
)
#: What page builders put around each sentence or two.
_MARKUP = (
    '<div class="elementor-element elementor-element-{n:06x} elementor-widget elementor-widget-text-editor" '
    'data-id="{n:06x}" data-element_type="widget" data-widget_type="text-editor.default"><div class="elementor-widget-'
    'container"><div class="card card--wide"><p>{one} {two}</p><ul class="list list--dots"><li>{three}</li></ul>'
    "</div></div></div>"
)
_SHELL = "<style>" + ".elementor-widget-container{margin:0 auto;padding:12px 24px;color:#333}\n" * 200 + "</style>"


def page(number: int, total: int, size: int) -> bytes:
    """One page of about ``size`` bytes: navigation, prose with a few claims, an FAQ, a price table, links onwards."""
    rng = random.Random(number)  # the same page every time

    def sentence() -> str:
        if rng.random() < 0.18:
            return rng.choice(_CLAIMS).replace("one", str(rng.randint(1, 9)), 1)
        return " ".join(rng.choices(_WORDS, k=rng.randint(8, 18))).capitalize() + "."

    parts = [
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">',
        f"<title>Exosome care, page {number}</title>",
        f'<meta name="description" content="What our exosome sessions do for skin and hair.">{_SHELL}</head><body>',
        "<header><nav><ul>"
        + "".join(f'<li><a href="/p/{i}">Page {i}</a></li>' for i in range(8))
        + "</ul></nav></header>",
        f"<main><h1>Exosome care {number}</h1>",
    ]
    length = sum(map(len, parts))
    while length < size - 600:
        block = _MARKUP.format(n=rng.randrange(1 << 24), one=sentence(), two=sentence(), three=sentence())
        parts.append(block)
        length += len(block)
    links = "".join(f'<a href="/p/{(number * 3 + i) % total}">More on exosomes {i}</a> ' for i in range(1, 4))
    parts.append("<details><summary>Is it safe?</summary><p>Yes, exosomes are safe.</p></details>")
    parts.append(f"<p>{links}</p></main><footer><p>Opening hours 9 to 6</p></footer></body></html>")
    return "".join(parts).encode()


@contextlib.contextmanager
def served(total: int, size: int, address: str = "127.0.0.31") -> Iterator[str]:
    """``total`` pages at ``http://address:port/p/N``; yields ``address:port``."""
    here, there = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=_serve, args=(there, total, size, address), daemon=True
    )
    process.start()
    port = here.recv()
    try:
        yield f"{address}:{port}"
    finally:
        process.terminate()
        process.join()


def _serve(pipe: object, total: int, size: int, address: str) -> None:
    bodies = [page(i, total, size) for i in range(total)]
    tags = [hashlib.sha256(body).hexdigest()[:16] for body in bodies]

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                writer.write(_response(head, bodies, tags))
                await writer.drain()
        writer.close()

    async def run() -> None:
        server = await asyncio.start_server(answer, address, 0)
        pipe.send(server.sockets[0].getsockname()[1])  # type: ignore[attr-defined]
        await server.serve_forever()

    asyncio.run(run())


def _response(head: str, bodies: list[bytes], tags: list[str]) -> bytes:
    path = head.split(" ", 2)[1]
    if path == "/":
        path = "/p/0"
    number = path.removeprefix("/p/")
    if path.startswith("/many/"):
        count = int(path.removeprefix("/many/"))
        links = "".join(f'<a href="/p/{i}">Exosomes {i}</a>\n' for i in range(count))
        return _ok(f"<html lang=en><title>Exosomes</title><body><h1>Exosomes</h1>{links}</body></html>".encode(), "m")
    if not number.isdigit() or int(number) >= len(bodies):
        return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    tag = tags[int(number)]
    if f'"{tag}"' in head:
        return f'HTTP/1.1 304 Not Modified\r\nETag: "{tag}"\r\nContent-Length: 0\r\n\r\n'.encode()
    return _ok(bodies[int(number)], tag)


def _ok(body: bytes, tag: str) -> bytes:
    kind = "Content-Type: text/html; charset=utf-8"
    return f'HTTP/1.1 200 OK\r\n{kind}\r\nETag: "{tag}"\r\nContent-Length: {len(body)}\r\n\r\n'.encode() + body
