"""An authority of time for tests: it stamps what it is asked to, well or badly, under a root of its own."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from asn1crypto import cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from exowatch.seal.token import Answer

NOW = datetime(2026, 11, 24, 7, 0, 5, tzinfo=UTC)


def _named(name):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def certificate(name, key, issuer, issuer_key, *, ca=False, use=ExtendedKeyUsageOID.TIME_STAMPING, days=3650):
    """A certificate of ``name``, good for so many days around ``NOW``."""
    made = (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(_named(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=days))
        .not_valid_after(NOW + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca, None), critical=True)
    )
    if not ca:
        made = made.add_extension(x509.ExtendedKeyUsage([use]), critical=True)
    return made.sign(issuer_key, hashes.SHA256())


class Authority:
    """Answers queries (bytes to bytes). ``at``: what it says the time is; None: the clock's. ``use``: its purpose."""

    def __init__(self, at=NOW, use=ExtendedKeyUsageOID.TIME_STAMPING, days=3650):
        self.at = at
        root_key, between_key, self._key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
        self.root = certificate("Test root", root_key, "Test root", root_key, ca=True)
        between = certificate("Test between", between_key, "Test root", root_key, ca=True)
        self.own = certificate("Test clock", self._key, "Test between", between_key, use=use, days=days)
        self._kept = [self.own, between]
        self.asked = 0

    @property
    def root_pem(self):
        return self.root.public_bytes(Encoding.PEM)

    def answer(self, query, *, status="granted", nonce=None, digest=None):
        """The answer; ``nonce`` and ``digest`` in place of those asked for."""
        asked = tsp.TimeStampReq.load(query)
        self.asked += 1
        if status != "granted":
            return Answer({"status": {"status": status, "status_string": ["not today"]}}).dump()
        info = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": "1.2.3.4.1",
                "message_imprint": {
                    "hash_algorithm": {"algorithm": "sha256"},
                    "hashed_message": digest or asked["message_imprint"]["hashed_message"].native,
                },
                "serial_number": 1000 + self.asked,
                "gen_time": self.at or datetime.now(UTC).replace(microsecond=0),
                "accuracy": {"seconds": 1},
                "nonce": nonce or asked["nonce"].native,
            }
        )
        token = cms.ContentInfo({"content_type": "signed_data", "content": self._signed(info.dump())})
        return Answer({"status": {"status": "granted"}, "time_stamp_token": token}).dump()

    def _signed(self, body):
        der = [one.public_bytes(Encoding.DER) for one in self._kept]
        own = asn1_x509.Certificate.load(der[0])
        certificate_id = {"hash_algorithm": {"algorithm": "sha256"}, "cert_hash": hashlib.sha256(der[0]).digest()}
        attributes = cms.CMSAttributes(
            [
                cms.CMSAttribute({"type": "content_type", "values": ["tst_info"]}),
                cms.CMSAttribute({"type": "message_digest", "values": [hashlib.sha256(body).digest()]}),
                cms.CMSAttribute({"type": "signing_certificate_v2", "values": [{"certs": [certificate_id]}]}),
            ]
        )
        signer = {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                "issuer_and_serial_number", {"issuer": own.issuer, "serial_number": own.serial_number}
            ),
            "digest_algorithm": {"algorithm": "sha256"},
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signature": self._key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256())),
        }
        return cms.SignedData(
            {
                "version": "v3",
                "digest_algorithms": [{"algorithm": "sha256"}],
                "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(body)},
                "certificates": [asn1_x509.Certificate.load(one) for one in der],
                "signer_infos": [signer],
            }
        )
