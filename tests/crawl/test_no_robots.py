"""A site whose robots.txt does not come: nothing is fetched, and the failure is told as one, with its cause."""

import datetime
import ssl
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.e2e.sites import clinic
from tests.e2e.watch import make_watch
from tests.e2e.web import served


def self_signed(folder):
    """A file with a key and a certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "clinic.example")])
    day, now = datetime.timedelta(days=1), datetime.datetime.now(datetime.UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - day).not_valid_after(now + day)
    file = folder / "key-and-certificate.pem"
    plain = serialization.NoEncryption()
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    )
    return file


@contextmanager
def secure_server(folder):
    server = ThreadingHTTPServer(("127.0.0.90", 0), BaseHTTPRequestHandler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(folder))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *about: None
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"127.0.0.90:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def told(watch):
    done = watch.run("crawl", "--all", expect=1)
    (outcome,) = watch.sql("SELECT result, code FROM outcomes")
    assert "Traceback" not in done.stderr
    return outcome["result"], outcome["code"]


def test_a_certificate_that_nobody_vouches_for(tmp_path):
    with served({}) as web, secure_server(tmp_path) as address:
        web.addresses["one"] = address
        watch = make_watch(tmp_path, web, {"one": {"start_urls": [f"https://{address}/"], "via": "page"}})
        assert told(watch) == ("FAILED", "robots-tls")


def test_a_silent_server(tmp_path):
    with served({"one": clinic(1) | {"/robots.txt": lambda handler: time.sleep(4)}}) as web:
        watch = make_watch(tmp_path, web, {"one": {"via": "page"}}, timeout=1)
        assert told(watch) == ("FAILED", "robots-timeout")
        assert {path for _, path, _ in web.asked} == {"/robots.txt"}
