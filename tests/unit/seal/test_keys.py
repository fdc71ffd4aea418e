"""Keys are made once, kept from others, and refused where they prove nothing."""

import stat

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from exowatch.errors import ConfigError, OutputError, SetupError
from exowatch.seal.keys import load_key, make_key, public_key_of, read_public_key


def test_a_fresh_key_is_the_owners_alone_and_is_read_back(tmp_path):
    path = tmp_path / "keys" / "signing.pem"
    key = make_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_key(path).public == key.public
    assert [one.name for one in path.parent.iterdir()] == ["signing.pem"]
    assert key.public.signed(b"words", key.sign(b"words"))
    assert not key.public.signed(b"word", key.sign(b"words"))
    assert not key.public.signed(b"words", b"short")


def test_a_key_is_never_written_over(tmp_path):
    key = make_key(tmp_path / "signing.pem")
    with pytest.raises(OutputError):
        make_key(tmp_path / "signing.pem")
    assert load_key(tmp_path / "signing.pem").public == key.public


@pytest.mark.parametrize("rights", [0o640, 0o604, 0o660])
def test_a_key_that_others_can_read_or_write_is_refused(tmp_path, rights):
    make_key(tmp_path / "signing.pem")
    (tmp_path / "signing.pem").chmod(rights)
    with pytest.raises(ConfigError, match="chmod 600"):
        load_key(tmp_path / "signing.pem")


def test_what_is_no_ed25519_key_is_refused(tmp_path):
    path = tmp_path / "signing.pem"
    rsa = generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for body in (b"", b"no key", rsa):
        path.write_bytes(body)
        path.chmod(0o600)
        with pytest.raises(ConfigError, match="no Ed25519 key"):
            load_key(path)
        with pytest.raises(SetupError):
            read_public_key(path)
    path.unlink()
    assert load_key(path) is None


def test_the_public_key_travels_as_pem_and_as_text(tmp_path):
    key = make_key(tmp_path / "signing.pem").public
    (tmp_path / "public.pem").write_bytes(key.pem)
    assert read_public_key(tmp_path / "public.pem") == key == public_key_of(key.text)
