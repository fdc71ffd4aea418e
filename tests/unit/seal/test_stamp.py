"""Time stamps hold where they are about this manifest and were signed so; else they are told, and sealing goes on."""

import random

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from exowatch.errors import ConfigError, FetchError, UnreadableError
from exowatch.seal import stamp as stamps
from exowatch.seal.chain import read_chain
from exowatch.seal.stamp import ask_stamp, read_roots, read_stamp, stamp_of
from exowatch.seal.stamping import hold_stamps, stamp_all, wanting
from tests.authority import NOW, Authority
from tests.unit.importing.foreign_files import HOME, MORE, page


@pytest.fixture(scope="module")
def authority():
    return Authority()


@pytest.fixture
def asking(monkeypatch):
    """What ``ask_stamp`` gets from an authority that answers with ``answer``, without a network."""

    def ask(answer, body=b"a manifest"):
        monkeypatch.setattr(stamps, "_posted", lambda url, query: answer(query))
        return ask_stamp("https://time.example/", body)

    return ask


def test_a_time_stamp_says_when_the_manifest_was_there_and_who_says_so(authority, asking):
    token = asking(authority.answer)
    told = read_stamp(token, b"a manifest", (authority.root,))
    assert (told.at, told.authority, told.accuracy, told.proven) == (NOW, "CN=Test clock", 1, True)
    assert int(told.serial, 16) == 1000 + authority.asked


def test_a_certificate_that_leads_to_no_root_proves_nothing(authority, asking):
    token = asking(authority.answer)
    assert not read_stamp(token, b"a manifest", ()).proven
    assert not read_stamp(token, b"a manifest", (Authority().root,)).proven
    assert read_stamp(token, b"a manifest", (authority.own,)).proven
    old = Authority(days=1)
    old.at = NOW.replace(year=2028)
    assert not read_stamp(asking(old.answer), b"a manifest", (old.root,)).proven


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"nonce": 7}, "nonce differs"),
        ({"digest": b"x" * 32}, "digest differs"),
        ({"status": "rejection"}, "refused: not today"),
    ],
)
def test_an_answer_to_something_else_is_refused(authority, asking, wrong, words):
    with pytest.raises(UnreadableError, match=words):
        asking(lambda query: authority.answer(query, **wrong))


@pytest.mark.parametrize("answer", [b"", b"<html>", b"\x30\x03\x02\x01\x00", b"\x30\x80" * 3000])
def test_what_is_no_time_stamp_is_refused(asking, answer):
    with pytest.raises(UnreadableError, match="no time stamp"):
        asking(lambda query: answer)


def test_a_certificate_for_other_ends_may_not_speak_of_time(asking):
    with pytest.raises(UnreadableError, match="not for time stamps"):
        asking(Authority(use=ExtendedKeyUsageOID.SERVER_AUTH).answer)


def test_what_is_signed_cannot_be_changed(authority, asking):
    token = asking(authority.answer)
    begins = token.index(b"20261124070005Z")
    later = token.replace(b"20261124070005Z", b"20261124080005Z")
    assert later[:begins] == token[:begins]
    with pytest.raises(UnreadableError, match="signature does not hold"):
        read_stamp(later, b"a manifest", (authority.root,))


@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
def test_broken_tokens_are_refused_whatever_is_broken(authority, asking):
    token, dice = asking(authority.answer), random.Random(7)
    for _ in range(400):
        broken = bytearray(token)
        for _ in range(dice.randint(1, 4)):
            broken[dice.randrange(len(broken))] = dice.randrange(256)
        try:
            told = read_stamp(bytes(broken[: dice.randrange(1, len(broken) + 1)]), b"a manifest", (authority.root,))
        except UnreadableError:
            continue
        assert told.at == NOW


def test_roots_are_read_from_a_file_or_the_system(authority, tmp_path):
    (tmp_path / "root.pem").write_bytes(authority.root_pem)
    assert read_roots(tmp_path / "root.pem") == (authority.root,)
    assert isinstance(read_roots(None), tuple)
    for name, body in (("none.pem", b"no certificate"), ("gone.pem", None)):
        if body:
            (tmp_path / name).write_bytes(body)
        with pytest.raises(ConfigError, match="no certificate can be read"):
            read_roots(tmp_path / name)


def test_each_manifest_since_the_last_stamped_one_is_stamped_and_verified(sealed, authority, asking):
    def ask(url, body):
        return asking(authority.answer, body)

    sealed.seal(days=1)
    assert [path.name[:6] for path in wanting(sealed.archive)] == ["000002"]
    assert stamp_all(sealed.archive, "https://time.example/", ask) is None
    for name in ("second", "third"):
        sealed.bring(name, (HOME + name, page(MORE)))
    assert [path.name[:6] for path in wanting(sealed.archive)] == ["000003", "000004"]
    assert stamp_all(sealed.archive, "https://time.example/", ask) is None
    assert wanting(sealed.archive) == []
    found = sealed.verify(sealed.key, roots=(authority.root,))
    assert (found.damage, found.stamped) == ((), 3)
    assert any("3 of 4 manifests have a time stamp" in note for note in found.notes)
    assert not any("no root" in note for note in found.notes)
    assert any("no root certificate" in note for note in sealed.verify(sealed.key).notes)


def test_a_time_stamp_that_was_changed_swapped_or_taken_away_is_named(sealed, authority, asking):
    (path,) = sealed.manifests
    stamp_all(sealed.archive, "https://time.example/", lambda url, body: asking(authority.answer, body))
    place, token = stamp_of(path), stamp_of(path).read_bytes()

    def problems():
        return [one.problem for one in hold_stamps(sealed.archive, read_chain(sealed.archive), ()).damage]

    assert problems() == []
    place.write_bytes(asking(authority.answer, b"another"))
    assert problems() == ["a time stamp of something else: the digest differs"]
    place.write_bytes(token[:-1])
    assert "no time stamp" in problems()[0]
    place.unlink()
    assert problems() == ["the time stamp is gone"]


def test_an_authority_that_is_down_is_told_and_asked_again(sealed, authority, asking):
    def down(url, body):
        raise FetchError("no answer: refused", url=url)

    sealed.seal(days=1)
    why = stamp_all(sealed.archive, "https://time.example/", down)
    assert "asked for again next time" in why
    assert "no answer: refused" in why
    assert stamp_all(sealed.archive, "https://time.example/", lambda url, body: asking(authority.answer, body)) is None


def test_a_clock_that_was_ahead_of_the_authoritys_is_told(sealed, asking):
    early = Authority(at=NOW.replace(year=2025))
    stamp_all(sealed.archive, "https://time.example/", lambda url, body: asking(early.answer, body))
    notes = hold_stamps(sealed.archive, read_chain(sealed.archive), (early.root,)).notes
    assert any("seconds later than its authority stamped it" in note for note in notes)
