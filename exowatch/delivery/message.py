"""A letter as a mail: one message of text, HTML, pictures and files, with headers that machines obey. Pure."""

from __future__ import annotations

import email.policy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from exowatch.sections import Smtp

_TYPES = {"pdf": ("application", "pdf"), "json": ("application", "json"), "md": ("text", "markdown")}


@dataclass(frozen=True, slots=True)
class Mail:
    """What is to be read. ``images``: content id → PNG, shown by the HTML as ``cid:…``."""

    subject: str
    text: str
    html: str | None = None
    images: Mapping[str, bytes] | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file beside the letter; ``form`` is one of pdf, json and md."""

    name: str
    form: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the mail server is told, and the message as it travels."""

    sender: str
    recipient: str
    body: bytes
    international: bool
    """True: an address has letters that not every server knows (SMTPUTF8)."""


def enveloped(
    mail: Mail, *, to: str, smtp: Smtp, message_id: str, at: datetime, attachments: Sequence[Attachment] = ()
) -> Envelope:
    """``mail`` on its way to one reader. The same words, id and time give the same headers in each attempt."""
    name, sender = parseaddr(smtp.sender)
    sender, recipient = _reachable(sender), _reachable(to)
    international = not (sender + recipient).isascii()
    message = EmailMessage(policy=email.policy.SMTPUTF8 if international else email.policy.SMTP)
    message["Subject"] = one_line(mail.subject)
    message["From"] = _named(name, sender)
    message["To"] = _named("", recipient)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id
    for header, value in _manners(smtp, sender).items():
        message[header] = value
    _fill(message, mail)
    for one in attachments:
        main, sub = _TYPES[one.form]
        message.add_attachment(one.body, maintype=main, subtype=sub, filename=one_line(one.name))
    return Envelope(sender, recipient, bytes(message), international)


def domain_of(sender: str) -> str:
    """The domain that letters come from, as it stands in Message-ID and List-Id."""
    host = _reachable(parseaddr(sender)[1]).rpartition("@")[2]
    return host if host and host.isascii() else "exowatch.invalid"


def one_line(text: str) -> str:
    """``text`` fit for a header: no line of its own, nothing that turns the reader's line round."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:200]


def _manners(smtp: Smtp, sender: str) -> dict[str, str]:
    """So that no holiday note answers, and each reader finds how to end it."""
    domain = domain_of(smtp.sender)
    answer = _reachable(parseaddr(smtp.reply_to)[1]) if smtp.reply_to else sender
    headers = {
        "List-Id": f"ExoWatch letters <letters.exowatch.{domain}>",
        "List-Unsubscribe": f"<mailto:{answer}?subject=unsubscribe>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    return headers | ({"Reply-To": one_line(smtp.reply_to)} if smtp.reply_to else {})


def _fill(message: EmailMessage, mail: Mail) -> None:
    """Plain text first, then the same as HTML with its pictures inside."""
    message.set_content(_whole(mail.text), cte=_transfer(mail.text))
    if mail.html is None:
        return
    message.add_alternative(_whole(mail.html), subtype="html", cte=_transfer(mail.html))
    if mail.images:
        *_, part = message.iter_parts()
        for cid, picture in mail.images.items():
            part.add_related(picture, maintype="image", subtype="png", cid=f"<{cid}>", filename=f"{cid}.png")


def _transfer(text: str) -> str:
    """How it travels over servers that know seven bits and short lines."""
    foreign = len(text.encode("utf-8", "replace")) - len(text)
    return "base64" if foreign > len(text) // 8 else "quoted-printable"


def _whole(text: str) -> str:
    """Half a letter that stands alone cannot be encoded."""
    return text.encode("utf-8", "replace").decode()


def _reachable(address: str) -> str:
    """The address with its domain as the network spells it."""
    local, at, domain = address.rpartition("@")
    if domain.isascii():
        return address
    try:
        return local + at + domain.encode("idna").decode("ascii")
    except UnicodeError:
        return address


def _named(name: str, address: str) -> Address:
    local, _, domain = address.rpartition("@")
    return Address(one_line(name), local, domain)
