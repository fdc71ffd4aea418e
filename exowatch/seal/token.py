"""A time stamp token (RFC 3161 in CMS, RFC 5652) taken apart, and its signature held against what it signs."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import cms, core, tsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from exowatch.errors import UnreadableError

_GRANTED = ("granted", "granted_with_mods")
_HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
#: Certificates between an authority and its root.
_LONGEST_CHAIN = 8


#: What the libraries raise at bytes that are no certificate, or no structure of theirs.
_BROKEN = (
    *(ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError, NotImplementedError),
    *(x509.InvalidVersion, x509.ExtensionNotFound, x509.DuplicateExtension, x509.UnsupportedGeneralNameType),
    UnsupportedAlgorithm,
)


class Answer(core.Sequence):  # type: ignore[misc]  # asn1crypto has no types
    """TimeStampResp of RFC 3161; asn1crypto's own (1.5.1) cannot be without a token, and an authority may refuse."""

    _fields = [("status", tsp.PKIStatusInfo), ("time_stamp_token", cms.ContentInfo, {"optional": True})]  # noqa: RUF012


@dataclass(frozen=True, slots=True)
class Token:
    """What a token says; its signature holds."""

    at: datetime
    digest: bytes
    """SHA-256 of what was stamped."""
    nonce: int | None
    serial: int
    accuracy: int | None
    signer: x509.Certificate
    others: tuple[x509.Certificate, ...]
    """Certificates that came with it."""

    def leads_to(self, roots: Collection[x509.Certificate]) -> bool:
        """The signer's certificate leads to one of ``roots``, each certificate on the way good at that time."""
        known, one = set(roots), self.signer
        for _ in range(_LONGEST_CHAIN):
            if not one.not_valid_before_utc <= self.at <= one.not_valid_after_utc:
                return False
            if one in known:
                return True
            above = next((two for two in (*known, *self.others) if two != one and _issued(one, by=two)), None)
            if above is None:
                return False
            one = above
        return False


def read_token(answer: bytes) -> Token:
    """The token in an authority's answer. UnreadableError where there is none, or where its signature does not hold."""
    try:
        told = Answer.load(answer, strict=True)
        status = told["status"]["status"].native
        if status not in _GRANTED:
            words = ", ".join(map(str, told["status"]["status_string"].native or ())) or status
            raise UnreadableError(f"the authority refused: {words[:200]}")
        signed = told["time_stamp_token"]["content"]
        content = signed["encap_content_info"]
        if content["content_type"].native != "tst_info" or len(signed["signer_infos"]) != 1:
            raise ValueError("not one signature over one time")
        return _checked(signed, bytes(content["content"]), content["content"].parsed)
    except UnreadableError:
        raise
    except _BROKEN as error:
        raise UnreadableError(f"no time stamp: {error}"[:300]) from None


def _checked(signed: Any, body: bytes, info: Any) -> Token:
    signer = signed["signer_infos"][0]
    plain = [one.chosen for one in signed["certificates"] if one.name == "certificate"]
    kept = [x509.load_der_x509_certificate(one.dump()) for one in plain]
    mine = _certificate_of(signer, kept)
    _check_attributes(signer, body, mine)
    _check_signature(signer, mine)
    imprint = info["message_imprint"]
    if imprint["hash_algorithm"]["algorithm"].native != "sha256":
        raise ValueError("a digest of another kind than SHA-256")
    accuracy = info["accuracy"].native or {}
    return Token(
        at=info["gen_time"].native,
        digest=imprint["hashed_message"].native,
        nonce=info["nonce"].native,
        serial=info["serial_number"].native,
        accuracy=accuracy.get("seconds"),
        signer=mine,
        others=tuple(one for one in kept if one != mine),
    )


def _certificate_of(signer: Any, kept: Collection[x509.Certificate]) -> x509.Certificate:
    """The certificate that the signature names, and that may speak of time."""
    sid = signer["sid"]
    if sid.name != "issuer_and_serial_number":
        raise ValueError("the signature names no certificate by issuer and number")
    issuer, serial = sid.chosen["issuer"].dump(), sid.chosen["serial_number"].native
    for one in kept:
        if one.serial_number == serial and one.issuer.public_bytes() == issuer:
            uses = one.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
            if ExtendedKeyUsageOID.TIME_STAMPING not in uses:
                raise ValueError("its certificate is not for time stamps")
            return one
    raise ValueError("the certificate of the authority is not enclosed")


def _check_attributes(signer: Any, body: bytes, mine: x509.Certificate) -> None:
    """What is signed is a digest of the time and of the certificate."""
    told = {one["type"].native: one["values"] for one in signer["signed_attrs"]}
    name = signer["digest_algorithm"]["algorithm"].native
    if name not in _HASHES:
        raise ValueError(f"a digest of an unknown kind: {name}")
    kind, digest = told["content_type"][0].native, told["message_digest"][0].native
    if kind != "tst_info" or digest != hashlib.new(name, body).digest():
        raise UnreadableError("its signature does not hold: what is signed is something else")
    der = mine.public_bytes(Encoding.DER)
    if "signing_certificate_v2" in told:
        first = told["signing_certificate_v2"][0]["certs"][0]
        expected = hashlib.new(first["hash_algorithm"]["algorithm"].native, der).digest()
    else:
        first = told["signing_certificate"][0]["certs"][0]
        expected = hashlib.sha1(der, usedforsecurity=False).digest()
    if first["cert_hash"].native != expected:
        raise UnreadableError("its signature does not hold: it names another certificate")


def _check_signature(signer: Any, mine: x509.Certificate) -> None:
    message = b"\x31" + signer["signed_attrs"].dump()[1:]  # signed as the SET that it is (RFC 5652, 5.4)
    signature, key = signer["signature"].native, mine.public_key()
    hashed = _HASHES[_hash_of(signer)]()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, message, padding.PKCS1v15(), hashed)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, message, ec.ECDSA(hashed))
        elif isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, message)
        else:
            raise ValueError(f"a key of an unknown kind: {type(key).__name__}")
    except InvalidSignature:
        raise UnreadableError("its signature does not hold") from None


def _hash_of(signer: Any) -> str:
    """The digest that the signature is over: named with the signature, or else beside it."""
    try:
        name = signer["signature_algorithm"].hash_algo
    except ValueError:
        name = signer["digest_algorithm"]["algorithm"].native
    if name not in _HASHES:
        raise ValueError(f"a signature over a digest of an unknown kind: {name}")
    return str(name)


def _issued(one: x509.Certificate, *, by: x509.Certificate) -> bool:
    try:
        one.verify_directly_issued_by(by)
        return by.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (*_BROKEN, InvalidSignature):
        return False
