"""A site behind TLS on loopback, and the certificate that vouches for it."""

from __future__ import annotations

import datetime
import hashlib
import ipaddress
import ssl
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.91"


@dataclass(frozen=True)
class SecureSite:
    """Where it is, what its certificate hashes to, and the file of it for ``SSL_CERT_FILE``."""

    address: str
    digest: str
    trust: Path


def certificate_for(folder: Path, host: str) -> tuple[Path, str]:
    """A file with a key and its certificate for this address, and the certificate's digest."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a clinic")])
    day, now = datetime.timedelta(days=1), datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(True, 0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = folder / "secure.pem"
    file.write_bytes(private + made.public_bytes(pem))
    return file, f"sha256:{hashlib.sha256(made.public_bytes(serialization.Encoding.DER)).hexdigest()}"


@contextmanager
def secure_site(folder: Path, body: bytes, ahead: int = 0):
    """Serve ``body`` for every address but robots.txt; the server's clock is ``ahead`` seconds of ours."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response_only(404 if self.path == "/robots.txt" else 200)
            date = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=ahead)
            told = {"Date": format_datetime(date, usegmt=True), "Content-Type": "text/html; charset=utf-8"}
            for name, value in (told | {"Content-Length": str(len(body))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    file, digest = certificate_for(folder, HOST)
    server = ThreadingHTTPServer((HOST, 0), Handler)
    server.daemon_threads = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield SecureSite(f"{HOST}:{server.server_address[1]}", digest, file)
    finally:
        server.shutdown()
        server.server_close()
