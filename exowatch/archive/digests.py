"""Digests as WARC files carry them: algorithm and value, the value in base 32, base 64 or hexadecimal."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable
from typing import Any

_KNOWN = frozenset({"md5", "sha1", "sha256", "sha384", "sha512"})


def digest_of(body: bytes) -> str:
    """As we write it: sha256 in base 32."""
    return "sha256:" + base64.b32encode(hashlib.sha256(body).digest()).decode()


def hasher(declared: str | None) -> Any:
    """A fresh hash of the algorithm that ``declared`` names; None where it names none that is known."""
    name = (declared or "").partition(":")[0].strip().lower().replace("-", "")
    return hashlib.new(name, usedforsecurity=False) if name in _KNOWN else None


def agrees(declared: str, found: bytes) -> bool:
    """``found`` (the digest's bytes) is what ``declared`` says, however that is written."""
    value = declared.partition(":")[2].strip()
    return any(found == told for told in _readings(value, len(found)))


def matches(declared: str | None, *bodies: bytes) -> bool | None:
    """One of ``bodies`` has the digest that is declared; None where nothing can be said."""
    if hasher(declared) is None:
        return None
    for body in bodies:
        hashed = hasher(declared)
        hashed.update(body)
        if agrees(declared or "", hashed.digest()):
            return True
    return False


def _readings(value: str, size: int) -> list[bytes]:
    """Every way in which the value can be read as so many bytes."""
    plain = value.rstrip("=")
    ways: tuple[Callable[[], bytes], ...] = (
        lambda: bytes.fromhex(value) if len(value) == 2 * size else b"",
        lambda: base64.b32decode(plain.upper() + "=" * (-len(plain) % 8)),
        lambda: base64.b64decode(plain.translate({45: 43, 95: 47}) + "=" * (-len(plain) % 4), validate=True),
    )
    found = []
    for way in ways:
        try:
            found.append(way())
        except (ValueError, binascii.Error):
            continue
    return found
