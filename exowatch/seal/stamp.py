"""Time stamps (RFC 3161): an authority says when a manifest was there, so that nobody has to believe our clock.

The token stands beside the manifest as it was answered (``000012-2026-11-24.tsr``); ``openssl ts`` reads it too.
"""

from __future__ import annotations

import hashlib
import secrets
import ssl
import urllib.error
import urllib.request
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from pathlib import Path

from asn1crypto import tsp
from cryptography import x509

from exowatch.errors import ConfigError, FetchError, UnreadableError
from exowatch.seal.token import Token, read_token

#: Seconds that an authority has to answer.
PATIENCE = 20.0
#: Bytes that an answer may have; one with three certificates has some 6,000.
_MOST = 256 * 1024
Roots = tuple[x509.Certificate, ...]


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an authority says."""

    at: datetime
    """When it saw the digest of the manifest."""
    authority: str
    """The name in its certificate."""
    serial: str
    accuracy: int | None
    """Seconds that it may be wrong by, as it says itself."""
    proven: bool
    """Its certificate leads to a root that is trusted here; its signature holds in any case."""


def stamp_of(manifest: Path) -> Path:
    """The file beside a manifest that holds its token."""
    return manifest.with_suffix(".tsr")


def read_roots(path: Path | None) -> Roots:
    """Certificates (PEM) that authorities of time are held against: those in ``path``, else the system's own.

    ConfigError where there are none.
    """
    if path is None:
        with warnings.catch_warnings():  # some old roots break rules that will be kept one day
            warnings.simplefilter("ignore")
            return tuple(_readable(ssl.create_default_context().get_ca_certs(binary_form=True)))
    try:
        return tuple(x509.load_pem_x509_certificates(path.read_bytes()))
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"no certificate can be read from {path}: {error}",
            key="record.timestamp_roots",
            remedy="name a PEM file with the root certificate of the authority",
        ) from None


def _readable(certificates: Iterable[bytes]) -> Iterable[x509.Certificate]:
    for one in certificates:
        try:
            yield x509.load_der_x509_certificate(one)
        except ValueError:
            continue


def ask_stamp(url: str, manifest: bytes) -> bytes:
    """The authority's answer about a manifest, held against what was asked: digest, number of this request, signature.

    FetchError where it does not answer, UnreadableError where the answer is none or is not about this manifest.
    """
    nonce = secrets.randbits(63) + 1
    asked = tsp.TimeStampReq(
        {
            "version": "v1",
            "message_imprint": {
                "hash_algorithm": {"algorithm": "sha256"},
                "hashed_message": hashlib.sha256(manifest).digest(),
            },
            "nonce": nonce,
            "cert_req": True,
        }
    )
    try:
        token = _posted(url, asked.dump())
        if _about(read_token(token), manifest).nonce != nonce:
            raise UnreadableError("it answers another request: the nonce differs")
    except UnreadableError as error:
        raise UnreadableError(error.detail, url=url) from None
    return token


def _posted(url: str, query: bytes) -> bytes:
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    request = urllib.request.Request(url, data=query, headers=headers)  # noqa: S310 - http or https, see config
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
            token: bytes = answer.read(_MOST + 1)
    except (OSError, HTTPException, ValueError) as error:
        raise FetchError(f"no answer: {getattr(error, 'reason', None) or error}", url=url) from None
    if len(token) > _MOST:
        raise UnreadableError("an answer that is too long")
    return token


def read_stamp(token: bytes, manifest: bytes, roots: Roots) -> Stamp:
    """What ``token`` says of ``manifest``. UnreadableError where it is none, is not about it, or was not signed so.

    A token whose certificate leads to none of ``roots`` is given as not proven: whose it is, is its own word.
    """
    told = _about(read_token(token), manifest)
    name = told.signer.subject.rfc4514_string()
    return Stamp(told.at, name, f"{told.serial:x}", told.accuracy, told.leads_to(roots))


def _about(told: Token, manifest: bytes) -> Token:
    if told.digest != hashlib.sha256(manifest).digest():
        raise UnreadableError("a time stamp of something else: the digest differs")
    return told
