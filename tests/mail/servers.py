"""A real mail server on loopback that fails when it is told to, and keeps what it took."""

from __future__ import annotations

import asyncio
import email
import email.policy
import threading
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiosmtpd.smtp import SMTP

HOST = "127.0.0.92"


@dataclass
class Post:
    """What it took, and how it behaves. ``at_rcpt``, ``at_data``: address → answers to give in turn; "drop" hangs up,
    "hang" says nothing, "take-and-drop" keeps the letter and hangs up before it answers."""

    taken: list[tuple[str, bytes]] = field(default_factory=list)
    at_mail: list[str] = field(default_factory=list)
    at_rcpt: dict[str, list[str]] = field(default_factory=dict)
    at_data: dict[str, list[str]] = field(default_factory=dict)
    nth: dict[int, str] = field(default_factory=dict)
    """The so-manieth letter handed over (from 1) → the same, at its end."""
    slow: float = 0
    """Seconds between taking a letter and saying so."""
    handed: int = 0
    connections: int = 0
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)
    port: int = 0

    @property
    def counts(self) -> Counter[str]:
        """Address → letters taken for it."""
        return Counter(address for address, _ in self.taken)

    def messages(self, address=None):
        """Letters taken (for an address), parsed."""
        wanted = [body for to, body in self.taken if address in (None, to)]
        return [email.message_from_bytes(body, policy=email.policy.default) for body in wanted]

    async def handle_MAIL(self, server, session, envelope, address, options):
        answer = await self._in_turn(server, self.at_mail)
        envelope.mail_from = address
        return answer or "250 well"

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = await self._in_turn(server, self.at_rcpt.get(address, []))
        if answer is None or answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer or "250 well"

    async def handle_DATA(self, server, session, envelope):
        (address,) = envelope.rcpt_tos
        self.handed += 1
        answers = [self.nth[self.handed]] if self.handed in self.nth else self.at_data.get(address, [])
        if answers and answers[0] in ("take-and-drop", "take-and-hang"):
            self.taken.append((address, envelope.content))
            answers[0] = answers[0].removeprefix("take-and-")
        answer = await self._in_turn(server, answers)
        if answer is None:
            self.taken.append((address, envelope.content))
            await asyncio.sleep(self.slow)
        return answer or "250 taken"

    async def _in_turn(self, server, answers):
        answer = answers.pop(0) if answers else None
        if answer == "drop":
            server.transport.abort()
            await asyncio.sleep(0)
        elif answer == "hang":
            await asyncio.sleep(3600)
        return answer


class _Server(SMTP):
    def connection_made(self, transport):
        self.event_handler.connections += 1
        super().connection_made(transport)


@contextmanager
def mail_server(post: Post | None = None, ssl_context=None, **how):
    """Serve until the end; ``how`` goes to aiosmtpd."""
    post = post or Post()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def begin():
        made = await loop.create_server(
            lambda: _Server(post, loop=loop, hostname="mail.example", **how), HOST, 0, ssl=ssl_context
        )
        post.port = made.sockets[0].getsockname()[1]
        return made

    async def end(server):
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    try:
        server = asyncio.run_coroutine_threadsafe(begin(), loop).result(30)
        try:
            yield post
        finally:
            asyncio.run_coroutine_threadsafe(end(server), loop).result(30)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(30)
        loop.close()
