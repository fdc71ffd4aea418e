"""One connection to a mail server, kept for many letters, that knows how far each got.

What matters is the moment at which the whole letter was handed over (its last line sent): a failure before it means
that nothing was delivered, one between it and the answer means that nobody knows.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from exowatch.delivery.message import Envelope
from exowatch.sections import Smtp

Kind = Literal["taken", "later", "refused", "unclear", "broken", "skipped"]
#: The answer to a whole letter may take longer, since servers look into it before they give one (RFC 5321, 4.5.3.2.6).
_LAST_ANSWER = 10
#: The server says goodbye.
_CLOSING = 421
#: It wants a login, or a safer one, before it takes anything.
_LOGIN_FIRST = (530, 534, 538)
#: Too large for it, for this account or for the disk: of the letter, not of the server.
_TOO_LARGE = 552


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one letter.

    ``later``: the server asks for another try. ``broken``: the connection ended before all was handed over.
    ``unclear``: it ended after. ``skipped``: somebody else has the letter.
    """

    kind: Kind
    words: str


class ServerDownError(Exception):
    """The server can take no letter of ours now, whoever it is for; in words."""


class MailLine:
    """A connection to ``smtp``, opened when it is first needed and again when it was lost."""

    def __init__(self, smtp: Smtp) -> None:
        self._smtp = smtp
        self._open: smtplib.SMTP | None = None

    def send(self, envelope: Envelope, claim: Callable[[], bool]) -> Answer:
        """Hand one letter over. ``claim`` is asked last before its words are sent: False skips it.

        Raises ServerDownError. Where the connection is lost half-way the letter is tried once more on a new one.
        """
        fresh, ours = self._open is None, False

        def once_ours() -> bool:
            nonlocal ours
            ours = ours or claim()
            return ours

        answer = self._once(envelope, once_ours)
        if answer.kind == "broken" and not fresh:  # it was left idle too long, or had carried enough
            answer = self._once(envelope, once_ours)
        return answer

    def greet(self) -> None:
        """Connect, and log in where a user is named; nothing is sent. Raises ServerDownError."""
        self._line()

    def close(self) -> None:
        """Say goodbye, where there is still somebody."""
        line, self._open = self._open, None
        if line is not None:
            with suppress(smtplib.SMTPException, OSError):
                line.quit()
            line.close()

    def _once(self, envelope: Envelope, claim: Callable[[], bool]) -> Answer:
        line = self._line()
        try:
            stopped = self._envelope(line, envelope)
            if stopped is not None:
                return self._after(line, stopped)
            if not claim():
                return self._after(line, Answer("skipped", "somebody else has it"))
            code, said = line.docmd("DATA")
            if code != 354:
                return self._after(line, _judged(code, said))
            line.send(dotted(envelope.body))
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            return Answer("broken", _lost(error))
        return self._last(line)

    def _envelope(self, line: smtplib.SMTP, envelope: Envelope) -> Answer | None:
        """Say from whom and to whom; None: go on."""
        options = ["BODY=8BITMIME"] if envelope.international and line.has_extn("8bitmime") else []
        if line.has_extn("size"):
            options.append(f"SIZE={len(envelope.body)}")
        if envelope.international:
            if not line.has_extn("smtputf8"):
                return Answer("refused", "this server takes no addresses with such letters (SMTPUTF8)")
            options.append("SMTPUTF8")
            line.command_encoding = "utf-8"
        code, said = line.mail(envelope.sender, options)
        if code != 250:
            judged = _judged(code, said)
            if judged.kind == "refused" and code != _TOO_LARGE:  # of our own address: nobody's letter would go
                raise ServerDownError(f"the server refuses our sender: {judged.words}")
            return judged
        code, said = line.rcpt(envelope.recipient)
        if code in _LOGIN_FIRST:
            raise ServerDownError(f"the server wants a login first: {_words(code, said)}")
        return None if code in (250, 251) else _judged(code, said)

    def _last(self, line: smtplib.SMTP) -> Answer:
        """All was handed over: the answer decides."""
        try:
            if line.sock is not None:
                line.sock.settimeout(self._smtp.timeout * _LAST_ANSWER)
            code, said = line.getreply()
            if line.sock is not None:
                line.sock.settimeout(self._smtp.timeout)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            return Answer("unclear", f"handed over, then no answer: {_lost(error)}")
        if code == 250:
            return Answer("taken", _words(code, said))
        if code < 400:  # no answer that the protocol knows here
            self._drop()
            return Answer("unclear", f"handed over, then an answer that means nothing here: {_words(code, said)}")
        return self._after(line, _judged(code, said))

    def _after(self, line: smtplib.SMTP, answer: Answer) -> Answer:
        """The letter is settled; leave the line ready for the next one."""
        try:
            if answer.kind == "broken" or line.rset()[0] != 250:
                self._drop()
        except (smtplib.SMTPException, OSError):
            self._drop()
        return answer

    def _drop(self) -> None:
        line, self._open = self._open, None
        if line is not None:
            with suppress(OSError):
                line.close()

    def _line(self) -> smtplib.SMTP:
        if self._open is None:
            try:
                self._open = _connected(self._smtp)
            except smtplib.SMTPAuthenticationError as error:
                raise ServerDownError(f"the server refuses user or password: {_words(*error.args[:2])}") from None
            except smtplib.SMTPNotSupportedError as error:
                raise ServerDownError(f"the server cannot what [digest.smtp] asks for: {error}") from None
            except ssl.SSLCertVerificationError as error:
                raise ServerDownError(f"the server's certificate is not trusted: {error.verify_message}") from None
            except (smtplib.SMTPException, OSError, UnicodeError) as error:
                raise ServerDownError(f"no connection: {_lost(error)}") from None
        return self._open


def _connected(smtp: Smtp) -> smtplib.SMTP:
    """A line that is open, safe where that is asked for, and logged in. Certificates are held against the roots of the
    system (``SSL_CERT_FILE`` names others)."""
    if smtp.security == "tls":
        line: smtplib.SMTP = smtplib.SMTP_SSL(
            smtp.host, smtp.port, timeout=smtp.timeout, context=ssl.create_default_context()
        )
    else:
        line = smtplib.SMTP(smtp.host, smtp.port, timeout=smtp.timeout)
    try:
        if smtp.security == "starttls":
            line.starttls(context=ssl.create_default_context())
        line.ehlo_or_helo_if_needed()
        if smtp.user is not None:
            line.login(smtp.user, smtp.password or "")
    except BaseException:
        line.close()
        raise
    return line


def _judged(code: int, said: bytes) -> Answer:
    """An answer other than yes, given before or instead of taking the letter."""
    words = _words(code, said)
    if code == _CLOSING or code < 0:
        return Answer("broken", words)
    return Answer("refused" if code >= 500 else "later", words)


def _words(code: int, said: bytes | str) -> str:
    """An answer on one line that cannot steer a terminal, cut to a length that a table bears."""
    text = said if isinstance(said, str) else said.decode("utf-8", "replace")
    return "".join(letter if letter.isprintable() else " " for letter in f"{code} {text}")[:300]


def _lost(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _words(error.smtp_code, error.smtp_error)
    return "".join(letter if letter.isprintable() else " " for letter in f"{error or type(error).__name__}")[:300]


def dotted(body: bytes) -> bytes:
    """The letter as it goes over the wire: lines end alike, a dot at a line's start is doubled, one alone ends it."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", body)
    lines = re.sub(rb"(?m)^\.", b"..", lines)
    return lines + (b"" if lines.endswith(b"\r\n") else b"\r\n") + b".\r\n"
