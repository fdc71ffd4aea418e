"""Keys that sign manifests: made once, kept with narrow rights, changed with a word from the old one to the new."""

from __future__ import annotations

import base64
import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from exowatch.errors import ConfigError, OutputError, SetupError

_KEY = "record.signing_key"
_OURS_ALONE = 0o600
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class PublicKey:
    """One Ed25519 public key."""

    raw: bytes
    """Its 32 bytes."""

    @property
    def id(self) -> str:
        """What people and file names call it: the first 16 hexadecimal digits of its SHA-256."""
        return hashlib.sha256(self.raw).hexdigest()[:16]

    @property
    def text(self) -> str:
        """Base 64, as a manifest names it."""
        return base64.b64encode(self.raw).decode()

    @property
    def pem(self) -> bytes:
        """As ``openssl`` and others read it."""
        key = Ed25519PublicKey.from_public_bytes(self.raw)
        return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def signed(self, message: bytes, signature: bytes) -> bool:
        """True where ``signature`` (64 bytes) was made over ``message`` with this key's other half."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The private half; it never leaves its file but to sign."""

    _key: Ed25519PrivateKey

    @property
    def public(self) -> PublicKey:
        return PublicKey(self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    def sign(self, message: bytes) -> bytes:
        """Ed25519 over the very bytes of ``message``: 64 bytes."""
        return self._key.sign(message)


def public_key_of(text: str) -> PublicKey:
    """A key as a manifest names it. ValueError for anything else."""
    raw = base64.b64decode(text, validate=True)
    Ed25519PublicKey.from_public_bytes(raw)
    return PublicKey(raw)


def read_public_key(path: Path) -> PublicKey:
    """The public key in a PEM file. SetupError where there is none."""
    try:
        key = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError) as error:
        raise SetupError(
            f"no public key can be read: {error}",
            file=str(path),
            remedy="name a PEM file that `exowatch record keys` lists",
        ) from None
    if not isinstance(key, Ed25519PublicKey):
        raise SetupError("a key of another kind than Ed25519", file=str(path))
    return PublicKey(key.public_bytes(Encoding.Raw, PublicFormat.Raw))


def load_key(path: Path) -> SigningKey | None:
    """The signing key in ``path``; None where there is no file.

    ConfigError where others may read it too, or where it is none: a key that anybody could have used proves nothing.
    """
    try:
        rights = path.stat().st_mode
        body = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}", key=_KEY) from None
    if os.name == "posix" and rights & _OTHERS:
        raise ConfigError(f"others may read or write {path}", key=_KEY, remedy=f"chmod 600 {path}")
    try:
        key = load_pem_private_key(body, password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise ConfigError(
            f"{path} holds no Ed25519 key without passphrase",
            key=_KEY,
            remedy="put the key back from where a copy is kept; `exowatch record key` makes one where there is no file",
        )
    return SigningKey(key)


def make_key(path: Path) -> SigningKey:
    """A fresh key in ``path``, which nobody else may read. OutputError where it cannot be written, or a file is there.

    It is written beside and then linked to its name: a kill leaves a whole key or none, and two processes one key.
    """
    key = Ed25519PrivateKey.generate()
    body = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.unlink(missing_ok=True)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OURS_ALONE), "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(beside, path)
        finally:
            beside.unlink()
    except OSError as error:
        raise OutputError(
            f"no signing key can be written: {error.strerror or error}",
            file=str(path),
            remedy="make room there, or name another place in [record] signing_key",
        ) from None
    return SigningKey(key)
