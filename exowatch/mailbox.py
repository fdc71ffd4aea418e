"""Mail addresses and servers as people write them: what no server could take, or what deceives a reader, is refused."""

from __future__ import annotations

import re

#: Octets of the part before the @, and of all (RFC 5321, 4.5.3.1).
_LOCAL, _WHOLE = 64, 254
_BOX = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")
_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<box>[^<>]*)>")
_LABEL = re.compile(r"[^\W_](?:[^\W_]|-)*(?<!-)")
_LITERAL = re.compile(r"\[[\w.:]+\]", re.ASCII)
_HOST = re.compile(r"[\w.:-]+")


def one_address(text: str) -> str:
    """``text``, where it is one mail address and nothing else. ValueError says what is wrong with it."""
    if not text.isprintable():
        raise ValueError(f"{text!r} holds a sign that nobody sees: type the address anew")
    if not _BOX.fullmatch(text):
        raise ValueError(f"{text!r} is not one mail address; write one, as name@example.org")
    local, _, domain = text.rpartition("@")
    if len(local.encode()) > _LOCAL:
        raise ValueError(f"{text!r}: no more than {_LOCAL} letters may stand before the @ (RFC 5321)")
    if len(text.encode()) > _WHOLE:
        raise ValueError(f"{text!r} is longer than {_WHOLE} letters, which no server takes (RFC 5321)")
    if not _LITERAL.fullmatch(domain) and not all(_LABEL.fullmatch(label) for label in domain.split(".")):
        raise ValueError(f"{text!r}: {domain!r} is no name of a mail domain; write one, as example.org")
    return text


def named_address(text: str) -> str:
    """``text``, where it is one address, be it with a name before it: ``ExoWatch <watch@example.org>``. ValueError."""
    if not text.isprintable():
        raise ValueError(f"{text!r} holds a sign that nobody sees: type it anew, on one line")
    named = _NAMED.fullmatch(text.strip())
    try:
        one_address(named["box"] if named else text.strip())
    except ValueError as error:
        raise ValueError(f"{error}, with or without a name before it: ExoWatch <watch@example.org>") from None
    return text


def server_name(text: str) -> str:
    """``text``, where it can be the name or the number of a mail server. ValueError says what to write."""
    if not text.isprintable() or not _HOST.fullmatch(text):
        raise ValueError(f'{text!r} names no mail server; write host = "mail.example.org", and its port as port = 587')
    return text
