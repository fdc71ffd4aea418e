"""The chain grows by a manifest a run and a day, whatever is killed in between; the key is changed in good order."""

import shutil
import subprocess
import threading

import pytest

from exowatch.errors import ArchiveError, ConfigError, SetupError
from exowatch.seal import sealing
from exowatch.seal.chain import read_chain
from exowatch.seal.keys import load_key, make_key
from exowatch.seal.sealing import rotate, seal
from tests.unit.importing.foreign_files import HOME, MORE, page


def test_a_run_is_sealed_at_its_end_with_every_answer_and_row(sealed):
    (manifest,) = read_chain(sealed.archive).manifests
    assert (manifest.head.number, manifest.head.previous_sha256, manifest.head.day) == (1, None, "2026-11-24")
    assert {line["payload"] for line in manifest.captures} == {
        row[0] for row in sealed.taken.sql("SELECT payload_digest FROM captures")
    }
    for table in ("captures", "claims", "flags", "assessments"):
        rows = {row[0] for row in sealed.taken.sql(f"SELECT id FROM {table}")}
        assert rows == {line["id"] for line in manifest.rows if line["row"] == table} != set()


def test_nothing_is_written_where_nothing_is_new_and_a_day_without_captures_has_its_manifest(sealed):
    assert sealed.seal() is None
    assert sealed.seal(days=1).head.number == 2
    assert sealed.seal() is None
    assert sealed.seal(days=3).head.day == "2026-11-28"
    chain = read_chain(sealed.archive, [sealed.key])
    assert ([m.head.number for m in chain.manifests], chain.damage, chain.trusted) == ([1, 2, 3], (), True)
    assert list(chain.manifests)[1].lines == ()


def test_the_next_manifest_lists_only_what_is_new(sealed):
    sealed.bring("second", (HOME, page(MORE)))
    first, second = read_chain(sealed.archive).manifests
    assert second.head.previous_sha256 == first.sha256
    assert not set(first.files) & set(second.files)
    both = [(line["row"], line["id"]) for line in (*first.rows, *second.rows)]
    assert len(both) == len(set(both))
    assert sealed.problems(sealed.key) == []


@pytest.mark.parametrize("last", ["_put", "_write", "_list_in_sums"])
def test_a_kill_between_any_two_steps_leaves_a_chain_that_goes_on(sealed, monkeypatch, last):
    real = getattr(sealing, last)

    def die(*told):
        if last == "_put":
            real(*told)
        raise KeyboardInterrupt

    monkeypatch.setattr(sealing, last, die)
    with pytest.raises(KeyboardInterrupt):
        sealed.seal(days=1)
    monkeypatch.undo()
    assert sealed.problems(sealed.key) == []
    sealed.seal(days=1)
    sealed.seal()
    assert sealed.problems(sealed.key) == []
    listed = (sealed.archive / "SHA256SUMS").read_text()
    assert all(path.name in listed for path in sealed.manifests)


def test_two_that_seal_at_once_write_one_chain(sealed):
    sealed.days += 1
    together = [threading.Thread(target=seal, args=(sealed.sealer,)) for _ in range(4)]
    for one in together:
        one.start()
    for one in together:
        one.join()
    assert [path.name[:6] for path in sealed.manifests] == ["000001", "000002"]
    assert sealed.problems(sealed.key) == []


def test_a_file_that_is_not_as_it_was_closed_is_not_signed(sealed, monkeypatch):
    before = sealed.manifests
    monkeypatch.setattr("exowatch.importing.seal_run", lambda *told: None)
    sealed.bring("second", (HOME, page(MORE)))
    (new,) = set(sealed.archive.glob("*.warc.gz")) - {
        sealed.archive / f for f in read_chain(sealed.archive).last.read().files
    }
    whole = new.read_bytes()
    new.write_bytes(whole + b"\x1f\x8b")
    made = sealed.seal()
    assert new.name not in made.files
    new.write_bytes(whole)
    assert new.name in sealed.seal().files
    assert len(sealed.manifests) == len(before) + 2


def test_the_old_key_names_the_new_one(sealed):
    old = sealed.key
    new = rotate(sealed.sealer)
    assert (sealed.key, new == old) == (new, False)
    assert load_key(sealed.desk.config.record.signing_key.with_name(f"signing.pem.retired-{old.id}")).public == old
    sealed.seal(days=1)
    assert [m.head.key for m in read_chain(sealed.archive).manifests] == [old, old, new]
    assert sealed.problems(old) == sealed.problems(new) == sealed.problems() == []
    assert {path.stem for path in (sealed.archive / "manifests").glob("*.pem")} == {old.id, new.id}


def test_a_rotation_that_was_cut_short_is_completed(sealed, monkeypatch):
    old = sealed.key
    monkeypatch.setattr(sealing, "_put_in_place", lambda *told: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        rotate(sealed.sealer)
    monkeypatch.undo()
    assert sealed.key == old
    new = rotate(sealed.sealer)
    assert sealed.key == new != old
    sealed.seal(days=1)
    assert sealed.problems(old) == []


def test_without_the_key_nothing_is_signed_the_run_stands_and_the_operator_is_told(sealed):
    sealed.desk.config.record.signing_key.unlink()
    with pytest.raises(ConfigError, match=r"(?s)is missing.*--lost"):
        sealed.seal(days=1)
    make_key(sealed.desk.config.record.signing_key)
    with pytest.raises(ConfigError, match="is not the key"):
        sealed.seal()
    sealed.bring("second", (HOME, page(MORE)))
    assert sealed.taken.sql("SELECT code FROM issues WHERE room = 'seal'") == [("record-unsealed",)]
    assert sealed.taken.sql("SELECT COUNT(*) FROM runs WHERE finished_at IS NULL") == [(0,)]
    assert len(sealed.manifests) == 1


def test_a_lost_key_is_said_to_be_lost_and_its_holders_must_be_told(sealed):
    old = sealed.key
    with pytest.raises(ConfigError, match="not lost"):
        rotate(sealed.sealer, lost=True)
    sealed.desk.config.record.signing_key.unlink()
    new = rotate(sealed.sealer, lost=True)
    assert read_chain(sealed.archive).last.head.lost == old.id
    assert sealed.problems() == sealed.problems(new) == sealed.problems(old, new) == []
    (problem,) = sealed.problems(old)
    assert f"signed by key {new.id}, which was not given" in problem


def test_nothing_is_chained_to_a_manifest_that_cannot_be_believed(sealed):
    (path,) = sealed.manifests
    path.write_bytes(path.read_bytes().replace(b"2026-11-24", b"2026-11-25", 1))
    with pytest.raises(ArchiveError, match="signature does not hold"):
        sealed.seal(days=1)


def test_a_key_needs_no_change_before_it_signed(imports):
    from exowatch.seal.run import sealer_of

    with pytest.raises(SetupError, match="no manifest was signed"):
        rotate(sealer_of(imports.desk.config, imports.desk.store, imports.desk.clock, False))


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl here")
def test_openssl_holds_a_manifest_against_its_signature(sealed):
    (path,) = sealed.manifests
    public = path.with_name(f"{sealed.key.id}.pem")
    asked = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", public, "-rawin", "-in", path]
    done = subprocess.run([*asked, "-sigfile", path.with_suffix(".sig")], capture_output=True, text=True, check=False)
    if "rawin" in done.stderr:
        pytest.skip("this openssl is older than 3.0")
    assert "Verified Successfully" in done.stdout + done.stderr
